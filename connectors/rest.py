"""Kind ``rest``: pages of JSON or XML, kept byte for byte, and their records as readings.

Owns the pull of one dataset over HTTP and the way back to one value of it.
"""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import stamina

from connectors import answer_tree, held, known_records, pages, shape, strict_json
from connectors.answer_tree import Record, fault
from connectors.conversation import Conversation
from connectors.databases import cursor
from connectors.durable import Evidence
from connectors.errors import InconsistentSourceError, OtherShapeError, PermanentSourceError
from connectors.extracted import FIRST, Before, Extract
from connectors.fetch import Fetcher
from connectors.journal import Journal, Received
from connectors.service_walk import Item, ServiceWalk
from indicator_specs import periods
from indicator_specs.home import Home
from indicator_specs.http_sections import Request
from indicator_specs.source_spec import Dataset, Source

_PLACE = re.compile(r"page (\d+) item (\d+)")


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None, before: Before = FIRST) -> Extract:
    """Fetch every page of the dataset and keep the bodies.

    Of an incremental dataset the service is asked for what is new since a lag before the cursor; every page is kept as
    it came, and readings are made of the records that no earlier batch has.

    A pull that was cut off less than an hour ago is gone on with where its pages still fit. Pages of which the service
    says that they are as they were are taken from the evidence of the last pull.

    Raises:
        PermanentSourceError: a person must act (secret, rights, shape, a business error, nothing returned).
        TransientSourceError: it may pass; it was tried again within reason.
    """
    request = _request(dataset)
    if partition is not None:
        partition = periods.parse(partition).time_period
    since = _since(dataset, before)
    state = home.evidence / "pulls" / dataset.source_id / dataset.id
    name = partition or "all"
    with Fetcher(source.connection, dataset.full_id, _accepted(request)) as fetcher:
        fingerprint = _fingerprint(fetcher.base, request, partition, since)
        standing = held.read(state / f"{name}.json", fingerprint, home.root)
        with Journal(state / f"{name}{pages.SUFFIX}", fingerprint) as journal:
            received, emitted = _whole(fetcher, journal, standing, dataset, partition, since)
            if not emitted and not dataset.volume.may_be_empty:
                raise fault(
                    "E-SRC-EMPTY", dataset.full_id, "nguồn không trả về bản ghi nào", "the source sent no record"
                )
            _check_fields(dataset, emitted)
            items = known_records.without(emitted, dataset, home, before) if since is not None else emitted
            rows = shape.readings(dataset, _records(dataset, request, items), partition)
            kept = Evidence(home).keep(pages.pack(one.page for one in received), pages.SUFFIX)
            held.write(state / f"{name}.json", fingerprint, kept, received)
    origin = {
        "kind": "rest",
        "service": fetcher.base,
        "request": received[0].page.request,
        "partition": partition or "",
        "n_pages": str(len(received)),
        "n_records": str(len(items)),
    }
    read = replace(
        Extract.of(dataset, rows, kept, origin, partition),
        is_unchanged=all(one.is_unchanged for one in received),
        n_emitted=len(emitted),
        columns=_columns(dataset, emitted),
    )
    reached = known_records.reached(emitted, dataset, before)
    return replace(read, cursor=reached, origin=origin | {"reached": reached}) if reached else read


def original_text(evidence: Path, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value in the kept pages, as the service sent it.

    Args:
        evidence: the kept file.
        dataset: whose pages they are.
        place: ``page 2 item 5``.
        measure: measure id.

    Raises:
        LookupError: there is no such item, or it does not carry that measure.
        ValueError: the evidence is cut or altered.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        raise LookupError(f"{place!r} is not a place such as 'page 2 item 5'")
    number, position = int(match[1]), int(match[2])
    page = next((page for page in pages.unpack(evidence.read_bytes()) if page.number == number), None)
    request = _request(dataset)
    found: list[Record] = answer_tree.records_of(page, request, place) if page is not None else []
    if not 1 <= position <= len(found):
        raise LookupError(f"{place} is not in {evidence.name}")
    record = found[position - 1]
    return shape.value_of(dataset, measure, {name: record.text(name) for name in shape.named_columns(dataset)})


def _request(dataset: Dataset) -> Request:
    assert dataset.request is not None  # noqa: S101 - a rest dataset has one: the source's model checks it
    return dataset.request


def _accepted(request: Request) -> str:
    return "application/xml, text/xml" if request.xml and request.xml.pointer is None else "application/json"


def _since(dataset: Dataset, before: Before) -> str | None:
    """Where an incremental pull begins, as services write it: an instant with a ``T``."""
    return cursor.since(dataset.cursor, before.cursor).replace(" ", "T") if dataset.cursor else None


def _fingerprint(base: str, request: Request, partition: str | None, since: str | None) -> str:
    declared = json.dumps([base, request.model_dump(mode="json"), partition, since], sort_keys=True)
    return hashlib.sha256(declared.encode()).hexdigest()


def _whole(
    fetcher: Fetcher,
    journal: Journal,
    standing: dict[str, Received],
    dataset: Dataset,
    partition: str | None,
    since: str | None,
) -> tuple[list[Received], list[Item]]:
    """All pages as they stand at one time: a set that turns out to be mixed is read anew."""
    for attempt in stamina.retry_context(on=InconsistentSourceError, attempts=3, timeout=None, wait_initial=0.3):
        with attempt:
            conversation = Conversation(fetcher, journal, standing)
            try:
                items = ServiceWalk(conversation, fetcher, dataset, _request(dataset)).items(partition, since)
            except InconsistentSourceError:
                journal.clear()
                raise
            except PermanentSourceError as error:
                if not journal.was_resumed:
                    raise
                journal.clear()  # a cursor of an hour ago may mean nothing any more: what fails now is asked anew
                raise InconsistentSourceError(error.code, error.place, error.message_vi, error.message_en) from None
            return conversation.received, items
    raise AssertionError("stamina yields at least one attempt")


def _check_fields(dataset: Dataset, items: list[Item]) -> None:
    """What was declared stands in the records, if there are any."""
    names = known_records.needed(dataset) if items else []
    absent = [name for name in names if not any(record.has(name) for _, _, record in items)]
    if absent:
        has = ", ".join(sorted({name for _, _, record in items for name in record.chain[0][1]}))
        raise OtherShapeError(
            "E-SRC-SHAPE",
            dataset.full_id,
            f"Không lấy được số liệu: không bản ghi nào có trường {', '.join(absent)}; có {has}.",
            f"No data could be taken: no record has the field {', '.join(absent)}; there are {has}.",
            _columns(dataset, items),
        )


def _records(dataset: Dataset, request: Request, items: list[Item]) -> shape.Records:
    names = shape.named_columns(dataset)
    columns = {name: [record.text(name) for _, _, record in items] for name in names}
    is_typed = request.xml is None  # in XML everything is text: that a number came as text says nothing
    quoted = {
        name: [is_typed and _is_plain_text(record.field(name)) for _, _, record in items]
        for name in shape.value_columns(dataset)
    }
    return shape.Records(
        pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String())),
        pl.Series("place", [f"page {page} item {position}" for page, position, _ in items], dtype=pl.String()),
        pl.DataFrame(quoted, schema=dict.fromkeys(quoted, pl.Boolean())),
    )


def _columns(dataset: Dataset, items: list[Item]) -> dict[str, str]:
    """The fields of the records, and what the declaration finds deeper in them or above, with the kinds of values."""
    records = [record for _, _, record in items]
    top = strict_json.kinds(record.chain[0][1] for record in records)
    deeper = [name for name in shape.named_columns(dataset) if name not in top]
    return top | strict_json.kinds({n: record.field(n) for n in deeper if record.has(n)} for record in records)


def _is_plain_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, strict_json.JsonNumber)
