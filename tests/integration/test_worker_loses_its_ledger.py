"""PostgreSQL goes away under the resident worker and comes back: nothing is lost, nothing twice, one line each way."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.intake.folders import open_folder
from connectors.ledger import Ledger, State
from connectors.workbook.stamp import KEY_FILE
from indicator_specs import drill
from indicator_specs.home import Home
from pipelines import answered, worker
from pipelines.answered import with_answered
from pipelines.intake_report import IntakeReport
from tests.servers import Server, postgres
from tests.workbooks import AGENCY, KEY, filled


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with postgres() as running:
        running.run("create database ledger")
        monkeypatch.setenv("CHISO_LEDGER_URL", f"postgresql://postgres@127.0.0.1:{running.port}/ledger")
        yield running


class Worker:
    """The worker's loop in a thread; it computes nothing, but counts the times that it would."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.computed, self.taken_up = home, 0, 0
        self.may_compute = threading.Event()
        self._told_to_end, self._failed = threading.Event(), list[BaseException]()
        monkeypatch.setattr(worker, "_warm", lambda _: (None, None))
        monkeypatch.setattr(worker, "_run_part", self._compute)
        monkeypatch.setattr(worker, "_take_up", self._take_up)
        monkeypatch.setattr(worker, "ASK_EVERY", 0.1)
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Worker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._told_to_end.set()
        self.may_compute.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        assert self._failed == []

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for what the worker brings about."""
        deadline = time.monotonic() + 60
        while not what():
            assert self._thread.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def drop(self, name: str, **cells: object) -> Path:
        """A workbook in the agency's folder."""
        return filled(self.home.root / name, **cells).rename(open_folder(self.home, AGENCY) / name)

    def n_receipts(self) -> int:
        return len(list((open_folder(self.home, AGENCY) / "ket_qua").glob("*.txt")))

    def _work(self) -> None:
        try:
            worker.work(self.home, self._told_to_end.is_set)
        except BaseException as reason:
            self._failed.append(reason)

    def _compute(self, *_: object) -> bool:
        self.computed += 1
        return True

    def _take_up(self, *_: object) -> bool:
        self.taken_up += 1
        return self.may_compute.wait(60)


def test_it_says_so_once_asks_again_and_goes_on_by_itself(
    server: Server, home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
    monkeypatch.setenv("DAGSTER_HOME", "")  # what the worker makes of it goes with the test
    monkeypatch.setattr(answered, "_untold", deque())
    home.root.mkdir()
    (home.root / KEY_FILE).write_bytes(KEY)
    lost = threading.Event()

    def power_cut(point: str) -> None:
        if point == "judged" and not lost.is_set():
            server.stop()
            lost.set()

    with Worker(home, monkeypatch) as working:
        working.drop("a.xlsx", E15=120)
        working.until(lambda: working.computed == 1)
        monkeypatch.setattr(drill, "point", power_cut)
        judged = working.drop("b.xlsx", E15=130)
        working.until(lambda: "không trả lời" in caplog.text)
        came_meanwhile = working.drop("c.xlsx", E15=140)
        assert lost.is_set()
        assert judged.exists()
        assert working.n_receipts() == 1
        server.start()
        working.until(lambda: working.n_receipts() == 3 and not came_meanwhile.exists())
        working.may_compute.set()
        working.until(lambda: working.computed == 2)
    assert (working.taken_up, working.computed) == (1, 2)
    assert [each.file_name for each in with_answered(IntakeReport()).answers] == ["a.xlsx", "b.xlsx", "c.xlsx"]
    with Ledger.open(home) as ledger:
        received = ledger.submissions()
        assert [(each.file_name, each.state) for each in received] == [
            (name, State.ACCEPTED) for name in ("a.xlsx", "b.xlsx", "c.xlsx")
        ]
        assert [batch.submission_no for batch in ledger.batches()] == [each.submission_no for each in received]
        assert ledger.unanswered() == []
        assert ledger.audit().broken is None
    # Connections of tests before, which are collected meanwhile, are spoken of by the pool.
    said = [record for record in caplog.records if not record.name.startswith("sqlalchemy")]
    told = [record.getMessage() for record in said if record.levelno >= logging.WARNING]
    assert len(told) == 2, "\n".join(told)
    assert all(part in told[0] for part in ("không trả lời", "does not answer", "Connection refused", "thử lại"))
    assert "đã trả lời" in told[1]
    assert not any(record.exc_info for record in said)
