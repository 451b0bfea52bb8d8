"""A warehouse beside the real one: the same ledger and accepted rows, another DuckDB file, perhaps another project.

What is built here is looked at and thrown away; the installation's own warehouse and releases are never written.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dbt_project.codegen import generate
from dbt_project.layout import PROJECT_DIR, READ, target_of
from indicator_specs.home import Home
from indicator_specs.registry import Registry


@contextmanager
def beside(home: Home) -> Iterator[Home]:
    """A home of which only the warehouse differs; it lies in a folder that is gone after the block."""
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home.warehouse.parent, prefix="beside-") as folder:
        # The file keeps its name: dbt's parsed project knows the database by it.
        yield Home(home.root, f"{Path(folder).name}/{home.warehouse_name}")


@contextmanager
def project_for(registry: Registry, project: Path = PROJECT_DIR) -> Iterator[Path]:
    """The dbt project whose generated models are those of this catalogue.

    The project itself where it is up to date; else a copy with the models generated anew, gone after the block, so that
    a spec that was just edited can be tried before anything of it is written.

    Raises:
        CodegenError: a spec that no model can be written for.
    """
    if not generate(registry, check=True, project=project):
        yield project
        return
    with TemporaryDirectory(prefix="chiso-") as folder:
        copied = Path(folder) / "dbt_project"
        shutil.copytree(project, copied, ignore=shutil.ignore_patterns("target", "__pycache__", "*.py"))
        hand_on_what_was_read(project, copied)
        generate(registry, check=False, project=copied)
        yield copied


def hand_on_what_was_read(project: Path, copied: Path) -> None:
    """Let dbt read of a copy of the project only what differs: all of it takes it a quarter of a minute."""
    read = target_of(project) / READ
    if read.is_file():
        target_of(copied).mkdir()
        shutil.copyfile(read, target_of(copied) / READ)
