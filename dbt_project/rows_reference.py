"""Rows of the schemas ``reference`` and of reporting duties, from the registry. Says what is; writes nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

from indicator_specs import periods
from indicator_specs.assignments import owed
from indicator_specs.keys import stable_key
from indicator_specs.registry import Registry

FIRST_YEAR, LAST_YEAR = 1950, 2060
"""Long enough for published series and for targets of the middle of the century."""

FIRST_SUBMISSION, LAST_SUBMISSION = date(2025, 1, 1), date(2060, 12, 31)
"""Days on which a file may have been answered."""

Row = tuple[object, ...]


def working_days(registry: Registry) -> Iterator[Row]:
    """Rows of ``reference.working_day``: each day with the working day that follows it."""
    for number in range((LAST_SUBMISSION - FIRST_SUBMISSION).days + 1):
        day = FIRST_SUBMISSION + timedelta(days=number)
        yield (day, registry.reference.calendars.next_working_day(day))


def org_units(registry: Registry) -> Iterator[Row]:
    """Rows of ``reference.org_unit``, by code."""
    for code, unit in sorted(registry.reference.org_units.items()):
        yield (
            unit.org_unit_key,
            code,
            unit.kind,
            unit.level,
            unit.name_vi,
            unit.name_en,
            unit.short_name_vi or unit.name_vi,
            unit.parent_code or None,
            unit.hierarchy,
            unit.valid_from,
            unit.valid_to,
            registry.reference.territory_from(code),
        )


def org_unit_names(registry: Registry) -> Iterator[Row]:
    """Rows of ``reference.org_unit_name``: every name that a unit has borne, by code and time."""
    for code, unit in sorted(registry.reference.org_units.items()):
        for name in registry.reference.names(code):
            yield (
                unit.org_unit_key,
                name.name_vi,
                name.name_en,
                name.short_name_vi or name.name_vi,
                name.type_vi or None,
                name.valid_from,
                name.valid_to,
                name.legal_basis or None,
            )


def org_unit_places(registry: Registry) -> Iterator[Row]:
    """Rows of ``reference.org_unit_place``: every place of a unit in a hierarchy, by code; at a top without parent."""
    for code, unit in sorted(registry.reference.org_units.items()):
        for place in registry.reference.places(code):
            parent = stable_key(place.parent_code) if place.parent_code else None
            yield (unit.org_unit_key, place.hierarchy, parent, place.valid_from, place.valid_to)


def org_unit_counterparts(registry: Registry) -> Iterator[Row]:
    """Rows of ``reference.org_unit_counterpart``, in the order of their file."""
    for pair in registry.reference.counterparts:
        yield (stable_key(pair.org_unit_code), stable_key(pair.counterpart_code), pair.valid_from, pair.valid_to)


def events(registry: Registry) -> Iterator[Row]:
    """Rows of ``reference.org_unit_event``, in the order of their file."""
    for event in registry.reference.events:
        yield (
            event.event,
            event.from_code,
            event.to_code,
            event.effective_date,
            event.share,
            event.legal_basis,
            event.source,
        )


def reporting_periods() -> Iterator[Row]:
    """Rows of ``reference.period``, by key."""
    for period in periods.table(FIRST_YEAR, LAST_YEAR):
        yield (
            period.period_key,
            period.time_period,
            period.frequency,
            period.period_no,
            period.year,
            period.position,
            period.start_date,
            period.end_date,
            period.label_vi,
        )


def assignments(registry: Registry, as_of: date) -> Iterator[Row]:
    """Rows of ``spec.assignment``: what is owed for every period that is over by ``as_of``, from the first duty on."""
    for value in owed(registry, _owed_periods(registry, as_of)):
        yield (
            value.dataset,
            stable_key(value.measure),
            value.reporter,
            stable_key(value.org_unit),
            periods.period_key(value.time_period),
        )


def _owed_periods(registry: Registry, as_of: date) -> list[str]:
    found: set[str] = set()
    for duty in registry.reference.duties:
        frequency = registry.datasets[duty.dataset].frequency
        first = periods.containing(duty.valid_from or date(FIRST_YEAR, 1, 1), frequency)
        last = periods.containing(min(as_of, duty.valid_to or as_of), frequency)
        found |= {period.time_period for period in periods.between(first, last) if period.end_date < as_of}
    return sorted(found)
