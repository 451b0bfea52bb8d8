"""The test of all values finds a row that stands more than once, however the rows lie; here its statement alone."""

import re

import duckdb
import jinja2
import pytest

from dbt_project.layout import PROJECT_DIR

ONE, TWO = 11, 12
Value = tuple[int, int, int, str]
"""Indicator, period, unit, map."""


def broken(values: list[Value]) -> list[tuple[str, str, str, str, str]]:
    """What the test finds in a table in which these values lie in this order."""
    text = (PROJECT_DIR / "macros" / "test_of_all_values.sql").read_text(encoding="utf-8")
    found = re.search(r"{% test sound_values\(model\) %}(.*?){% endtest %}", text, re.DOTALL)
    assert found is not None
    statement = jinja2.Template(found[1]).render(
        model="facts", source=lambda _, table: table, is_finite=lambda column: f"isfinite({column})"
    )
    with duckdb.connect() as connection:
        connection.execute(f"create table indicator as select unnest([{ONE}, {TWO}]) indicator_key, 'i' as indicator")
        connection.execute("create table org_unit as select 1 as org_unit_key, 'P01' as org_unit_code")
        connection.execute("create table period as select 7 as period_key, '2026-09' as time_period")
        connection.execute(
            "create table facts (indicator_key int, period_key int, org_unit_key int, map varchar, "
            "obs_value double default 1, obs_status varchar default 'A')"
        )
        for value in values:
            connection.execute(
                "insert into facts (indicator_key, period_key, org_unit_key, map) values (?,?,?,?)", value
            )
        return connection.execute(statement).fetchall()


SOUND: list[Value] = [
    (ONE, 7, 1, "current"),
    (ONE, 7, 1, "reported"),
    (ONE, 7, 2, "current"),
    (ONE, 8, 1, "current"),
    (TWO, 7, 1, "current"),
]


@pytest.mark.parametrize("values", [SOUND, SOUND[::-1], [*SOUND, (ONE, 9, 1, "current")], []])
def test_rows_that_stand_once_are_sound_in_any_order(values: list[Value]) -> None:
    assert broken(values) == []


@pytest.mark.parametrize(
    "values",
    [
        [SOUND[0], *SOUND],
        [*SOUND[:4], SOUND[0], SOUND[4]],
        [*SOUND, SOUND[0]],
        [SOUND[0], *SOUND[::-1]],
    ],
    ids=["side by side", "further on in its indicator", "in a second piece", "in falling order"],
)
def test_a_row_that_stands_twice_is_found_wherever_it_lies(values: list[Value]) -> None:
    assert broken(values) == [("i", "P01", "2026-09", "current", "stands more than once")]
