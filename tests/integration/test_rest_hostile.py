"""Peers that hold on to us, and sources that tell half the truth: cut off in time, or told as what they are."""

import time
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from connectors import fetch
from connectors.errors import PermanentSourceError, TransientSourceError
from indicator_specs.home import Home
from tests.data_service import ITEMS, Service, as_json, page_of, pull
from tests.servers import dripping

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 1
"""Tries of a request, at the most."""


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Long: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["headers", "body", "chunks"],
)
def test_drop_by_drop_is_cut_off(home: Home, monkeypatch: pytest.MonkeyPatch, first: bytes, drop: bytes) -> None:
    with dripping(first, drop) as url:
        monkeypatch.setenv("CHISO_PROBE", url)
        begun = time.monotonic()
        with pytest.raises(TransientSourceError, match=r"E-SRC-TIMEOUT.*within 1.2 seconds"):
            pull(home, timeout="0.3")
        assert time.monotonic() - begun < 3


def test_a_body_without_end_is_not_read_to_the_end(
    service: Service, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MOST_BYTES", 1_000_000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b" " * 65_536

    service.answer = lambda _request, _n: StreamingResponse(endless(), media_type="application/json")
    with pytest.raises(PermanentSourceError, match="E-SRC-SIZE"):
        pull(home)


def test_a_bomb_of_gzip_is_not_unpacked(service: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    monkeypatch.setattr(fetch, "MOST_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)
    service.answer = lambda _request, _n: Response(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(PermanentSourceError, match="E-SRC-SIZE"):
        pull(home)


def test_from_https_nobody_is_sent_to_http(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: Response("", 302, {"Location": "https://127.0.0.1/v1/counts"})
    with pytest.raises(PermanentSourceError, match="E-SRC-REDIRECT"):
        pull(home)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [('"received"', '"receipts"', "received"), ('"unit_code"', '"unit"', "unit_code"), ('"period"', '"ky"', "period")],
)
def test_a_renamed_field_is_told(service: Service, home: Home, before: str, after: str, told: str) -> None:
    """Another version of the service: its fields are named otherwise."""
    service.answer = lambda _request, _n: page_of([item.replace(before, after) for item in ITEMS[:2]], total=2)
    with pytest.raises(PermanentSourceError, match=f"E-SRC-SHAPE.*{told}"):
        pull(home)


def test_an_added_field_is_left_out(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: page_of([ITEMS[0].replace("{", '{"new": 1, ', 1)], total=1)
    assert pull(home).rows.height == 2


def test_whole_numbers_beyond_a_float_stay_as_they_are(service: Service, home: Home) -> None:
    numbers = '"received": 12345678901234567891, "full_online": 0.1234567890123456789'
    big = f'{{"unit_code": "P01", "period": "2026-09", {numbers}}}'
    service.answer = lambda _request, _n: page_of([big], total=1)
    assert pull(home).rows["obs_value"].to_list() == ["12345678901234567891", "0.1234567890123456789"]


def test_a_page_that_is_empty_before_the_end_is_told(service: Service, home: Home) -> None:
    def answer(request: Request, _: int) -> Response:
        number = int(request.query_params["page"])
        return page_of([] if number == 2 else ITEMS[(number - 1) * 3 : number * 3])

    service.answer = answer
    with pytest.raises(TransientSourceError, match=r"E-SRC-TOTAL.*8 records and sent 3"):
        pull(home)


def test_an_error_inside_an_answer_is_not_data(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: as_json('{"status": 1, "data": {"total": 1, "items": null}}')
    with pytest.raises(PermanentSourceError, match="E-SRC-SHAPE"):
        pull(home)
