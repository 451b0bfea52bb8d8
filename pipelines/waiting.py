"""Whether an intake run is called for: what waits, who is at it already, and whether to leave it be for now."""

import hashlib
import json
import time
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import dagster as dg

from connectors.intake.claim import SettleWatch
from connectors.intake.folders import Unreachable, scan
from connectors.ledger import LeaseHeldError, Ledger, State
from pipelines.installation import Installation
from pipelines.submissions.decisions import untold

WORKER = "worker"
"""Lease of the resident worker, and the name of the tag on its runs (the number of its process)."""

TAG = f"chiso/{WORKER}"

UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

WORKERS_TURN = 120.0
"""Seconds for which the worker may have a file to itself: it needs ten."""

BREATH = 300.0
"""Seconds between two attempts where the last one failed, or changed nothing: a fault that lasts must not fill the run
list."""


@dataclass(frozen=True)
class Waiting:
    """What lies there to be done."""

    files: int
    """Settled files in the agencies' folders."""
    unfinished: int
    """Submissions and decisions that an earlier run has not judged, or not answered."""
    seconds: float
    """For how long the oldest file has lain."""
    unreachable: Sequence[Unreachable]
    things: frozenset[Hashable] = frozenset()
    """Each of it as it was seen: as long as they are the same, nothing has come and nothing has changed."""
    settling: int = 0
    """Files that have not kept still for long enough."""

    def __bool__(self) -> bool:
        return bool(self.files or self.unfinished)


def what_waits(here: Installation, watch: SettleWatch | None = None, expected: Collection[str] = ()) -> Waiting:
    """Look at the folders and into the ledger; milliseconds.

    Args:
        here: whose.
        watch: kept from look to look by a resident process; without it, files still for a moment by the server's clock.
        expected: agencies whose folder, where it is missing, is out of reach.
    """
    found = scan(here.home, watch, expected)
    submissions = (*here.ledger.submissions(state=State.RECEIVED), *here.ledger.unanswered())
    unfinished = (
        *((each.submission_no, each.state) for each in submissions),
        *((event.kind, event.subject) for event in untold(here)),
    )
    oldest = min((file.identity.ctime_ns for file in found.candidates), default=time.time_ns())
    return Waiting(
        files=len(found.candidates),
        unfinished=len(unfinished),
        seconds=(time.time_ns() - oldest) / 1e9,
        unreachable=found.unreachable,
        things=frozenset((*found.candidates, *unfinished)),
        settling=found.waiting,
    )


def reason_to_wait(instance: dg.DagsterInstance, ledger: Ledger, waiting: Waiting) -> str:
    """Why no run should be asked for now, in a sentence; empty where one should."""
    if not waiting:
        return "No file waits in any agency folder."
    if worker_is_there(ledger):
        if waiting.seconds < WORKERS_TURN:
            return "The resident worker takes what waits."
    else:
        bury_the_dead(instance)
    runs = instance.get_runs(dg.RunsFilter(job_name="intake", statuses=UNDER_WAY))
    if any(TAG not in run.tags for run in runs):
        return "An intake run is under way; it takes what waits."
    if _failed_lately(instance):
        return f"The last intake run failed less than {BREATH:.0f} s ago; see why in its log."
    return ""


def noted(waiting: Waiting) -> str:
    """What a run was asked for, and when: a line for the sensor to keep until its next look."""
    return json.dumps({"things": _digest(waiting), "at": time.time()})


def was_asked_for(note: str | None, waiting: Waiting) -> bool:
    """Whether a run was asked for just this, lately, as ``noted``: it could do nothing about it, nor could another."""
    if not note:
        return False
    asked = json.loads(note)
    return bool(asked["things"] == _digest(waiting) and time.time() - asked["at"] < BREATH)


def _digest(waiting: Waiting) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, waiting.things))).encode()).hexdigest()


def worker_is_there(ledger: Ledger) -> bool:
    """Whether a resident worker lives: its lease falls with its process."""
    try:
        with ledger.lease(WORKER):
            return False
    except LeaseHeldError:
        return True


def bury_the_dead(instance: dg.DagsterInstance) -> None:
    """Runs of a worker that was killed never say that they ended: say it for them. Only while no worker lives."""
    for run in instance.get_runs(dg.RunsFilter(job_name="intake", statuses=UNDER_WAY)):
        if TAG in run.tags:
            instance.report_run_failed(run, "The worker's process ended during this run; the next one takes it up.")


def _failed_lately(instance: dg.DagsterInstance) -> bool:
    """Whether the last run that was asked for failed just now; a worker rests by itself."""
    for record in instance.get_run_records(dg.RunsFilter(job_name="intake"), limit=20):
        if TAG not in record.dagster_run.tags:
            failed = record.dagster_run.status is dg.DagsterRunStatus.FAILURE
            return failed and time.time() - (record.end_time or 0) < BREATH
    return False
