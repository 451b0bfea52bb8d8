"""The demo's data service: HTTP in the style of an LGSP data service, on a free loopback port.

It hands out published figures and synthetic ones, in pages, to whoever shows the token. As such services do, it
answers a business error inside HTTP 200: ``{"status": 0, "code": "100", "message": "AUTHEN_ERROR"}``.
"""

import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipelines.demo import figures, synthetic

Item = Mapping[str, str | int | float | bool | None]
PATH = "/api/"
LARGEST_PAGE = 500
LARGEST_BODY = 65_536
TEXT_COLUMNS = frozenset({"unit_code", "period", "series_code", "status", "producer", "published_date", "source_note"})


@dataclass(frozen=True)
class Service:
    """Where the service is and how to be let in."""

    url: str
    token: str = field(repr=False)

    @property
    def secret(self) -> str:
        """What the source's secret must hold."""
        return json.dumps({"url": self.url, "token": self.token})


@contextmanager
def data_service() -> Iterator[Service]:
    """The service, for as long as the block lasts."""
    token = secrets.token_urlsafe(24)
    handler = type("Handler", (_Handler,), {"answers": Answers(token, _datasets())})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="data-service", daemon=True)
        thread.start()
        try:
            yield Service(f"http://127.0.0.1:{server.server_address[1]}", token)
        finally:
            server.shutdown()
            thread.join(timeout=10)


def _datasets() -> dict[str, list[Item]]:
    published = ("published_rates", "digital_transformation_index", "innovation_index", "task_status", "infrastructure")
    made: list[Item] = list(synthetic.dossiers())
    return {"dossiers": made, **{name: [_typed(row) for row in figures.read(name)] for name in published}}


def _typed(row: Mapping[str, str]) -> Item:
    """Figures as JSON numbers, gaps as null, the rest as text."""
    return {name: text or None if name in TEXT_COLUMNS else _number(text) for name, text in row.items()}


def _number(text: str) -> int | float | None:
    if not text:
        return None
    return float(text) if "." in text else int(text)


class Answers:
    """What the service says to a request, whatever carries it."""

    def __init__(self, token: str, datasets: Mapping[str, list[Item]]) -> None:
        """Keep the token and the rows of every dataset."""
        self._expected = f"Bearer {token}".encode()
        self._datasets = datasets

    def answer(self, path: str, asked: Mapping[str, str], authorization: str) -> dict[str, Any]:
        """One page of one dataset, or a business error. An unknown period has no items: it is no error."""
        if not hmac.compare_digest(authorization.encode(), self._expected):
            return _refusal("100", "AUTHEN_ERROR")
        items = self._datasets.get(path.removeprefix(PATH)) if path.startswith(PATH) else None
        if items is None:
            return _refusal("106", "SERVICE_ID_INCORRECT")
        try:
            page, size = int(asked.get("page", "1")), int(asked.get("size", "100"))
        except ValueError:
            return _refusal("500", "DATA_INCORRECT")
        if page < 1 or not 1 <= size <= LARGEST_PAGE:
            return _refusal("500", "DATA_INCORRECT")
        if period := asked.get("period"):
            items = [item for item in items if item["period"] == period]
        shown = items[(page - 1) * size : page * size]
        data = {"total": len(items), "page": page, "size": size, "items": shown}
        return {"status": 1, "code": "000", "message": "OK", "data": data}


def _refusal(code: str, message: str) -> dict[str, Any]:
    return {"status": 0, "code": code, "message": message}


class _Handler(BaseHTTPRequestHandler):
    """GET with a query, POST with a JSON body: the same answer."""

    answers: Answers
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(dict)

    def do_POST(self) -> None:
        self._serve(self._body)

    def _serve(self, body: Callable[[], dict[str, str]]) -> None:
        parts = urlsplit(self.path)
        try:
            asked = {name: values[-1] for name, values in parse_qs(parts.query).items()} | body()
            answer = self.answers.answer(parts.path, asked, self.headers.get("Authorization", ""))
        except ValueError:
            answer = _refusal("500", "DATA_INCORRECT")
        text = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _body(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LARGEST_BODY:
            self.close_connection = True
            raise ValueError("body too long")
        asked = json.loads(self.rfile.read(length) or b"{}")
        if not isinstance(asked, dict):
            raise ValueError("body is not an object")
        return {str(name): str(value) for name, value in asked.items()}

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class names it so)
        """Say nothing: a request log would carry the agencies' periods and units to the console."""
