"""The example of docs/adding-a-source.md, as it stands there, against a server that answers as it says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.evidence import reread
from connectors.extract import extract
from indicator_specs.home import Home
from indicator_specs.model_problems import build
from indicator_specs.source_spec import Source
from indicator_specs.strict_yaml import read
from tests.data_service import Service, as_json
from tests.servers import http

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"
CLIENT = {"client_id": "vi-du", "client_secret": "bi-mat-vi-du-77"}
SECOND = """{"code": "00", "next": null, "provinces": [
  {"unit": {"code": "P08"}, "months": [{"of": "2026-09", "figures": {"received": 7, "online": 7}}]}]}"""


def block(language: str) -> str:
    """The first block of a language on the page."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    from starlette.applications import Starlette
    from starlette.routing import Route

    service = Service()

    def answer(request: Request, _: int) -> Response:
        if request.url.path == "/oauth/token":
            return as_json('{"access_token": "ma-0001-vi-du", "token_type": "Bearer", "expires_in": 60}')
        if request.headers.get("Authorization") != "Bearer ma-0001-vi-du":
            return Response("", 401)
        return as_json(SECOND if request.query_params.get("after") == "c2" else block("json"))

    service.answer = answer
    with http(Starlette(routes=[Route("/{rest:path}", service.reply, methods=["GET", "POST"])])) as url:
        monkeypatch.setenv("CHISO_LGSP_EXAMPLE", json.dumps({"url": url, **CLIENT}))
        yield service


def test_the_example_is_a_folder_and_no_python(service: Service, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "source.yml"
    file.write_text(block("yaml"), encoding="utf-8")
    document = read(file, "source.yml")
    source = build(Source, document)
    assert source is not None, document.problems
    dataset = source.placed(tmp_path, "source.yml").datasets[0]
    pulled = extract(source, dataset, home, "2026-09")
    assert service.asked == ["", "month=2026-09&size=2", "month=2026-09&after=c2&size=2"]
    values = pulled.rows.select("org_unit", "measure", "obs_value", "obs_status").rows()
    assert values == [
        ("P01", "lgsp_example.received", "120", "A"),
        ("P01", "lgsp_example.online", "96", "A"),
        ("P04", "lgsp_example.received", "80", "A"),
        ("P04", "lgsp_example.online", None, "O"),
        ("P08", "lgsp_example.received", "7", "A"),
        ("P08", "lgsp_example.online", "7", "A"),
    ]
    for row in pulled.rows.to_dicts():
        assert reread(home, pulled.evidence.path, dataset, row["place"], row["measure"]) == row["value_text"]
