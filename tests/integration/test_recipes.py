"""The two recipes: an indicator is one file, a source is one folder, and nothing else written by hand changes.

Followed in a copy of the project whose whole catalogue has been exchanged for a small one: that needs no code either.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from indicator_specs.registry import CATALOGUE, REFERENCE, SOURCES
from tests.small_catalogue import RATE_FILE, Small
from tests.small_line import CONDUCT

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("generated", "indicators")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project's tracked and new files with another catalogue, to be changed freely."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    copy = tmp_path / "chiso"
    for name in listed:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    small = Small.at(tmp_path / "specs")
    small.write(CONDUCT, (SOURCES.parent / CONDUCT).read_text(encoding="utf-8"))
    for declared, place in (("catalogue", CATALOGUE), ("sources", SOURCES), ("reference", REFERENCE)):
        shutil.rmtree(copy / place.relative_to(ROOT))
        shutil.copytree(small.root / declared, copy / place.relative_to(ROOT))
    return copy


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
import json
from indicator_specs.environment import environment
from pipelines.installation import Installation
from pipelines.line import run_line
from tests.data_service import serving
from tests.small_line import NOW, figures
installation = Installation.current()
installation.home.root.mkdir(parents=True)
with serving() as service:
    service.answer = figures
    with environment(CHISO_NOW=NOW, CHISO_SERVICE=json.dumps({"url": f"{service.url}/v1"})):
        assert not run_line(installation).missing
"""


def test_an_indicator_is_one_file_and_a_source_is_one_folder(clone: Path) -> None:
    run(clone, GENERATE)
    before = contents(clone)
    indicator, source = clone / "indicator_specs" / RATE_FILE, clone / "connectors" / "sources" / "service"
    copied = indicator.with_name("copied_rate.yml")
    text = indicator.read_text(encoding="utf-8").replace("id: rate", "id: copied_rate").replace('"CS1"', '"CS9"')
    copied.write_text(text.replace("measure: service.", "measure: copied_service."), encoding="utf-8")
    declaration = shutil.copytree(source, source.with_name("copied_service")) / "source.yml"
    text = declaration.read_text(encoding="utf-8").replace("id: service\n", "id: copied_service\n")
    declaration.write_text(re.sub(r"\bservice\.", "copied_service.", text), encoding="utf-8")

    run(clone, GENERATE)
    run(clone, LINE)

    release = (clone / "data" / "published" / "mart.duckdb").resolve()
    with duckdb.connect(str(release), read_only=True) as mart:
        computed = mart.execute(
            """select indicator, count(*), count(obs_value), sum(obs_value) from marts.mart_scoreboard
            where indicator in ('copied_rate', 'rate') and map = 'current' group by 1 order by 1"""
        ).fetchall()
        pulled = mart.execute("select count(*) from lineage.lineage_batch where source = 'copied_service'").fetchall()
    assert [row[0] for row in computed] == ["copied_rate", "rate"]
    assert computed[0][1:] == computed[1][1:]
    assert computed[0][2] > 0
    assert pulled[0][0] > 0
    changed = hand_written_changes(before, contents(clone))
    added = {
        name
        for name in changed
        if name == str(copied.relative_to(clone)) or name.startswith("connectors/sources/copied_service/")
    }
    assert changed == added
