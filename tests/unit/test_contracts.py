"""The frozen contract of a source, and the two alarms of a pull as a whole."""

from pathlib import Path

import polars as pl
import pytest

from connectors import contracts, plausibility
from connectors.content_address import READING_SCHEMA
from connectors.durable import Kept
from connectors.errors import PermanentSourceError
from connectors.extracted import Extract
from indicator_specs.source_spec import Dataset
from tests.machine_sources import source

COLUMNS = {"unit_code": "VARCHAR", "period": "VARCHAR", "received": "DECIMAL(14,2)", "full_online": "INTEGER"}


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    declared, dataset = source("database", tmp_path, query="counts.sql")
    contracts.freeze(declared, {"counts": COLUMNS})
    return dataset


def test_the_same_columns_in_any_order_are_the_contract(dataset: Dataset) -> None:
    assert contracts.hold(dataset, dict(reversed(COLUMNS.items()))) == ()


def test_a_new_column_is_ignored_and_told(dataset: Dataset) -> None:
    (notice,) = contracts.hold(dataset, {**COLUMNS, "note": "VARCHAR"})
    assert (notice.rule, notice.severity.value, notice.found) == ("new_column", "info", "note")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"received": None}, r"received \(DECIMAL\(14,2\)\) is gone"),
        ({"received": "DOUBLE"}, r"received: DECIMAL\(14,2\) → DOUBLE"),
        ({"received": None, "accepted": "DECIMAL(14,2)"}, r"received → accepted \(renamed\?\)"),
        ({"received": None, "total": "DATE"}, r"received \(DECIMAL\(14,2\)\) is gone.*new column total \(DATE\)"),
        ({"received": None, "full_online": "BIGINT"}, r"is gone.*full_online: INTEGER → BIGINT"),
    ],
)
def test_anything_else_stops_the_source_and_shows_old_and_new(
    dataset: Dataset, changes: dict[str, str | None], told: str
) -> None:
    now = {name: kind for name, kind in {**COLUMNS, **changes}.items() if kind}
    with pytest.raises(PermanentSourceError, match=f"E-SRC-CONTRACT.*{told}"):
        contracts.hold(dataset, now)


def test_values_of_several_kinds_are_a_type_and_nulls_say_nothing(dataset: Dataset) -> None:
    contracts.freeze(dataset.source, {"counts": {"a": "float|int", "b": "str", "c": "null"}})
    assert contracts.hold(dataset, {"a": "int", "b": "null", "c": "str"}) == ()
    with pytest.raises(PermanentSourceError, match=r"a: float\|int → int\|str"):
        contracts.hold(dataset, {"a": "int|str", "b": "str", "c": "str"})


def test_a_source_that_is_not_frozen_promises_nothing(tmp_path: Path) -> None:
    _, dataset = source("database", tmp_path, query="counts.sql")
    assert contracts.hold(dataset, {"x": "y"}) == ()


def test_a_contract_that_is_none_is_told(dataset: Dataset) -> None:
    (dataset.source.folder / contracts.FILE).write_text("counts: [a, b]", encoding="utf-8")
    with pytest.raises(PermanentSourceError, match=r"E-SRC-CONTRACT.*contract\.yml"):
        contracts.hold(dataset, COLUMNS)


def read(n: int) -> Extract:
    return Extract("probe", "counts", pl.DataFrame(schema=READING_SCHEMA), Kept("", "", 0), {"n_records": str(n)})


@pytest.mark.parametrize(
    ("now", "earlier", "is_alarm"),
    [
        (100, [], False),
        (71, [100, 100, 100], False),
        (69, [100, 100, 100], True),
        (69, [100, 70, 70, 70, 70, 70], False),
        (2, [3, 3, 3], False),
        (40, [100, 50, 50, 50, 1_000_000], False),
        (300, [100], False),
    ],
)
def test_a_sharp_fall_in_rows_is_an_alarm(dataset: Dataset, now: int, earlier: list[int], is_alarm: bool) -> None:
    if is_alarm:
        with pytest.raises(PermanentSourceError, match="E-SRC-FALL"):
            plausibility.check_fall(dataset, read(now), earlier)
    else:
        plausibility.check_fall(dataset, read(now), earlier)


def values(period: str, *numbers: float | None, measure: str = "probe.received") -> pl.DataFrame:
    rows = [
        {"measure": measure, "org_unit": f"P{n:02}", "time_period": period, "breakdown": "_T", "producer": "NSO"}
        | {"obs_value": None if number is None else str(number), "row_no": n}
        for n, number in enumerate(numbers, 1)
    ]
    return pl.DataFrame(rows, schema=READING_SCHEMA)


BEFORE = (120.0, 80.0, 95.5, 1_000.0, 7.0, 44.0, None, 0.0)


@pytest.mark.parametrize("factor", [10, 100, 1000, 0.1, 0.01, 0.001])
@pytest.mark.parametrize("period", ["2026-09", "2026-10"])
def test_a_column_in_another_unit_is_an_alarm(dataset: Dataset, factor: float, period: str) -> None:
    now = [None if value is None else value * factor * 1.04 for value in BEFORE]
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SCALE.*probe\.received"):
        plausibility.check_scale(dataset, [(values(period, *now), values("2026-09", *BEFORE))])


@pytest.mark.parametrize(
    "now",
    [
        [value and value * 2.5 for value in BEFORE],
        [value and value * (10 if n == 0 else 1) for n, value in enumerate(BEFORE)],
        [value and value * 10**n for n, value in enumerate(BEFORE)],
        [1200.0, 800.0],
        [value and -value * 10 for value in BEFORE],
    ],
)
def test_growth_single_slips_and_few_values_are_none(dataset: Dataset, now: list[float | None]) -> None:
    plausibility.check_scale(dataset, [(values("2026-10", *now), values("2026-09", *BEFORE))])


@pytest.mark.parametrize(("factors", "is_alarm"), [((1, 1, 1, 1, 10), False), ((10, 10, 10, 10, 10), True)])
def test_a_column_is_judged_by_all_of_its_parts(dataset: Dataset, factors: tuple[int, ...], is_alarm: bool) -> None:
    before = values("2026-09", *BEFORE)
    parts = [(values("2026-10", *(value and value * factor for value in BEFORE)), before) for factor in factors]
    if is_alarm:
        with pytest.raises(PermanentSourceError, match=r"E-SRC-SCALE.*30 values"):
            plausibility.check_scale(dataset, parts)
    else:
        plausibility.check_scale(dataset, parts)


def test_one_measure_that_slips_among_others_is_named(dataset: Dataset) -> None:
    before = pl.concat([values("2026-09", *BEFORE), values("2026-09", *BEFORE, measure="probe.online")])
    slipped = values("2026-10", *(value and value * 100 for value in BEFORE), measure="probe.online")
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SCALE \[probe.counts probe.online\]"):
        plausibility.check_scale(dataset, [(pl.concat([values("2026-10", *BEFORE), slipped]), before)])
