"""A real HTTP service that misbehaves in every way we know: what is retried, what is refused, what is said."""

import gzip

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors import fetch
from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from indicator_specs.home import Home
from tests.data_service import ITEMS, TOKEN, Answer, Service, as_json, body, fresh, honest, page_of, paged, pull
from tests.servers import free_port, raw_http

pytestmark = pytest.mark.usefixtures("no_pauses")


@pytest.fixture
def service(running: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    return fresh(running, monkeypatch, token=TOKEN)


def refused(home: Home, code: str, **request: object) -> SourceError:
    with pytest.raises(PermanentSourceError) as caught:
        pull(home, request)
    assert caught.value.code == code
    assert TOKEN not in str(caught.value)
    assert not (home.evidence.exists() and any(home.evidence.rglob("*.pages")))
    return caught.value


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_source_is_asked_again(service: Service, home: Home, status: int) -> None:
    service.answer = lambda request, n: honest(request, n) if n > 2 else Response("busy", status)
    assert pull(home).rows.height == 16
    assert len(service.asked) == 5


def test_a_source_that_stays_busy_is_transient(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: Response("busy", 503)
    with pytest.raises(TransientSourceError, match=r"E-SRC-UNREACHABLE.*503"):
        pull(home)
    assert len(service.asked) == 3


def test_retry_after_is_obeyed_within_reason(service: Service, home: Home) -> None:
    def answer(wait: str) -> Answer:
        return lambda request, n: Response("", 429, {"Retry-After": wait}) if n == 1 else honest(request, n)

    for wait in ("1", "Wed, 21 Oct 2015 07:28:00 GMT", "not a time"):
        service.answer, service.asked = answer(wait), []
        assert pull(home).rows.height == 16
    service.answer, service.asked = answer("1000000000"), []
    with pytest.raises(TransientSourceError, match=r"E-SRC-BUSY.*Retry-After 1e\+09"):
        pull(home)
    assert len(service.asked) == 1


def test_the_pause_that_the_source_asks_for_is_the_pause_we_make() -> None:
    asked = TransientSourceError("E-SRC-BUSY", "p", "vi", "en", retry_after=7.0)
    assert fetch._pause(asked) == 7.0
    assert fetch._pause(TransientSourceError("E-SRC-BUSY", "p", "vi", "en")) is True
    assert fetch._pause(TransientSourceError("E-SRC-BUSY", "p", "vi", "en", retry_after=1e9)) is False
    assert fetch._pause(PermanentSourceError("E-SRC-AUTH", "p", "vi", "en")) is False


@pytest.mark.parametrize(
    "answer",
    [
        b'Content-Length: 500\r\n\r\n{"status": 1, "data"',
        b'Transfer-Encoding: chunked\r\n\r\n40\r\n{"sta',
        b'Connection: close\r\n\r\n{"status": 1, "data": {"items": [{',
        b'Connection: close\r\n\r\n{"status": 1, "message": "H\xc3',
        b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + gzip.compress(b'{"status": 1}' * 9, mtime=0)[:20],
    ],
)
def test_a_body_cut_in_the_middle_is_never_data(home: Home, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    with raw_http(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + answer) as url:
        monkeypatch.setenv("CHISO_PROBE", url)
        with pytest.raises(TransientSourceError, match=r"E-SRC-(UNREACHABLE|TRUNCATED)"):
            pull(home)


def test_a_silent_server_does_not_hold_us(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(TransientSourceError, match="E-SRC-UNREACHABLE"):
        pull(home)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"status": 1, "data": {"total": 1, "items": [{"received": NaN}]}}', "E-SRC-JSON"),
        ('{"status": 1, "data": {"total": 1, "items": [{"received": -Infinity}]}}', "E-SRC-JSON"),
        ('{"status": 1, "status": 1, "data": {}}', "E-SRC-JSON"),
        ("[" * 100_000, "E-SRC-JSON"),
        ("{'status': 1}", "E-SRC-JSON"),
        ('{"status": 0, "message": "Không tìm thấy mã đơn vị", "data": null}', "E-SRC-BUSINESS"),
        ('{"data": {"total": 0, "items": []}}', "E-SRC-BUSINESS"),
        ('{"status": 1, "data": {"total": 1, "rows": []}}', "E-SRC-SHAPE"),
        ('{"status": 1, "data": {"total": 1, "items": [1]}}', "E-SRC-SHAPE"),
        ('{"status": 1, "data": {"total": 1, "items": [{"unit_code": "P01", "period": "2026-09"}]}}', "E-SRC-SHAPE"),
        ('{"status": 1, "data": {"total": "many", "items": []}}', "E-SRC-PAGING"),
        ('{"status": 1, "data": {"total": 0, "items": []}}', "E-SRC-EMPTY"),
        ("", "E-SRC-EMPTY"),
        ("<!DOCTYPE html><title>Đăng nhập</title>", "E-SRC-LOGIN-PAGE"),
    ],
)
def test_what_is_not_the_agreed_answer_is_refused(service: Service, home: Home, text: str, code: str) -> None:
    service.answer = body(text)
    refused(home, code)
    assert len(service.asked) == 1


def test_a_login_page_with_200_is_refused(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: Response("<p>Đăng nhập</p>", 200, media_type="text/html")
    assert "login" in refused(home, "E-SRC-LOGIN-PAGE").message_en


@pytest.mark.parametrize(
    ("status", "code"), [(401, "E-SRC-AUTH"), (403, "E-SRC-AUTH"), (404, "E-SRC-HTTP"), (204, "E-SRC-HTTP")]
)
def test_a_refusal_is_not_tried_again(service: Service, home: Home, status: int, code: str) -> None:
    service.answer = lambda _request, _n: Response(None if status == 204 else "no", status)
    refused(home, code)
    assert len(service.asked) == 1


def test_the_error_that_a_service_reports_is_passed_on(service: Service, home: Home) -> None:
    service.answer = body('{"status": 0, "message": "Kỳ chưa mở"}')
    assert "Kỳ chưa mở" in refused(home, "E-SRC-BUSINESS").message_vi


def test_pages_that_go_round_in_circles_are_refused(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: page_of(ITEMS[:3], total=1000)
    refused_or_moved = pytest.raises(SourceError, match="E-SRC-PAGING")
    with refused_or_moved:
        pull(home)
    assert len(service.asked) <= 6


def test_a_cursor_that_points_to_itself_is_refused(service: Service, home: Home) -> None:
    count = iter(range(1000))

    def answer(_request: Request, _n: int) -> Response:
        item = f'{{"unit_code": "P{next(count)}", "period": "2026-09", "received": 1, "full_online": 1}}'
        return as_json(f'{{"status": 1, "data": {{"next": "c1", "items": [{item}]}}}}')

    service.answer = answer
    refused(home, "E-SRC-PAGING", **paged(style="cursor", next="/data/next"))
    assert len(service.asked) == 2


def test_a_list_without_end_is_refused(service: Service, home: Home) -> None:
    def answer(_request: Request, n: int) -> Response:
        return page_of([f'{{"unit_code": "P{n}", "period": "2026-09", "received": 1, "full_online": 1}}'], total=10**6)

    service.answer = answer
    refused(home, "E-SRC-PAGING", **paged(style="page", total="/data/total", max_pages="7"))
    assert len(service.asked) == 7


@pytest.mark.parametrize("told", [7, 9])
def test_a_total_that_does_not_fit_is_read_anew_then_told(service: Service, home: Home, told: int) -> None:
    def answer(request: Request, n: int) -> Response:
        number = int(request.query_params["page"])
        return page_of(ITEMS[(number - 1) * 3 : number * 3], total=told)

    service.answer = answer
    with pytest.raises(TransientSourceError, match="E-SRC-TOTAL"):
        pull(home)
    assert len(service.asked) > 4


def test_a_list_that_moves_while_it_is_read_is_read_anew(service: Service, home: Home) -> None:
    def answer(request: Request, n: int) -> Response:
        number = int(request.query_params["page"])
        moved = [ITEMS[0], *ITEMS] if n == 2 else ITEMS  # a record came in before page 2: page 1's last repeats
        return page_of(moved[(number - 1) * 3 : number * 3])

    service.answer = answer
    assert pull(home).rows.height == 16
    assert len(service.asked) == 5


def test_a_redirect_to_another_host_is_not_followed(service: Service, home: Home) -> None:
    with raw_http(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as elsewhere:
        for target in (elsewhere, "http://169.254.169.254/latest/meta-data/", "//127.0.0.1:1/"):
            service.answer = lambda _request, _n, to=target: Response("", 302, {"Location": to})  # type: ignore[misc]
            refused(home, "E-SRC-REDIRECT")


def test_a_redirect_within_the_host_is_followed(service: Service, home: Home) -> None:
    def answer(request: Request, n: int) -> Response:
        if request.url.path == "/v1/counts":
            return Response("", 307, {"Location": f"/v1/moved?{request.url.query}"})
        return honest(request, n)

    service.answer = answer
    assert pull(home).rows.height == 16


def test_a_redirect_to_itself_ends(service: Service, home: Home) -> None:
    service.answer = lambda request, _n: Response("", 302, {"Location": str(request.url)})
    refused(home, "E-SRC-REDIRECT")
    assert len(service.asked) == 4


def test_too_many_bytes_are_not_read(service: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_BYTES", 1000)
    service.answer = body("[" + " " * 5000 + "]")
    refused(home, "E-SRC-SIZE")


def test_an_answer_for_another_period_is_refused(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: page_of([ITEMS[0], ITEMS[1].replace("2026-09", "2026-08")], total=2)
    with pytest.raises(PermanentSourceError, match=r"E-SRC-PERIOD.*2026-08"):
        pull(home)
