"""What a formula may not say: refused at its place, with a reason and a way out."""

import pytest

from indicator_specs.formula import FormulaError, InputColumn, compile_formula
from indicator_specs.formula.lexicon import LONGEST
from indicator_specs.units import UNITS

UNITS_USED = {"dossiers": "dossier", "people": "person", "rate": "percent"}
INPUTS = {name: InputColumn(UNITS[unit]) for name, unit in UNITS_USED.items()}


@pytest.mark.parametrize(
    ("formula", "position", "found", "remedy"),
    [
        ("", -1, "an empty formula", "are known"),
        ("  ", -1, "an empty formula", "are known"),
        ("dosiers / people", 0, "not among the inputs", "did you mean 'dossiers'"),
        ("1 + xyz", 4, "not among the inputs", "there are: dossiers, people, rate"),
        ("dossiers -- people", 9, "an SQL comment", "a - (-b)"),
        ("dossiers /* x */ + people", 9, "an SQL comment", ""),
        ("dossiers; drop table x", 8, "a semicolon", ""),
        ("rate > 5", 0, "a comparison", "count_units"),
        ("case when rate then 1 end", 0, "a case expression", ""),
        ("cast(rate as int)", 0, "a cast", ""),
        ("rate::int", 4, "a cast", ""),
        ("(select 1)", 1, "a subquery", ""),
        ("sum(rate) over ()", 0, "function 'sum' is not allowed", "roll_up"),
        ("coalesce(rate, 0)", 0, "function 'coalesce'", "a missing input makes the value missing"),
        ("round(rate)", 0, "function 'round'", "presentation.decimals"),
        ("Greatest(rate, 0)", 0, "function 'Greatest'", "did you mean greatest"),
        ("read_csv('/etc/passwd')", 0, "function 'read_csv'", ""),
        ("rate + 'x'", 7, "a text", "at(x, '2020')"),
        ('"rate"', 0, "a quoted name", ""),
        ("rate and rate", 0, "a comparison", "count_units"),
        ("rate % 5", 5, "a per cent sign", "100 * a / b"),
        ("rate − 5", 5, "a typographic minus", "plain sign"),
        ("rate × 5", 5, "a multiplication sign", "use *"),
        ("a.rate", 0, "not among the inputs", ""),
        ("rate.x", 4, "the sign '.'", ""),
        ("1e5 * rate", 0, "not a plain decimal", "write 1000"),
        ("1_000 * rate", 0, "not a plain decimal", ""),
        ("0x1F * rate", 0, "not a plain decimal", ""),
        ("1.000.000 * rate", 0, "not a plain decimal", ""),
        ("(rate", 1, "does not parse", "brackets"),
        ("rate)", -2, "does not parse", "brackets"),
        ("rate rate", 0, "not allowed", ""),
        ("rate +", -2, "does not parse", ""),
        ("* rate", -2, "", ""),
        ("rate, rate", 4, "does not parse", ""),
        ("()", -1, "not allowed", ""),
        ("abs(rate, rate)", 0, "abs takes 1 arguments, not 2", "abs(x)"),
        ("power(rate)", 0, "power takes 2 arguments, not 1", "power(x, x)"),
        ("least(rate)", 0, "least takes 2–20 arguments, not 1", "least(x, x)"),
        ("-rate ^ 2", 1, "read in two ways", "brackets"),
        ("rate ^ 2 ^ 2", 0, "read in two ways", "brackets"),
        ("rate / 0", 0, "division by zero", ""),
        ("rate / (1 - 1)", 0, "division by zero", ""),
        ("100", -1, "uses no input", ""),
        ("dossiers + people", 0, "different units", "one unit"),
        ("least(dossiers, people)", 0, "different units", ""),
        ("exp(dossiers)", 0, "with a unit", ""),
        ("2 ^ dossiers", 4, "the exponent has a unit", ""),
        ("ích", 0, "not among the inputs", ""),
    ],
)
def test_refused_with_place_reason_and_remedy(formula: str, position: int, found: str, remedy: str) -> None:
    with pytest.raises(FormulaError) as caught:
        compile_formula(formula, INPUTS)
    assert found in caught.value.found
    assert remedy in caught.value.remedy
    assert caught.value.remedy
    if position != -2:
        assert caught.value.position == position
    assert " / " in str(caught.value), "one language only"


def test_too_long_or_too_deep_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(FormulaError, match="longer than"):
        compile_formula("rate + " * LONGEST + "rate", INPUTS)
    with pytest.raises(FormulaError, match="too deep"):
        compile_formula("(" * 500 + "rate" + ")" * 500, INPUTS)


def test_nesting_that_would_swell_is_refused() -> None:
    formula = "rate"
    for _ in range(14):
        formula = f"ln({formula})"
    with pytest.raises(FormulaError, match="too complex"):
        compile_formula(formula, INPUTS)


@pytest.mark.parametrize("name", ["select", "order", "case", "abs", "from", "desc"])
def test_a_word_of_sql_cannot_name_an_input(name: str) -> None:
    with pytest.raises(FormulaError, match="is a word of SQL"):
        compile_formula(name, {name: InputColumn(UNITS["ratio"])})


@pytest.mark.parametrize("name", ["rank", "year", "value", "index_score", "population", "count", "first", "rate_2"])
def test_everyday_words_may_name_an_input(name: str) -> None:
    assert compile_formula(f"2 * {name}", {name: InputColumn(UNITS["ratio"])}).inputs == (name,)
