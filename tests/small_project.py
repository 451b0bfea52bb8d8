"""A dbt project with few models, so that a build takes seconds."""

import shutil
from pathlib import Path

from dbt_project.codegen import generate
from dbt_project.layout import PROJECT_DIR
from indicator_specs.registry import Registry
from pipelines.beside import hand_on_what_was_read

_made: list[Path] = []


def small_project(root: Path, registry: Registry) -> Path:
    """A copy of the dbt project with the models of a registry; what dbt has read of an earlier one it knows of this."""
    shutil.copytree(PROJECT_DIR, root, ignore=shutil.ignore_patterns("target", "__pycache__", "*.py"))
    generate(registry, check=False, project=root)
    if _made:
        hand_on_what_was_read(_made[-1], root)
    _made.append(root)
    return root
