"""Periods as partitions: every frequency has them, they end when the period does, and lead back to it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from indicator_specs import periods
from indicator_specs.clock import HANOI
from indicator_specs.periods import PER_YEAR, Frequency
from pipelines.assets.extraction import partitions_of
from pipelines.cadence import latest_partition, partition_key, period_of
from tests.machine_sources import source

FREQUENCIES = sorted(PER_YEAR)


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_a_partition_leads_back_to_its_period(frequency: Frequency) -> None:
    first = periods.containing(date(2025, 7, 1), frequency)
    for period in periods.between(first, periods.containing(date(2031, 1, 1), frequency)):
        assert period_of(frequency, partition_key(period.time_period)) == period.time_period


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_dagster_has_the_period_from_the_day_after_its_end(frequency: Frequency) -> None:
    _, dataset = source(
        "rest", Path(), frequency=frequency, partition="period", request={"path": "/counts", "records": "/"}
    )
    partitions = partitions_of(dataset)
    assert partitions is not None
    for period in periods.between(
        periods.containing(date(2025, 7, 1), frequency), periods.containing(date(2027, 3, 1), frequency)
    ):
        after = period.end_date + timedelta(days=1)
        early = datetime(after.year, after.month, after.day, 0, 1, tzinfo=HANOI)
        late = early - timedelta(minutes=2)
        assert partitions.get_partition_keys(current_time=early)[-1] == partition_key(period.time_period)
        assert partition_key(period.time_period) not in partitions.get_partition_keys(current_time=late)
        assert latest_partition(frequency, after) == period.time_period


@pytest.mark.parametrize(
    ("frequency", "today", "period"),
    [
        ("nine_monthly", date(2026, 9, 30), "2025-N9"),
        ("nine_monthly", date(2026, 10, 1), "2026-N9"),
        ("quarterly", date(2026, 9, 30), "2026-Q2"),
        ("weekly", date(2026, 1, 1), "2025-W52"),
        ("yearly", date(2026, 12, 31), "2025"),
    ],
)
def test_the_last_period_is_one_that_has_ended(frequency: Frequency, today: date, period: str) -> None:
    assert latest_partition(frequency, today) == period
