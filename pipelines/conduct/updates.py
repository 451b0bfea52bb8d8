"""How bodies keep up to date what is assigned to them, indicator by indicator (DL-1 and DL-2).

A month counts the reports that fall due in it, whatever period they speak of. An indicator is one whose figures the
body itself owes; it is updated when all of them have come, and in time when all of its reports were.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from connectors.extracted import Counted
from connectors.ledger import Batch
from indicator_specs import periods
from indicator_specs.assignments import Owed, owed
from indicator_specs.periods import Period
from indicator_specs.registry import Registry
from pipelines.conduct.days import Figure, day_of, first_days, opened_on
from pipelines.installation import Installation
from pipelines.submissions.standing import Line
from pipelines.submissions.status import Book

Due = Mapping[tuple[str, str], date]
"""Dataset and period → the last day of its reports."""


@dataclass
class _Report:
    """What one body owes on one form or by one pull for one indicator."""

    line: Line
    deadline: date
    figures: set[Figure] = field(default_factory=set)


def updates(here: Installation, month: Period) -> list[Counted]:
    """Of every body to which something fell due in a month: indicators assigned, updated, in time, with evidence.

    ``indicators_updated`` and ``indicators_with_evidence`` are of indicators that come by forms alone: what is pulled
    is kept with its source's own answer, and nobody has to confirm it. A report that was due before the ledger was
    opened could not have come and is not counted.
    """
    due = due_in(here, month)
    if not due:
        return []
    assigned = _assigned(here.registry, due)
    told = _Told(here, due)
    counted = []
    for reporter, indicators in sorted(assigned.items()):
        found = [told.of(name, list(reports.values())) for name, reports in sorted(indicators.items())]
        counts = {
            "indicators_assigned": len(found),
            "indicators_updated": sum(bool(each["is_updated"] and each["is_by_form"]) for each in found),
            "indicators_on_time": sum(bool(each["is_on_time"]) for each in found),
            "indicators_with_evidence": sum(bool(each["has_valid_evidence"]) for each in found),
        }
        counted.append(Counted(reporter, counts, found))
    return counted


def due_in(here: Installation, month: Period) -> Due:
    """What fell due in a month, since the ledger was opened."""
    opened = opened_on(here.ledger)
    return due_within(here.registry, max(opened, month.start_date), month.end_date) if opened else {}


def due_within(registry: Registry, first: date, last: date) -> Due:
    """Datasets that somebody owes, with the periods whose reports fall due between two days."""
    found = {}
    for name in {duty.dataset for duty in registry.reference.duties}:
        dataset = registry.datasets[name]
        period = periods.containing(last, dataset.frequency)
        while (deadline := registry.reference.calendars.due(name, period, dataset.deadline_days)) >= first:
            if deadline <= last:
                found[name, period.time_period] = deadline
            period = period.previous
    return found


def _assigned(registry: Registry, due: Due) -> Mapping[str, Mapping[str, Mapping[Line, _Report]]]:
    """Reporter → indicator → what it owes for it."""
    found: defaultdict[str, defaultdict[str, dict[Line, _Report]]] = defaultdict(lambda: defaultdict(dict))
    pulled = {name for name, _ in due if registry.datasets[name].form is None}
    readers: dict[tuple[str, str], list[str]] = {}
    for one in owed(registry, {period for _, period in due}):
        deadline = due.get((one.dataset, one.time_period))
        if deadline is None:
            continue
        key = one.measure, one.time_period
        readers[key] = readers.get(key) or list(_readers(registry, one))
        line = Line(one.dataset, one.time_period, one.reporter)
        sender = "" if one.dataset in pulled else one.reporter
        for indicator in readers[key]:
            report = found[one.reporter][indicator].setdefault(line, _Report(line, deadline))
            report.figures.add((one.dataset, sender, one.measure, one.org_unit, one.time_period))
    return found


def _readers(registry: Registry, one: Owed) -> Iterator[str]:
    """Indicators that read a measure directly, by the method of that time."""
    period = periods.parse(one.time_period)
    for name in registry.readers(one.measure):
        spec = registry.indicators[name]
        method = spec.method_of(period)
        levels = (None, *spec.levels)
        if method and any(g.measure == one.measure for level in levels for g in spec.inputs_of(method, level).values()):
            yield name


class _Told:
    """What the ledger tells of reports, read once."""

    def __init__(self, here: Installation, due: Due) -> None:
        self._book = Book(here)
        self._registry = here.registry
        wanted = [batch for batch in here.ledger.batches() if self._speaks_of(batch, due)]
        self._days = first_days(here, wanted, {period for _, period in due})
        self._pulled_since: dict[str, date] = {}
        for batch in here.ledger.batches():
            if batch.submission_no is None:
                self._pulled_since.setdefault(f"{batch.source}.{batch.dataset}", day_of(batch.accepted_at))

    @staticmethod
    def _speaks_of(batch: Batch, due: Due) -> bool:
        name = f"{batch.source}.{batch.dataset}"
        return (name, batch.partition) in due or (not batch.partition and any(each == name for each, _ in due))

    def of(self, indicator: str, reports: list[_Report]) -> dict[str, object]:
        """One indicator of one body, with the reports that it rests on."""
        told = [self._report(each) for each in reports]
        is_by_form = all(self._is_by_form(each.line) for each in reports)
        has_evidence = is_by_form and all(each["is_whole"] and each["has_valid_evidence"] for each in told)
        return {
            "indicator": indicator,
            "is_updated": all(each["is_whole"] for each in told),
            "is_on_time": all(each["is_on_time"] for each in told),
            "is_by_form": is_by_form,
            "has_valid_evidence": has_evidence,
            "reports": told,
        }

    def _report(self, report: _Report) -> dict[str, object]:
        days = [self._days[each] for each in report.figures if each in self._days]
        whole_on = max(days) if len(days) == len(report.figures) else None
        return {
            "dataset": report.line.dataset,
            "time_period": report.line.time_period,
            "deadline": report.deadline.isoformat(),
            "n_owed": len(report.figures),
            "n_given": len(days),
            "whole_on": whole_on.isoformat() if whole_on else None,
            "is_whole": whole_on is not None,
            "is_on_time": whole_on is not None and self._is_in_time(report, whole_on),
            "has_valid_evidence": self._book.has_valid_evidence(report.line),
        }

    def _is_in_time(self, report: _Report, whole_on: date) -> bool:
        if self._is_by_form(report.line):
            return whole_on <= self._book.corrected_by(report.line, report.deadline)
        # What was there when we first looked, after the deadline, may have been there all the time.
        since = self._pulled_since.get(report.line.dataset)
        return whole_on <= report.deadline or (since is not None and report.deadline < since == whole_on)

    def _is_by_form(self, line: Line) -> bool:
        return self._registry.datasets[line.dataset].form is not None
