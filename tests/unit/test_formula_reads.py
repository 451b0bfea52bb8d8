"""Which periods a value reads."""

import pytest

from indicator_specs.formula import parse
from indicator_specs.formula.reads import reads
from indicator_specs.periods import parse as parse_period


@pytest.mark.parametrize(
    ("text", "period", "own"),
    [
        ("100 * a / b", "2026-05", ["a 2026-05", "b 2026-05"]),
        ("growth(a)", "2026-05", ["a 2026-05", "a 2026-04"]),
        ("growth(a, 3) + b", "2026-05", ["a 2026-05", "a 2026-02", "b 2026-05"]),
        ("yoy(a / b)", "2026-Q1", ["a 2026-Q1", "b 2026-Q1", "a 2025-Q1", "b 2025-Q1"]),
        ("ytd(a)", "2026-03", ["a 2026-03", "a 2026-02", "a 2026-01"]),
        ("rolling_mean(lag(a, 1), 2)", "2026-03", ["a 2026-02", "a 2026-01"]),
        ("latest(a, 2)", "2026", ["a 2026", "a 2025", "a 2024"]),
        ("cagr(a, '2020')", "2025", ["a 2025", "a 2020"]),
        ("rank(a) + at(b, '2020')", "2026", ["a 2026", "b 2020"]),
        ("share_units(a >= 80)", "2026-05", []),
    ],
)
def test_the_periods_of_a_formula(text: str, period: str, own: list[str]) -> None:
    found = reads(parse(text, ["a", "b"]), parse_period(period)).own
    assert [f"{name} {each.time_period}" for name, each in found] == own


def test_other_units_are_told_apart() -> None:
    found = reads(parse("zscore(a) + share_units(b > 1, 'commune')", ["a", "b"]), parse_period("2026"))
    assert found.beside == ("a",)
    assert found.below == (("b", "commune"),)
    assert reads(parse("goalposts(a, 0, 1)", ["a"]), parse_period("2026")).beside == ()
