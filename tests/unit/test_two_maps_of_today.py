"""Both maps on the real tables: 63 provinces into 34, 10,040 units of commune level into 3,321; who counts once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from indicator_specs.keys import stable_key
from indicator_specs.reference import Reference
from indicator_specs.reference_files import load_reference
from indicator_specs.registry import REFERENCE
from tests.two_maps import MODELS, empty_warehouse, fill_reference, observe

BY_COMMUNES, BY_PROVINCES, BOTH, FEWER, OTHERS, BY_BODIES = (stable_key(f"measure {number}") for number in range(6))
EARLY, BEFORE, AFTER = "2025-01", "2025-05", "2026-09"


@pytest.fixture(scope="module")
def reference() -> Reference:
    tables, problems = load_reference(REFERENCE)
    assert not problems
    return tables


BODIES = ("G06", "MIC", "G12", "MPI", "NSO", "MONRE", "VPTW")
"""Ministries of before 1/3/2025, the statistics office below one of them, and a Party body."""


def figure(code: str) -> Decimal:
    """A figure of a unit, with nine decimals."""
    return Decimal(stable_key(code)) / 10**9 * (-1 if stable_key(code) % 7 == 0 else 1) * 1000


@pytest.fixture(scope="module")
def warehouse(reference: Reference) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as made:
        measures = (BY_COMMUNES, BY_PROVINCES, BOTH, FEWER, OTHERS, BY_BODIES)
        months = {EARLY: date(2025, 1, 31), BEFORE: date(2025, 5, 31), AFTER: date(2026, 9, 30)}
        empty_warehouse(made, months, measures)
        fill_reference(made, reference)
        former = [unit.org_unit_code for unit in reference.of_level("commune", date(2025, 5, 31))]
        provinces = [unit.org_unit_code for unit in reference.of_kind("former_province")]
        today = [unit.org_unit_code for unit in reference.children("P01", date(2026, 9, 30))]
        observe(made, BY_COMMUNES, BEFORE, {code: figure(code) for code in former})
        observe(made, BY_PROVINCES, BEFORE, {code: figure(code) for code in provinces})
        observe(made, BOTH, BEFORE, {code: figure(code) for code in [*former, "F79", "F01"]})
        observe(made, FEWER, AFTER, {code: figure(code) for code in today[1:]})
        observe(made, OTHERS, AFTER, {code: figure(code) for code in today[:-1]})
        observe(made, BY_BODIES, EARLY, {code: figure(code) for code in [*BODIES, *provinces]})
        for model in MODELS:
            made.execute(model)
        yield made


def today(made: duckdb.DuckDBPyConnection, measure: int, on: str = "current") -> dict[str, tuple[Decimal, int, int]]:
    rows = made.execute(
        """select u.org_unit_code, v.obs_value, v.n_reported, v.n_expected from int_measure_values as v
        join reference.org_unit as u using (org_unit_key) where v.map = ? and v.measure_key = ?""",
        [on, measure],
    ).fetchall()
    return {code: tuple(rest) for code, *rest in rows}  # type: ignore[misc]


def into(reference: Reference, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for event in reference.events:
        if event.moves and reference.unit(event.from_code).level == kind:
            found[event.from_code].append(event.to_code)
    return found


def test_the_sum_over_34_is_the_sum_over_63(warehouse: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    values = today(warehouse, BY_PROVINCES)
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for former, (new,) in into(reference, "province").items():
        expected[new] += figure(former)
    assert len(expected) == 34
    assert {code: values[code][0] for code in expected} == expected
    whole = sum(figure(unit.org_unit_code) for unit in reference.of_kind("former_province"))
    assert sum(expected.values()) == whole
    assert values["VN"] == today(warehouse, BY_PROVINCES, "reported")["VN"] == (whole, 63, 63)


def test_10040_units_reach_34_provinces_whole_and_3321_communes_but_for_the_residual(
    warehouse: duckdb.DuckDBPyConnection, reference: Reference
) -> None:
    values, reached = today(warehouse, BY_COMMUNES), into(reference, "commune")
    assert len(reached) == 10040
    provinces: dict[str, Decimal] = defaultdict(Decimal)
    communes: dict[str, Decimal] = defaultdict(Decimal)
    for former, successors in reached.items():
        (province,) = {reference.unit(code).parent_code for code in successors}
        provinces[province] += figure(former)
        if len(successors) == 1:
            communes[successors[0]] += figure(former)
    assert {code: values[code][0] for code in provinces} == provinces
    placed = {code: row[0] for code, row in values.items() if code[0] == "C" and row[0] is not None}
    assert placed == communes
    left = warehouse.execute(
        """select u.org_unit_code, r.obs_value, r.reported_value, h.org_unit_code from int_residual as r
        join reference.org_unit as u using (org_unit_key)
        join reference.org_unit as h on r.held_key = h.org_unit_key where r.measure_key = ?""",
        [BY_COMMUNES],
    ).fetchall()
    assert {code for code, *_ in left} == {code for code, successors in reached.items() if len(successors) > 1}
    assert all(value == reported == figure(code) for code, value, reported, _ in left)
    assert {holder for *_, holder in left} <= set(provinces)
    whole = sum(figure(code) for code in reached)
    assert sum(placed.values()) + sum(value for _, value, *_ in left) == whole
    assert values["VN"] == today(warehouse, BY_COMMUNES, "reported")["VN"] == (whole, 10040, 10040)


def test_a_commune_that_took_in_a_part_of_unknown_size_is_not_covered(
    warehouse: duckdb.DuckDBPyConnection, reference: Reference
) -> None:
    values, parts, wholes = today(warehouse, BY_COMMUNES), Counter[str](), Counter[str]()
    for successors in into(reference, "commune").values():
        (wholes if len(successors) == 1 else parts).update(successors)
    communes = [unit.org_unit_code for unit in reference.of_kind("commune")]
    assert {code: values[code][1:] for code in communes} == {
        code: (wholes[code], wholes[code] + parts[code]) for code in communes
    }


def test_a_former_province_that_reported_counts_instead_of_its_communes_on_both_maps(
    warehouse: duckdb.DuckDBPyConnection, reference: Reference
) -> None:
    former = reference.of_level("commune", date(2025, 5, 31))
    below = {code: [u.org_unit_code for u in former if u.parent_code == code] for code in ("F79", "F74", "F77")}
    south = figure("F79") + sum(figure(code) for code in below["F74"] + below["F77"])
    n_south = sum(map(len, below.values()))
    assert today(warehouse, BOTH)["P79"] == (south, n_south, n_south)
    whole = sum(figure(u.org_unit_code) for u in former if u.parent_code not in ("F79", "F01"))
    whole += figure("F79") + figure("F01")
    assert today(warehouse, BOTH)["VN"] == today(warehouse, BOTH, "reported")["VN"] == (whole, 10040, 10040)


def test_sums_over_as_many_but_other_units_bear_another_mark(warehouse: duckdb.DuckDBPyConnection) -> None:
    marks = warehouse.execute(
        """select v.measure_key, v.n_reported, v.unit_set from int_rolled as v
        join reference.org_unit as u using (org_unit_key)
        where u.org_unit_code = 'P01' and v.map = 'current' and v.measure_key in (?, ?)""",
        [FEWER, OTHERS],
    ).fetchall()
    (_, n_fewer, fewer), (_, n_others, others) = marks
    assert (n_fewer, n_others) == (125, 125)
    assert fewer != others


def test_ministries_that_merged_are_one_and_no_department_is_counted_beside_its_ministry(
    warehouse: duckdb.DuckDBPyConnection, reference: Reference
) -> None:
    values = today(warehouse, BY_BODIES)
    assert {code: row for code, row in values.items() if code[0] in "GMNVC" and code != "VN"} == {
        "G06": (figure("G06") + figure("MIC"), 2, 2),
        "G12": (figure("G12") + figure("MPI"), 2, 2),  # The statistics office lay below MPI, and is contained in it.
        "NSO": (figure("NSO"), 1, 1),
        "G10": (figure("MONRE"), 1, 2),
        "VPTW": (figure("VPTW"), 1, 1),
        "G09": (None, 0, 2),
        "G17": (None, 0, 2),
        "G21": (None, 0, 1),
    }
    whole = sum(figure(unit.org_unit_code) for unit in reference.of_kind("former_province"))
    assert values["VN"] == today(warehouse, BY_BODIES, "reported")["VN"] == (whole, 63, 63)
