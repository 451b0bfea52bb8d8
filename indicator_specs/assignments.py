"""Who owes which value: the duties of the reference tables, spelled out for given periods.

Only the declared duties count; a dataset without one is pulled or published and nobody is late with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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


@lru_cache(maxsize=256)
def units_owed_by(reference: Reference, dataset: str, reporter: str, day: date) -> tuple[OrgUnit, ...]:
    """Units whose values a reporter owes in a dataset on a day, by code; none where nobody was given that duty.

    Kept for the reports that were asked about last: of a thousand files that come at once, most ask the same.
    """
    body = reference.org_units.get(reporter)
    if body is None:
        return ()
    duties = [duty for duty in reference.duties if duty.dataset == dataset and duty.holds_on(day)]
    mine = [duty for duty in duties if (duty.reporter_code or reporter) == reporter]
    found = {
        unit.org_unit_code: unit
        for duty in mine
        if duty.reporter_code or body in reference.of_kind(duty.reporter_kind, day)
        for unit in _units(reference, duty, body, day)
    }
    return tuple(found[code] for code in sorted(found))


def owed_units(reference: Reference, duty: Duty, day: date) -> Iterator[tuple[str, OrgUnit]]:
    """Reporter code and unit, for every unit that the duty covers on a day."""
    if duty.reporter_code:
        reporters: tuple[OrgUnit, ...] = (reference.unit(duty.reporter_code),)
    else:
        reporters = reference.of_kind(duty.reporter_kind, day)
    for reporter in reporters:
        for unit in _units(reference, duty, reporter, day):
            yield reporter.org_unit_code, unit


def _units(reference: Reference, duty: Duty, reporter: OrgUnit, day: date) -> Iterator[OrgUnit]:
    if reporter.exists_on(day):
        for unit in _subjects(reference, duty, reporter, day):
            if unit.level == duty.level and unit.exists_on(day):
                yield unit


def _subjects(reference: Reference, duty: Duty, reporter: OrgUnit, day: date) -> tuple[OrgUnit, ...]:
    if duty.subject == "self":
        return (reporter,)
    if duty.subject == "children":
        return reference.children(reporter.org_unit_code, day)
    if duty.subject == "all":
        return reference.of_level(duty.level, day)
    return (reference.unit(duty.subject),)
