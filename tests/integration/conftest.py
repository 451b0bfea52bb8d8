"""A data service whose answers a test chooses, one for the tests of a file, and retries that do not wait."""

from collections.abc import Iterator

import pytest
import stamina

from tests.data_service import Service, fresh, serving


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture
def service(running: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service as at its start; it lets everybody in."""
    return fresh(running, monkeypatch)


@pytest.fixture
def no_pauses(request: pytest.FixtureRequest) -> Iterator[None]:
    """Retries follow at once; a file's ``ATTEMPTS`` says how many there are, at the most."""
    with stamina.set_testing(testing=True, attempts=getattr(request.module, "ATTEMPTS", 3), cap=True):
        yield
