"""Which periods are pulled: from the first that today's provinces reported on, to the last that has ended."""

from datetime import date

from indicator_specs import clock, periods
from indicator_specs.periods import Frequency
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
    return periods.containing(today, frequency).previous.time_period
