"""What functions of time, peers and child units may not be given, and what tries to be more than a formula."""

import pytest

from indicator_specs.formula import FormulaError, InputColumn, compile_formula
from indicator_specs.periods import Frequency
from indicator_specs.units import UNITS

UNITS_USED = {"dossiers": "dossier", "people": "person", "rate": "percent", "score": "score_0_1"}
INPUTS = {name: InputColumn(UNITS[unit], name == "score") for name, unit in UNITS_USED.items()}
WHOLE = "a whole number from 1"


@pytest.mark.parametrize(
    ("formula", "position", "found", "remedy"),
    [
        ("lag(rate)", 0, "lag takes 2 arguments, not 1", "lag(x, 12)"),
        ("change(rate, 1, 2)", 0, "change takes 1–2 arguments, not 3", "change(x, 12)"),
        ("minmax()", 0, "takes 1 arguments, not 0", ""),
        ("goalposts(rate, 0)", 0, "takes 3 arguments, not 2", "goalposts(x, 0, 100)"),
        ("lag(rate, 0)", 10, WHOLE, "1 to 400"),
        ("lag(rate, 1.5)", 10, WHOLE, ""),
        ("lag(rate, -1)", 11, WHOLE, ""),
        ("lag(rate, dossiers)", 10, WHOLE, ""),
        ("lag(rate, 1 + 1)", 10, WHOLE, ""),
        ("rolling_sum(rate, 401)", 18, WHOLE, ""),
        ("lag(rate, '1')", 10, WHOLE, ""),
        ("latest(rate, '24 months')", 13, "a text", "only '2020' or 'commune'"),
        ("lag(5, 1)", 0, "lag of a constant", "put an input inside"),
        ("rank(2 * 3)", 0, "rank of a constant", ""),
        ("count_units(5 > 3)", 0, "count_units of a constant", ""),
        ("at(rate, 2020)", 9, "a quoted word belongs here", "'2020'"),
        ("at(rate, '2020')", 9, "2020 is yearly, the indicator monthly", "'2020-12'"),
        ("cagr(rate, '2020-Q1')", 11, "2020-Q1 is quarterly", "'2020-03'"),
        ("index_base(rate, '2020-13')", 17, "is not a period", ""),
        ("at('2020-01', rate)", 3, "a text", ""),
        ("at(rate, '2020'' or 1=1')", 15, "a text", ""),
        ("goalposts(rate, 5, 5)", 16, "the two ends are equal", "two numbers"),
        ("goalposts(rate, 1, 2 - 1)", 16, "the two ends are equal", ""),
        ("goalposts(rate, dossiers, 5)", 16, "a constant belongs here", ""),
        ("count_units(rate)", 12, "a condition belongs here", "x >= 80 and y < 5"),
        ("count_units(rate > 5 and dossiers)", 25, "a condition belongs here", ""),
        ("count_units(rate > 5 > 3)", 12, "a comparison", ""),
        ("count_units((rate > 5) = (rate < 8))", 13, "a comparison", ""),
        ("count_units(rate > dossiers)", 12, "different units", "amounts of one unit"),
        ("count_units(rate > 5, 'nation')", 22, "no level below another", "ministry, province, commune"),
        ("count_units(rate > 5, 'comune')", 22, "no level", "did you mean 'commune'"),
        ("count_units(rate > 5, commune)", 22, "not among the inputs", ""),
        ("count_units(rate > 5 AND rate < 6)", 21, "in capitals", "write and"),
        ("count_units(rate is null)", 17, "a comparison", ""),
        ("count_units(rate in (1, 2))", 17, "a comparison", ""),
        ("count_units(rate between 1 and 5)", 17, "a comparison", ""),
        ("lag(rate > 5, 1)", 4, "a comparison", "only inside count_units"),
        ("lag(rate, 1) < 5", 0, "a comparison", ""),
        ("not rate", 4, "a comparison", ""),
        ("lag(rate,, 1)", 9, "nothing stands between", "drop the comma"),
        ("lag(rate, 1,)", 12, "nothing stands between", ""),
        ("lag(, 1)", 4, "nothing stands between", ""),
        ("lags(rate, 1)", 0, "function 'lags'", "did you mean lag?"),
        ("LAG(rate, 1)", 0, "function 'LAG'", "did you mean lag?"),
        ("rank(rate) + dossiers", 0, "different units", ""),
        ("growth(rate) + rank(rate)", 0, "different units", ""),
        ("change(dossiers) + people", 0, "different units", ""),
        ("lag(rate, 1)(2)", -2, "", ""),
        ("(rate)(rate)", 1, "not allowed", ""),
        ("rate" + " + rate" * 100, -1, "nested more than 80 deep", "several indicators"),
        ("- " * 900 + "rate", -1, "nested more than 80 deep", ""),
        ("lag(" * 13 + "rate" + ",1)" * 13, -1, "need 13 steps", ""),
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


INJECTIONS = """
rate; select 1
rate; drop table ind_rate
rate -- x
rate/**/+1
rate /* x */
rate # x
(select 1)
(select max(rate) from spine)
rate union select 1
exists(select 1)
read_parquet('a')
read_csv('/etc/passwd')
getvariable('x')
getenv('HOME')
query('select 1')
current_setting('x')
pragma_table_info('x')
lag(rate, 1) over (order by rate)
lag(rate, 1) filter (where rate > 1)
lag(rate, 1) within group (order by rate)
lag(distinct rate, 1)
lag(rate => 1)
lag(rate, n := 1)
rate -> rate
rate ->> 'x'
rate :: int
rate || rate
rate[1]
rate.rate
spine.rate
"rate"
`rate`
[rate]
'rate'
'rate' + 1
rate + '2020'
e'rate'
x'00'
$1
$$rate$$
?
:name
@rate
{{ rate }}
{% if true %} rate {% endif %}
{# rate #} rate
ref('x')
env_var('SECRET')
var('x')
adapter.dispatch('x')
rate + period_key
org_unit_key + rate
method_of_score + rate
row_number()
sum(rate)
random() * rate
now()
current_date + rate
pi() * rate
case when rate > 1 then 1 end
if(rate > 1, 1, 0)
cast(rate as int)
try_cast(rate as int)
coalesce(rate, 0)
nullif(rate, 0)
rate is null
rate like 'x'
rate collate nocase
interval(rate)
lambda x: x
rate + 1e5
rate + 0x1F
rate + 1_000
rate + .5
rate + 1.
rate \\ 2
rate & 1
rate | 1
~ rate
rate ! 2
rate ;;
rate + ｒate
rаte
at(rate, '2020-01'') or (''1')
at(rate, '2020-01; drop table x')
at(rate, '')
at(rate, '2020-01"')
count_units(rate > 5, 'commune'') --')
count_units(rate > 5, '{{ x }}')
count_units(rate > (select 1))
count_units(true)
count_units(null)
count_units(rate > null)
count_units(rate > 5 or 1)
count_units(rate > 5 xor rate < 1)
count_units(rate = any(rate))
count_units(*)
count_units(rate > 5).x
""".strip().splitlines()


@pytest.mark.parametrize("formula", INJECTIONS)
def test_nothing_but_a_formula_gets_through(formula: str) -> None:
    with pytest.raises(FormulaError) as caught:
        compile_formula(formula, INPUTS)
    assert caught.value.position < len(formula)
    assert " / " in caught.value.found


def test_the_sql_of_a_formula_holds_no_word_of_its_author_but_inputs() -> None:
    compiled = compile_formula("at(rate, '2020-01') + share_units(rate > 5, 'commune') * 100", INPUTS)
    everything = compiled.expression_sql + "".join(column.sql for step in compiled.steps for column in step.columns)
    assert "'" not in everything
    assert '"' not in everything


@pytest.mark.parametrize("name", ["period_key", "level", "peer_group", "obs_value", "method_of_rate"])
def test_names_that_every_model_uses_are_kept(name: str) -> None:
    with pytest.raises(FormulaError, match="every model uses"):
        compile_formula(name, {name: InputColumn(UNITS["ratio"])})


@pytest.mark.parametrize(
    ("frequency", "period"),
    [("weekly", "2020-01"), ("yearly", "2020-W01"), ("nine_monthly", "2020"), ("quarterly", "2020-S1")],
)
def test_a_base_period_is_of_the_frequency_of_the_indicator(frequency: Frequency, period: str) -> None:
    with pytest.raises(FormulaError, match=f"the indicator {frequency}"):
        compile_formula(f"at(rate, '{period}')", INPUTS, frequency)
