"""One exchange with each store: answers go back, answered originals go, what has settled is received.

A store that is out of reach is told once, when it is lost and when it is found again, in the ledger's chronicle; it
holds up nobody else.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.durable import OURS
from connectors.errors import SourceError
from connectors.intake.claim import SETTLE_SECONDS
from connectors.intake.folders import Unreachable
from connectors.ledger import LeaseHeldError, LedgerUnreachableError
from connectors.stores.declared import StoreSpec, declared_stores
from connectors.stores.looks import FarLooks
from connectors.stores.opening import StoreAddressError
from connectors.stores.remote import FarStore
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.intake_report import IntakeReport
from pipelines.stores.answering import put_answers, take_away
from pipelines.stores.fetching import Fetched, fetch

LOST, FOUND = "store_out_of_reach", "store_reached"
"""Kinds of events about a store."""


@dataclass
class Link:
    """One store as a process knows it: what its looks have seen, and the connection while it holds."""

    spec: StoreSpec
    looks: FarLooks
    store: FarStore | None = None

    def connected(self) -> FarStore:
        """The store, connected anew where it is not.

        Raises:
            OSError, SourceError, StoreAddressError: it cannot be reached.
        """
        if self.store is None:
            self.store = FarStore(self.spec)
        return self.store

    def drop(self) -> None:
        """Give the connection back."""
        if self.store is not None:
            self.store.close()
        self.store = None


def take_in_everywhere(here: Installation, settle_seconds: float | None = None) -> IntakeReport:
    """Answer every settled file, on this machine and on every store; for processes that are not resident.

    Args:
        here: whose.
        settle_seconds: how long a file must have kept still; the protocol's own default if None.

    Raises:
        SpecError: ``stores.yml`` has mistakes.
        LeaseHeldError, OSError: as ``take_in``.
    """
    links = fetch_everywhere(here, settle_seconds)
    report = take_in(here, settle_seconds)
    for link in links:
        exchange(here, link)
        link.drop()
    stores = tuple(link.spec for link in links)
    report.unreachable += lost_stores(here, stores)
    return report


def fetch_everywhere(here: Installation, settle_seconds: float | None = None) -> list[Link]:
    """Receive what has settled on every store; links to the stores.

    Raises:
        SpecError: ``stores.yml`` has mistakes.
        OSError: this machine fails.
    """
    still = SETTLE_SECONDS if settle_seconds is None else settle_seconds
    links = [Link(store, FarLooks(still)) for store in declared_stores(here.home)]
    waiting = [exchange(here, link).waiting for link in links]
    if any(waiting):
        time.sleep(still)  # The second look that a file needs.
        for link in links:
            exchange(here, link)
    return links


@contextmanager
def exchanging(here: Installation) -> Iterator[None]:
    """Exchange with every store in the background, each in a thread of its own, while the block runs.

    Raises:
        SpecError: ``stores.yml`` has mistakes.
    """
    ended = threading.Event()
    threads = [
        threading.Thread(target=_keep_exchanging, args=(here, store, ended), name=f"store {store.id}")
        for store in declared_stores(here.home)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def exchange(here: Installation, link: Link) -> Fetched:
    """Exchange with one store, once; nothing where another process is at it.

    Raises:
        OSError: this machine fails.
    """
    try:
        with here.ledger.lease(f"store {link.spec.id}"):
            done = _exchange(here, link)
            _note(here, link.spec, done.troubles)
            return done
    except LeaseHeldError:
        return Fetched()


def lost_stores(here: Installation, stores: tuple[StoreSpec, ...]) -> list[Unreachable]:
    """What is out of reach now, as the chronicle has it."""
    return [
        Unreachable(told["agency"], Path(told["path"]), told["reason"])
        for store in stores
        for told in _troubles_noted(here, store)
    ]


def _keep_exchanging(here: Installation, store: StoreSpec, ended: threading.Event) -> None:
    link = Link(store, FarLooks())
    while not ended.is_set():
        pause = float(store.look_every)
        try:
            if exchange(here, link).waiting:
                pause = min(SETTLE_SECONDS, pause)
        except LedgerUnreachableError as reason:
            logging.getLogger(__name__).warning("store %s: tried again: %s", store.id, reason)
            link.drop()
        except Exception:
            # A full disk, a ledger that is busy: whoever works beside us meets it too. This thread must outlive it.
            logging.getLogger(__name__).exception("store %s: the exchange failed and is tried again", store.id)
            link.drop()
        ended.wait(pause)
    link.drop()


def _exchange(here: Installation, link: Link) -> Fetched:
    try:
        store = link.connected()
    except (OSError, SourceError, StoreAddressError) as reason:
        if isinstance(reason, OSError) and reason.errno in OURS:
            raise
        return Fetched(troubles=[Unreachable("", Path(link.spec.address or link.spec.id), str(reason))])
    done = fetch(here, store, link.looks)
    for agency in done.agencies:
        _put(here, store, agency, done)
    reached = [(file, sent) for file, sent in done.answered if file.agency in done.agencies]
    for (file, _), failed in zip(reached, take_away(here.home, store, reached), strict=True):
        if failed is not None:
            _told(done, Unreachable(file.agency, Path(file.path), str(failed)), failed)
    if done.troubles:
        link.drop()
    return done


def _put(here: Installation, store: FarStore, agency: str, done: Fetched) -> None:
    try:
        put_answers(here.home, store, agency)
    except OSError as reason:
        done.agencies = [each for each in done.agencies if each != agency]  # What is not answered stays there.
        _told(done, Unreachable(agency, Path(store.label, agency), str(reason)), reason)


def _told(done: Fetched, trouble: Unreachable, reason: OSError) -> None:
    if reason.errno in OURS:
        raise reason
    done.troubles.append(trouble)


def _note(here: Installation, spec: StoreSpec, troubles: list[Unreachable]) -> None:
    told = [{"agency": each.agency, "path": str(each.path), "reason": each.reason} for each in troubles]
    if told != _troubles_noted(here, spec):
        here.ledger.event(LOST if told else FOUND, f"store {spec.id}", {"troubles": told} if told else {})


def _troubles_noted(here: Installation, spec: StoreSpec) -> list[dict[str, str]]:
    events = here.ledger.events(kinds=[LOST, FOUND], subjects=[f"store {spec.id}"])
    noted: list[dict[str, str]] = events[-1].detail.get("troubles", []) if events else []
    return noted
