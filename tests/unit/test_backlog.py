"""A crowded folder: oldest first from look to look, and nothing is overlooked or taken out of turn for it."""

import os
from pathlib import Path

import pytest

from connectors.intake import folders
from connectors.intake.claim import SettleWatch
from connectors.intake.folders import open_folder, scan
from indicator_specs.home import Home


@pytest.fixture
def crowded(home: Home) -> Path:
    folder = open_folder(home, "P01")
    for number in range(12):
        (folder / f"{number:02}.txt").write_bytes(b"x")
        os.utime(folder / f"{number:02}.txt")
    return folder


def names(home: Home, watch: SettleWatch) -> list[str]:
    return [each.name for each in scan(home, watch, limit=4).candidates]


def test_files_are_taken_oldest_first_and_a_late_one_last(home: Home, crowded: Path) -> None:
    watch, taken = SettleWatch(0), []
    while found := names(home, watch):
        taken += found
        for name in found:
            (crowded / name).unlink()
        if len(taken) == 4:
            (crowded / "late.txt").write_bytes(b"x")
    assert taken == [*(f"{number:02}.txt" for number in range(12)), "late.txt"]


def test_a_crowded_folder_is_read_once_while_its_oldest_files_last(
    home: Home, crowded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, looked = SettleWatch(0), []
    real = os.scandir
    monkeypatch.setattr(folders.os, "scandir", lambda path: looked.append(Path(path).name) or real(path))
    for _ in range(3):
        assert names(home, watch) == ["00.txt", "01.txt", "02.txt", "03.txt"], "nobody has taken them"
    (crowded / "01.txt").unlink()
    assert names(home, watch) == ["00.txt", "02.txt", "03.txt", "04.txt"]
    assert looked.count("P01") == 1


def test_a_file_that_is_written_again_loses_its_turn(home: Home, crowded: Path) -> None:
    watch = SettleWatch(0)
    names(home, watch)
    (crowded / "00.txt").write_bytes(b"other figures")
    assert names(home, watch) == ["01.txt", "02.txt", "03.txt", "04.txt"]
    (crowded / "01.txt").unlink()
    (crowded / "01.txt").symlink_to(crowded / "02.txt")
    assert [each.oddity for each in scan(home, watch, limit=4).odd] == ["symlink"]


def test_a_folder_that_is_gone_is_out_of_reach_and_not_remembered(home: Home, crowded: Path) -> None:
    watch = SettleWatch(0)
    names(home, watch)
    crowded.rename(home.root / "elsewhere")
    found = scan(home, watch, expected=["P01"], limit=4)
    assert (found.candidates, [each.agency for each in found.unreachable]) == ((), ["P01"])
