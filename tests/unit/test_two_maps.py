"""Both maps through any history: today's sums and what cannot be placed are what was reported, to the digit."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from indicator_specs.event_checks import event_faults
from indicator_specs.keys import stable_key
from indicator_specs.reference import Reference
from indicator_specs.reference_checks import Numbered, history_faults, unit_faults
from tests.org_histories import MONTHS, Country, countries
from tests.two_maps import MODELS, empty_warehouse, fill_reference, observe

MEASURE = stable_key("m")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as made:
        empty_warehouse(made, MONTHS, [MEASURE])
        yield made


def fill(connection: duckdb.DuckDBPyConnection, reference: Reference, values: dict[tuple[str, str], Decimal]) -> None:
    """Write a history and what was reported, and run the models."""
    fill_reference(connection, reference)
    connection.execute("truncate int_observations")
    for month in MONTHS:
        observe(connection, MEASURE, month, {code: value for (code, when), value in values.items() if when == month})
    for model in MODELS:
        connection.execute(model)


def values_of(connection: duckdb.DuckDBPyConnection, on: str) -> dict[tuple[str, str], tuple[Decimal | None, int, int]]:
    """Value, reported and expected units by unit and month, on a map."""
    rows = connection.execute(
        """select u.org_unit_code, p.time_period, v.obs_value, v.n_reported, v.n_expected from int_measure_values as v
        join reference.org_unit as u using (org_unit_key) join reference.period as p using (period_key)
        where v.map = ?""",
        [on],
    ).fetchall()
    assert len({row[:2] for row in rows}) == len(rows)
    return {(code, month): (value, reported, expected) for code, month, value, reported, expected in rows}


def residuals(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Decimal]:
    return {
        (code, month): value
        for code, month, value in connection.execute(
            """select u.org_unit_code, p.time_period, r.obs_value from int_residual as r
            join reference.org_unit as u using (org_unit_key) join reference.period as p using (period_key)"""
        ).fetchall()
    }


def faults(reference: Reference) -> list[object]:
    empty: Numbered[object] = Numbered("x", [])
    units = Numbered("x", list(enumerate(reference.org_units.values())))
    events = Numbered("x", list(enumerate(reference.events)))
    places = Numbered("x", list(enumerate(reference.other_places)))
    return [
        *unit_faults([units], reference),
        *event_faults([events], reference),
        *history_faults(empty, places, empty, reference),  # type: ignore[arg-type]
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(country=countries())
def test_on_any_history_todays_sum_and_the_residual_are_what_was_reported(
    connection: duckdb.DuckDBPyConnection, country: Country
) -> None:
    reference = country.reference()
    assert faults(reference) == []
    fill(connection, reference, country.values)
    today, reported, left = values_of(connection, "current"), values_of(connection, "reported"), residuals(connection)
    for month, day in MONTHS.items():
        given = {code: value for (code, when), value in country.values.items() if when == month}
        if not given:
            continue
        whole = sum(given.values(), Decimal(0))
        got, is_lost = reckon(country, month, given)
        communes = {code: value for (code, when), (value, _, _) in today.items() if when == month and code[0] == "C"}
        assert {code: value for code, value in communes.items() if value is not None} == got
        assert sum(got.values(), Decimal(0)) + sum(v for (_, when), v in left.items() if when == month) == whole
        assert {code for code, when in left if when == month} == {code for code in given if is_lost[code]}
        n_there = len(country.of("C", day))
        assert today["VN", month] == reported["VN", month] == (whole, len(given), n_there)
        for province in country.of("P", day):
            assert reported.get((province, month), (None,))[0] == sum_or_none(
                value for code, value in given.items() if country.parent(code, day) == province
            )
        for province in country.of("P"):
            assert today.get((province, month), (None,))[0] == held(country, month, given, province)


def reckon(country: Country, month: str, given: dict[str, Decimal]) -> tuple[dict[str, Decimal], dict[str, bool]]:
    """What each commune of today has, and whether a part of a figure could not be placed.

    What was split and came together again in one commune is there whole, whatever the shares.
    """
    got: dict[str, Decimal] = defaultdict(Decimal)
    is_lost = {}
    for code, value in given.items():
        ends = country.reckoned(code, MONTHS[month], value)
        is_lost[code] = len(ends) > 1 and bool(country.unknown(code, MONTHS[month]))
        for end, part in ends.items():
            placed = value if len(ends) == 1 else part
            if placed is not None:
                got[end] += placed
    return dict(got), is_lost


def held(country: Country, month: str, given: dict[str, Decimal], province: str) -> Decimal | None:
    """A province has a figure whole if all its ends lie there, whatever the shares; else the parts that are known."""
    parts: list[Decimal] = []
    for code, value in given.items():
        ends = country.reckoned(code, MONTHS[month], value)
        inside = {end: part for end, part in ends.items() if country.parent(end) == province}
        if inside and len(inside) == len(ends):
            parts.append(value)
        else:
            parts += [part for part in inside.values() if part is not None]
    return sum_or_none(parts)


def sum_or_none(values: object) -> Decimal | None:
    found = list(values)  # type: ignore[call-overload]
    return sum(found, Decimal(0)) if found else None
