"""How every agency stands with every form that it owes for a period, told from the ledger alone.

The rules of time are those of the models (``int_submission_state``): a report is in time if it was whole by the
deadline, or by the working day after the answer to a file that could be read and had come by the deadline.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from connectors.ledger import OUTCOMES, Batch, Outcome, State, Submission
from indicator_specs import clock, periods
from indicator_specs.assignments import owed
from pipelines.installation import Installation
from pipelines.submissions.awaiting import awaiting
from pipelines.submissions.locks import closing, queued
from pipelines.submissions.standing import Key, Line, rows_of_batch

WORDS = {
    "missing": ("Chưa gửi, quá hạn", "missing"),
    "returned": ("Trả lại để hoàn thiện", "returned"),
    "partial": ("Còn thiếu", "partial"),
    "waiting": ("Trong hàng chờ, kỳ đã đóng", "waits, period closed"),
    "late": ("Gửi muộn", "late"),
    "awaiting": ("Chờ thẩm định", "awaits verification"),
    "verified": ("Đã thẩm định", "verified"),
    "on_time": ("Đúng hạn", "on time"),
    "not_due": ("Chưa đến hạn", "not due"),
}
"""States in Vietnamese and English, what needs attention first."""


@dataclass(frozen=True)
class ReportStatus:
    """One agency, one form, one period. ``n_given`` of ``n_owed`` figures stand."""

    line: Line
    state: str
    deadline: date
    n_owed: int
    n_given: int
    n_files: int
    last: Submission | None

    @property
    def order(self) -> tuple[int, str, str]:
        """What needs attention first."""
        return list(WORDS).index(self.state), self.line.dataset, self.line.agency


def statuses(here: Installation, time_period: str, dataset: str = "", agency: str = "") -> list[ReportStatus]:
    """Every report that is owed on forms for a period, what needs attention first.

    Raises:
        PeriodError: no period.
    """
    figures: defaultdict[Line, set[tuple[str, str]]] = defaultdict(set)
    for duty in owed(here.registry, [time_period]):
        declared = here.registry.datasets[duty.dataset]
        if declared.form and dataset in ("", duty.dataset) and agency in ("", duty.reporter):
            figures[Line(duty.dataset, time_period, duty.reporter)].add((duty.measure, duty.org_unit))
    book = Book(here)
    return sorted((book.status(line, wanted) for line, wanted in figures.items()), key=lambda each: each.order)


class Book:
    """The ledger, read once for many reports."""

    def __init__(self, here: Installation) -> None:
        self._here = here
        self._today = _day(clock.now())
        self._awaiting = {each.line for each in awaiting(here)}
        self._files: defaultdict[Line, list[Submission]] = defaultdict(list)
        self._batches: defaultdict[Line, list[Batch]] = defaultdict(list)
        submissions = {each.submission_no: each for each in here.ledger.submissions()}
        for file in submissions.values():
            if file.source and file.time_period and file.state is not State.DUPLICATE:
                self._files[Line(f"{file.source}.{file.dataset}", file.time_period, file.agency)].append(file)
        for batch in here.ledger.batches():
            if batch.submission_no is not None:
                sender = submissions[batch.submission_no]
                self._batches[Line(f"{batch.source}.{batch.dataset}", batch.partition, sender.agency)].append(batch)
        self._submissions: Mapping[int, Submission] = submissions
        self._sent_back = {line for line, mine in self._batches.items() if Outcome.RETURNED.value in mine[-1].origin}
        self._decisions = {
            int(event.subject.removeprefix("submission ")): event for event in here.ledger.events(kinds=OUTCOMES)
        }

    def has_valid_evidence(self, line: Line) -> bool:
        """Whether the last decision on a report took it, with evidence to see, and nothing has come since."""
        if line in self._awaiting:
            return False
        made = [
            self._decisions[each.submission_no] for each in self._files[line] if each.submission_no in self._decisions
        ]
        last = max(made, key=lambda event: event.event_no, default=None)
        return last is not None and last.kind == Outcome.VERIFIED and bool(last.detail["evidence"])

    def status(self, line: Line, wanted: set[tuple[str, str]]) -> ReportStatus:
        """How a report stands of which some figures are wanted: measures and org units."""
        declared = self._here.registry.datasets[line.dataset]
        calendars = self._here.registry.reference.calendars
        deadline = calendars.due(line.dataset, periods.parse(line.time_period), declared.deadline_days)
        files = self._files[line]
        n_given, whole_on = self._given(line, wanted)
        if whole_on is not None and n_given == len(wanted):
            state = "on_time" if whole_on <= self.corrected_by(line, deadline) else "late"
            state = self._beyond(line, state)
        elif queued(self._here.ledger, line):
            state = "waiting"
        elif n_given:
            state = "partial"
        elif line in self._sent_back or any(file.state in {State.RETURNED, State.QUARANTINED} for file in files):
            state = "returned"
        else:
            state = "not_due" if self._today <= deadline else "missing"
        return ReportStatus(line, state, deadline, len(wanted), n_given, len(files), files[-1] if files else None)

    def _beyond(self, line: Line, state: str) -> str:
        if line in self._awaiting:
            return "awaiting"
        closed = closing(self._here.ledger, line)
        return "verified" if closed and closed.is_approval and state == "on_time" else state

    def _given(self, line: Line, wanted: set[tuple[str, str]]) -> tuple[int, date | None]:
        """Figures that stand, and the day on which all had come for the first time."""
        given: set[tuple[str, str]] = set()
        whole_on = None
        for batch in self._batches[line]:
            for (measure, unit, *_), stated in _rows(self._here, batch):
                (given.discard if stated else given.add)((measure, unit))
            if whole_on is None and wanted <= given:
                whole_on = _day(self._submissions[batch.submission_no or 0].received_at)
        return len(given & wanted), whole_on

    def corrected_by(self, line: Line, deadline: date) -> date:
        """The last day on which a report is in time: later than its deadline where a readable file came by that."""
        calendars = self._here.registry.reference.calendars
        readable = {batch.submission_no for batch in self._batches[line]}
        timely = [
            calendars.next_working_day(_day(file.answered_at or file.received_at))
            for file in self._files[line]
            if file.submission_no in readable and _day(file.received_at) <= deadline
        ]
        return max([deadline, *timely])


def _rows(here: Installation, batch: Batch) -> Iterator[tuple[Key, bool]]:
    """Figures of a batch, each with whether it is withdrawn."""
    for key, stated in rows_of_batch(here, batch):
        yield key, stated.is_withdrawn


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.HANOI).date()


def message(found: Sequence[ReportStatus], names: Mapping[str, str]) -> str:
    """A text that can be pasted into a message: who has not sent, who has to complete."""
    told = []
    for state in ("missing", "returned", "partial"):
        mine = [names.get(each.line.agency, each.line.agency) for each in found if each.state == state]
        if mine:
            told.append(f"{WORDS[state][0]} ({len(mine)}): {', '.join(mine)}.")
    return "\n".join(told) or "Không có đơn vị nào chậm hoặc phải hoàn thiện."
