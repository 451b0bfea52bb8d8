"""What a killed writer leaves under a temporary name goes a day later; nothing else does, least of all an agency's."""

import errno
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipelines.unfinished
from connectors.durable import write_bytes
from connectors.intake.folders import open_folder
from connectors.intake.names import ANSWERS
from indicator_specs.home import Home
from pipelines.cli import app
from pipelines.installation import Installation
from pipelines.nightly import compaction
from pipelines.rooms import Troubles
from pipelines.unfinished import remove_unfinished, unfinished

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
    assert remove_unfinished(here, Troubles()) == [], "a writer may still be at work"
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    troubles = Troubles()
    gone = remove_unfinished(here, troubles)
    assert {each.path.relative_to(home.root).as_posix() for each in gone} == left
    assert troubles.sentences == []
    assert whole.read_bytes() == b"whole"
    assert all(path.exists() for path in (*strange, link))
    assert [event.detail["files"] for event in here.ledger.events(kinds=["pruned"])] == [len(left)]


def test_the_night_removes_it(home: Home, left: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    assert compaction.execute_in_process().success
    assert left
    assert hidden(home) & left == set()


def named(folder: Path) -> Path:
    """What a killed writer has left in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (path := folder / ".00112233445566ee.part").write_bytes(b"half")
    return path


def test_a_folder_out_of_reach_is_told_and_holds_up_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    lost, stubborn, others = home.intake / "P01" / ANSWERS, named(home.archive / "P02"), named(home.quarantine / "P03")
    kept = named(lost)
    real_scan, real_unlink = os.scandir, Path.unlink

    def scandir(folder: Path) -> object:
        if Path(folder) == lost:
            raise OSError(errno.ESTALE, "Stale file handle")
        return real_scan(folder)

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        if path == stubborn:
            raise PermissionError(errno.EACCES, "Permission denied")
        real_unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "unlink", unlink)
    troubles = Troubles()
    gone = remove_unfinished(Installation(home), troubles)
    assert [each.path for each in gone] == [others]
    assert kept.exists()
    assert [trouble.split(":")[0] for trouble in troubles.sentences] == [str(lost), str(stubborn)]
    assert not compaction.execute_in_process(raise_on_error=False).success
    told = CliRunner().invoke(app, ["intake", "prune", "--now"])
    assert told.exit_code == 1
    assert "Stale" in told.output


def test_a_room_may_lie_on_another_disk_and_no_other_link_is_followed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    ours, strange = named(tmp_path / "disk"), [named(tmp_path / each / ANSWERS) for each in ("a", "b")]
    home.intake.mkdir(parents=True)
    home.evidence.symlink_to(tmp_path / "disk")
    (home.intake / "P01").symlink_to(tmp_path / "a")
    (home.intake / "P02").mkdir()
    (home.intake / "P02" / ANSWERS).symlink_to(tmp_path / "b" / ANSWERS)
    (home.evidence / "further").symlink_to(tmp_path / "a")
    assert [each.path for each in unfinished(home, Troubles())] == [home.evidence / ours.name]
    remove_unfinished(Installation(home), Troubles())
    assert not ours.exists()
    assert all(path.exists() for path in strange)


def test_without_now_it_is_listed_and_stays(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines.unfinished, "STILL_FOR", timedelta(0))
    path = named(home.evidence)
    listed = CliRunner().invoke(app, ["intake", "prune"])
    assert listed.exit_code == 0
    assert "ghi dở" in listed.output
    assert path.exists()
    assert "ghi dở" in CliRunner().invoke(app, ["intake", "prune", "--now"]).output
    assert not path.exists()
