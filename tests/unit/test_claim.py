"""When a file may be taken, and that what is taken is what was seen."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from connectors.intake import claim
from connectors.intake.claim import Candidate, ChangedError, Identity, SettleWatch, take_copy
from indicator_specs.home import Home

HOUR = 3600.0


class Clock:
    """Both clocks of a server, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.wall_offset = 0.0
        start = claim.time.time()
        monkeypatch.setattr(claim.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(claim.time, "time", lambda: start + self.now + self.wall_offset)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def seen(path: Path) -> Identity:
    return Identity.of(os.lstat(path))


def candidate(path: Path) -> Candidate:
    return Candidate("P01", path, seen(path))


def test_a_file_is_settled_once_it_has_kept_still(tmp_path: Path, clock: Clock) -> None:
    path, watch = tmp_path / "a.xlsx", SettleWatch(2.0)
    path.write_bytes(b"one")
    assert not watch.is_settled(path, seen(path))
    clock.now = 1.5
    path.write_bytes(b"one two")
    os.utime(path, ns=(0, os.lstat(path).st_mtime_ns + int(1.5e9)))
    assert not watch.is_settled(path, seen(path))
    clock.now = 3.0
    assert not watch.is_settled(path, seen(path)), "1.5 seconds after the last write"
    clock.now = 4.0
    assert watch.is_settled(path, seen(path))


def test_one_look_is_enough_for_an_old_file_and_a_senders_clock_is_not_trusted(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    os.utime(path, (0, 0))
    assert not SettleWatch(2.0).is_settled(path, seen(path)), "mtime of 1970 on a file that was written just now"
    clock.now = 10.0
    assert SettleWatch(2.0).is_settled(path, seen(path))
    os.utime(path, (4e9, 4e9))
    clock.now = 20.0
    watch = SettleWatch(2.0)
    assert not watch.is_settled(path, seen(path)), "mtime of 2096: only watching tells"
    clock.now = 23.0
    assert watch.is_settled(path, seen(path))


def test_a_clock_that_is_put_back_does_not_hold_a_file_for_ever(tmp_path: Path, clock: Clock) -> None:
    path, watch = tmp_path / "a.xlsx", SettleWatch(2.0)
    path.write_bytes(b"one")
    clock.wall_offset = -HOUR
    assert not watch.is_settled(path, seen(path))
    clock.now = 2.5
    assert watch.is_settled(path, seen(path))


def test_a_stalled_copy_and_an_empty_file_are_waited_for_longer(tmp_path: Path, clock: Clock) -> None:
    stalled, empty, watch = tmp_path / "a.xlsx", tmp_path / "b.xlsx", SettleWatch(2.0)
    stalled.write_bytes(b"PK\x03\x04" + b"x" * 1000)
    empty.write_bytes(b"")
    clock.now = 30.0
    assert not watch.is_settled(stalled, seen(stalled))
    assert not watch.is_settled(empty, seen(empty))
    clock.now = 61.0
    assert watch.is_settled(stalled, seen(stalled))
    assert not watch.is_settled(empty, seen(empty))
    clock.now = 901.0
    assert watch.is_settled(empty, seen(empty))


def test_a_workbook_that_is_whole_waits_half_as_long(tmp_path: Path, clock: Clock) -> None:
    path, made = tmp_path / "a.xlsx", tmp_path / "made"
    with zipfile.ZipFile(made, "w") as book:
        # A workbook within a workbook ends as one too, somewhere in the middle.
        book.writestr("xl/embedded.bin", b"PK\x05\x06" + bytes(18))
        book.writestr("xl/workbook.xml", b"<workbook/>" * 500)
    content = made.read_bytes()
    inner_end = content.index(b"PK\x05\x06") + 22
    watch = SettleWatch(2.0)
    for size in sorted({*range(0, len(content), 500), inner_end}):
        path.write_bytes(content[:size])
        os.utime(path, ns=(0, int((claim.time.time()) * 1e9)))
        watch.is_settled(path, seen(path))
        clock.now += 1.5
        assert size == 0 or not watch.is_settled(path, seen(path)), f"{size} of {len(content)} bytes"
    path.write_bytes(content)
    os.utime(path, ns=(0, int(claim.time.time() * 1e9)))
    assert not watch.is_settled(path, seen(path))
    clock.now += 1.1
    assert watch.is_settled(path, seen(path))


def test_a_copy_is_kept_under_its_hash_and_a_second_one_is_the_same(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "báo cáo.XLSX"
    path.write_bytes(b"figures")
    copy = take_copy(candidate(path), home)
    assert copy.sha256 == hashlib.sha256(b"figures").hexdigest()
    assert copy.path == f"evidence/{copy.sha256[:2]}/{copy.sha256}.xlsx"
    assert (home.root / copy.path).read_bytes() == b"figures"
    assert take_copy(candidate(path), home) == copy
    assert sum(entry.is_file() for entry in home.evidence.rglob("*")) == 1


def test_what_changed_since_it_was_seen_is_not_taken(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    before = candidate(path)
    path.write_bytes(b"another")
    with pytest.raises(ChangedError):
        take_copy(before, home)
    path.unlink()
    with pytest.raises(ChangedError, match="taken away"):
        take_copy(before, home)


def test_a_file_rewritten_while_it_is_copied_is_not_taken(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")

    def rewrite(_name: str) -> None:
        path.write_bytes(b"two")

    monkeypatch.setattr(claim.drill, "point", rewrite)
    with pytest.raises(ChangedError):
        take_copy(candidate(path), home)


def test_a_file_replaced_under_its_name_while_it_is_copied_is_not_taken(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")

    def replace(_name: str) -> None:
        (tmp_path / "new").write_bytes(b"new")
        (tmp_path / "new").replace(path)

    monkeypatch.setattr(claim.drill, "point", replace)
    with pytest.raises(ChangedError):
        take_copy(candidate(path), home)


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path, home: Home) -> None:
    path, secret = tmp_path / "a.xlsx", tmp_path / "secret"
    path.write_bytes(b"one")
    secret.write_bytes(b"secret")
    before = candidate(path)
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(OSError, match="symbolic links"):
        take_copy(before, home)
    assert not home.evidence.exists()
