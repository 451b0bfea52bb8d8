"""A real HTTP service: every page once, every number exact, every value found again in the evidence."""

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.evidence import reread
from connectors.extract import extract
from connectors.landing import Landing
from indicator_specs.home import Home
from tests.data_service import ITEMS, REQUEST, TOKEN, Service, as_json, body, fresh, paged, pull
from tests.machine_sources import measure, source


@pytest.fixture
def service(running: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    return fresh(running, monkeypatch, token=TOKEN)


def test_pages_are_read_whole_and_exact(service: Service, home: Home) -> None:
    pulled = pull(home)
    assert [query.partition("page=")[2][:1] for query in service.asked] == ["1", "2", "3"]
    assert all("period=2026-09" in query for query in service.asked)
    assert set(service.tokens) == {f"Bearer {TOKEN}"}
    online = [row for row in pulled.rows.to_dicts() if row["measure"] == "probe.online"]
    assert [row["obs_value"] for row in online] == [
        "0.1",
        "9007199254740993",
        None,
        "12.5",
        "1000",
        None,
        None,
        "-0.50",
    ]
    assert [row["value_text"] for row in online] == [
        "0.1",
        "9007199254740993",
        None,
        "12.5",
        "1e3",
        "12,5",
        "1e400",
        "-0.50",
    ]
    assert [row["problem"] for row in online] == [None] * 5 + ["not_a_number", "out_of_range", None]
    assert [row["conversion"] for row in online] == [None] * 3 + ["text_to_number"] + [None] * 4
    assert [row["obs_status"] for row in online] == ["A", "A", "O", "A", "A", "A", "A", "A"]
    assert online[4]["place"] == "page 2 item 2"
    assert pulled.rows["row_no"].to_list() == list(range(1, 17))
    assert pulled.cursor == "2026-09"
    assert pulled.origin["n_records"] == "8"


def test_every_value_can_be_read_again_from_the_pages(service: Service, home: Home) -> None:
    declared, dataset = source("rest", Path(), partition="period", request=REQUEST)
    pulled = extract(declared, dataset, home, "2026-09")
    for row in pulled.rows.to_dicts():
        assert reread(home, pulled.evidence.path, dataset, row["place"], row["measure"]) == row["value_text"]
    kept = home.root / pulled.evidence.path
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes().replace(b"1001", b"1002"))
    with pytest.raises(ValueError, match="not as it was received"):
        reread(home, pulled.evidence.path, dataset, "page 1 item 1", "probe.received")


def test_the_same_answers_twice_are_one_content(service: Service, home: Home) -> None:
    first, second = pull(home), pull(home)
    assert first.evidence == second.evidence
    assert Landing(home).land(first) == Landing(home).land(second)


@pytest.mark.parametrize(
    "paging",
    [
        {"style": "page", "total": "/data/total"},
        {"style": "page"},
        {"style": "page", "first_page": "0"},
        {"style": "offset", "total": "/data/total"},
        {"style": "offset"},
        {"style": "cursor", "next": "/data/next"},
        {"style": "none"},
    ],
)
def test_every_style_of_paging_brings_every_record_once(service: Service, home: Home, paging: dict[str, str]) -> None:
    def answer(request: Request, _: int) -> Response:
        query = request.query_params
        size = 2  # the service caps what was asked: a short page proves nothing
        start = {
            "page": lambda: (int(query["page"]) - int(paging.get("first_page", "1"))) * size,
            "offset": lambda: int(query["offset"]),
            "cursor": lambda: int(query.get("cursor", "c0")[1:]),
            "none": lambda: 0,
        }[paging["style"]]()
        items = ITEMS if paging["style"] == "none" else ITEMS[start : start + size]
        follows = f'"c{start + size}"' if start + size < len(ITEMS) else "null"
        listed = ",".join(items)
        told = f'"total": {len(ITEMS)}, "next": {follows}, "items": [{listed}]'
        return as_json(f'{{"status": 1, "data": {{{told}}}}}')

    service.answer = answer
    pulled = pull(home, paged(**paging))
    assert pulled.rows["org_unit"].unique(maintain_order=True).to_list() == [f"P{n:02d}" for n in range(1, 9)]
    assert pulled.rows.height == 16


def test_post_with_a_body(service: Service, home: Home) -> None:
    pulled = pull(home, {"method": "POST", "body": {"ky": "{period}"}, "params": {}})
    assert pulled.rows.height == 16
    assert "ky=2026-09" in pulled.origin["request"]


def test_long_layout(service: Service, home: Home) -> None:
    rows = '{"code": "ON", "v": 45.8, "unit": "VN", "syn": true}, {"code": "??", "v": "x", "unit": "VN", "syn": null}'
    service.answer = body(f'{{"status": 1, "data": {{"items": [{rows}]}}}}')
    pulled = pull(
        home,
        paged(style="none"),
        layout="long",
        columns={"measure": "code", "value": "v", "org_unit": "unit", "is_synthetic": "syn"},
        key=["measure", "org_unit"],
        measures=[measure("online", "ON")],
    )
    assert pulled.rows["measure"].to_list() == ["probe.online", "??"]
    assert pulled.rows["is_synthetic"].to_list() == [True, False]
    assert pulled.rows["problem"].to_list() == [None, "not_a_number"]
    assert pulled.rows["time_period"].to_list() == ["2026-09", "2026-09"]
