"""Which periods are pulled: from the first that today's provinces reported on, to the last that has ended."""

from datetime import date

from indicator_specs import clock, periods
from indicator_specs.periods import Frequency, Period
from indicator_specs.source_spec import Dataset

TIMEZONE = "Asia/Ho_Chi_Minh"
"""In which days and months begin, for schedules and partitions."""

FIRST_DAY = date(2025, 7, 1)
"""The 34 provinces took office (Resolution 202/2025/QH15)."""


def partitions_due(dataset: Dataset) -> list[str | None]:
    """Partitions to pull now, oldest first; one pull without partition where the dataset has none."""
    if dataset.partition != "period":
        return [None]
    today = clock.now().astimezone(clock.HANOI).date()
    first = periods.containing(FIRST_DAY, dataset.frequency)
    last = periods.parse(latest_partition(dataset.frequency, today))
    return [period.time_period for period in periods.between(first, last)]


def latest_partition(frequency: Frequency, today: date) -> str:
    """The last period that has ended on a given day of Hà Nội time."""
    here = periods.containing(today, frequency)
    # Nine months are over in October, though the year that they belong to is not.
    return (here if here.end_date < today else here.previous).time_period


BEGINS: dict[Frequency, str] = {
    "yearly": "0 0 1 1 *",
    "half_yearly": "0 0 1 1,7 *",
    "quarterly": "0 0 1 1,4,7,10 *",
    "nine_monthly": "0 0 1 10 *",
    "monthly": "0 0 1 * *",
    "weekly": "0 0 * * 1",
}
"""When a partition of each frequency begins, and the one before it can be pulled; nine months begin with October."""

_KEYS: dict[Frequency, str] = {"yearly": "%Y", "monthly": "%Y-%m"}


def key_format(frequency: Frequency) -> str:
    """How a partition is named: by its period, where a date can be written so; otherwise by the day it begins."""
    return _KEYS.get(frequency, "%Y-%m-%d")


def first_of_partition(period: Period) -> date:
    """The day on which the partition of a period begins."""
    return date(period.year - 1, 10, 1) if period.frequency == "nine_monthly" else period.start_date


def partition_key(time_period: str) -> str:
    """The name of the partition of a period (SDMX text)."""
    period = periods.parse(time_period)
    return first_of_partition(period).strftime(key_format(period.frequency))


def period_of(frequency: Frequency, key: str) -> str:
    """The period (SDMX text) of a partition."""
    if frequency in _KEYS:
        return periods.parse(key).time_period
    begins = date.fromisoformat(key)
    if frequency == "nine_monthly":
        begins = date(begins.year + 1, 1, 1)
    return periods.containing(begins, frequency).time_period
