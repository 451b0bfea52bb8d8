"""Judgement with the part of the past that a reading is held against says what it says with all of it."""

import random
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.history import Wanted, observations_of
from tests.judging import COLUMNS, frame, history, reading, terms

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)] + [f"2026-{month:02d}" for month in range(1, 10)]
UNITS = [f"C{number:05d}" for number in range(1, 41)]


def a_past(chance: random.Random, folder: Path) -> tuple[Path, pl.DataFrame]:
    """A release's observations, of these measures and of another, with gaps."""
    rows = [
        (measure, unit, month, str(chance.randint(20, 200)))
        for measure in (*COLUMNS, "other.measure")
        for unit in UNITS
        for month in MONTHS
        if chance.random() < 0.5
    ]
    whole, file = history(*rows), folder / "mart.duckdb"
    with duckdb.connect(str(file)) as sealed:
        sealed.register("past", whole.rename({"org_unit": "org_unit_code", "producer": "producer_code"}).to_arrow())
        sealed.execute("create schema lineage")
        sealed.execute("create table lineage.lineage_observation as from past")
    return file, whole


def a_reading(chance: random.Random) -> pl.DataFrame:
    """Values near and far, codes and periods as people write them."""
    cells = {}
    for column in COLUMNS.values():
        for line in range(5, 30):
            value = chance.randint(20, 200) * chance.choice([1, 1, 1, 1, 100, 1000])
            cells[f"{column}{line}"] = {"obs_value": str(value), "value_text": str(value)}
            if chance.random() < 0.2:
                cells[f"{column}{line}"]["org_unit"] = f" c{line - 4:05d}"
            if chance.random() < 0.2:
                cells[f"{column}{line}"]["time_period"] = chance.choice(["Tháng 9/2026", "2026-08", "Quý II/2026", "?"])
    return reading(25, **cells)


@pytest.mark.parametrize("seed", range(12))
def test_the_wanted_part_says_what_all_of_it_says(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    file, whole = a_past(chance, tmp_path)
    rows = a_reading(chance)
    wanted = Wanted.beside(list(terms().measures), [rows])
    part = observations_of(file, wanted)
    judged = frame(rows, history=whole)
    assert_frame_equal(frame(rows, history=part), judged)
    for fact in ("previous", "usual", "times_off_peers"):
        assert judged[fact].is_not_null().any(), "or nothing was compared"


def test_of_other_units_only_the_period_before_is_read(tmp_path: Path) -> None:
    file, whole = a_past(random.Random(57), tmp_path)
    part = observations_of(file, Wanted.beside(list(COLUMNS), [reading(5)]))
    own = pl.col("org_unit").is_in(UNITS[:5])
    expected = whole.filter(pl.col("measure").is_in(list(COLUMNS)) & (own | (pl.col("time_period") == "2026-08")))
    assert_frame_equal(part, expected, check_row_order=False)
    assert observations_of(file).height == whole.height


def test_a_reading_without_a_row_wants_nothing(tmp_path: Path) -> None:
    file, _ = a_past(random.Random(57), tmp_path)
    assert observations_of(file, Wanted.beside(list(COLUMNS), [reading(0)])).is_empty()
    assert observations_of(file, Wanted.beside([], [reading(5)])).is_empty()
