"""The same digits whatever the order of rows and the number of threads: sums are made in decimals."""

import duckdb
import pytest

from indicator_specs.formula import InputColumn, compile_formula
from indicator_specs.units import UNITS
from tests.formula_sql import query

FORMULAS = ["share_of_total(x / 3)", "zscore(x / 3)", "rolling_sum(x / 3, 12)", "ytd(x / 7)", "percentile(x)"]
SPINE = """create or replace table spine as
select
    'm' as map, unit as org_unit_key, 4024240 + n as period_key,
    n // 12 as period_year, n % 12 + 1 as period_position,
    'commune' as level, 'commune' as peer_group, sin(unit * 12.9898 + n * 78.233) * pow(10, unit % 9) as x
from range(400) as units(unit), range(36) as periods(n)
order by hash(unit * 1000 + n + {seed})"""


@pytest.mark.parametrize("formula", FORMULAS)
def test_neither_order_nor_threads_change_a_digit(formula: str) -> None:
    compiled = compile_formula(formula, {"x": InputColumn(UNITS["ratio"])})
    found = set()
    with duckdb.connect() as connection:
        for seed, threads in ((1, 1), (2, 4), (3, 4), (4, 2)):
            connection.execute(SPINE.format(seed=seed))
            connection.execute(f"set threads = {threads}")
            (digits,) = connection.execute(
                f"select md5(string_agg(obs_value, ' ' order by org_unit_key, period_key)) from ({query(compiled)})"
            ).fetchone() or (None,)
            found.add(digits)
    assert len(found) == 1


def test_a_sum_of_doubles_would_not_pass() -> None:
    """What is guarded against is real: the same sums in doubles differ with the order of rows."""
    found = set()
    with duckdb.connect() as connection:
        for seed in range(1, 9):
            connection.execute(SPINE.format(seed=seed))
            rows = connection.execute("select period_key, sum(x / 3) from spine group by all order by all").fetchall()
            found.add(tuple(rows))
    assert len(found) > 1
