"""Bodies on both maps through any history: each has what became part of it, nobody counts twice, no area has any."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from tests.body_histories import TREES, administrations
from tests.org_histories import MONTHS, Country
from tests.two_maps import empty_warehouse
from tests.unit.test_two_maps import MEASURE, faults, fill, residuals, values_of

Found = dict[str, tuple[Decimal | None, int, int]]
"""Value, reported and expected units by unit."""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as made:
        empty_warehouse(made, MONTHS, [MEASURE])
        yield made


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(country=administrations())
def test_on_any_history_a_body_has_what_became_part_of_it_and_nobody_counts_twice(
    connection: duckdb.DuckDBPyConnection, country: Country
) -> None:
    reference = country.reference()
    assert faults(reference) == []
    fill(connection, reference, country.values)
    today, reported, left = values_of(connection, "current"), values_of(connection, "reported"), residuals(connection)
    for month, day in MONTHS.items():
        given = {code: value for (code, when), value in country.values.items() if when == month}
        bodies = {code: value for code, value in given.items() if code[0] in TREES}
        assert bodies_of(reported, month) == {code: (value, 1, 1) for code, value in bodies.items()}
        assert bodies_of(today, month) == {
            found: row for tree in TREES for found, row in reckoned_of(country, tree, day, bodies).items()
        }
        assert {code: value for (code, when), value in left.items() if when == month} == {
            code: value - sum(part for part in ends.values() if part is not None)
            for code, value in bodies.items()
            if len(ends := country.reckoned(code, day, value)) > 1 and country.unknown(code, day)
        }
        areas = {code: value for code, value in given.items() if code[0] == "C"}
        for on in (today, reported):
            assert on.get(("VN", month), (None,))[0] == next(iter(areas.values()), None)


def bodies_of(found: dict[tuple[str, str], tuple[Decimal | None, int, int]], month: str) -> Found:
    return {code: row for (code, when), row in found.items() if when == month and code[0] in TREES}


def reckoned_of(country: Country, tree: str, day: date, bodies: dict[str, Decimal]) -> Found:
    """What each body of a tree has on today's map, walked by hand; nothing where nobody of the tree reported."""
    here = country.of(tree, day)
    if not any(code in bodies for code in here):
        return {}
    found: Found = {}
    for body in country.of(tree):
        parts = {
            code: ends for code in here if body in (ends := country.reckoned(code, day, bodies.get(code, Decimal(0))))
        }
        if set(parts) == {body} and not any(body in event[1:3] and event[3] > day for event in country.moves):
            parts = {code: ends for code, ends in parts.items() if code in bodies}
        if parts:
            found[body] = _summed(country, body, day, bodies, parts)
    return found


def _summed(
    country: Country, body: str, day: date, bodies: dict[str, Decimal], parts: dict[str, dict[str, Decimal | None]]
) -> tuple[Decimal | None, int, int]:
    values, n_reported = [], 0
    for code, ends in parts.items():
        if any(upper in bodies and upper in parts for upper in country.above(code, day)):
            n_reported += 1  # Contained in the figure of the body above.
        elif code in bodies:
            is_whole = len(ends) == 1
            n_reported += is_whole or body not in country.unknown(code, day)
            values.append(bodies[code] if is_whole else ends[body])
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None, n_reported, len(parts)
