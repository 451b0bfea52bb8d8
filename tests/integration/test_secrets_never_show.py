"""A known secret in every way of being let in, every failure provoked: nothing that is written or said holds it."""

import base64
import json
import logging
import traceback
from urllib.parse import quote

import pytest
from dagster._utils.error import (  # noqa: TID251 - what Dagster keeps of a failed run
    serializable_error_info_from_exc_info,
)
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import SourceError
from indicator_specs.home import Home
from tests.data_service import Answer, Service, as_json, fresh, honest, page_of, pull
from tests.servers import free_port

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a request, at the most."""

SECRET = "s3cr3t/Bí+mật=Q7".encode("ascii", "backslashreplace").decode().replace("\\", "") + "zK"
USER = "nguoi-doc"
FORMS = {SECRET, quote(SECRET, safe=""), base64.b64encode(f"{USER}:{SECRET}".encode()).decode()}

AUTHS: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "bearer": ({"style": "bearer"}, {"token": SECRET}),
    "header": ({"style": "api_key", "header": "X-Key"}, {"token": SECRET}),
    "query": ({"style": "api_key", "param": "key"}, {"token": SECRET}),
    "basic": ({"style": "basic"}, {}),
    "oauth2": ({"style": "oauth2", "token_path": "/token"}, {"client_id": USER, "client_secret": SECRET}),
    "oauth2 in the form": (
        {"style": "oauth2", "token_path": "/token", "client": "post"},
        {"client_id": USER, "client_secret": SECRET},
    ),
}


def said_back(request: Request) -> str:
    """Everything that the client sent, as a service that debugs would tell it back."""
    return f"{request.url} {dict(request.headers)}"


def told(status: int) -> Answer:
    return lambda request, _: Response(json.dumps({"error": said_back(request)}), status, media_type="application/json")


FAULTS: dict[str, Answer] = {
    "taken": honest,
    "refused": told(401),
    "forbidden": told(403),
    "away": told(503),
    "too many": lambda request, _: Response(said_back(request), 429, {"Retry-After": "9999999"}),
    "moved": lambda request, _: Response("", 302, {"Location": f"http://khac.invalid/?{request.url.query}"}),
    "login": lambda request, _: Response(f"<html>{said_back(request)}</html>", media_type="text/html"),
    "not json": lambda request, _: as_json(f"!{said_back(request)}"),
    "business": lambda request, _: as_json(json.dumps({"status": 0, "message": said_back(request)})),
    "echo": lambda request, _: as_json(json.dumps({"status": 1, "data": {"items": [{"k": said_back(request)}]}})),
    "echo of a token": lambda _request, _n: as_json('{"status": 1, "data": {"items": [{"k": "ma-tam-thoi-0001"}]}}'),
    "short": lambda request, _: page_of([], total=9),
}


def answering(fault: Answer, *, tokens: bool) -> Answer:
    def answer(request: Request, n: int) -> Response:
        if tokens and request.url.path.endswith("/token"):
            return as_json('{"access_token": "ma-tam-thoi-0001", "token_type": "bearer"}')
        return fault(request, n)

    return answer


def shown(error: BaseException) -> str:
    """An error in all its forms, with what led to it."""
    as_dagster_shows = serializable_error_info_from_exc_info((type(error), error, error.__traceback__)).to_string()
    return "".join(traceback.format_exception(error)) + as_dagster_shows + f"{error!r} {vars(error)}"


@pytest.mark.parametrize("auth", AUTHS)
def test_nothing_holds_it(
    running: Service, home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, auth: str
) -> None:
    style, secret = AUTHS[auth]
    fresh(running, monkeypatch, **secret)
    url = f"{running.url}/v1"
    if auth == "basic":
        url = url.replace("//", f"//{USER}:{quote(SECRET, safe='')}@")
    caplog.set_level(logging.DEBUG)
    for logger in ("httpx", "httpcore", "stamina", "asyncio"):
        logging.getLogger(logger).setLevel(logging.DEBUG)
    seen = []
    faults = [answering(fault, tokens="oauth2" in auth) for fault in FAULTS.values()]
    faults += [FAULTS[name] for name in ("refused", "away", "business", "not json", "login")]  # of the token endpoint
    for fault in faults:
        running.answer = fault
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": url, **secret}))
        seen.append(attempt(home, style))
    dead = url.replace(running.url.rpartition(":")[2], str(free_port()))
    monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": dead, **secret}))
    seen.append(attempt(home, style))
    assert sum(one != "" for one in seen) >= len(seen) - 2
    written = "\n".join([*seen, caplog.text])
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert files
    assert not [form for form in FORMS if form in written]
    assert not [path for path in files if any(form.encode() in path.read_bytes() for form in FORMS)]
    assert "ma-tam-thoi-0001" not in written
    assert not [path for path in files if b"ma-tam-thoi-0001" in path.read_bytes()]


def attempt(home: Home, style: dict[str, object]) -> str:
    """One pull: the error in all its forms, or nothing where it went well."""
    try:
        pulled = pull(home, connection={"auth": style})
    except SourceError as error:
        return shown(error)
    assert not [form for form in FORMS if form in json.dumps(pulled.origin)]
    return ""
