"""Two processes at the same folders: each file is answered once, and the sensor knows when a worker lives."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from connectors.intake.claim import SETTLE_SECONDS
from connectors.ledger import LeaseHeldError, Ledger
from indicator_specs.home import PROJECT, Home
from pipelines.demo.run import OCTOBER, environment, officers_send
from pipelines.installation import Installation
from pipelines.turns import turn
from pipelines.waiting import TAG, WORKER, WORKERS_TURN, Waiting, reason_to_wait, what_waits
from tests.whole_catalogue import whole_catalogue

PROVINCES = {"P79", "P01", "P48", "P22", "P24"}


@pytest.fixture
def dropped(home: Home) -> Iterator[Installation]:
    """Five officers' workbooks lie in their folders; one is wrong."""
    with environment(CHISO_NOW=OCTOBER.clock):
        here = Installation(home, whole_catalogue())
        everybody = {unit.org_unit_code for unit in here.registry.reference.of_kind("province")}
        officers_send(here, OCTOBER, but=frozenset(everybody - PROVINCES))
        yield here


@contextmanager
def child(code: str, home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own, begun anew: a forked one would share threads that other tests have started."""
    settings = {**os.environ, "CHISO_HOME": str(home.root)}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, env=settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def holder(home: Home, name: str, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds a lease for a while; begins once it does."""
    code = (
        "import time\n"
        "from connectors.ledger import Ledger\n"
        "from indicator_specs.home import Home\n"
        "from pipelines.turns import turn\n"
        f"with Ledger.open(Home.current()) as ledger, turn(ledger, {name!r}): time.sleep({seconds})\n"
    )
    with child(code, home) as process:
        _until_held(home, name)
        yield process


def test_two_runs_at_once_answer_each_file_once(dropped: Installation) -> None:
    home = dropped.home
    gate = home.root / "begin"
    code = (
        "import os, pathlib, time\n"
        "from expectations.engine import warm_up\n"
        "from indicator_specs.home import Home\n"
        "from pipelines.installation import Installation\n"
        "from pipelines.intake import take_in\n"
        "warm_up()\n"
        "here = Installation(Home.current())\n"
        "here.registry, here.ledger\n"
        f"pathlib.Path({str(gate)!r} + str(os.getpid())).touch()\n"
        f"while not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)\n"
        "take_in(here, settle_seconds=0)\n"
    )
    with child(code, home) as one, child(code, home) as other:
        deadline = time.monotonic() + 60
        while len(list(home.root.glob("begin*"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        gate.touch()
        assert (one.wait(90), other.wait(90)) == (0, 0)
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
    with holder(dropped.home, "warehouse", 3):
        with pytest.raises(LeaseHeldError), turn(dropped.ledger, "warehouse", patience=0.5):
            order.append("in spite of the holder")
        with turn(dropped.ledger, "warehouse", patience=30):
            order.append("after the holder")
    assert order == ["after the holder"]


def _until_held(home: Home, name: str) -> None:
    deadline = time.monotonic() + 60
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
    with holder(dropped.home, WORKER, 60) as worker:
        run = instance.add_run(_run({TAG: str(worker.pid)}))
        assert "worker" in reason_to_wait(instance, dropped.ledger, waiting)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert reason_to_wait(instance, dropped.ledger, waiting) == "", "its run is not waited for"
    buried = instance.get_run_by_id(run.run_id)
    assert buried is not None
    assert buried.status is dg.DagsterRunStatus.FAILURE


def test_a_worker_that_hangs_keeps_files_from_nobody(dropped: Installation) -> None:
    instance = dg.DagsterInstance.ephemeral()
    long_ago = Waiting(files=1, unfinished=0, seconds=WORKERS_TURN + 1, unreachable=())
    with holder(dropped.home, WORKER, 60) as worker:
        instance.add_run(_run({TAG: str(worker.pid)}))
        assert reason_to_wait(instance, dropped.ledger, long_ago) == ""


def test_one_run_at_a_time_is_asked_for(dropped: Installation) -> None:
    instance = dg.DagsterInstance.ephemeral()
    instance.add_run(_run({}))
    lying = Waiting(files=1, unfinished=0, seconds=3, unreachable=())
    assert "under way" in reason_to_wait(instance, dropped.ledger, lying)


def test_what_an_earlier_run_left_open_calls_for_a_run_too(home: Home) -> None:
    here = Installation(home, whole_catalogue())
    assert not what_waits(here)
    here.ledger.receive(
        "P79", "a.xlsx", inode=1, mtime_ns=1, sha256="0" * 64, size=1, evidence_path="evidence/00/0.xlsx"
    )
    waiting = what_waits(here)
    assert (waiting.files, waiting.unfinished) == (0, 1)
    assert reason_to_wait(dg.DagsterInstance.ephemeral(), here.ledger, waiting) == ""


def _run(tags: dict[str, str]) -> dg.DagsterRun:
    return dg.DagsterRun("intake", run_id=str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED, tags=tags)
