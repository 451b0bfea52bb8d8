"""What a measure gives to a formula in one period: taken as it is, the newest one, made of parts, or a difference."""

from collections.abc import Iterable
from decimal import Decimal

from indicator_specs import periods
from indicator_specs.inputs import InputSpec
from indicator_specs.periods import Period
from indicator_specs.registry import Registry
from indicator_specs.source_spec import Measure
from pipelines.explain.sealed import Sealed
from pipelines.explain.shapes import Input


class InputTracer:
    """Follows the rules of ``InputSpec`` down to observations."""

    def __init__(self, registry: Registry, sealed: Sealed) -> None:
        self._registry, self._sealed = registry, sealed

    def period_of(self, given: InputSpec, period: Period, known: Iterable[str]) -> Period | None:
        """The period whose value is taken, of those for which there is one; ``None`` if all are later or too old."""
        if given.period == "same":
            return period
        oldest = given.max_age_months or 0
        found = [each for each in map(periods.parse, known) if 0 <= _age(each, period) <= oldest]
        return max(found, key=lambda each: each.end_date, default=None)

    def figure_of(self, given: InputSpec, org_unit: str, period: Period, on_map: str) -> Decimal | float | None:
        """An input's figure for another unit, without what is under it."""
        if given.indicator:
            value = self._sealed.value(given.indicator, org_unit, period.time_period, on_map)
            return value.obs_value if value else None
        return self.of_measure("", given, org_unit, period, on_map).obs_value

    def of_measure(self, name: str, given: InputSpec, org_unit: str, period: Period, on_map: str) -> Input:
        """One input, with everything under it."""
        measure = self._registry.measures[given.measure or ""]
        if given.period == "latest":
            known = self._sealed.periods_of(measure.id, org_unit, on_map)
            at = self.period_of(given, period, known)
            if at is None:
                return Input(name, measure.id, None, "reported", time_period=period.time_period)
            return self._of_period(name, given, measure, org_unit, at, on_map)
        if measure.frequency == period.frequency:
            return self._of_period(name, given, measure, org_unit, period, on_map)
        parts = period.parts(measure.frequency)
        wanted = parts[-1:] if measure.nature == "stock" or given.reading == "as_reported" else parts
        made = tuple(self._of_period(name, given, measure, org_unit, part, on_map) for part in wanted)
        return Input(name, measure.id, _sum(made), "parts", time_period=period.time_period, parts=made)

    def _of_period(
        self, name: str, given: InputSpec, measure: Measure, org_unit: str, period: Period, on_map: str
    ) -> Input:
        """A figure of the measure's own period; of a running total, what was added in it."""
        this = self._taken(name, given, measure, org_unit, period, on_map)
        before = period.previous
        if measure.nature != "cumulative" or given.reading == "as_reported" or not _same_span(measure, before, period):
            return this
        last = self._taken(name, given, measure, org_unit, before, on_map)
        known = this.obs_value is not None and last.obs_value is not None
        added = Decimal(str(this.obs_value)) - Decimal(str(last.obs_value)) if known else None
        return Input(name, measure.id, added, "difference", time_period=period.time_period, parts=(this, last))

    def _taken(
        self, name: str, given: InputSpec, measure: Measure, org_unit: str, period: Period, on_map: str
    ) -> Input:
        text = period.time_period
        figure = self._sealed.figure(measure.id, org_unit, text, on_map, given.producer)
        if figure is None:
            return Input(name, measure.id, None, "reported", time_period=text)
        if figure.origin == "rolled":
            units, producer = self._sealed.summed(measure.id, org_unit, text, on_map), None
        else:
            units, producer = [org_unit], given.producer
        leaves = self._sealed.leaves(measure.id, units, text, producer)
        counts = (figure.n_reported, figure.n_expected)
        return Input(name, measure.id, figure.obs_value, figure.origin, *counts, leaves, time_period=text)


def _sum(parts: tuple[Input, ...]) -> Decimal | None:
    values = [part.obs_value for part in parts]
    if not values or any(value is None for value in values):
        return None
    return sum((Decimal(str(value)) for value in values), Decimal(0))


def _same_span(measure: Measure, before: Period, period: Period) -> bool:
    """Whether the running total was not begun anew between the two."""
    if measure.reset is None:
        return False
    first, second = (periods.containing(each.start_date, measure.reset) for each in (before, period))
    return first == second


def _age(taken: Period, period: Period) -> int:
    """Months from the end of one period to the end of the other; negative if it ends later."""
    first, second = taken.end_date, period.end_date
    return (second.year - first.year) * 12 + second.month - first.month
