"""From a store into the ledger: a settled file is copied into the evidence, then entered as received.

The ledger is all the memory there is: what it holds is not fetched again, and a crash before its commit leaves a copy
that nothing lists. Needs no turn of the intake's, so a slow store holds nobody up.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path

from connectors import durable
from connectors.durable import TEMPORARY, Evidence, Kept
from connectors.intake.attachments import LARGEST
from connectors.intake.folders import MOST_PER_AGENCY, Unreachable, open_folder
from connectors.intake.names import safe_suffix
from connectors.ledger import Submission
from connectors.stores.looks import FarLooks
from connectors.stores.remote import FarFile, FarStore
from indicator_specs import drill
from pipelines.installation import Installation

MOST_AT_ONCE = 200
"""Files of one look: enough to keep a store busy, few enough that answers go back between."""


@dataclass
class Fetched:
    """What one look at a store led to. ``answered`` are files whose answer has been given: they may be taken away."""

    received: int = 0
    waiting: int = 0
    agencies: list[str] = field(default_factory=list)
    answered: list[tuple[FarFile, Submission]] = field(default_factory=list)
    troubles: list[Unreachable] = field(default_factory=list)


def fetch(here: Installation, store: FarStore, looks: FarLooks) -> Fetched:
    """Look through a store once and enter what has settled, agencies in turn.

    Raises:
        OSError: this machine fails. A store that fails is told in ``troubles``.
    """
    done = Fetched()
    present: set[str] = set()
    queues: list[list[FarFile]] = []
    for agency in _agencies(store, done):
        try:
            evidence, reports = store.evidence(agency), store.reports(agency)
            present |= {file.path for file in (*evidence, *reports)}
            new = _sorted_out(here, reports, done)
            if not _evidence_is_here(here, store, looks, evidence, done):
                done.waiting += len(new)  # A report is taken when what lies beside it is whole.
                continue
        except OSError as reason:
            _tell(done, store, agency, reason)
            continue
        done.agencies.append(agency)
        settled = [file for file in new[:MOST_PER_AGENCY] if looks.is_settled(file)]
        done.waiting += len(new[:MOST_PER_AGENCY]) - len(settled)
        queues.append(settled)
    looks.forget_others(store.spec.id, present)
    turns = [file for file in chain.from_iterable(zip_longest(*queues)) if file is not None]
    for file in turns[:MOST_AT_ONCE]:
        try:
            _enter(here, store, looks, file, done)
        except OSError as reason:
            _tell(done, store, file.agency, reason)
    return done


def _agencies(store: FarStore, done: Fetched) -> list[str]:
    try:
        found = store.agencies()
    except OSError as reason:
        _tell(done, store, "", reason)
        return []
    for agency in sorted(set(store.spec.agencies) - set(found)):
        done.troubles.append(Unreachable(agency, Path(store.label, agency), "the folder is not there"))
    return found


def _tell(done: Fetched, store: FarStore, agency: str, reason: OSError) -> None:
    if reason.errno in durable.OURS:
        raise reason
    done.troubles.append(Unreachable(agency, Path(store.label, agency), reason.strerror or str(reason)))


def _sorted_out(here: Installation, files: Sequence[FarFile], done: Fetched) -> list[FarFile]:
    """Files that the ledger does not know; those whose answer was given are noted."""
    if not files:
        return []
    known = {(each.inode, each.mtime_ns): each for each in here.ledger.submissions(agency=files[0].agency)}
    new = []
    for file in files:
        submission = known.get((file.inode, file.mtime_ns))
        if submission is None:
            new.append(file)
        elif submission.answered_at is not None:
            done.answered.append((file, submission))
    return new


def _enter(here: Installation, store: FarStore, looks: FarLooks, file: FarFile, done: Fetched) -> None:
    kept = _own_copy(here, store, looks, file)
    if kept is None:
        done.waiting += 1
        return
    open_folder(here.home, file.agency)
    drill.point("far.fetched")
    here.ledger.receive(
        file.agency,
        file.name,
        inode=file.inode,
        mtime_ns=file.mtime_ns,
        sha256=kept.sha256,
        size=kept.size,
        evidence_path=kept.path,
    )
    drill.point("far.received")
    done.received += 1


def _own_copy(here: Installation, store: FarStore, looks: FarLooks, file: FarFile) -> Kept | None:
    """Our own copy under its hash; None where the file changed or is not whole yet."""
    temporary = durable.ensure_folder(here.home.evidence) / f".{secrets.token_hex(8)}{TEMPORARY}"
    try:
        if not store.fetch(file, temporary) or not looks.is_whole(file, temporary):
            return None
        return Evidence(here.home).keep(temporary, safe_suffix(file.name))
    finally:
        temporary.unlink(missing_ok=True)


def _evidence_is_here(
    here: Installation, store: FarStore, looks: FarLooks, files: Sequence[FarFile], done: Fetched
) -> bool:
    """Bring what lies beside reports into the agency's folder on this machine; False while any of it is on its way."""
    is_whole = True
    for file in files:
        target = here.home.intake / file.agency / file.folder / file.name
        if file.size > LARGEST:
            done.troubles.append(Unreachable(file.agency, Path(store.label, file.folder, file.name), "over 50 MB"))
        elif not _is_same(target, file):
            is_whole = looks.is_settled(file) and _bring(here, store, file, target) and is_whole
    return is_whole


def _is_same(target: Path, file: FarFile) -> bool:
    return target.is_file() and (target.stat().st_size, target.stat().st_mtime_ns) == (file.size, file.mtime_ns)


def _bring(here: Installation, store: FarStore, file: FarFile, target: Path) -> bool:
    open_folder(here.home, file.agency)
    fetched = False

    def fill(temporary: Path) -> None:
        nonlocal fetched
        fetched = store.fetch(file, temporary)
        os.utime(temporary, ns=(file.mtime_ns, file.mtime_ns))

    durable.write(target, fill)
    return fetched
