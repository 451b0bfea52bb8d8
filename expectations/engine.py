"""Great Expectations, asked once for a whole judgement: which rows break which rule.

The one place that knows it. Nothing is written: no Data Docs, no store, no network.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from expectations.questions import FACT, OTHER, Broken, Demand, Judged, Questions, Rows, questions_of
from expectations.suites import Must, Rule

if TYPE_CHECKING:
    import pandas as pd

QUESTION = "question"
"""What the engine gives back of facts that break a rule; rows, places and all else are looked up from it."""


class EngineError(RuntimeError):
    """A rule could not be evaluated at all. Never taken for a pass or for a finding: judgement stops."""


def warm_up() -> None:
    """Pay for Great Expectations' import now, seconds before the first file rather than after it."""
    import great_expectations  # noqa: F401, PLC0415, TID251  (as below)


def evaluate(judged: Sequence[Judged]) -> list[Broken]:
    """Let Great Expectations find the rows that break each rule.

    Args:
        judged: Frames and the rules on their columns; any of them may have no rows.

    Returns:
        For each frame in turn the rows that break each of its rules.

    Raises:
        EngineError: an expectation raised instead of answering.
    """
    broken: list[dict[Rule, Rows]] = [dict.fromkeys(rules, ()) for _, rules in judged]
    if asked := questions_of(judged):
        for questions, failed in zip(asked.values(), _failed(asked), strict=True):
            for frame, rule, rows in questions.broken(failed, judged):
                broken[frame][rule] = rows
    return list(broken)


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

    Shorter ones are filled up with what breaks no rule. A second column has only who asks about two: the engine hashes
    all that it is given.
    """
    import pandas as pd  # noqa: PLC0415  (as slow as the engine that needs it)

    height = max((len(questions.facts) for questions in asked.values()), default=0)
    columns: dict[str, list[object]] = {QUESTION: list(range(height))}
    for number, (demand, questions) in enumerate(asked.items()):
        rest = height - len(questions.facts)
        columns[f"{FACT}_{number}"] = questions.facts + [True if demand.must is Must.BE_GIVEN else None] * rest
        if demand.must.is_of_two:
            columns[f"{OTHER}_{number}"] = questions.others + [None] * rest
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
