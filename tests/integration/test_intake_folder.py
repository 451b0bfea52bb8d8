"""The agencies' folders: what is claimed, what waits, what is refused, and where originals end."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from connectors.intake import settle
from connectors.intake.claim import ChangedError, SettleWatch, take_copy
from connectors.intake.folders import FolderScan, open_folder, scan
from connectors.intake.settle import archive, quarantine, quarantine_odd
from indicator_specs.home import Home

AT_ONCE = 0.0


def look(home: Home, **kwargs: object) -> FolderScan:
    return scan(home, SettleWatch(AT_ONCE), **kwargs)  # type: ignore[arg-type]


def drop(home: Home, agency: str, name: str, content: bytes = b"figures") -> Path:
    path = open_folder(home, agency) / name
    path.write_bytes(content)
    return path


def test_agencies_take_turns_oldest_first(home: Home) -> None:
    for number in range(4):
        drop(home, "P01", f"{number}.xlsx")
        time.sleep(0.01)
    drop(home, "P79", "a.xlsx")
    found = look(home)
    assert [(c.agency, c.name) for c in found.candidates] == [
        ("P01", "0.xlsx"),
        ("P79", "a.xlsx"),
        ("P01", "1.xlsx"),
        ("P01", "2.xlsx"),
        ("P01", "3.xlsx"),
    ]
    assert found.reached == {"P01", "P79"}
    limited = look(home, limit=2)
    assert [c.name for c in limited.candidates] == ["0.xlsx", "a.xlsx", "1.xlsx"]


def test_temporary_files_answers_and_folders_are_passed_over(home: Home) -> None:
    for name in ("~$a.xlsx", ".a.part", "b.crdownload", "Thumbs.db"):
        drop(home, "P01", name)
    (home.intake / "P01" / "ket_qua" / "PTN-000001.xlsx").write_bytes(b"x")
    (home.intake / "P01" / "cũ").mkdir()
    found = look(home)
    assert found.candidates == ()
    assert found.reached == {"P01"}


def test_a_file_still_being_written_waits(home: Home) -> None:
    """A writer that drips: never taken before it has ended."""
    path = drop(home, "P01", "slow.xlsx", b"")
    whole = b"x" * 10
    done = threading.Event()

    def drip() -> None:
        with path.open("ab") as file:
            for byte in whole:
                file.write(bytes([byte]))
                file.flush()
                time.sleep(0.05)
        done.set()

    writer = threading.Thread(target=drip)
    watch = SettleWatch(0.4)
    writer.start()
    taken_early = 0
    found = scan(home, watch)
    while not found.candidates:
        time.sleep(0.03)
        taken_early += bool(found.candidates) and not done.is_set()
        found = scan(home, watch)
    assert done.is_set(), "claimed before the writer had ended"
    writer.join()
    assert take_copy(found.candidates[0], home).size == len(whole)


def test_out_of_reach_is_not_empty(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(gone.agency, gone.path) for gone in look(home).unreachable] == [("", home.intake)]
    drop(home, "P01", "a.xlsx")
    (home.intake / "P04").mkdir()  # a bare mount point: no folder of answers
    (home.intake / "P08").symlink_to(home.intake / "P01")
    real = os.scandir

    def failing(path: Path) -> object:
        if Path(path).name == "P12":
            raise OSError(116, "Stale file handle")
        return real(path)

    open_folder(home, "P12")
    monkeypatch.setattr(os, "scandir", failing)
    found = look(home, expected=["P01", "P79"])
    assert {gone.agency: gone.reason for gone in found.unreachable} == {
        "P04": "ket_qua/ is missing; is the share mounted?",
        "P08": "symlink",
        "P12": "Stale file handle",
        "P79": "No such file or directory",
    }
    assert found.reached == {"P01"}
    assert [c.agency for c in found.candidates] == ["P01"]


def test_links_and_special_files_are_never_opened_and_are_held(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    folder = open_folder(home, "P01")
    (folder / "link.xlsx").symlink_to(secret)
    (folder / "hard.xlsx").hardlink_to(secret)
    os.mkfifo(folder / "pipe.xlsx")
    found = look(home)
    assert found.candidates == ()
    assert {(odd.path.name, odd.oddity) for odd in found.odd} == {
        ("link.xlsx", "symlink"),
        ("hard.xlsx", "hard_link"),
        ("pipe.xlsx", "not_a_file"),
    }
    for odd in found.odd:
        held = quarantine_odd(home, odd)
        assert held.parent == home.quarantine / "P01"
        assert not odd.path.is_symlink()
        assert not odd.path.exists()
    assert secret.read_bytes() == b"secret"
    assert look(home).odd == ()


def test_what_an_earlier_look_has_handed_out_is_passed_over(home: Home) -> None:
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        drop(home, "P01", name)
    drop(home, "P04", "d.xlsx")
    first = look(home, limit=1).candidates
    assert [each.name for each in first] == ["a.xlsx", "d.xlsx"]
    taken_up = {each.key for each in first}
    second = look(home, limit=1, taken_up=taken_up).candidates
    assert [each.name for each in second] == ["b.xlsx"]
    first[0].path.write_bytes(b"written to since")
    os.utime(first[0].path, ns=(1, 1))
    changed = look(home, limit=5, taken_up=taken_up).candidates
    assert {each.name for each in changed} == {"a.xlsx", "b.xlsx", "c.xlsx"}, "it is another file now"


def test_names_never_lead_out_of_the_archive(home: Home) -> None:
    path = drop(home, "P01", "-..\u202e\nbáo cáo.xlsx")
    (candidate,) = look(home).candidates
    target = archive(home, "P01", 7, path, candidate.identity)
    assert target == home.archive / "P01" / "PTN-000007-báo cáo.xlsx"
    assert target.read_bytes() == b"figures"
    assert not path.exists()


def test_archiving_twice_is_archiving_once(home: Home) -> None:
    path = drop(home, "P01", "a.xlsx")
    (candidate,) = look(home).candidates
    first = archive(home, "P01", 7, path, candidate.identity)
    assert archive(home, "P01", 7, path, candidate.identity) == first
    assert first.read_bytes() == b"figures"


def test_a_newer_file_of_the_same_name_is_left_for_its_own_turn(home: Home) -> None:
    path = drop(home, "P01", "a.xlsx")
    (candidate,) = look(home).candidates
    path.write_bytes(b"newer figures")
    target = archive(home, "P01", 7, path, candidate.identity)
    assert not target.exists()
    assert path.read_bytes() == b"newer figures"


def test_a_file_replaced_at_the_last_moment_is_given_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(home, "P01", "a.xlsx")
    (candidate,) = look(home).candidates
    real = settle._is_still
    looks = []

    def replaced_after_the_look(at: Path, identity: object) -> bool:
        answer = real(at, identity)  # type: ignore[arg-type]
        if not looks:
            (path.parent / ".new").write_bytes(b"newer figures")
            (path.parent / ".new").replace(path)
        looks.append(at)
        return answer

    monkeypatch.setattr(settle, "_is_still", replaced_after_the_look)
    archive(home, "P01", 7, path, candidate.identity)
    assert path.read_bytes() == b"newer figures"
    assert list((home.archive / "P01").iterdir()) == []


def test_an_archive_on_another_file_system(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(home, "P01", "a.xlsx")
    (candidate,) = look(home).candidates
    real = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self == path:
            raise OSError(18, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", across)
    target = archive(home, "P01", 7, path, candidate.identity)
    assert target.read_bytes() == b"figures"
    assert not path.exists()


def test_what_is_held_is_read_only(home: Home) -> None:
    path = drop(home, "P01", "macro.xlsm")
    (candidate,) = look(home).candidates
    held = quarantine(home, "P01", 9, path, candidate.identity)
    assert held == home.quarantine / "P01" / "PTN-000009-macro.xlsm"
    assert stat.S_IMODE(held.stat().st_mode) == 0o400


def test_a_file_taken_back_between_scan_and_copy(home: Home) -> None:
    path = drop(home, "P01", "a.xlsx")
    (candidate,) = look(home).candidates
    path.unlink()
    with pytest.raises(ChangedError):
        take_copy(candidate, home)
    assert look(home).candidates == ()


def test_ten_thousand_files_of_one_agency_do_not_delay_another(home: Home) -> None:
    folder = open_folder(home, "P01")
    for number in range(10_000):
        (folder / f"{number}.xlsx").touch()
    drop(home, "P79", "a.xlsx")
    start = time.perf_counter()
    found = look(home)
    assert time.perf_counter() - start < 2
    assert "P79" in {candidate.agency for candidate in found.candidates[:2]}
    assert len(found.candidates) + found.waiting <= 201
