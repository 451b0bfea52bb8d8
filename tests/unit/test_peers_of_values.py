"""A first report beside other units: a slip of the unit is far out, a large unit is not."""

import random
from decimal import Decimal

import pytest

from expectations.peers import ENOUGH_PEERS, Field
from tests.judging import PERIOD, frame, history, reading

N_BOOKS, N_COLUMNS = 300, 3_000


def n_told(peers: list[Decimal]) -> int:
    """Of a column, the values that are told."""
    field = Field.of(peers)
    assert field is not None
    return sum(field.slip(value, is_count=False) != 1 for value in peers)


def sizes(chance: random.Random, spread: float, n_units: int) -> list[Decimal]:
    return [Decimal(max(1, round(chance.lognormvariate(7, spread)))) for _ in range(n_units)]


@pytest.mark.parametrize("spread", [0.3, 0.8, 1.5, 2.5])
def test_units_of_any_spread_are_no_slips_of_the_unit(spread: float) -> None:
    chance = random.Random(57)
    for _ in range(N_BOOKS):
        assert n_told(sizes(chance, spread, chance.randint(ENOUGH_PEERS, 130))) == 0


@pytest.mark.parametrize("n_units", [ENOUGH_PEERS, 34])
def test_few_units_that_differ_much_are_rarely_told(n_units: int) -> None:
    chance = random.Random(57)
    columns = [[Decimal(chance.lognormvariate(9, 3)) for _ in range(n_units)] for _ in range(N_COLUMNS)]
    assert sum(n_told(column) > 0 for column in columns) <= N_COLUMNS / 1_000, "simulated: 0.05 %"


@pytest.mark.parametrize(("power", "named"), [(10, 1), (100, 100), (1000, 1000)])
def test_a_usual_value_a_hundred_or_a_thousand_times_too_large_is_one(power: int, named: int) -> None:
    peers = sizes(random.Random(57), 0.7, 60)
    usual = sorted(peers)[30]
    large, small = Field.of([*peers, usual * power]), Field.of([*peers, usual / power])
    assert large is not None
    assert small is not None
    assert large.slip(usual * power, is_count=True) == named
    assert small.slip(usual / power, is_count=False) == named


def test_a_small_count_is_no_slip() -> None:
    field = Field.of([Decimal(900 + number) for number in range(30)])
    assert field is not None
    assert field.slip(Decimal(3), is_count=True) == 1
    assert field.slip(Decimal(3), is_count=False) == 100


def test_units_of_which_half_are_equal_show_no_distance() -> None:
    equal = [Decimal(1)] * 23 + [Decimal(1) + Decimal("1e-12")] * 7
    assert Field.of([*equal, Decimal(250), Decimal(2), Decimal(3)]) is None
    differing = [Decimal(n) for n in range(1, 11)]
    assert Field.of([*equal[:10], *differing, Decimal(250)]) is not None


def told(n_units: int, *before: tuple[str, str, str, str], value: str = "10000") -> list[object]:
    rows = reading(n_units, E5={"obs_value": value})
    facts = frame(rows, history=history(*before) if before else None)
    return facts.filter(facts["place"] == "Số liệu!E5")["times_off_peers"].to_list()


def test_peers_are_asked_where_there_is_no_past_and_there_are_enough_of_them() -> None:
    assert told(25) == [100]
    assert told(5) == [None]
    assert told(25, value="-10000") == [None], "it is told already that it cannot be"
    others = [("docs.all", f"C{number:05d}", "2026-08", str(number)) for number in range(100, 120)]
    assert PERIOD == "2026-09"
    assert told(5, *others) == [100]
    assert told(25, ("docs.all", "C00001", "2026-08", "9900")) == [None]
