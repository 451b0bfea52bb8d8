"""A first report beside other units: a slip of the unit is far out, a large unit is not."""

import random
from decimal import Decimal

import pytest

from expectations.peers import ENOUGH_PEERS, Field
from tests.judging import PERIOD, frame, history, reading

N_BOOKS = 300


def sizes(chance: random.Random, spread: float, n_units: int) -> list[Decimal]:
    return [Decimal(max(1, round(chance.lognormvariate(7, spread)))) for _ in range(n_units)]


@pytest.mark.parametrize("spread", [0.3, 0.8, 1.5, 2.5])
def test_units_of_any_spread_are_no_slips_of_the_unit(spread: float) -> None:
    chance = random.Random(57)
    for _ in range(N_BOOKS):
        peers = sizes(chance, spread, chance.randint(ENOUGH_PEERS, 130))
        field = Field.of(peers)
        assert [value for value in peers if field.slip(value, is_count=True) != 1] == []


@pytest.mark.parametrize(("power", "named"), [(10, 1), (100, 100), (1000, 1000)])
def test_a_usual_value_a_hundred_or_a_thousand_times_too_large_is_one(power: int, named: int) -> None:
    peers = sizes(random.Random(57), 0.7, 60)
    usual = sorted(peers)[30]
    assert Field.of([*peers, usual * power]).slip(usual * power, is_count=True) == named
    assert Field.of([*peers, usual / power]).slip(usual / power, is_count=False) == named


def test_a_small_count_is_no_slip() -> None:
    assert Field.of([Decimal(900)] * 30).slip(Decimal(3), is_count=True) == 1
    assert Field.of([Decimal(900)] * 30).slip(Decimal(3), is_count=False) == 100


def told(n_units: int, *before: tuple[str, str, str, str], value: str = "10000") -> list[object]:
    rows = reading(n_units, E5={"obs_value": value})
    facts = frame(rows, history=history(*before) if before else None)
    return facts.filter(facts["place"] == "Số liệu!E5")["times_off_peers"].to_list()


def test_peers_are_asked_where_there_is_no_past_and_there_are_enough_of_them() -> None:
    assert told(25) == [100]
    assert told(5) == [None]
    assert told(25, value="-10000") == [None], "it is told already that it cannot be"
    others = [("docs.all", f"C{number:05d}", "2026-08", "100") for number in range(100, 120)]
    assert PERIOD == "2026-09"
    assert told(5, *others) == [100]
    assert told(25, ("docs.all", "C00001", "2026-08", "9900")) == [None]
