"""The resident worker: keeps the judge, the models and Dagster warm, and answers a dropped file within seconds.

It answers first, then runs the same job as the sensor in this process, and reports to the same Dagster instance; what
comes meanwhile is answered meanwhile. A lease in the ledger says that it lives: the sensor leaves files to it, and is
there for when no worker is, or when it hangs.
"""

import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import dagster as dg

from connectors.intake.claim import SettleWatch
from connectors.ledger import LedgerUnreachableError
from indicator_specs.errors import both
from indicator_specs.home import PROJECT, Home
from indicator_specs.registry import CATALOGUE, REFERENCE, SOURCES
from pipelines.attempts import BREATH, Attempts
from pipelines.dagster_files import held_open
from pipelines.installation import Installation
from pipelines.serving import prepare_dagster
from pipelines.stores.exchange import exchanging
from pipelines.turns import turn
from pipelines.waiting import TAG, WORKER, bury_the_dead, what_waits

_LOG = logging.getLogger(__name__)

LOOK_EVERY = 0.5
"""Seconds between two looks at the folders: a look costs milliseconds."""

SETTLING_EVERY = 0.1
"""Seconds between two looks while a file is settling, so that it is taken as soon as it may be: at least, where a look
takes long for the number of folders."""

ASK_EVERY = 5.0
"""Seconds between two attempts at a ledger that does not answer."""

DECLARED = (CATALOGUE, SOURCES, REFERENCE, PROJECT / "dbt_project" / "models", PROJECT / "dbt_project" / "macros")
"""What the definitions are made of: when any of it changes, the worker begins anew."""


def work(home: Home, until: Callable[[], bool] = lambda: False) -> None:
    """Take up what was left, then answer files as they come, until told to end.

    A ledger that is lost meanwhile is asked again until it answers: files lie where they are, and what was under way is
    taken up as after a kill.

    Args:
        home: the installation; becomes ``CHISO_HOME`` and its ``dagster/`` the ``DAGSTER_HOME`` of this process.
        until: asked between two looks whether to end.

    Raises:
        LeaseHeldError: another worker serves this installation.
        LedgerUnreachableError: the ledger cannot be opened to begin with: its address may be wrong.
    """
    os.environ.update(prepare_dagster(home))
    from pipelines.assets.installed import installation, looks  # noqa: PLC0415 - seconds of imports, paid once, here

    declared = looks(DECLARED)
    installation().ledger.agencies()  # a ledger that is not there to begin with is told at once
    jobs, reach = _warm(home), _Reach()
    with dg.DagsterInstance.get() as instance:
        while not until():
            try:
                _serve(jobs, instance, reach, lambda: until() or looks(DECLARED) != declared)
                break
            except LedgerUnreachableError as reason:
                reach.lost(reason)
                time.sleep(ASK_EVERY)
    if not until():
        os.execv(sys.executable, [sys.executable, "-m", "pipelines.cli", "worker"])  # noqa: S606 - this program, anew


def _serve(
    jobs: tuple[dg.JobDefinition, dg.JobDefinition],
    instance: dg.DagsterInstance,
    reach: "_Reach",
    until: Callable[[], bool],
) -> None:
    from pipelines.assets.installed import installation  # noqa: PLC0415 - as above

    intake, refresh = jobs
    with (
        turn(installation().ledger, WORKER, patience=5),
        # Each has a thread of its own: a request to end waits for what is under way instead of breaking it.
        ThreadPoolExecutor(1) as answering,
        ThreadPoolExecutor(1) as running,
        exchanging(installation()),
    ):
        is_warm = reach.found()
        bury_the_dead(instance)
        attempts, runs = Attempts(SettleWatch()), _Runs(running, partial(_run_part, intake, instance))
        if installation().ledger.last_batch():
            runs.begin(partial(_take_up, refresh, instance), wait=not is_warm)
        while not until():
            time.sleep(_look(installation(), attempts, answering, runs))


def _warm(home: Home) -> tuple[dg.JobDefinition, dg.JobDefinition]:
    """Pay for imports, the catalogue and dbt's reading of the models before the first file comes."""
    from dbt_project.build import parse  # noqa: PLC0415 - as above
    from expectations.engine import warm_up  # noqa: PLC0415
    from pipelines.definitions import defs  # noqa: PLC0415

    # Marts that nothing new concerns are not tested anew; that is meant, and not to be told for each at each drop.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    warm_up()
    parse(home)
    jobs = defs.resolve_job_def("intake"), defs.resolve_job_def("refresh")
    _leave_alone_what_is_loaded()
    return jobs


def _take_up(refresh: dg.JobDefinition, instance: dg.DagsterInstance) -> bool:
    """Compute what an earlier process has left uncomputed, and tell Dagster what was done without it.

    It warms every step too: the first file that comes then takes no longer than the others.

    Returns:
        Whether it could all be computed.
    """
    from pipelines.assets.extraction import extraction_assets  # noqa: PLC0415 - as above
    from pipelines.assets.installed import installation  # noqa: PLC0415
    from pipelines.telling import knows_nothing, tell_of_batches  # noqa: PLC0415

    partitioned = frozenset(asset.key for asset in extraction_assets() if asset.partitions_def)
    tell_of_batches(instance, installation(), partitioned)
    succeeded = _run(refresh, instance, full=knows_nothing(instance))
    _leave_alone_what_is_loaded()
    return succeeded


def _leave_alone_what_is_loaded() -> None:
    """It stays: to look through it for garbage again and again costs a second, now and then a drop's."""
    gc.collect()
    gc.freeze()


def _look(here: Installation, attempts: Attempts, answering: ThreadPoolExecutor, runs: "_Runs") -> float:
    """Answer what waits, and have it computed; a run that is under way is not waited for.

    Returns:
        In how many seconds to look again.
    """
    began = time.monotonic()
    waiting = what_waits(here, attempts.watch)
    took = time.monotonic() - began
    if attempts.is_due(waiting) and answering.submit(attempts.make, here, waiting).result():
        runs.ask_for_one()
    runs.go_on()
    return min(LOOK_EVERY, max(SETTLING_EVERY, 4 * took)) if waiting.settling else LOOK_EVERY


class _Reach:
    """Whether the ledger answers: told once when it is lost, and once when it is found again."""

    def __init__(self) -> None:
        self._is_lost = False

    def lost(self, reason: LedgerUnreachableError) -> None:
        """Say what is the matter, and what will be done about it."""
        if not self._is_lost:
            vi = f"cứ {ASK_EVERY:g} giây thử lại một lần; tệp vẫn nằm nguyên trong thư mục"
            en = f"asked again every {ASK_EVERY:g} s; files stay where they are"
            _LOG.warning("%s (%s)", reason, both(vi, en))
        self._is_lost = True

    def found(self) -> bool:
        """Say that it answers again, if it did not; whether it did not."""
        was_lost = self._is_lost
        if was_lost:
            _LOG.warning(
                both("Sổ tiếp nhận đã trả lời, tiếp tục tiếp nhận tệp", "The ledger answers again: files are taken")
            )
        self._is_lost = False
        return was_lost


class _Runs:
    """One run at a time, while files go on being answered; after one that failed a rest."""

    def __init__(
        self, hands: ThreadPoolExecutor, run: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._hands, self._run, self._clock = hands, run, clock
        self._under_way: Future[bool] | None = None
        self._is_asked_for = False
        self._rests_until = 0.0

    def begin(self, run: Callable[[], bool], *, wait: bool) -> None:
        """Have another run than the usual before any of those, and wait for its end or answer files meanwhile."""
        self._under_way = self._hands.submit(run)
        if wait:
            self._under_way.result()

    def ask_for_one(self) -> None:
        """Have one more run, once that which is under way has ended: it may have passed the files already."""
        self._is_asked_for = True

    def go_on(self) -> None:
        """Take leave of a run that has ended, and begin the one that is asked for."""
        if self._under_way is not None and self._under_way.done():
            if not self._under_way.result():
                self._rests_until = self._clock() + BREATH
            self._under_way = None
        if self._is_asked_for and self._under_way is None and self._clock() >= self._rests_until:
            self._under_way, self._is_asked_for = self._hands.submit(self._run), False


def _run_part(job: dg.JobDefinition, instance: dg.DagsterInstance) -> bool:
    """Compute and seal what is new, then run the part of the job that tells of it."""
    from pipelines.assets.ahead import go_ahead  # noqa: PLC0415 - seconds of imports, paid before
    from pipelines.assets.installed import installation  # noqa: PLC0415
    from pipelines.assets.part import part_of  # noqa: PLC0415

    return _run(part_of(job, go_ahead(installation()), installation()), instance)


def _run(job: dg.JobDefinition, instance: dg.DagsterInstance, *, full: bool = False) -> bool:
    with held_open(Path(instance.root_directory)):
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            # It comes back to what it left by itself: nobody else is to repeat its run.
            tags={TAG: str(os.getpid()), "dagster/max_retries": "0"},
            run_config={
                "loggers": {"console": {"config": {"log_level": "WARNING"}}},
                "ops": {"models": {"config": {"full": full}}},
            },
        )
    return result.success
