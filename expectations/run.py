"""Judgement: cases in, verdicts out; the one place that knows Great Expectations.

One validation per dataset serves all its cases: the price of a run is fixed, a further submission costs about 1 ms
(measured). Nothing is written: no Data Docs, no store, no network. Findings are words for people and are made from our
own frame, of which the engine only gives row numbers.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from expectations.suites import VALUELESS, Must, Rule, Scope, suite
from expectations.swaps import with_swaps
from expectations.two_readings import settle
from expectations.wording import finding
from indicator_specs import clock
from indicator_specs.findings import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

    from indicator_specs.registry import Registry

INDEX = ("case_id", "row_no")
"""What the engine gives back of a row that breaks a rule; place and all else are looked up from it."""

Broken = Mapping[Rule, Sequence[tuple[str, int]]]
"""Rows that break each rule, by ``INDEX``."""


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
    rows = with_digits(with_swaps(rows, terms), terms)
    broken = evaluate(rows, suite(terms)) if rows.height else {}
    parts = {
        str(name[0]): part for name, part in rows.partition_by("case_id", as_dict=True, maintain_order=True).items()
    }
    guesser = knowledge.guesser()
    return [_verdict(case, parts.get(case.case_id, rows.clear()), broken, guesser) for case in cases]


def _verdict(case: Case, rows: pl.DataFrame, broken: Broken, guesser: Guesser) -> Verdict:
    mine = {rule: sorted(no for case_id, no in at if case_id == case.case_id) for rule, at in broken.items()}
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
    asset = context.data_sources.add_pandas("judgement").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": _pandas(rows, rules)})
    expectations = gx.ExpectationSuite(
        "judgement", expectations=[_expectation(n, rule) for n, rule in enumerate(rules)]
    )
    answer = batch.validate(
        expectations,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": list(INDEX),
            "return_unexpected_index_query": False,
        },
    )
    broken: dict[Rule, Sequence[tuple[str, int]]] = dict.fromkeys(rules, ())
    for result in answer.results:
        rule = rules[result.expectation_config.meta["rule_no"]]
        if not result.success and "unexpected_index_list" not in result.result:
            raise EngineError(f"rule {rule.id} on column {rule.column}: {result.exception_info}")
        at = result.result.get("unexpected_index_list") or []
        broken[rule] = [(row["case_id"], int(row["row_no"])) for row in at]
    return broken


def _expectation(number: int, rule: Rule) -> Any:
    import great_expectations.expectations as gxe  # noqa: PLC0415, TID251

    meta = {"rule_no": number, "rule": rule.id}
    pair = {"ignore_row_if": "either_value_is_missing", "meta": meta}
    match rule.must:
        case Must.BE_GIVEN:
            return gxe.ExpectColumnValuesToNotBeNull(column=rule.column, meta=meta)
        case Must.BE_EMPTY:
            return gxe.ExpectColumnValuesToBeNull(column=rule.column, meta=meta)
        case Must.BE_ONE_OF:
            return gxe.ExpectColumnValuesToBeInSet(column=rule.column, value_set=list(rule.values), meta=meta)
        case Must.LIE_BETWEEN:
            return gxe.ExpectColumnValuesToBeBetween(
                column=rule.column, min_value=rule.least, max_value=rule.most, meta=meta
            )
        case Must.EQUAL:
            return gxe.ExpectColumnPairValuesToBeEqual(column_A=rule.column, column_B=rule.other, **pair)
        case Must.NOT_BE_ABOVE:
            return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=rule.other, column_B=rule.column, or_equal=True, **pair
            )


def _pandas(rows: pl.DataFrame, rules: Sequence[Rule]) -> "pd.DataFrame":
    """Only the columns that rules ask about; decimals stay ``Decimal`` objects (``.df()`` would make them floats)."""
    import pandas as pd  # noqa: PLC0415  (as slow as the engine that needs it)

    asked = dict.fromkeys([*INDEX, *(rule.column for rule in rules), *(rule.other for rule in rules if rule.other)])
    return pd.DataFrame(
        {name: pd.Series(rows[name].to_list(), dtype="int64" if name == "row_no" else object) for name in asked}
    )
