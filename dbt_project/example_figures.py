"""The figures behind a value of an example: what would have to be reported so that a formula reads that value.

A value of a quarter is put into its first month, a stock into the last; a running total stands at it until its span
ends. Reads no file.
"""

from collections.abc import Iterator
from decimal import Decimal

from dbt_project.render_inputs import Reading
from indicator_specs import periods
from indicator_specs.periods import Period

NOTHING = Decimal(0)


def figures(reading: Reading, period: Period, value: Decimal) -> Iterator[tuple[Period, Decimal]]:
    """What is reported in which periods, so that ``reading`` gives ``value`` in ``period``."""
    if reading.is_latest:
        yield from _running(reading, _last_ended(reading, period), value)
        return
    parts = period.parts(reading.frequency) or (period,)
    if reading.takes_last_part:
        yield parts[-1], value
        return
    yield from _running(reading, parts[0], value)
    total = value
    for part in parts[1:]:
        total = NOTHING if not reading.span_length or part.period_no % reading.span_length == 0 else total
        yield part, total


def _running(reading: Reading, period: Period, value: Decimal) -> Iterator[tuple[Period, Decimal]]:
    """A total that stands at ``value``, having stood at nothing in the period before."""
    if reading.span_length and period.period_no % reading.span_length:
        yield period.previous, NOTHING
    yield period, value


def _last_ended(reading: Reading, period: Period) -> Period:
    """The input's last period that is over when ``period`` ends."""
    found = periods.containing(period.end_date, reading.frequency)
    return found if found.end_date <= period.end_date else found.previous
