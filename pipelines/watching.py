"""Watching the agencies' folders: a file is answered within seconds of its last byte, without Dagster.

Safe beside the resident worker, the sensor and other watchers, here and on other machines: whoever works holds the
lease of the intake, and what another has answered is not answered again. Computing and showing is the scheduled run's.
"""

import threading
from collections.abc import Iterator

from watchfiles import watch

from connectors.durable import ensure_folder
from connectors.intake.claim import SettleWatch
from connectors.intake.folders import scan
from connectors.ledger import LeaseHeldError, State
from connectors.stores.declared import declared_stores
from expectations.run import warm_up
from pipelines.installation import Installation
from pipelines.intake import IntakeReport, take_in
from pipelines.stores.exchange import exchanging, lost_stores
from pipelines.submissions.decisions import untold

LOOK_EVERY_MS = 1_000
"""A share tells this machine of no change: what the kernel does not tell is looked for this often."""


def keep_answering(here: Installation, ended: threading.Event) -> Iterator[IntakeReport]:
    """Answer what comes, until told to end; each look that answered something, or met trouble, is told.

    Raises:
        OSError: this machine itself fails (a full disk). Nothing acknowledged is lost.
    """
    ensure_folder(here.home.intake)
    warm_up()
    settle, trouble, stores = SettleWatch(), "", declared_stores(here.home)
    with exchanging(here):
        for _ in _looks(here, ended):
            lost = lost_stores(here, stores)
            report = IntakeReport(unreachable=lost)
            if _is_called_for(here, settle):
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
    """Once at the beginning, then whenever the kernel tells of a change and every second besides."""
    yield None
    for changes in watch(
        here.home.intake,
        stop_event=ended,
        rust_timeout=LOOK_EVERY_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        step=100,
        debounce=500,
    ):
        if ended.is_set():
            return
        yield changes


def _is_called_for(here: Installation, settle: SettleWatch) -> bool:
    found = scan(here.home, settle)
    is_left = bool(here.ledger.submissions(state=State.RECEIVED) or here.ledger.unanswered() or untold(here))
    return bool(found.candidates or found.odd or is_left)
