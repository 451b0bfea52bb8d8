"""Kind ``sdmx``: a data message and its structure, from a service or a store, as readings.

Owns what an action means here. *Append* and *Replace* bring values; so does *Information*, which is what services call
the answer to a question. *Delete* withdraws: the observation stands in the reading without a value, and what is kept is
the history.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import stamina

from connectors import pages, sdmx_deletions, sdmx_message, shape, stored
from connectors.answer_tree import fault
from connectors.durable import Evidence
from connectors.errors import InconsistentSourceError, OtherShapeError
from connectors.extracted import FIRST, Before, Extract
from connectors.fetch import Fetcher
from connectors.http_answers import Asked
from connectors.pages import Page
from connectors.sdmx_deletions import Numbered
from connectors.sdmx_message import Observation
from connectors.secrets import resolve
from indicator_specs import periods
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from indicator_specs.stored_sections import SdmxData

_PLACE = re.compile(r"page 2 item (\d+)")
_STRUCTURE = "application/vnd.sdmx.structure+xml;version=2.1"
_NO_VALUE = "NaN"
"""How SDMX-ML writes that there is none (Section 6 of SDMX 2.1)."""


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None, before: Before = FIRST) -> Extract:
    """Fetch structure and data, hold the one against the other, and keep both.

    A deletion with a part of a key is spelled out against the messages that were kept before.

    Raises:
        PermanentSourceError: a person must act (secret, another structure, unknown codes, nothing returned).
        TransientSourceError: it may pass.
    """
    declared = _declared(dataset)
    if partition is not None:
        partition = periods.parse(partition).time_period
    got, where, found = _whole(source, dataset, declared, partition)
    place = f"{dataset.full_id} page 2"
    if not found and not dataset.volume.may_be_empty:
        raise fault("E-SRC-EMPTY", place, "thông điệp không có quan sát nào", "the message has no observation")
    definition = sdmx_message.structure(got[0].body, declared, f"{dataset.full_id} page 1")
    sdmx_message.check(found, definition, declared, place)
    columns = sdmx_message.columns(definition)
    whole, notices = sdmx_deletions.spelled_out(found, sdmx_message.dimensions_of(definition), home, before)
    rows = shape.readings(dataset, _records(dataset, whole, place, columns), partition)
    kept = Evidence(home).keep(pages.pack(got), pages.SUFFIX)
    origin = {
        "kind": "sdmx",
        "service": where,
        "request": got[1].request,
        "structure": declared.data_structure,
        "actions": ", ".join(sorted({one.action for one in found})),
        "partition": partition or "",
        "n_records": str(len(whole)),
    }
    read = Extract.of(dataset, rows, kept, origin, partition)
    return replace(read, n_emitted=len(found), columns=columns, findings=tuple(notices))


def original_text(evidence: Path, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value in the kept message.

    Args:
        evidence: the kept file.
        dataset: whose message it is.
        place: ``page 2 item 5``.
        measure: measure id.

    Raises:
        LookupError: there is no such observation, or it does not carry that measure.
        ValueError: the evidence is cut or altered.
    """
    match = _PLACE.fullmatch(place)
    found = sdmx_message.observations(pages.unpack(evidence.read_bytes())[1].body, place)
    number = int(match[1]) if match else 0
    if not 1 <= number <= len(found):
        raise LookupError(f"{place!r} is not in {evidence.name}")
    fields = _fields(found[number - 1], dataset)
    if found[number - 1].action == "Delete" and not fields.get(dataset.columns.get("measure", "")):
        return None  # it takes away several measures at once, and has a value for none
    return shape.value_of(dataset, measure, fields)


def _declared(dataset: Dataset) -> SdmxData:
    assert dataset.sdmx is not None  # noqa: S101 - an sdmx dataset has one: the source's model checks it
    return dataset.sdmx


def _whole(
    source: Source, dataset: Dataset, declared: SdmxData, partition: str | None
) -> tuple[tuple[Page, Page], str, list[Observation]]:
    """Structure and data with its observations; a message that ends in the middle is asked for again."""
    for attempt in stamina.retry_context(on=InconsistentSourceError, attempts=3, timeout=None, wait_initial=0.3):
        with attempt:
            got, where = _fetched(source, dataset, declared, partition)
            place = f"{dataset.full_id} page 2"
            if declared.final_newline:
                sdmx_message.check_end(got[1].body, place)
            return got, where, sdmx_message.observations(got[1].body, place)
    raise AssertionError("stamina yields at least one attempt")


def _fetched(
    source: Source, dataset: Dataset, declared: SdmxData, partition: str | None
) -> tuple[tuple[Page, Page], str]:
    paths = [text.replace("{period}", partition or "") for text in (declared.structure, declared.data)]
    assert source.connection.secret is not None  # noqa: S101 - the source's model checks it
    if resolve(source.connection.secret).parts.scheme not in {"http", "https"}:
        both = [stored.fetch(source.connection, path, dataset.full_id) for path in paths]
        first, second = (Page(n, path, both[n - 1][0]) for n, path in enumerate(paths, 1))
        return (first, second), both[1][1]
    params = {name: text.replace("{period}", partition or "") for name, text in declared.params.items()}
    asked = (
        Asked("GET", f"/{paths[0].lstrip('/')}", declared.structure_params, {"Accept": _STRUCTURE}),
        Asked("GET", f"/{paths[1].lstrip('/')}", params, {"Accept": declared.accept}),
    )
    with Fetcher(source.connection, dataset.full_id) as fetcher:
        bodies = [fetcher.answer(one, n).body or b"" for n, one in enumerate(asked, 1)]
        first, second = (Page(n, one.shown, bodies[n - 1]) for n, one in enumerate(asked, 1))
        return (first, second), fetcher.base


def _fields(one: Observation, dataset: Dataset) -> dict[str, str | None]:
    values = set(shape.value_columns(dataset))
    status = dataset.columns.get("obs_status")
    fields = {name: None if name in values and text == _NO_VALUE else text for name, text in one.fields.items()}
    if one.action == "Delete":
        fields |= dict.fromkeys(values)
        fields |= {status: None} if status else {}
    return fields


def _records(dataset: Dataset, found: list[Numbered], place: str, columns: Mapping[str, str]) -> shape.Records:
    names = shape.named_columns(dataset)
    records = [_fields(one, dataset) for _, one in found]
    if records and (absent := [name for name in names if not any(name in record for record in records)]):
        has = ", ".join(sorted({name for record in records for name in record}))
        raise OtherShapeError(
            "E-SRC-SHAPE",
            place,
            f"Không lấy được số liệu: không có thành phần {', '.join(absent)}; có {has}.",
            f"No data could be taken: no component {', '.join(absent)}; there are {has}.",
            columns,
        )
    texts = {name: [record.get(name) for record in records] for name in names}
    size = len(records)
    quoted = {
        name: pl.repeat(value=False, n=size, dtype=pl.Boolean, eager=True) for name in shape.value_columns(dataset)
    }
    return shape.Records(
        pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String())),
        pl.Series("place", [f"page 2 item {number}" for number, _ in found], dtype=pl.String()),
        pl.DataFrame(quoted),
    )
