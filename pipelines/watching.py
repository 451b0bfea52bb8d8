"""Watching the agencies' folders: a file is answered within seconds of its last byte, without Dagster.

Safe beside the resident worker, the sensor and other watchers, here and on other machines: whoever works holds the
lease of the intake, and what another has answered is not answered again. Computing and showing is the scheduled run's.
"""

import gc
import threading
import time
from collections.abc import Iterator

from watchfiles import watch

from connectors.durable import ensure_folder
from connectors.intake.claim import SettleWatch
from connectors.intake.folders import FolderScan, scan
from connectors.ledger import LeaseHeldError, State
from connectors.stores.declared import declared_stores
from expectations.engine import warm_up
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.intake_report import IntakeReport
from pipelines.stores.exchange import exchanging, lost_stores
from pipelines.submissions.decisions import untold

LOOK_EVERY = 1.0
"""Seconds. A share tells this machine of no change: what the kernel does not tell is looked for this often."""

TICK_MS = 200
"""While a file is settling it is looked at this often, so that it is taken as soon as it may be."""


def keep_answering(here: Installation, ended: threading.Event) -> Iterator[IntakeReport]:
    """Answer what comes, until told to end; each look that answered something, or met trouble, is told.

    Raises:
        OSError: this machine itself fails (a full disk). Nothing acknowledged is lost.
    """
    ensure_folder(here.home.intake)
    warm_up()
    # What is loaded by now stays: to look through it for garbage again and again costs seconds of a heap.
    gc.collect()
    gc.freeze()
    settle, trouble, stores = SettleWatch(), "", declared_stores(here.home)
    with exchanging(here):
        is_settling, looked = False, 0.0
        for changes in _looks(here, ended):
            if not changes and not is_settling and time.monotonic() - looked < LOOK_EVERY:
                continue
            found, looked = scan(here.home, settle), time.monotonic()
            is_settling = found.waiting > 0
            lost = lost_stores(here, stores)
            report = IntakeReport(unreachable=lost)
            if _is_called_for(here, found):
                try:
                    report = take_in(here, settle=settle)
                except LeaseHeldError:
                    continue  # Another process is at it and answers what lies there.
                report.unreachable += lost
            elif not stores:
                continue
            told = "; ".join(report.troubles)
            if report.answers or told != trouble:
                yield report
            trouble = told


def _looks(here: Installation, ended: threading.Event) -> Iterator[object]:
    """Once at the beginning, then whenever the kernel tells of a change, and with nothing at every tick."""
    yield "the beginning"
    for changes in watch(
        here.home.intake,
        stop_event=ended,
        rust_timeout=TICK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        step=100,
        debounce=500,
    ):
        if ended.is_set():
            return
        yield changes


def _is_called_for(here: Installation, found: FolderScan) -> bool:
    is_left = bool(here.ledger.submissions(state=State.RECEIVED) or here.ledger.unanswered() or untold(here))
    return bool(found.candidates or found.odd or is_left)
