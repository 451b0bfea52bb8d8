"""What a killed writer leaves under a temporary name goes a day later; nothing else does, least of all an agency's."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import pipelines.unfinished
from connectors.durable import write_bytes
from connectors.intake.folders import open_folder
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.nightly import compaction
from pipelines.unfinished import remove_unfinished

ROOT = Path(__file__).parents[2]
WRITE = """
import os
import sys
from pathlib import Path
from connectors.durable import Evidence, write_bytes
from indicator_specs.home import Home
home = Home(Path(sys.argv[1]))
if sys.argv[2] == "evidence":
    Evidence(home).keep(Path(os.__file__), ".py")
else:
    write_bytes(home.root / sys.argv[2], b"figures")
"""
WRITTEN = ("intake/P01/ket_qua/PTN-000001.txt", "landing/s/d/a.parquet", "published/mart@1.json")


def killed(home: Home, what: str, point: str) -> None:
    """A writer that dies at a named point."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(home.root), what],
        env={**os.environ, "CHISO_DRILL": point},
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL


def hidden(home: Home) -> set[str]:
    return {path.relative_to(home.root).as_posix() for path in home.root.rglob(".*")}


@pytest.fixture
def left(home: Home) -> set[str]:
    """What killed writers have left in four rooms."""
    open_folder(home, "P01")
    for what in WRITTEN:
        killed(home, what, "file.filled")
    killed(home, "evidence", "evidence.copied")
    folder = home.evidence / ".00112233445566aa.part"
    folder.mkdir()
    (folder / "rows.parquet").write_bytes(b"half of a result")
    return hidden(home)


def test_it_goes_a_day_later_and_what_stands_stays(home: Home, left: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    here = Installation(home)
    assert len(left) == len(WRITTEN) + 2
    whole = write_bytes(home.landing / "s" / "d" / "b.parquet", b"whole")
    ours_by_name = home.intake / "P01" / ".00112233445566bb.part"
    strange = (ours_by_name, home.evidence / ".sua.part", home.evidence / ".00112233445566CC.part")
    for path in strange:
        path.write_bytes(b"not ours to remove")
    link = home.evidence / ".00112233445566dd.part"
    link.symlink_to(whole)
    assert remove_unfinished(here) == [], "a writer may still be at work"
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    gone = remove_unfinished(here)
    assert {path.relative_to(home.root).as_posix() for path in gone} == left
    assert whole.read_bytes() == b"whole"
    assert all(path.exists() for path in (*strange, link))
    assert [event.detail["files"] for event in here.ledger.events(kinds=["pruned"])] == [len(left)]


def test_the_night_removes_it(home: Home, left: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    assert compaction.execute_in_process().success
    assert left
    assert hidden(home) & left == set()
