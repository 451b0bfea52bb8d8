"""What the worker cannot read or answer is tried again after a rest, told by a run, and keeps nobody else waiting."""

import errno
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

import pipelines.answers
import pipelines.receiving
from connectors.intake.claim import Candidate, SettleWatch
from connectors.intake.folders import open_folder, scan
from connectors.workbook.stamp import KEY_FILE
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines import answered, automation, waiting
from pipelines.answered import with_answered
from pipelines.attempts import BREATH, Attempts
from pipelines.automation import agency_folders
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.intake_report import IntakeReport
from pipelines.waiting import what_waits
from tests.whole_catalogue import whole_catalogue
from tests.workbooks import KEY

LOCKED, OTHER = "P46", "P48"


class Looking:
    """The worker's looks at an installation, with a clock that stands."""

    def __init__(self, here: Installation) -> None:
        here.home.root.mkdir(exist_ok=True)
        (here.home.root / KEY_FILE).write_bytes(KEY)
        self.here, self.now = here, 0.0
        self._attempts = Attempts(SettleWatch(0), lambda: self.now)

    def drop(self, agency: str) -> Path:
        path = open_folder(self.here.home, agency) / "a.xlsx"
        path.write_bytes(b"no workbook at all")
        return path

    def look(self, times: int = 1) -> list[bool]:
        """Of each look that led to an attempt, whether it calls for a run."""
        called_for = []
        for _ in range(times):
            found = what_waits(self.here, self._attempts.watch)
            if self._attempts.is_due(found):
                called_for.append(self._attempts.make(self.here, found))
        return called_for


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


@pytest.fixture
def looking(home: Home, registry: Registry) -> Iterator[Looking]:
    answered._untold.clear()
    yield Looking(Installation(home, registry))
    answered._untold.clear()


def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that its sender's program has locked."""
    take = pipelines.receiving.take_copy

    def refused(candidate: Candidate, home: Home) -> object:
        if candidate.agency == LOCKED:
            raise PermissionError(errno.EACCES, "Permission denied")
        return take(candidate, home)

    monkeypatch.setattr(pipelines.receiving, "take_copy", refused)


def unanswerable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of answers that may only be read."""
    answer = pipelines.answers.answer

    def refused(here: Installation, submission: Any, *rest: Any, **named: Any) -> object:
        if submission.agency == LOCKED:
            raise OSError(errno.EROFS, "Read-only file system")
        return answer(here, submission, *rest, **named)

    monkeypatch.setattr(pipelines.answers, "answer", refused)


@pytest.mark.parametrize("hinder", [unreadable, unanswerable])
def test_it_is_told_by_a_run_tried_again_after_a_rest_and_holds_up_nobody(
    looking: Looking, hinder: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        hinder(patch)
        looking.drop(LOCKED)
        assert all(looking.look(2)), "a run tells of it"
        assert looking.look(5) == [], "a rest"
        assert not answered._untold
        told = with_answered(take_in(looking.here, settle_seconds=0))
        assert [(each.agency, told.answers) for each in told.unreachable] == [(LOCKED, [])]
        looking.drop(OTHER)
        assert looking.look() == [True], "at once"
        assert [each.agency for report in answered._untold for each in report.answers] == [OTHER]
        assert not any(looking.look(2))
        looking.now += BREATH - 1
        assert looking.look() == []
        looking.now += 2
        assert looking.look(5) == [False], "tried once more, and told already"
    looking.now += BREATH
    assert looking.look(5) == [True], "answered, and nothing waits any more"
    assert not what_waits(looking.here, SettleWatch(0))


def test_a_file_that_is_changed_is_taken_at_once(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        unreadable(patch)
        path = looking.drop(LOCKED)
        assert looking.look(5) == [True]
    path.chmod(0o600)
    assert looking.look() == [True]
    assert [each.agency for report in answered._untold for each in report.answers] == [LOCKED]


def test_a_machine_that_cannot_write_is_not_asked_without_end(
    looking: Looking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any, **__: Any) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(answered, "take_in", full)
    looking.drop(OTHER)
    assert looking.look(5) == [True]
    assert caplog.text.count("No space left") == 1
    looking.now += BREATH
    assert looking.look(5) == [False]
    assert caplog.text.count("No space left") == 2


def test_what_nobody_can_do_anything_about_is_not_looked_into_without_end(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: Any, **__: Any) -> IntakeReport:
        return IntakeReport()

    monkeypatch.setattr(answered, "take_in", nothing)
    looking.drop(OTHER)
    assert looking.look(5) == [False]


def sensed(cursor: str | None = None) -> tuple[dg.SensorEvaluationContext, object]:
    context = dg.build_sensor_context(instance=dg.DagsterInstance.ephemeral(), cursor=cursor)
    return context, agency_folders(context)


def test_the_sensor_asks_once_for_what_no_run_can_take_and_tells(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "installation", lambda: looking.here)
    monkeypatch.setattr(waiting, "scan", lambda home, _, expected: scan(home, SettleWatch(0), expected))
    looking.drop(LOCKED)
    looking.here.ledger.receive(
        OTHER, "b.xlsx", inode=1, mtime_ns=1, sha256="0" * 64, size=1, evidence_path="evidence/00/0.xlsx"
    )
    first, asked = sensed()
    assert isinstance(asked, dg.RunRequest)
    _, again = sensed(first.cursor)
    assert isinstance(again, dg.SkipReason)
    assert OTHER in str(again.skip_message), "its folder is gone"
    looking.drop(OTHER)
    assert isinstance(sensed(first.cursor)[1], dg.RunRequest), "something else waits now"
    now = time.time()
    monkeypatch.setattr(waiting.time, "time", lambda: now + waiting.BREATH)
    (looking.here.home.intake / OTHER / "a.xlsx").unlink()
    assert isinstance(sensed(first.cursor)[1], dg.RunRequest), "tried again after a rest"
