"""The two recipes: an indicator is one file, a source is one folder, and nothing else written by hand changes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("generated", "indicators")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the project's tracked and new files, to be changed freely."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            target = tmp_path / "chiso" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return tmp_path / "chiso"


def run(clone: Path, code: str, **environment: str) -> str:
    """Run Python in the copy; its modules win over the installed ones."""
    settings = {**os.environ, "PYTHONPATH": str(clone), "CHISO_HOME": str(clone / "data"), **environment}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=clone, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(clone: Path) -> dict[str, bytes]:
    skipped = {"data", "target", "logs", "__pycache__", ".git"}
    return {
        str(path.relative_to(clone)): path.read_bytes()
        for path in clone.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(clone).parts)
    }


def hand_written_changes(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name for name in changed if not set(GENERATED) & set(Path(name).parts)}


GENERATE = "from pipelines.generation import generate_all; generate_all(check=False)"
LINE = """
from indicator_specs.environment import environment
from pipelines.demo.run import OCTOBER, ministry_servers
from pipelines.installation import Installation
from pipelines.line import run_line
installation = Installation.current()
installation.home.root.mkdir(parents=True)
with ministry_servers(installation.home), environment(CHISO_NOW=OCTOBER.clock):
    run_line(installation)
"""


def test_an_indicator_is_one_file_and_a_source_is_one_folder(clone: Path) -> None:
    before = contents(clone)
    spec = next((clone / "indicator_specs" / "catalogue").rglob("online_service_usage.yml"))
    copied = spec.with_name("copied_indicator.yml")
    text = spec.read_text(encoding="utf-8").replace("online_service_usage", "copied_indicator")
    copied.write_text(text.replace('"CS11.1"', '"CS99.1"'), encoding="utf-8")
    source = clone / "connectors" / "sources" / "copied_source"
    shutil.copytree(clone / "connectors" / "sources" / "online_services", source)
    declaration = source / "source.yml"
    text = declaration.read_text(encoding="utf-8").replace("id: online_services", "id: copied_source")
    for prefix in ("public_service.", "dti.", "pii.", "tasks.", "connectivity."):
        text = text.replace(prefix, f"copied_{prefix}")
    declaration.write_text(text, encoding="utf-8")

    run(clone, GENERATE)
    run(clone, LINE)

    release = (clone / "data" / "published" / "mart.duckdb").resolve()
    with duckdb.connect(str(release), read_only=True) as mart:
        computed = mart.execute(
            """select indicator, count(*), count(obs_value), sum(obs_value) from marts.mart_scoreboard
            where indicator in ('copied_indicator', 'online_service_usage') group by 1 order by 1"""
        ).fetchall()
        pulled = mart.execute("select count(*) from lineage.lineage_batch where source = 'copied_source'").fetchall()
    assert [row[0] for row in computed] == ["copied_indicator", "online_service_usage"]
    assert computed[0][1:] == computed[1][1:]
    assert computed[0][2] > 0
    assert pulled[0][0] > 0
    changed = hand_written_changes(before, contents(clone))
    added = {
        name
        for name in changed
        if name == str(copied.relative_to(clone)) or name.startswith("connectors/sources/copied_source/")
    }
    assert changed == added
