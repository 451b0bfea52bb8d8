"""The chronicle: what happened, in the order in which it happened; nothing in it is ever changed or deleted.

Each event carries a hash of itself and of the one before it, so that an event that was altered or taken out behind the
program's back is found, and named. What was cut off at the end is found by whoever has noted a later hash.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from connectors.ledger.tables import event
from indicator_specs import clock


@dataclass(frozen=True)
class NewEvent:
    """An event before it is recorded; ``detail`` holds what JSON can carry without rounding."""

    kind: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something that happened. ``event_no`` is its place in the order."""

    event_no: int
    happened_at: datetime
    kind: str
    subject: str
    detail: dict[str, Any]
    event_hash: str


def about_submission(submission_no: int) -> str:
    """The subject of events of one submission."""
    return f"submission {submission_no}"


def record(connection: Connection, *news: NewEvent) -> None:
    """Write events at the end of the chronicle, in the transaction that is open: there is one writer at a time."""
    if not news:
        return
    last = connection.scalar(select(event.c.event_hash).order_by(event.c.event_no.desc()).limit(1)) or ""
    rows = []
    for new in news:
        moment, detail = clock.now(), json.loads(_text(dict(new.detail)))
        last = _hash(last, moment, new.kind, new.subject, detail)
        told = {"happened_at": moment, "kind": new.kind, "subject": new.subject, "detail": detail, "event_hash": last}
        rows.append(told)
    connection.execute(insert(event), rows)


def events(connection: Connection, *, kinds: Sequence[str] = (), subjects: Sequence[str] = ()) -> list[Event]:
    """Events of any of the kinds and about any of the subjects, oldest first; of all where none is named."""
    wanted: list[ColumnElement[bool]] = []
    if kinds:
        wanted.append(event.c.kind.in_(kinds))
    if subjects:
        wanted.append(event.c.subject.in_(subjects))
    rows = connection.execute(select(event).where(*wanted).order_by(event.c.event_no)).mappings()
    return [Event(**row) for row in rows]


@dataclass(frozen=True)
class Audit:
    """What going through the chronicle has shown. ``broken`` is the first event that does not follow, if any does."""

    n_events: int
    last_hash: str
    broken: Event | None


def audit(connection: Connection) -> Audit:
    """Work every hash out anew."""
    count, previous = 0, ""
    for each in _all(connection):
        if each.event_hash != _hash(previous, each.happened_at, each.kind, each.subject, each.detail):
            return Audit(count, previous, each)
        count, previous = count + 1, each.event_hash
    return Audit(count, previous, None)


def _all(connection: Connection) -> Iterator[Event]:
    rows = connection.execution_options(yield_per=1000).execute(select(event).order_by(event.c.event_no)).mappings()
    return (Event(**row) for row in rows)


def _hash(previous: str, moment: datetime, kind: str, subject: str, detail: Mapping[str, Any]) -> str:
    told = [previous, moment.astimezone(UTC).isoformat(timespec="microseconds"), kind, subject, detail]
    return hashlib.sha256(_text(told).encode("utf-8", "surrogatepass")).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
