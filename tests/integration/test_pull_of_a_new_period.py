"""A period of which not all have reported yet is no fall; one whose reports are due, or that has lost rows, is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request

from connectors.acceptance import commit
from connectors.errors import PermanentSourceError
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.pulling import pull
from tests.data_service import ITEMS, REQUEST, Service, page_of
from tests.machine_sources import source

pytestmark = pytest.mark.usefixtures("no_pauses")
ON_TIME, DUE = "2026-10-03T09:00:00+07:00", "2026-11-03T09:00:00+07:00"

Pull = Callable[[str, int], None]


def _asked(rows: list[str], request: Request) -> list[str]:
    number, size = int(request.query_params["page"]), int(request.query_params["size"])
    return rows[(number - 1) * size : number * size]


@pytest.fixture
def pulled(service: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> Pull:
    """Pull and commit a month of which so many records are there; reports are due on the 20th."""
    declared, dataset = source("rest", Path(), partition="period", request=REQUEST, deadline_days="20")
    here = Installation(home)

    def once(month: str, n: int) -> None:
        rows = [item.replace("2026-09", month) for item in ITEMS[:n]]
        service.answer = lambda request, _: page_of(_asked(rows, request), total=n)
        candidate = pull(here, declared, dataset, month)
        assert candidate is not None
        commit(home, here.ledger, candidate.extract)

    monkeypatch.setenv("CHISO_NOW", DUE)
    once("2026-08", 8)
    monkeypatch.setenv("CHISO_NOW", ON_TIME)
    return once


def test_a_month_that_is_not_due_may_have_less_than_those_before(pulled: Pull) -> None:
    pulled("2026-09", 2)
    pulled("2026-09", 8)


def test_a_month_that_lost_rows_is_an_alarm_at_once(pulled: Pull) -> None:
    pulled("2026-09", 8)
    with pytest.raises(PermanentSourceError, match="E-SRC-FALL"):
        pulled("2026-09", 2)


def test_a_month_that_is_due_is_measured_by_those_before(pulled: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", DUE)
    with pytest.raises(PermanentSourceError, match="E-SRC-FALL"):
        pulled("2026-09", 2)
