"""Of dbt's events only what is grave becomes a message, unless somebody asked to hear all."""

from collections.abc import Iterator
from io import StringIO

import pytest
from dbt.adapters.events.types import ConnectionUsed
from dbt.events.types import NoNodesForSelectionCriteria
from dbt_common.events import event_manager_client
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import IEventManager
from dbt_common.events.logger import LineFormat, LoggerConfig

from dbt_project.unheard import hear_only_what_is_grave


@pytest.fixture
def manager() -> Iterator[IEventManager]:
    before = event_manager_client.get_event_manager()
    hear_only_what_is_grave()
    yield event_manager_client.get_event_manager()
    event_manager_client.ctx_set_event_manager(before)


@pytest.fixture
def heard(manager: IEventManager) -> list[str]:
    found: list[str] = []
    manager.callbacks.append(lambda message: found.append(message.info.name))
    return found


def used() -> ConnectionUsed:
    return ConnectionUsed(conn_type="duckdb", conn_name="model.one")


def test_what_is_told_for_a_log_is_no_message(manager: IEventManager, heard: list[str]) -> None:
    event = used()
    manager.fire_event(event)
    assert heard == []
    assert "pb_msg" not in vars(event), "nor was it filled"


def test_an_event_tells_what_it_was_made_of_whenever_it_is_asked(manager: IEventManager) -> None:
    event = used()
    manager.fire_event(event)
    assert event.message() == 'Using duckdb connection "model.one"'
    assert event.to_dict()["conn_name"] == "model.one"
    with pytest.raises(AttributeError):
        event.another  # noqa: B018


def test_a_warning_and_what_is_made_one_are_heard(manager: IEventManager, heard: list[str]) -> None:
    manager.fire_event(NoNodesForSelectionCriteria(spec_raw="one"))
    manager.fire_event(used(), level=EventLevel.ERROR)
    assert heard == ["NoNodesForSelectionCriteria", "ConnectionUsed"]


def test_who_asks_for_a_log_has_all_of_it(manager: IEventManager, heard: list[str]) -> None:
    log = StringIO()
    manager.add_logger(LoggerConfig("all", level=EventLevel.DEBUG, line_format=LineFormat.PlainText, output_stream=log))
    manager.fire_event(used())
    assert heard == ["ConnectionUsed"]
    assert "model.one" in log.getvalue()
