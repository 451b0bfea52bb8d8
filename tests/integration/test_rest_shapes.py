"""Shapes of answers that a declaration alone can read: links, nested records, XML inside JSON, lists of parts."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import PermanentSourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.extracted import Extract
from indicator_specs.home import Home
from tests.data_service import ITEMS, Service, as_json, body, fresh, paged, pull
from tests.machine_sources import measure, source

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a request, at the most."""


def traced(home: Home, **declared: Any) -> Extract:
    """A pull, every value of which is found again in the evidence."""
    made, dataset = source("rest", Path(), partition="period", **declared)
    pulled = extract(made, dataset, home, "2026-09")
    for row in pulled.rows.to_dicts():
        assert reread(home, pulled.evidence.path, dataset, row["place"], row["measure"]) == row["value_text"]
    return pulled


def linked(target: str, *, in_header: bool) -> Any:
    """Two records a page; the next page stands in the header, or in the answer."""

    def answer(request: Request, _: int) -> Response:
        at = int(request.query_params.get("at", "0"))
        told, headers = "", {}
        if at + 2 < len(ITEMS):
            following = target.format(at=at + 2, base=f"http://{request.url.netloc}")
            headers = {"Link": f'<{following}>; rel="next", </v1/counts?at=0>; rel="first"'} if in_header else {}
            told = "" if in_header else f'"next": "{following}", '
        items = ",".join(ITEMS[at : at + 2])
        return Response(f'{{"status": 1, {told}"data": {{"items": [{items}]}}}}', 200, headers, "application/json")

    return answer


@pytest.mark.parametrize("target", ["/v1/counts?at={at}", "{base}/v1/counts?at={at}", "?at={at}"])
@pytest.mark.parametrize("in_header", [True, False])
def test_links_are_followed_to_the_end(service: Service, home: Home, target: str, in_header: bool) -> None:
    service.answer = linked(target, in_header=in_header)
    pulled = pull(home, paged(style="link", **({} if in_header else {"next": "/next"})))
    assert pulled.rows.height == 16
    assert [query[-4:] for query in service.asked] == ["ze=3", "at=2", "at=4", "at=6"]


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/v1/counts?at={at}", "https://example.invalid/{at}"])
@pytest.mark.parametrize("in_header", [True, False])
def test_a_link_to_another_host_is_not_followed(service: Service, home: Home, target: str, in_header: bool) -> None:
    service.answer = linked(target, in_header=in_header)
    with pytest.raises(PermanentSourceError, match="E-SRC-REDIRECT"):
        pull(home, paged(style="link", **({} if in_header else {"next": "/next"})))
    assert len(service.asked) == 1


def test_a_link_to_itself_is_a_circle(service: Service, home: Home) -> None:
    service.answer = linked("/v1/counts?at=2", in_header=True)
    with pytest.raises(PermanentSourceError, match=r"E-SRC-PAGING.*circles"):
        pull(home, paged(style="link"))


def test_a_key_that_a_link_repeats_is_taken_out_of_it(
    service: Service, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh(service, monkeypatch, token="khoa-0123456789")
    service.answer = linked("/v1/counts?key=khoa-0123456789&at={at}", in_header=True)
    pulled = pull(home, paged(style="link"), connection={"auth": {"style": "api_key", "param": "key"}})
    assert pulled.rows.height == 16
    assert all(query.count("khoa-0123456789") == 1 for query in service.asked)
    assert b"khoa-0123456789" not in (home.root / pulled.evidence.path).read_bytes()


NESTED = """{"status": 1, "data": {"provinces": [
 {"unit": {"code": "P01"}, "months": [{"of": "2026-09", "figures": {"received": 10, "online": "7,5"}}]},
 {"unit": {"code": "P04"}, "months": [{"of": "2026-09", "figures": {"received": 0.30, "online": null}}]},
 {"unit": {"code": "P08"}, "months": []}]}}"""


def test_nested_records_are_read_by_pointers(service: Service, home: Home) -> None:
    service.answer = body(NESTED)
    pulled = traced(
        home,
        request={"path": "/n", "records": "/data/provinces/*/months"},
        columns={"org_unit": "2/unit/code", "time_period": "/of"},
        measures=[measure("received", "/figures/received"), measure("online", "/figures/online")],
    )
    assert pulled.rows["org_unit"].to_list() == ["P01", "P01", "P04", "P04"]
    assert pulled.rows["value_text"].to_list() == ["10", "7,5", "0.30", None]
    assert pulled.rows["problem"].to_list() == [None, "not_a_number", None, None]


def test_records_under_their_codes(service: Service, home: Home) -> None:
    service.answer = body('{"by_unit": {"P01": {"received": 1, "full_online": 2}, "P04": {"received": 3}}}')
    pulled = traced(home, request={"path": "/n", "records": "/by_unit/*"}, columns={"org_unit": "0#"})
    assert pulled.rows["org_unit"].to_list() == ["P01", "P01", "P04", "P04"]
    assert pulled.rows["obs_value"].to_list() == ["1", "2", "3", None]


ROWS = """<?xml version="1.0" encoding="UTF-8"?><r:Rows xmlns:r="urn:lgsp" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<r:Row unit="P01"><received>10</received><full_online> </full_online></r:Row>
<r:Row unit="P04"><received>9007199254740993</received><full_online xsi:nil="true"/></r:Row></r:Rows>"""
XML_COLUMNS = {"org_unit": "@unit"}


def test_xml_inside_json(service: Service, home: Home) -> None:
    service.answer = body(json.dumps({"status": 1, "message": "ok", "data": ROWS}))
    pulled = traced(
        home,
        request={
            "path": "/n",
            "xml": {"pointer": "/data"},
            "records": "/Rows/Row",
            "success": {"pointer": "/status", "equals": "1"},
        },
        columns=XML_COLUMNS,
    )
    assert pulled.rows["org_unit"].to_list() == ["P01", "P01", "P04", "P04"]
    assert pulled.rows["obs_value"].to_list() == ["10", None, "9007199254740993", None]
    assert pulled.rows["obs_status"].to_list() == ["A", "O", "A", "O"]
    assert pulled.rows["conversion"].null_count() == 4


def test_an_answer_in_xml(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: Response(ROWS.replace("\n", ""), media_type="application/xml")
    pulled = traced(home, request={"path": "/n", "xml": {}, "records": "/Rows/Row"}, columns=XML_COLUMNS)
    assert pulled.rows.height == 4


def test_one_element_is_a_list_of_one_and_none_is_empty(service: Service, home: Home) -> None:
    one = "<Rows><Row unit='P01'><received>1</received><full_online>1</full_online></Row></Rows>"
    declared = {"path": "/n", "xml": {}, "records": "/Rows/Row"}
    service.answer = lambda _request, _n: Response(one, media_type="text/xml")
    assert traced(home, request=declared, columns=XML_COLUMNS).rows.height == 2
    service.answer = lambda _request, _n: Response("<Rows></Rows>", media_type="text/xml")
    with pytest.raises(PermanentSourceError, match="E-SRC-EMPTY"):
        traced(home, request=declared, columns=XML_COLUMNS)


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Rows>&b;</Rows>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><Rows><Row>&x;</Row></Rows>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, "<a>" * 100 + "</a>" * 100, "<Rows><Row></Rows>", "<Rows>"])
def test_hostile_xml_is_refused(service: Service, home: Home, text: str) -> None:
    service.answer = body(json.dumps({"data": text}))
    with pytest.raises(PermanentSourceError, match="E-SRC-XML") as caught:
        traced(home, request={"path": "/n", "xml": {"pointer": "/data"}, "records": "/Rows/Row"}, columns=XML_COLUMNS)
    assert "root:" not in str(caught.value)


CATALOGUE = {
    "path": "/catalogue/{group}/rows",
    "catalogue": {
        "path": "/catalogue",
        "params": {"ky": "{period}"},
        "entries": "/entries",
        "bind": {"group": "/code", "unit": "/unit"},
        "match": {"/kind": "monthly"},
    },
    "params": {"ky": "{period}"},
    "records": "/rows",
}
ENTRIES = [
    {"code": "A 1/2", "unit": "P01", "kind": "monthly"},
    {"code": "B", "unit": "P04", "kind": "monthly"},
    {"code": "C", "unit": "P08", "kind": "yearly"},
]


def parts(request: Request, _: int) -> Response:
    if request.url.path.endswith("/catalogue"):
        return as_json(json.dumps({"entries": ENTRIES}))
    return as_json('{"rows": [{"received": 5, "full_online": 4}]}')


def test_the_parts_of_a_catalogue_are_fetched_one_by_one(service: Service, home: Home) -> None:
    paths: list[bytes] = []

    def answer(request: Request, n: int) -> Response:
        paths.append(request.scope["raw_path"])
        return parts(request, n)

    service.answer = answer
    pulled = traced(home, request=CATALOGUE, columns={"org_unit": "{unit}"})
    assert paths == [b"/v1/catalogue", b"/v1/catalogue/A%201%2F2/rows", b"/v1/catalogue/B/rows"]
    assert set(service.asked) == {"ky=2026-09"}
    assert pulled.rows["org_unit"].to_list() == ["P01", "P01", "P04", "P04"]
    assert pulled.rows["place"].to_list() == ["page 2 item 1", "page 2 item 1", "page 3 item 1", "page 3 item 1"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "E-SRC-EMPTY"),
        ([{"code": "C", "unit": "P08", "kind": "yearly"}], "E-SRC-EMPTY"),
        ([{"code": "..", "unit": "P08", "kind": "monthly"}], "E-SRC-SHAPE"),
        ([{"unit": "P08", "kind": "monthly"}], "E-SRC-SHAPE"),
        (["A"], "E-SRC-SHAPE"),
    ],
)
def test_a_catalogue_that_lists_nothing_usable_is_refused(
    service: Service, home: Home, entries: list[object], code: str
) -> None:
    service.answer = body(json.dumps({"entries": entries}))
    with pytest.raises(PermanentSourceError, match=code):
        traced(home, request=CATALOGUE, columns={"org_unit": "{unit}"})
    assert len(service.asked) == 1


def test_a_listed_part_without_records_is_refused(service: Service, home: Home) -> None:
    service.answer = lambda request, n: parts(request, n) if n < 3 else as_json('{"rows": []}')
    with pytest.raises(PermanentSourceError, match=r"E-SRC-EMPTY.*group B"):
        traced(home, request=CATALOGUE, columns={"org_unit": "{unit}"})
