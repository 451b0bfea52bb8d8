"""Thinning out what is kept: by the days of ``retention.csv``, and never a byte behind an accepted figure."""

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.ledger import State, Submission
from indicator_specs import clock
from pipelines.installation import Installation
from pipelines.rooms import Troubles, answer_folders, entries, folders
from pipelines.submissions.attached import ATTACHED
from pipelines.turns import INTAKE, turn

NOTHING_TAKEN = (State.RETURNED, State.DUPLICATE, State.QUARANTINED)


@dataclass(frozen=True)
class Prunable:
    """A file whose time is over."""

    store: str
    path: Path
    size: int
    changed_ns: int


def prunable(here: Installation, troubles: Troubles) -> list[Prunable]:
    """What may go now, by store and path."""
    days = {rule.store: rule.keep_days for rule in here.registry.reference.retention}
    before = {store: clock.now() - timedelta(days=keep) for store, keep in days.items()}
    found = [each for store in before for each in _FINDERS[store](here, before[store], troubles)]
    return sorted(found, key=lambda each: (each.store, each.path))


def prune(here: Installation, troubles: Troubles) -> list[Prunable]:
    """Remove it, and say in the ledger what went.

    Raises:
        LeaseHeldError: the intake is at work and did not end in time.
    """
    with turn(here.ledger, INTAKE):
        gone = []
        for each in prunable(here, troubles):
            # Where it has changed, somebody has just wanted it again.
            with troubles.alone(each.path):
                if each.path.lstat().st_ctime_ns == each.changed_ns:
                    each.path.unlink()
                    gone.append(each)
        for store in sorted({each.store for each in gone}):
            mine = [each for each in gone if each.store == store]
            detail = {"files": len(mine), "bytes": sum(each.size for each in mine)}
            here.ledger.event("pruned", store, detail)
    return gone


def _aged(store: str, paths: Iterable[Path], before: datetime, troubles: Troubles) -> Iterator[Prunable]:
    for path in paths:
        with troubles.alone(path):
            status = path.lstat()
            # The server's own clock: mtime is the sender's.
            if stat.S_ISREG(status.st_mode) and status.st_ctime < before.timestamp():
                yield Prunable(store, path, status.st_size, status.st_ctime_ns)


def _files(rooms: Iterable[Path], troubles: Troubles) -> Iterator[Path]:
    return (path for room in rooms for path, is_folder in entries(room, troubles) if not is_folder)


def _archive(here: Installation, before: datetime, troubles: Troubles) -> Iterator[Prunable]:
    return _aged("archive", _files(folders(here.home.archive, troubles), troubles), before, troubles)


def _quarantine(here: Installation, before: datetime, troubles: Troubles) -> Iterator[Prunable]:
    return _aged("quarantine", _files(folders(here.home.quarantine, troubles), troubles), before, troubles)


def _answers(here: Installation, before: datetime, troubles: Troubles) -> Iterator[Prunable]:
    files = _files(answer_folders(here.home, troubles), troubles)
    return _aged("answers", (path for path in files if path.name.startswith("PTN-")), before, troubles)


def _returned_evidence(here: Installation, before: datetime, troubles: Troubles) -> Iterator[Prunable]:
    """Bytes of files of which nothing was ever taken, by nobody: the same bytes may also stand behind a figure."""
    submissions = here.ledger.submissions()
    behind = {batch.evidence_path for batch in here.ledger.batches() if batch.n_accepted}
    kept = {each.evidence_path for each in submissions if not _is_over(each, before)}
    attached = {file["path"] for event in here.ledger.events(kinds=[ATTACHED]) for file in event.detail["files"]}
    for path in sorted({each.evidence_path for each in submissions} - behind - kept - attached):
        file = here.home.root / path
        with troubles.alone(file):
            status = file.lstat()
            yield Prunable("returned_evidence", file, status.st_size, status.st_ctime_ns)


def _is_over(submission: Submission, before: datetime) -> bool:
    """Whether nothing of it was taken, its sender has the answer, and its days are over."""
    is_answered = submission.answered_at is not None and submission.answered_at < before
    return submission.state in NOTHING_TAKEN and is_answered


def _merged(here: Installation, before: datetime, troubles: Troubles) -> Iterator[Prunable]:
    """Accepted files whose rows all lie in parts since long, and parts that the ledger does not list, or no longer."""
    batches = [batch for batch in here.ledger.batches() if batch.accepted_path is not None]
    needed = {batch.accepted_path for batch in batches if batch.compacted_at is None or batch.compacted_at >= before}
    over = {str(batch.accepted_path) for batch in batches} - needed
    listed = {part.path for part in here.ledger.compactions.parts()}
    written = {path.relative_to(here.home.root).as_posix() for path in here.home.accepted.glob("*/*/parts/*.parquet")}
    # A file that is accepted again begins its time anew.
    candidates = (here.home.root / path for path in sorted(over | (written - listed)))
    return _aged("merged", candidates, before, troubles)


_FINDERS: Mapping[str, Callable[[Installation, datetime, Troubles], Iterator[Prunable]]] = {
    "archive": _archive,
    "quarantine": _quarantine,
    "answers": _answers,
    "returned_evidence": _returned_evidence,
    "merged": _merged,
}
