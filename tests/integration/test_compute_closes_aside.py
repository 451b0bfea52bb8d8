"""While somebody tells of a computation the warehouse is closed: nobody else has it before, and a fault is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from connectors.ledger import LeaseHeldError
from indicator_specs.home import Home
from pipelines import compute
from pipelines.compute import Computed, computing
from pipelines.installation import Installation
from pipelines.turns import WAREHOUSE, turn
from tests.whole_catalogue import whole_catalogue

NOTHING = Computed((), (), is_full=False, seconds=0.0)


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr(compute, "_compute", lambda *_, **__: NOTHING)
    return Installation(home, whole_catalogue())


def test_the_warehouse_is_closed_meanwhile_and_kept_until_it_is(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_close, closed = Event(), Event()

    @contextmanager
    def slow_to_close(_: Home) -> Iterator[None]:
        yield
        assert may_close.wait(20)
        closed.set()

    monkeypatch.setattr(compute, "at_work", slow_to_close)
    with computing(here) as computed:
        assert computed is NOTHING
        assert not closed.is_set()
        with pytest.raises(LeaseHeldError), turn(here.ledger, WAREHOUSE, patience=0):
            pass
        may_close.set()
    assert closed.is_set()
    with turn(here.ledger, WAREHOUSE, patience=0):
        pass


def test_a_warehouse_that_cannot_be_closed_is_a_fault(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def on_a_full_disk(_: Home) -> Iterator[None]:
        yield
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compute, "at_work", on_a_full_disk)
    with pytest.raises(OSError, match="No space left"), computing(here):
        pass
