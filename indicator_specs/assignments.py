"""Who owes which value: the duties of the reference tables, spelled out for given periods.

Only the declared duties count; a dataset without one is pulled or published and nobody is late with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from indicator_specs import periods
from indicator_specs.reference import Duty, OrgUnit, Reference

if TYPE_CHECKING:
    from indicator_specs.registry import Registry


@dataclass(frozen=True, order=True)
class Owed:
    """One value that is owed. ``dataset`` is ``source.dataset``; all are codes and ids as text."""

    dataset: str
    measure: str
    reporter: str
    org_unit: str
    time_period: str


def owed(registry: "Registry", time_periods: Iterable[str]) -> tuple[Owed, ...]:
    """Every value that is owed for the given periods, sorted.

    Grain: dataset × measure × reporter × org unit × period. A period concerns the datasets of its own
    frequency; units and duties are those of its last day.
    """
    found = set()
    for text in time_periods:
        period = periods.parse(text)
        for duty in registry.reference.duties:
            dataset = registry.datasets[duty.dataset]
            if dataset.frequency != period.frequency or not duty.holds_on(period.end_date):
                continue
            for reporter, unit in owed_units(registry.reference, duty, period.end_date):
                for measure in dataset.measures:
                    found.add(Owed(duty.dataset, measure.id, reporter, unit.org_unit_code, period.time_period))
    return tuple(sorted(found))


def owed_units(reference: Reference, duty: Duty, day: date) -> Iterator[tuple[str, OrgUnit]]:
    """Reporter code and unit, for every unit that the duty covers on a day."""
    if duty.reporter_code:
        reporters: tuple[OrgUnit, ...] = (reference.unit(duty.reporter_code),)
    else:
        reporters = reference.of_kind(duty.reporter_kind, day)
    for reporter in reporters:
        if not reporter.exists_on(day):
            continue
        for unit in _subjects(reference, duty, reporter, day):
            if unit.level == duty.level and unit.exists_on(day):
                yield reporter.org_unit_code, unit


def _subjects(reference: Reference, duty: Duty, reporter: OrgUnit, day: date) -> tuple[OrgUnit, ...]:
    if duty.subject == "self":
        return (reporter,)
    if duty.subject == "children":
        return reference.children(reporter.org_unit_code, day)
    if duty.subject == "all":
        return reference.of_level(duty.level, day)
    return (reference.unit(duty.subject),)
