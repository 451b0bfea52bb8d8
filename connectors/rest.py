"""Kind ``rest``: pages of JSON, kept byte for byte, and their records as readings.

Owns the pull of one dataset over HTTP and the way back to one value of it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import stamina

from connectors import pages, shape, strict_json
from connectors.durable import Evidence
from connectors.errors import InconsistentSourceError, PermanentSourceError, SourceError
from connectors.extracted import Extract
from connectors.fetch import Fetcher
from connectors.pages import Page
from connectors.paging import Walk
from connectors.secrets import resolve
from indicator_specs import periods
from indicator_specs.home import Home
from indicator_specs.source_sections import Request
from indicator_specs.source_spec import Dataset, Source

MOST_TOTAL_BYTES = 256 * 1024 * 1024
"""Of all pages of one pull."""

_PLACE = re.compile(r"page (\d+) item (\d+)")

Item = tuple[int, int, Mapping[str, Any]]
"""Page number, position in the page (both from 1), record."""


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None) -> Extract:
    """Fetch every page of the dataset and keep the bodies.

    Raises:
        PermanentSourceError: a person must act (secret, rights, shape, a business error, nothing returned).
        TransientSourceError: it may pass; it was tried again within reason.
    """
    request = _request(dataset)
    assert source.connection.secret is not None  # noqa: S101 - the source's model checks it
    secret = resolve(source.connection.secret)
    if partition is not None:
        partition = periods.parse(partition).time_period
    with Fetcher(secret, dataset.full_id, float(source.connection.timeout_seconds)) as fetcher:
        for attempt in stamina.retry_context(on=InconsistentSourceError, attempts=3, timeout=None, wait_initial=0.3):
            with attempt:
                got, items = _walk(fetcher, dataset, request, partition)
    if not items:
        raise _fault("E-SRC-EMPTY", dataset.full_id, "nguồn không trả về bản ghi nào", "the source sent no record")
    rows = shape.readings(dataset, _records(dataset, items), partition)
    kept = Evidence(home).keep(pages.pack(got), pages.SUFFIX)
    origin = {
        "kind": "rest",
        "service": fetcher.base,
        "request": got[0].request,
        "partition": partition or "",
        "n_pages": str(len(got)),
        "n_records": str(len(items)),
    }
    return Extract.of(dataset, rows, kept, origin, partition)


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
    found = [] if page is None else strict_json.at(strict_json.parse(page.body), _request(dataset).records)
    if not 1 <= position <= len(found):
        raise LookupError(f"{place} is not in {evidence.name}")
    return shape.value_of(dataset, measure, {key: strict_json.as_text(v) for key, v in found[position - 1].items()})


def _request(dataset: Dataset) -> Request:
    assert dataset.request is not None  # noqa: S101 - a rest dataset has one: the source's model checks it
    return dataset.request


def _walk(fetcher: Fetcher, dataset: Dataset, request: Request, partition: str | None) -> tuple[list[Page], list[Item]]:
    walk = Walk(request.paging, dataset.full_id)
    got: list[Page] = []
    items: list[Item] = []
    seen: dict[tuple[str | None, ...], int] = {}
    path = _filled(request.path, partition)
    fixed = {name: _filled(value, partition) for name, value in request.params.items()}
    body = {name: _filled(value, partition) for name, value in request.body.items()}
    while walk.params is not None:
        number = len(got) + 1
        params = {**fixed, **walk.params}
        raw = fetcher.body(path, params, page=number, method=request.method, headers=request.headers, json=body or None)
        page = Page(number, f"{request.method} {path} {_shown({**params, **body})}".rstrip(), raw)
        place = f"{dataset.full_id} page {number}"
        answer = _parsed(raw, place)
        _check_business(answer, request, place)
        found = _found(answer, request, place)
        _check_overlap(dataset, found, number, seen)
        got.append(page)
        items += [(number, position, record) for position, record in enumerate(found, 1)]
        if sum(len(one.body) for one in got) > MOST_TOTAL_BYTES:
            raise _fault("E-SRC-SIZE", place, "tổng dung lượng quá lớn", "the pages are too large together")
        walk.take(answer, len(found), page.sha256)
    return got, items


def _filled(template: str, partition: str | None) -> str:
    return template.replace("{period}", partition) if partition is not None else template


def _shown(params: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in params.items())


def _parsed(raw: bytes, place: str) -> Any:
    try:
        return strict_json.parse(raw)
    except strict_json.JsonFaultError as error:
        if error.is_cut:
            raise InconsistentSourceError(
                "E-SRC-TRUNCATED", place, f"Trả lời bị cắt giữa chừng: {error}.", f"The answer is cut: {error}."
            ) from None
        raise _fault("E-SRC-JSON", place, f"JSON không hợp lệ: {error}", f"invalid JSON: {error}") from None


def _check_business(answer: Any, request: Request, place: str) -> None:
    """An LGSP service answers HTTP 200 also when it refuses; the answer's own field tells."""
    success = request.success
    if success is None:
        return
    told = _text_at(answer, success.pointer)
    if told == success.equals:
        return
    said = (_text_at(answer, success.message) or "")[:200] if success.message is not None else ""
    text = f"{success.pointer} = {told!r}{f': {said!r}' if said else ''}"
    raise _fault("E-SRC-BUSINESS", place, f"nguồn báo lỗi nghiệp vụ, {text}", f"the source reports an error, {text}")


def _text_at(answer: Any, pointer: str) -> str | None:
    try:
        return strict_json.as_text(strict_json.at(answer, pointer))
    except LookupError:
        return None


def _found(answer: Any, request: Request, place: str) -> list[Mapping[str, Any]]:
    try:
        found = strict_json.at(answer, request.records)
    except LookupError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        where = request.records or "/"
        raise _fault("E-SRC-SHAPE", place, f"không có danh sách bản ghi ở {where}", f"no list of records at {where}")
    return found


def _check_overlap(
    dataset: Dataset, found: list[Mapping[str, Any]], number: int, seen: dict[tuple[str | None, ...], int]
) -> None:
    """The same key on two pages means that the list moved while it was read: some record was skipped, too."""
    columns = [dataset.columns[role] for role in dataset.key if role in dataset.columns]
    for record in found:
        key = tuple(strict_json.as_text(record.get(column)) for column in columns)
        if columns and seen.setdefault(key, number) != number:
            raise InconsistentSourceError(
                "E-SRC-PAGING",
                f"{dataset.full_id} page {number}",
                f"Bản ghi {key} có ở trang {seen[key]} và trang {number}; danh sách đổi trong khi đọc.",
                f"Record {key} stands on pages {seen[key]} and {number}; the list moved while it was read.",
            )


def _records(dataset: Dataset, items: list[Item]) -> shape.Records:
    names = shape.named_columns(dataset)
    absent = [name for name in names if not any(name in record for _, _, record in items)]
    if absent:
        has = ", ".join(sorted({name for _, _, record in items for name in record}))
        raise _fault(
            "E-SRC-SHAPE",
            dataset.full_id,
            f"không bản ghi nào có trường {', '.join(absent)}; có {has}",
            f"no record has the field {', '.join(absent)}; there are {has}",
        )
    columns = {name: [strict_json.as_text(record.get(name)) for _, _, record in items] for name in names}
    quoted = {
        name: [_is_plain_text(record.get(name)) for _, _, record in items] for name in shape.value_columns(dataset)
    }
    return shape.Records(
        pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String())),
        pl.Series("place", [f"page {page} item {position}" for page, position, _ in items], dtype=pl.String()),
        pl.DataFrame(quoted, schema=dict.fromkeys(quoted, pl.Boolean())),
    )


def _is_plain_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, strict_json.JsonNumber)


def _fault(code: str, place: str, vi: str, en: str) -> SourceError:
    return PermanentSourceError(code, place, f"Không lấy được số liệu: {vi}.", f"No data could be taken: {en}.")
