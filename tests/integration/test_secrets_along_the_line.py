"""A known secret from the pull to the number on the screen: no file of the installation and no answer holds it."""

import dataclasses
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import stamina
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import SourceError
from pipelines.explain import explain
from pipelines.line import pull_all
from tests.data_service import Service, as_json, serving
from tests.small_catalogue import SOURCE_FILE
from tests.small_installation import SmallInstallation, small_installation

SECRET = "bi-mat/di+theo=duong-ong-5e2"
AUTHS = {
    "{style: api_key, param: key}": {"token": SECRET},
    "{style: oauth2, token_path: /token, client: post}": {"client_id": "chiso", "client_secret": SECRET},
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def here(tmp_path: Path) -> Iterator[SmallInstallation]:
    with small_installation(tmp_path, "2025-09-10T08:00:00+07:00") as made:
        yield made


def figures(request: Request, _: int) -> Response:
    if request.url.path.endswith("/token"):
        return as_json('{"access_token": "ma-tam-thoi-5e2", "token_type": "bearer"}')
    period = request.query_params["period"]
    rows = [{"unit": "P01", "period": period, "received": 100, "online": 80, "paid_pct": 5}]
    return as_json(json.dumps({"data": rows}))


def refusal(request: Request, _: int) -> Response:
    return Response(f"{request.url} {dict(request.headers)}", 403)


def test_from_the_service_to_the_explanation(
    service: Service, here: SmallInstallation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures: list[SourceError] = []
    declared = "{secret: CHISO_SERVICE}"
    for auth, secret in AUTHS.items():
        monkeypatch.setenv("CHISO_SERVICE", json.dumps({"url": f"{service.url}/v1", **secret}))
        now = f"{{secret: CHISO_SERVICE, auth: {auth}}}"
        here.change(SOURCE_FILE, declared, now)
        declared = now
        with stamina.set_testing(testing=True, attempts=1):
            service.answer = refusal
            assert pull_all(here.now, failures) == []
            service.answer = figures
            assert pull_all(here.now, failures)
    here.seal()
    tree = explain(here.home, here.now.registry, "rate", "P01", "2025-08")
    assert tree.obs_value == 80
    leaves = [leaf for given in tree.inputs for leaf in given.leaves]
    assert {leaf.original_text for leaf in leaves} == {"80", "100"}
    said = "\n".join([*map(str, failures), caplog.text, json.dumps(dataclasses.asdict(tree), default=str)])
    assert len(failures) == 2 * len(AUTHS)
    held = {SECRET, quote(SECRET, safe=""), "ma-tam-thoi-5e2"}
    files = [path for path in here.home.root.rglob("*") if path.is_file()]
    assert {"ledger.sqlite", "warehouse.duckdb", "mart@1.json"} <= {path.name for path in files}
    assert not [one for one in held if one in said]
    assert not [path for path in files if any(one.encode() in path.read_bytes() for one in held)]
