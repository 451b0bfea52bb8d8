"""Judgement: cases in, verdicts out; the one place that knows Great Expectations.

One validation per dataset serves all its cases: the price of a run is fixed, and a further submission adds only the
facts that no other has (``questions``). Nothing is written: no Data Docs, no store, no network. Findings are words for
people and are made from our own frame.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import polars as pl

from expectations.acceptance import split, unanswered
from expectations.cases import Case, Verdict
from expectations.comparison import with_kin
from expectations.digits import with_digits
from expectations.frame import gather
from expectations.guesses import Guesser
from expectations.knowledge import Knowledge, terms_of
from expectations.lookups import with_declarations, with_reference
from expectations.past import with_past
from expectations.peers import with_peers
from expectations.questions import FACT, OTHER, Demand, Questions, questions_of
from expectations.suites import VALUELESS, Must, Rule, Scope, suite
from expectations.swaps import with_swaps
from expectations.two_readings import settle
from expectations.wording import finding
from indicator_specs import clock
from indicator_specs.findings import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

    from indicator_specs.registry import Registry

QUESTION = "question"
"""What the engine gives back of facts that break a rule; rows, places and all else are looked up from it."""

Broken = Mapping[Rule, Sequence[tuple[str, int]]]
"""Rows that break each rule, by ``case_id`` and ``row_no``."""


class EngineError(RuntimeError):
    """A rule could not be evaluated at all. Never taken for a pass or for a finding: judgement stops."""


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
    verdicts: dict[str, Verdict] = {}
    for group in by_dataset.values():
        verdicts |= {verdict.case_id: verdict for verdict in _judge_dataset(group, registry, history)}
    return [verdicts[case.case_id] for case in cases]


def warm_up() -> None:
    """Pay for Great Expectations' import now, seconds before the first file rather than after it."""
    import great_expectations  # noqa: F401, PLC0415, TID251  (as below)


def _judge_dataset(cases: Sequence[Case], registry: "Registry", history: pl.DataFrame | None) -> list[Verdict]:
    today = clock.now().astimezone(clock.HANOI).date()
    terms = terms_of(registry, cases[0].dataset)
    rows = settle(gather(cases, terms), terms, history)
    knowledge = Knowledge.of(terms, rows, registry)
    rows = with_reference(rows, terms, knowledge.units, knowledge.owed_by, today)
    rows = with_past(with_kin(with_declarations(rows, terms), terms), terms, history)
    rows = with_digits(with_peers(with_swaps(rows, terms), terms, history), terms)
    broken = evaluate(rows, suite(terms)) if rows.height else {}
    starts = accumulate((case.rows.height for case in cases), initial=0)
    parts = [rows.slice(start, case.rows.height) for case, start in zip(cases, starts, strict=False)]
    guesser, numbers = knowledge.guesser(), _by_case(broken)
    return [_verdict(case, part, numbers[case.case_id], guesser) for case, part in zip(cases, parts, strict=True)]


def _by_case(broken: Broken) -> defaultdict[str, dict[Rule, list[int]]]:
    """Row numbers that break each rule, in their order, of every case; rules in the order of the suite."""
    numbers: defaultdict[str, dict[Rule, list[int]]] = defaultdict(dict)
    for rule, at in broken.items():
        for case_id, row_no in sorted(at):
            numbers[case_id].setdefault(rule, []).append(row_no)
    return numbers


def _verdict(case: Case, rows: pl.DataFrame, mine: Mapping[Rule, Sequence[int]], guesser: Guesser) -> Verdict:
    errors = {no for rule, numbers in mine.items() if rule.severity is Severity.ERROR for no in numbers}
    set_aside = {no for rule, numbers in mine.items() if rule.id in VALUELESS for no in numbers}
    blank = {no for rule, numbers in mine.items() if rule.id == "blank" for no in numbers}
    accepted, returned = split(rows, errors, set_aside)
    found = tuple(_findings(case, rows, mine, guesser))
    return Verdict(case.case_id, accepted, returned, found, unanswered(rows, errors, blank))


def _findings(case: Case, rows: pl.DataFrame, mine: Mapping[Rule, Sequence[int]], guesser: Guesser) -> list[Finding]:
    wanted = {no for numbers in mine.values() for no in numbers}
    by_number = {row["row_no"]: row for row in rows.filter(pl.col("row_no").is_in(list(wanted))).iter_rows(named=True)}
    found = []
    for order, (rule, numbers) in enumerate(mine.items()):
        shares: defaultdict[object, list[Mapping[str, Any]]] = defaultdict(list)
        for number in numbers:
            shares[_share(rule, by_number[number])].append(by_number[number])
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


def evaluate(rows: pl.DataFrame, rules: Sequence[Rule]) -> Broken:
    """Let Great Expectations find the rows that break each rule.

    Args:
        rows: The judged frame; grain ``INDEX``; at least one row.
        rules: Rules on its columns.

    Raises:
        EngineError: an expectation raised instead of answering.
    """
    asked = questions_of(rows, rules)
    broken: dict[Rule, Sequence[tuple[str, int]]] = dict.fromkeys(rules, ())
    for questions, failed in zip(asked.values(), _failed(asked), strict=True):
        broken |= questions.broken(failed, rows)
    return broken


def _failed(asked: Mapping[Demand, Questions]) -> list[list[int]]:
    """The questions of each demand that are answered with no, by their number."""
    import great_expectations as gx  # noqa: PLC0415, TID251  (here and only here)
    from great_expectations.data_context.types.base import (  # noqa: PLC0415, TID251
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    # In memory, without a site for Data Docs: a resident worker must not leave a folder behind at every judgement.
    settings = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=settings)
    asset = context.data_sources.add_pandas("judgement").add_dataframe_asset("questions")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": _pandas(asked)})
    expectations = gx.ExpectationSuite(
        "judgement", expectations=[_expectation(number, demand) for number, demand in enumerate(asked)]
    )
    answer = batch.validate(
        expectations,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [QUESTION],
            "return_unexpected_index_query": False,
        },
    )
    failed: list[list[int]] = [[] for _ in asked]
    for result in answer.results:
        number = result.expectation_config.meta["demand"]
        if not result.success and "unexpected_index_list" not in result.result:
            names = ", ".join(f"{rule.id} on column {rule.column}" for rule in list(asked.values())[number].rules)
            raise EngineError(f"rules {names}: {result.exception_info}")
        failed[number] = [int(at[QUESTION]) for at in result.result.get("unexpected_index_list") or []]
    return failed


def _expectation(number: int, demand: Demand) -> Any:
    import great_expectations.expectations as gxe  # noqa: PLC0415, TID251

    fact, other, meta = f"{FACT}_{number}", f"{OTHER}_{number}", {"demand": number}
    pair = {"ignore_row_if": "either_value_is_missing", "meta": meta}
    match demand.must:
        case Must.BE_GIVEN:
            return gxe.ExpectColumnValuesToNotBeNull(column=fact, meta=meta)
        case Must.BE_EMPTY:
            return gxe.ExpectColumnValuesToBeNull(column=fact, meta=meta)
        case Must.BE_ONE_OF:
            return gxe.ExpectColumnValuesToBeInSet(column=fact, value_set=list(demand.values), meta=meta)
        case Must.LIE_BETWEEN:
            return gxe.ExpectColumnValuesToBeBetween(
                column=fact, min_value=demand.least, max_value=demand.most, meta=meta
            )
        case Must.EQUAL:
            return gxe.ExpectColumnPairValuesToBeEqual(column_A=fact, column_B=other, **pair)
        case Must.NOT_BE_ABOVE:
            return gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A=other, column_B=fact, or_equal=True, **pair)


def _pandas(asked: Mapping[Demand, Questions]) -> "pd.DataFrame":
    """Demands side by side; decimals stay ``Decimal`` objects (``.df()`` would make them floats).

    Shorter ones are filled up with what breaks no rule.
    """
    import pandas as pd  # noqa: PLC0415  (as slow as the engine that needs it)

    height = max((len(questions.facts) for questions in asked.values()), default=0)
    columns: dict[str, list[object]] = {QUESTION: list(range(height))}
    for number, (demand, questions) in enumerate(asked.items()):
        rest = height - len(questions.facts)
        columns[f"{FACT}_{number}"] = questions.facts + [True if demand.must is Must.BE_GIVEN else None] * rest
        columns[f"{OTHER}_{number}"] = questions.others + [None] * rest
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
