"""A catalogue of parts that is asked only for what is new: a part without news is normal, one without anything not."""

import json
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import PermanentSourceError
from connectors.extract import extract
from connectors.extracted import FIRST
from indicator_specs.home import Home
from tests.data_service import serving
from tests.integration.test_rest_incremental import after, declared, moment, received

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 1
"""Tries of a request, at the most."""

CATALOGUE = {"path": "/parts", "bind": {"part": "/id"}}
REQUEST = {
    "path": "/counts/{part}",
    "params": {"changed_from": "{since}"},
    "records": "/items",
    "catalogue": CATALOGUE,
}
Parts = dict[str, list[tuple[str, int, str]]]
"""Unit, figure and when it was changed, by the part of the catalogue."""


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    held: Parts = {}

    def answer(request: Request, _: int) -> Response:
        part = request.url.path.rsplit("/", 1)[-1]
        if part == "parts":
            return Response(json.dumps([{"id": name} for name in held]), media_type="application/json")
        since = moment(request.query_params.get("changed_from", "2000-01-01T00:00:00+07:00"))
        items = [
            {"unit_code": unit, "period": "2026-09", "received": n, "full_online": 1, "meta": {"changed": changed}}
            for unit, n, changed in held[part]
            if moment(changed) >= since
        ]
        return Response(json.dumps({"items": items}), media_type="application/json")

    with serving() as service:
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": f"{service.url}/v1"}))
        service.answer = answer
        yield held


def test_a_part_without_news_does_not_stop_the_others(parts: Parts, home: Home) -> None:
    parts |= {"a": [("P01", 1, "2026-10-01T08:00:00+07:00")], "b": [("P04", 2, "2026-10-20T08:00:00+07:00")], "c": []}
    asked = declared(request=REQUEST)
    first = extract(*asked, home, None, FIRST)
    assert received(first) == {"P01": "1", "P04": "2"}
    before = after(home, FIRST, first)
    assert received(extract(*asked, home, None, before)) == {}, "'a' has nothing within the window, 'b' nothing new"
    parts["c"].append(("P08", 3, "2026-10-21T08:00:00+07:00"))
    assert received(extract(*asked, home, None, before)) == {"P08": "3"}


def test_nothing_in_any_part_is_an_alarm_still(parts: Parts, home: Home) -> None:
    parts |= {"a": [("P01", 1, "2026-10-01T08:00:00+07:00")], "b": []}
    asked = declared(request=REQUEST)
    before = after(home, FIRST, extract(*asked, home, None, FIRST))
    parts["a"].clear()
    with pytest.raises(PermanentSourceError, match=r"E-SRC-EMPTY.*sent no record"):
        extract(*asked, home, None, before)


def test_a_part_that_is_asked_for_everything_has_something(parts: Parts, home: Home) -> None:
    parts |= {"a": [("P01", 1, "2026-10-01T08:00:00+07:00")], "b": []}
    asked = declared(mode="full", cursor=None, request={**REQUEST, "params": {}})
    with pytest.raises(PermanentSourceError, match=r"E-SRC-EMPTY.*part b"):
        extract(*asked, home)
