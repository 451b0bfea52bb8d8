"""Back to a store: answers are put beside the report, then the original is taken away.

Answers lie in the agency's folder on this machine first, so nothing here decides anything: what the store does not have
as it is here is put there. Doing it twice does no harm.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors import durable
from connectors.intake.names import ANSWERS, is_temporary
from connectors.intake.settle import keep_in_archive
from connectors.ledger import State, Submission
from connectors.stores.remote import FarFile, FarStore
from indicator_specs import drill
from indicator_specs.home import Home

ROOM = "stores"
"""Folder of the home that notes, for each store and agency, which answers it has."""

Look = tuple[int, int]


def put_answers(home: Home, store: FarStore, agency: str) -> int:
    """Put every answer of an agency that the store lacks or has otherwise; how many there were.

    Raises:
        OSError: the store or this machine failed; call again, what was put is put again at most.
    """
    answers, note = home.intake / agency / ANSWERS, home.root / ROOM / store.spec.id / f"{agency}.json"
    there, here = _noted(note), dict(_looks(answers))
    due = sorted((name for name in here if there.get(name) != here[name]), key=lambda name: (here[name][1], name))
    for name in due:
        store.put(answers / name, agency, name)
        drill.point("far.put")
    if due:
        durable.write_bytes(note, (json.dumps(here, ensure_ascii=False, sort_keys=True) + "\n").encode())
    return len(due)


def take_away(home: Home, store: FarStore, answered: Sequence[tuple[FarFile, Submission]]) -> Iterator[OSError | None]:
    """Take answered originals out of the store, each once it lies in the archive or in quarantine.

    Yields:
        For each: None, or why it could not be taken away; the next look tries again.
    """
    for file, submission in answered:
        room = home.quarantine if submission.state is State.QUARANTINED else home.archive
        try:
            keep_in_archive(home, room, submission)
            drill.point("far.archived")
            store.take_away(file)
            drill.point("far.taken_away")
        except OSError as reason:
            yield reason
        else:
            yield None


def _looks(answers: Path) -> Iterator[tuple[str, Look]]:
    for path in answers.rglob("*"):
        if path.is_file() and not is_temporary(path.name):
            status = path.stat()
            yield path.relative_to(answers).as_posix(), (status.st_size, status.st_mtime_ns)


def _noted(note: Path) -> dict[str, Look]:
    if not note.is_file():
        return {}
    return {name: (size, changed) for name, (size, changed) in json.loads(note.read_text(encoding="utf-8")).items()}
