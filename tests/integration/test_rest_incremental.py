"""A service that is asked only for what is new: late records are found, known ones are not doubled, nothing is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from connectors.acceptance import CHECKS, accept
from connectors.errors import PermanentSourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.extracted import FIRST, Before, EarlierBatch, Extract
from connectors.landing import Landing
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.data_service import Service, serving
from tests.machine_sources import source

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a request, at the most."""

CURSOR = {"column": "/meta/changed", "start": "2026-01-01T00:00:00+07:00", "lag": "2 days"}
REQUEST = {
    "path": "/counts",
    "params": {"changed_from": "{since}"},
    "paging": {"style": "page", "size": "2"},
    "records": "/items",
}
Record = tuple[str, int, str]
"""Unit, figure, when it was changed."""


class Registrar:
    """A service that gives the records that were changed since, by its own clock, two a page."""

    def __init__(self, service: Service) -> None:
        self.records: list[Record] = []
        self.since: list[str] = []
        self._service = service
        service.answer = self.answer

    def answer(self, request: Request, _: int) -> Response:
        since, page = request.query_params["changed_from"], int(request.query_params["page"])
        self.since.append(since)
        found = [each for each in self.records if moment(each[2]) >= moment(since)]
        items = [
            {"unit_code": unit, "period": "2026-09", "received": n, "full_online": 1, "meta": {"changed": changed}}
            for unit, n, changed in found[2 * (page - 1) : 2 * page]
        ]
        return Response(json.dumps({"items": items}), media_type="application/json")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def registrar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registrar]:
    with serving() as service:
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": f"{service.url}/v1"}))
        yield Registrar(service)


def declared(**dataset: object) -> tuple[Source, Dataset]:
    return source("rest", Path(), **{"mode": "incremental", "cursor": CURSOR, "request": REQUEST, **dataset})


def after(home: Home, before: Before, read: Extract) -> Before:
    batch = EarlierBatch(read.evidence.path, Landing(home).land(read).path, read.origin.get("reached"))
    return replace(before, batches=(*before.batches, batch), cursor=read.cursor)


def received(read: Extract) -> dict[str, str]:
    rows = read.rows.to_dicts()
    return {row["org_unit"]: row["obs_value"] for row in rows if row["measure"] == "probe.received"}


def test_late_and_changed_records_are_found_and_known_ones_left_out(registrar: Registrar, home: Home) -> None:
    asked = declared()
    registrar.records = [
        ("P01", 1, "2026-10-01T08:00:00+07:00"),
        ("P04", 2, "2026-10-05T01:00:00Z"),
        ("P08", 3, "2026-10-05T08:00:00+07:00"),
    ]
    first = extract(*asked, home, None, FIRST)
    assert received(first) == {"P01": "1", "P04": "2", "P08": "3"}
    assert registrar.since[0] == "2026-01-01T00:00:00+07:00"
    assert moment(first.cursor or "") == moment("2026-10-05T08:00:00+07:00")
    before = after(home, FIRST, first)
    registrar.records += [
        ("P10", 4, "2026-10-03T12:00:00+07:00"),  # late, within the window
        ("P11", 5, "2026-10-05T08:00:00+07:00"),  # the same instant as the cursor
        ("P12", 6, "2026-10-06T08:00:00+07:00"),
    ]
    registrar.records[1] = ("P04", 22, "2026-10-05T01:00:00Z")  # changed without saying so
    second = extract(*asked, home, None, before)
    assert moment(registrar.since[-1]) == moment("2026-10-03T08:00:00+07:00"), "two days before the cursor"
    assert received(second) == {"P04": "22", "P10": "4", "P11": "5", "P12": "6"}
    assert (second.n_emitted, second.origin["n_records"]) == (5, "4")
    for row in second.rows.to_dicts():
        assert reread(home, second.evidence.path, asked[1], row["place"], row["measure"]) == row["value_text"]
    before = after(home, before, second)
    third = extract(*asked, home, None, before)
    assert third.rows.is_empty(), "nothing new"
    assert third.cursor == second.cursor, "and the cursor does not go back"


def test_a_service_that_gives_nothing_at_all_is_an_alarm_unless_declared(registrar: Registrar, home: Home) -> None:
    registrar.records = [("P01", 1, "2026-10-05T08:00:00+07:00")]
    before = after(home, FIRST, extract(*declared(), home, None, FIRST))
    registrar.records = []
    with pytest.raises(PermanentSourceError, match="E-SRC-EMPTY"):
        extract(*declared(), home, None, before)
    quiet = extract(*declared(volume={"may_be_empty": "true"}), home, None, before)
    assert quiet.rows.is_empty()
    assert quiet.cursor == before.cursor


def test_a_cursor_that_is_a_number(registrar: Registrar, home: Home) -> None:
    """A sequence, as a register gives it: the service compares it as it likes, we as a number."""
    cursor = {"column": "received", "start": "0", "lag": "1"}
    registrar.records = [("P01", 9, "2026-10-05T08:00:00+07:00"), ("P04", 10, "2026-10-05T08:00:00+07:00")]
    plain = {**REQUEST, "params": {"changed_from": "2026-01-01T00:00:00+07:00", "from": "{since}"}}
    asked = declared(cursor=cursor, request=plain)
    first = extract(*asked, home, None, FIRST)
    assert first.cursor == "10", "nine is less, though as text it is more"
    assert received(extract(*asked, home, None, after(home, FIRST, first))) == {}


def test_a_cursor_that_says_nothing_of_time_is_refused(registrar: Registrar, home: Home) -> None:
    registrar.records = [("P01", 1, "2026-10-05T08:00:00+07:00")]
    wrong = declared(cursor={**CURSOR, "column": "unit_code"})
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SHAPE.*unit_code"):
        extract(*wrong, home, None, FIRST)
    gone = declared(cursor={**CURSOR, "column": "/meta/updated"})
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SHAPE.*/meta/updated"):
        extract(*gone, home, None, FIRST)


def test_it_is_held_to_the_list_of_every_source(registrar: Registrar, home: Home) -> None:
    registrar.records = [(f"P{n:02}", n, f"2026-10-0{n}T08:00:00+07:00") for n in range(1, 8)]
    outcomes = list(accept(declared()[0], home))
    assert [each for each in outcomes if not each.is_met] == []
    assert len(outcomes) == len(CHECKS)


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        ({"request": {**REQUEST, "params": {}}}, r"\{since\} goes with incremental"),
        ({"mode": "full", "cursor": None}, r"\{since\} goes with incremental"),
        ({"cursor": None}, "'cursor' goes with mode: incremental"),
    ],
)
def test_a_declaration_that_asks_for_one_without_the_other_is_refused(dataset: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        declared(**dataset)


def test_files_and_messages_are_pulled_whole() -> None:
    with pytest.raises(ValidationError, match="incremental: database or rest"):
        source("file", Path(), mode="incremental", cursor=CURSOR, file={"path": "a.csv", "format": "csv"})
