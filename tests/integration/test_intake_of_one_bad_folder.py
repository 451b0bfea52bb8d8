"""One folder or file that fails must not hold up the others, and must never look like silence."""

import errno
import os
import shutil

import pytest

import pipelines.intake
from connectors.intake.claim import Candidate as DroppedFile
from connectors.intake.claim import OwnCopy, take_copy
from connectors.intake.folders import open_folder
from connectors.ledger import State
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.intake import take_in
from tests.whole_catalogue import whole_catalogue


@pytest.fixture
def installation(home: Home) -> Installation:
    """Three agencies, each with a file that is no workbook."""
    for agency in ("P01", "P48", "P96"):
        (open_folder(home, agency) / "báo cáo.xlsx").write_bytes(agency.encode())
    return Installation(home, whole_catalogue())


def states(installation: Installation) -> dict[str, State]:
    return {submission.agency: submission.state for submission in installation.ledger.submissions()}


def test_a_file_that_may_not_be_read_is_told_and_the_others_are_answered(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_one(dropped: DroppedFile, home: Home) -> OwnCopy:
        if dropped.agency == "P48":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(dropped.path))
        return take_copy(dropped, home)

    monkeypatch.setattr(pipelines.receiving, "take_copy", refuse_one)
    report = take_in(installation, settle_seconds=0)
    assert set(states(installation)) == {"P01", "P96"}
    assert len(report.answers) == 2
    assert [each.agency for each in report.unreachable] == ["P48"]
    assert "báo cáo.xlsx" in report.troubles[0]
    monkeypatch.undo()
    assert take_in(installation, settle_seconds=0).unreachable == []
    assert set(states(installation)) == {"P01", "P48", "P96"}


def test_a_full_disk_stops_the_intake_and_loses_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(dropped: DroppedFile, home: Home) -> OwnCopy:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pipelines.receiving, "take_copy", full)
    with pytest.raises(OSError, match="No space"):
        take_in(installation, settle_seconds=0)
    monkeypatch.undo()
    take_in(installation, settle_seconds=0)
    assert set(states(installation)) == {"P01", "P48", "P96"}


def test_an_agency_that_has_sent_and_whose_folder_is_gone_is_out_of_reach(installation: Installation) -> None:
    take_in(installation, settle_seconds=0)
    shutil.rmtree(installation.home.intake / "P48")
    report = take_in(installation, settle_seconds=0)
    assert [each.agency for each in report.unreachable] == ["P48"]


def test_a_lost_copy_of_one_file_leaves_the_others_judged(installation: Installation) -> None:
    open_folder(installation.home, "P33")
    installation.ledger.receive(
        "P33", "mất.xlsx", inode=1, mtime_ns=1, sha256="0" * 64, size=3, evidence_path="evidence/00/lost.xlsx"
    )
    report = take_in(installation, settle_seconds=0)
    ended = states(installation)
    assert ended.pop("P33") is State.RECEIVED
    assert set(ended.values()) == {State.RETURNED}
    assert [each.agency for each in report.unreachable] == ["P33"]


def test_the_first_look_makes_the_room_for_folders(home: Home) -> None:
    assert take_in(Installation(home, whole_catalogue()), settle_seconds=0).unreachable == []
    assert home.intake.is_dir()
