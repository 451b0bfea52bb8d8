"""Judgement: cases in, verdicts out.

All that is to be asked about cases of all datasets is asked at once (``engine``): the price of asking is fixed, and a
further submission adds only the facts that no other has (``questions``). Findings are words for people and are made
from our own frame.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from expectations.acceptance import is_among, part
from expectations.cases import Case, Verdict
from expectations.comparison import with_kin
from expectations.digits import with_digits
from expectations.engine import evaluate
from expectations.frame import gather
from expectations.guesses import Guesser
from expectations.knowledge import Knowledge, terms_of
from expectations.lookups import with_declarations, with_reference
from expectations.past import with_past
from expectations.peers import with_peers
from expectations.questions import Broken, Rows
from expectations.suites import VALUELESS, Rule, Scope, suite
from expectations.swaps import with_swaps
from expectations.two_readings import settle
from expectations.wording import finding
from indicator_specs import clock
from indicator_specs.findings import Finding, Severity

if TYPE_CHECKING:
    from indicator_specs.registry import Registry


def judge(cases: Sequence[Case], registry: "Registry", history: pl.DataFrame | None) -> list[Verdict]:
    """Judge readings.

    Args:
        cases: Readings with distinct ``case_id``, of any datasets.
        registry: What the datasets demand, and the reference tables.
        history: What was published before, as ``HISTORY`` describes it; None before the first release.

    Returns:
        One verdict per case, in the order of ``cases``.

    Raises:
        ValueError: two cases share an id, or a frame lacks columns.
        EngineError: a rule could not be evaluated.
    """
    by_dataset: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_dataset[case.dataset.full_id].append(case)
    if len({case.case_id for case in cases}) < len(cases):
        raise ValueError("two cases share a case_id")
    asked = [_Asked.of(group, registry, history) for group in by_dataset.values()]
    answered = zip(asked, evaluate([(each.rows, suite(each.knowledge.terms)) for each in asked]), strict=True)
    verdicts = {verdict.case_id: verdict for each, found in answered for verdict in _verdicts(each, found)}
    return [verdicts[case.case_id] for case in cases]


@dataclass(frozen=True)
class _Asked:
    """The cases of one dataset, their judged frame, and what it is held against."""

    cases: Sequence[Case]
    rows: pl.DataFrame
    knowledge: Knowledge

    @classmethod
    def of(cls, cases: Sequence[Case], registry: "Registry", history: pl.DataFrame | None) -> Self:
        today = clock.now().astimezone(clock.HANOI).date()
        terms = terms_of(registry, cases[0].dataset)
        rows = settle(gather(cases, terms), terms, history)
        knowledge = Knowledge.of(terms, rows, registry)
        rows = with_reference(rows, terms, knowledge.units, knowledge.owed_by, today)
        rows = with_past(with_kin(with_declarations(rows, terms), terms), terms, history)
        rows = with_digits(with_peers(with_swaps(rows, terms), terms, history), terms)
        return cls(cases, rows, knowledge)


def _verdicts(asked: _Asked, broken: Broken) -> Iterator[Verdict]:
    def those(is_meant: Callable[[Rule], bool]) -> Rows:
        return sorted({row for rule, rows in broken.items() if is_meant(rule) for row in rows})

    parted = part(
        asked.rows,
        [case.case_id for case in asked.cases],
        errors=those(lambda rule: rule.severity is Severity.ERROR),
        set_aside=those(lambda rule: rule.id in VALUELESS),
        blank=those(lambda rule: rule.id == "blank"),
    )
    looked_at = _by_index(asked.rows, those(lambda _: True))
    guesser, numbers = asked.knowledge.guesser(), _by_case(broken)
    for case in asked.cases:
        mine = parted[case.case_id]
        found = _findings(case, looked_at, numbers[case.case_id], guesser)
        yield Verdict(case.case_id, mine.accepted, mine.returned, tuple(found), mine.unanswered)


def _by_index(rows: pl.DataFrame, wanted: Rows) -> Mapping[tuple[str, int], Mapping[str, Any]]:
    """Everything that the judged frame holds of some rows."""
    named = rows.filter(is_among(rows, wanted)).iter_rows(named=True)
    return {(row["case_id"], row["row_no"]): row for row in named}


def _by_case(broken: Broken) -> defaultdict[str, dict[Rule, list[int]]]:
    """Row numbers that break each rule, in their order, of every case; rules in the order of the suite."""
    numbers: defaultdict[str, dict[Rule, list[int]]] = defaultdict(dict)
    for rule, at in broken.items():
        for case_id, row_no in sorted(at):
            numbers[case_id].setdefault(rule, []).append(row_no)
    return numbers


def _findings(
    case: Case,
    rows: Mapping[tuple[str, int], Mapping[str, Any]],
    mine: Mapping[Rule, Sequence[int]],
    guesser: Guesser,
) -> list[Finding]:
    found = []
    for order, (rule, numbers) in enumerate(mine.items()):
        shares: defaultdict[object, list[Mapping[str, Any]]] = defaultdict(list)
        for number in numbers:
            row = rows[case.case_id, number]
            shares[_share(rule, row)].append(row)
        for gathered in shares.values():
            said = finding(rule, gathered, guesser.terms, guesser, case.key_columns)
            about_case = rule.scope.is_of_many
            found.append(((about_case, gathered[0]["row_no"], order), said))
    return [said for _, said in sorted(found, key=lambda pair: pair[0])]


def _share(rule: Rule, row: Mapping[str, Any]) -> object:
    """Rows with equal shares have one finding together."""
    match rule.scope:
        case Scope.VALUE:
            return row["row_no"]
        case Scope.LINE:
            # A wide row gives its values side by side: the same key of the same line of the source.
            return (_line(row["place"] or ""), row[rule.key])
        case Scope.PERIOD:
            return row["period"]
        case Scope.COLUMN:
            return row["period"], row["declared_measure"]
        case Scope.CASE:
            return row["conversion"] if rule.names_itself else rule.id


def _line(place: str) -> str:
    """``Số liệu!D12`` is of line ``Số liệu!12``; other places are lines themselves."""
    sheet, mark, cell = place.rpartition("!")
    return f"{sheet}!{cell.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}" if mark else place
