"""The walk through pages as a value: what is asked next, when it ends, when it is refused."""

from typing import Any

import pytest

from connectors.errors import InconsistentSourceError, PermanentSourceError
from connectors.paging import Walk
from indicator_specs.http_sections import Paging


def walk(**paging: Any) -> Walk:
    return Walk(Paging.model_validate({"size": "2", **paging}), "s.d")


def test_page_numbers_go_up_until_the_total() -> None:
    steps = walk(style="page", total="/n")
    assert steps.params == {"page": "1", "size": "2"}
    steps.take({"n": "3"}, 2, "a")
    assert steps.params == {"page": "2", "size": "2"}
    steps.take({"n": "3"}, 1, "b")
    assert steps.params is None


def test_a_short_page_is_not_the_end_without_a_total() -> None:
    steps = walk(style="offset")
    steps.take({}, 1, "a")
    assert steps.params == {"offset": "1", "size": "2"}
    steps.take({}, 0, "b")
    assert steps.params is None


def test_an_empty_page_before_the_total_is_inconsistent() -> None:
    steps = walk(style="page", total="/n")
    steps.take({"n": "3"}, 2, "a")
    with pytest.raises(InconsistentSourceError, match="3 records and sent 2"):
        steps.take({"n": "3"}, 0, "b")


def test_a_total_that_changes_is_inconsistent() -> None:
    steps = walk(style="page", total="/n")
    steps.take({"n": "5"}, 2, "a")
    with pytest.raises(InconsistentSourceError, match="from 5 to 6"):
        steps.take({"n": "6"}, 2, "b")


def test_the_same_page_twice_is_a_circle() -> None:
    steps = walk(style="page")
    steps.take({}, 2, "a")
    with pytest.raises(PermanentSourceError, match="circles"):
        steps.take({}, 2, "a")


@pytest.mark.parametrize("last", [{}, {"next": None}, {"next": ""}])
def test_a_cursor_ends_where_none_is_given(last: dict[str, object]) -> None:
    steps = walk(style="cursor", next="/next")
    assert steps.params == {"size": "2"}
    steps.take({"next": "k1"}, 2, "a")
    assert steps.params == {"cursor": "k1", "size": "2"}
    steps.take(last, 2, "b")
    assert steps.params is None


def test_a_cursor_goes_on_past_an_empty_page() -> None:
    steps = walk(style="cursor", next="/next")
    steps.take({"next": "k1"}, 0, "a")
    assert steps.params == {"cursor": "k1", "size": "2"}


def test_no_more_pages_than_declared() -> None:
    steps = walk(style="page", max_pages="2")
    steps.take({}, 2, "a")
    with pytest.raises(PermanentSourceError, match="more than 2 pages"):
        steps.take({}, 2, "b")
