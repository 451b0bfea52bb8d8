"""A data service in the style of an LGSP one, on a real HTTP server, whose answers a test chooses."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.extract import extract
from connectors.extracted import Extract
from indicator_specs.home import Home
from tests.machine_sources import source
from tests.servers import http

TOKEN = "khong-ai-duoc-thay-7f3a"
Answer = Callable[[Request, int], Response]


class Service:
    """A data service whose answers a test chooses; it counts what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.answer: Answer = honest
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        self.bodies: list[bytes] = []

    async def reply(self, request: Request) -> Response:
        self.asked.append(request.url.query)
        self.tokens.append(request.headers.get("Authorization"))
        self.bodies.append(await request.body())
        return self.answer(request, len(self.asked))


ITEMS = [
    f'{{"unit_code": "P{n:02d}", "period": "2026-09", "received": {1000 + n}, "full_online": {online}}}'
    for n, online in enumerate(["0.1", "9007199254740993", "null", '"12.5"', "1e3", '"12,5"', "1e400", "-0.50"], 1)
]


def page_of(items: list[str], total: int | None = None) -> Response:
    told = len(ITEMS) if total is None else total
    listed = ",\n ".join(items)
    return as_json(f'{{"status": 1, "message": "ok", "data": {{"total": {told}, "items": [{listed}]}}}}')


def honest(request: Request, _: int) -> Response:
    number, size = int(request.query_params["page"]), int(request.query_params["size"])
    return page_of(ITEMS[(number - 1) * size : number * size])


def as_json(text: str) -> Response:
    """An answer that says it is JSON."""
    return Response(text, media_type="application/json")


def body(text: str) -> Answer:
    """The same text to every request."""
    return lambda _request, _n: as_json(text)


@contextmanager
def serving() -> Iterator[Service]:
    """The service on a free port."""
    service = Service()
    with http(Starlette(routes=[Route("/v1/{rest:path}", service.reply, methods=["GET", "POST"])])) as url:
        service.url = url
        yield service


REQUEST = {
    "path": "/counts",
    "params": {"period": "{period}"},
    "paging": {"style": "page", "size": "3", "total": "/data/total"},
    "records": "/data/items",
    "success": {"pointer": "/status", "equals": "1", "message": "/message"},
}


def pull(home: Home, request: dict[str, object] | None = None, **more: Any) -> Extract:
    declared, dataset = source("rest", Path(), partition="period", request={**REQUEST, **(request or {})}, **more)
    return extract(declared, dataset, home, "2026-09")


def fresh(service: Service, monkeypatch: pytest.MonkeyPatch, **secret: str) -> Service:
    """The service as at its start, and the secret that leads to it."""
    service.answer, service.asked, service.tokens, service.bodies = honest, [], [], []
    monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": f"{service.url}/v1", **secret}))
    return service


def paged(**paging: str) -> dict[str, object]:
    return {"paging": {"size": "3", **paging}}
