"""Units balance: what a formula gives is what its indicator declares."""

import pytest

from indicator_specs.formula import InputColumn, compile_formula
from indicator_specs.units import RETIRED, UNITS

BALANCED = [
    ("100 * a / b", {"a": "dossier", "b": "dossier"}, "percent"),
    ("a / b", {"a": "dossier", "b": "dossier"}, "ratio"),
    ("100 * a / (a + b)", {"a": "dossier", "b": "dossier"}, "percent"),
    ("100 * (a - b) / b", {"a": "usd", "b": "usd"}, "percent"),
    ("100 * (a + b + c) / 3 / b", {"a": "task", "b": "task", "c": "task"}, "percent"),
    ("a / b", {"a": "usd", "b": "person"}, "usd_per_person"),
    ("1000 * a / b", {"a": "billion_vnd", "b": "person"}, "million_vnd_per_person"),
    ("1000000 * a / b", {"a": "person", "b": "person"}, "person_per_million"),
    ("a + b", {"a": "application", "b": "application"}, "application"),
    ("(a + b) / 2", {"a": "score_0_100", "b": "score_0_100"}, "score_0_100"),
    ("(100 * a + 200 * b + 150 * c) / 450", dict.fromkeys("abc", "score_0_1"), "score_0_1"),
    ("0.6 * a + 0.4 * b", {"a": "percent", "b": "percent"}, "percent"),
    ("(a * b * c) ^ (1 / 3)", dict.fromkeys("abc", "score_0_1"), "score_0_1"),
    ("100 - a", {"a": "percent"}, "percent"),
    ("greatest(0, least(100, a))", {"a": "percent"}, "percent"),
    ("a - 0.4 * b - 0.6 * c", dict.fromkeys("abc", "percent"), "percent"),
    ("100 * sqrt(a * b) / c", dict.fromkeys("abc", "person"), "percent"),
    ("a", {"a": "rank"}, "rank"),
]
OFF = [
    ("a / b", {"a": "dossier", "b": "dossier"}, "percent", "100"),
    ("100 * a / b", {"a": "dossier", "b": "dossier"}, "ratio", "0.01"),
    ("100 * a", {"a": "percent"}, "percent", "0.01"),
    ("a / b", {"a": "billion_vnd", "b": "person"}, "million_vnd_per_person", "1000"),
    ("100 * a / b", {"a": "dossier", "b": "person"}, "percent", "dossier × person^-1"),
    ("a * b", {"a": "dossier", "b": "dossier"}, "dossier", "dossier^2"),
    ("a", {"a": "usd"}, "billion_vnd", "usd"),
    ("a", {"a": "rank"}, "score_0_1", "rank"),
    ("(100 * a + 200 * b) / 300", dict.fromkeys("ab", "score_0_1"), "score_0_100", "100"),
]


@pytest.mark.parametrize(("formula", "inputs", "declared"), BALANCED)
def test_balanced(formula: str, inputs: dict[str, str], declared: str) -> None:
    compiled = compile_formula(formula, {name: InputColumn(UNITS[unit]) for name, unit in inputs.items()})
    assert compiled.unit.mismatch(UNITS[declared]) is None


@pytest.mark.parametrize(("formula", "inputs", "declared", "said"), OFF)
def test_off(formula: str, inputs: dict[str, str], declared: str, said: str) -> None:
    compiled = compile_formula(formula, {name: InputColumn(UNITS[unit]) for name, unit in inputs.items()})
    mismatch = compiled.unit.mismatch(UNITS[declared])
    assert mismatch is not None
    assert said in mismatch


def test_the_same_money_at_two_scales_is_not_added() -> None:
    with pytest.raises(ValueError, match="different scales"):
        compile_formula("a + b", {"a": InputColumn(UNITS["million_vnd"]), "b": InputColumn(UNITS["billion_vnd"])})
    brought = compile_formula(
        "a + 1000 * b", {"a": InputColumn(UNITS["million_vnd"]), "b": InputColumn(UNITS["billion_vnd"])}
    )
    assert brought.unit.mismatch(UNITS["million_vnd"]) is None


def test_every_unit_has_words_in_both_languages() -> None:
    for code, unit in UNITS.items():
        assert unit.code == code
        assert unit.label_vi
        assert unit.label_en
        assert unit.label_vi != unit.label_en
    assert set(RETIRED) <= set(UNITS)
    assert set(RETIRED.values()) <= set(UNITS) - set(RETIRED)
