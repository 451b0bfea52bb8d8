"""How sure inputs are that are all the latest is counted over rows: the same as of inputs that are joined."""

import random

import duckdb
import pytest

from tests.model_sql import rendered

INPUTS = ("one", "two", "three", "four")
QUALITY = "caution, n_reported, n_expected, round(coverage, 9), unit_set, is_synthetic, is_uneven, known_caution, "
QUALITY += "round(known_coverage, 9), is_broken"
KEYS = "using (map, org_unit_key, period_key)"


def rows(chance: random.Random) -> list[tuple[object, ...]]:
    """Of a hundred units some inputs each, of few sets of units, so that the same often meet."""
    found: list[tuple[object, ...]] = []
    for unit in range(100):
        given = chance.sample(range(1, 5), k=chance.choice((1, 3, 4, 4, 4)))
        sets = chance.choice(((0, 11), (11,), (11, 12, None), (0,)))
        for number in given:
            expected = chance.choice((None, 1, 3, 10, 10))
            reported = chance.choice((None, 1, 3)) if expected is None else chance.randint(expected - 1, expected)
            coverage = chance.choice((1.0, 1.0, 0.9, 0.75))
            status = chance.choice("AAAAVPIEFDB")
            seen = (unit / 3, status, reported, expected, coverage, chance.choice(sets))
            found.append(("current", unit, 1, number, *seen, chance.choice((True, False, None)), number))
    return found


def beside_each_other() -> str:
    return rendered(
        "with latest as (select latest.*, {{ status_caution('latest.obs_status') }} as caution, "
        "{{ first_of_row('latest.unit_set') }} as first_set, {{ first_of_row('latest.n_reported') }} as first_count "
        f"from given as latest) {{{{ beside_each_other('latest', {list(INPUTS)}) }}}}"
    )


def joined() -> str:
    ctes = ", ".join(
        f"in_{name} as (select * exclude (input_no) from given where input_no = {number})"
        for number, name in enumerate(INPUTS, start=1)
    )
    joins = " ".join(f"full outer join in_{name} {KEYS}" for name in INPUTS[1:])
    return rendered(
        f"with {ctes} select map, org_unit_key, period_key, {{{{ weakest_of({list(INPUTS)}, []) }}}}, "
        f"{{{{ known_of({list(INPUTS)}) }}}} from in_{INPUTS[0]} {joins}"
    )


@pytest.mark.parametrize("seed", range(5))
def test_rows_below_each_other_are_as_sure_as_joined_ones(seed: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            """create table given (map varchar, org_unit_key integer, period_key integer, input_no integer,
            obs_value double, obs_status varchar, n_reported integer, n_expected integer, coverage double,
            unit_set bigint, is_synthetic boolean, method_version integer)"""
        )
        connection.executemany(
            "insert into given values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows(random.Random(seed))
        )
        found, wanted = (
            connection.execute(f"select org_unit_key, {QUALITY} from ({sql}) order by 1").fetchall()
            for sql in (beside_each_other(), joined())
        )
    assert found == wanted
    assert len({row[1:] for row in found}) > 20, "hardly any of the rules was met"
