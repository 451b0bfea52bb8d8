"""Two processes at the same folders: each file is answered once, and the sensor knows when a worker lives."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from connectors.intake.claim import SETTLE_SECONDS
from connectors.ledger import LeaseHeldError, Ledger
from expectations.run import warm_up
from indicator_specs.home import Home
from pipelines.demo.run import OCTOBER, environment, officers_send
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.turns import turn
from pipelines.waiting import TAG, WORKER, WORKERS_TURN, Waiting, reason_to_wait, what_waits

PROVINCES = {"P79", "P01", "P48", "P22", "P24"}


@pytest.fixture
def dropped(home: Home) -> Iterator[Installation]:
    """Five officers' workbooks lie in their folders; one is wrong."""
    with environment(CHISO_NOW=OCTOBER.clock):
        here = Installation(home)
        everybody = {unit.org_unit_code for unit in here.registry.reference.of_kind("province")}
        officers_send(here, OCTOBER, but=frozenset(everybody - PROVINCES))
        yield here


def in_a_child(work: Callable[[], object]) -> int:
    """Start ``work`` in a process of its own; its number."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def test_two_runs_at_once_answer_each_file_once(dropped: Installation) -> None:
    warm_up()
    home = dropped.home
    at = time.time() + 1

    def take_in_together() -> None:
        time.sleep(max(0, at - time.time()))
        take_in(Installation(home), settle_seconds=0)

    children = [in_a_child(take_in_together) for _ in range(2)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    with Ledger.open(home) as ledger:
        submissions, batches = ledger.submissions(), ledger.batches()
    assert sorted(each.agency for each in submissions) == sorted(PROVINCES)
    assert all(each.answered_at for each in submissions)
    assert len({batch.submission_no for batch in batches}) == len(batches) == len(PROVINCES)
    for agency in PROVINCES:
        folder = home.intake / agency
        assert len(list((folder / "ket_qua").glob("*.txt"))) == 1
        assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_a_turn_is_waited_for_and_given_up_when_it_takes_too_long(dropped: Installation) -> None:
    order: list[str] = []
    holder = in_a_child(lambda: _hold(dropped.home, "warehouse", 3))
    _until_held(dropped.home, "warehouse")
    with pytest.raises(LeaseHeldError), turn(dropped.ledger, "warehouse", patience=0.5):
        order.append("in spite of the holder")
    with turn(dropped.ledger, "warehouse", patience=30):
        order.append("after the holder")
    assert order == ["after the holder"]
    os.waitpid(holder, 0)


def _hold(home: Home, name: str, seconds: float) -> None:
    with Ledger.open(home) as ledger, turn(ledger, name):
        time.sleep(seconds)


def _until_held(home: Home, name: str) -> None:
    deadline = time.monotonic() + 10
    with Ledger.open(home) as ledger:
        while time.monotonic() < deadline:
            try:
                with ledger.lease(name):
                    pass
            except LeaseHeldError:
                return
            time.sleep(0.05)
    raise AssertionError(f"nobody took {name}")


def test_the_sensor_leaves_files_to_a_living_worker_and_takes_over_from_a_dead_one(dropped: Installation) -> None:
    instance = dg.DagsterInstance.ephemeral()
    time.sleep(SETTLE_SECONDS + 0.2)
    waiting = what_waits(dropped)
    assert (waiting.files, waiting.unfinished) == (len(PROVINCES), 0)
    assert reason_to_wait(instance, dropped.ledger, waiting) == ""
    worker = in_a_child(lambda: _hold(dropped.home, WORKER, 60))
    _until_held(dropped.home, WORKER)
    run = instance.add_run(_run({TAG: str(worker)}))
    assert "worker" in reason_to_wait(instance, dropped.ledger, waiting)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert reason_to_wait(instance, dropped.ledger, waiting) == "", "its run is not waited for"
    buried = instance.get_run_by_id(run.run_id)
    assert buried is not None
    assert buried.status is dg.DagsterRunStatus.FAILURE


def test_a_worker_that_hangs_keeps_files_from_nobody(dropped: Installation) -> None:
    instance = dg.DagsterInstance.ephemeral()
    long_ago = Waiting(files=1, unfinished=0, seconds=WORKERS_TURN + 1, unreachable=())
    worker = in_a_child(lambda: _hold(dropped.home, WORKER, 60))
    try:
        _until_held(dropped.home, WORKER)
        instance.add_run(_run({TAG: str(worker)}))
        assert reason_to_wait(instance, dropped.ledger, long_ago) == ""
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


def test_one_run_at_a_time_is_asked_for(dropped: Installation) -> None:
    instance = dg.DagsterInstance.ephemeral()
    instance.add_run(_run({}))
    lying = Waiting(files=1, unfinished=0, seconds=3, unreachable=())
    assert "under way" in reason_to_wait(instance, dropped.ledger, lying)


def test_what_an_earlier_run_left_open_calls_for_a_run_too(home: Home) -> None:
    here = Installation(home)
    assert not what_waits(here)
    here.ledger.receive(
        "P79", "a.xlsx", inode=1, mtime_ns=1, sha256="0" * 64, size=1, evidence_path="evidence/00/0.xlsx"
    )
    waiting = what_waits(here)
    assert (waiting.files, waiting.unfinished) == (0, 1)
    assert reason_to_wait(dg.DagsterInstance.ephemeral(), here.ledger, waiting) == ""


def _run(tags: dict[str, str]) -> dg.DagsterRun:
    return dg.DagsterRun("intake", run_id=str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED, tags=tags)
