"""What the engine is asked: every pair of facts of a dataset once, by whatever rows it was met.

A rule looks at one fact of a row, or at two, and at nothing else of it: rows that are equal there break it together. A
report has hundreds of rows and a handful of units, dates and statuses, and reports that are judged together share them.
Rules that demand the same of different facts are asked together, those of other datasets too, since the engine charges
for each demand (10 ms, measured). Must not know Great Expectations.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from expectations.suites import Must, Rule

INDEX = ("case_id", "row_no")
"""What names a row of the judged frame."""

FACT, OTHER = "fact", "other"

Judged = tuple[pl.DataFrame, Sequence[Rule]]
"""The judged frame of one dataset (grain ``INDEX``), and the rules on its columns."""

Rows = Sequence[tuple[str, int]]
"""Rows of a judged frame, by ``INDEX``."""

Broken = Mapping[Rule, Rows]
"""The rows of one frame that break each of its rules."""


@dataclass(frozen=True)
class Demand:
    """What rules ask, whichever facts they ask it of."""

    must: Must
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @classmethod
    def of(cls, rule: Rule) -> "Demand":
        """What one rule asks."""
        return cls(rule.must, rule.values, rule.least, rule.most)


@dataclass
class Questions:
    """All that is asked of one demand: ``facts`` (and ``others``, for a demand on two), question by question."""

    facts: list[object] = field(default_factory=list)
    others: list[object] = field(default_factory=list)
    _pairs: list[tuple[int, Rule, pl.DataFrame]] = field(default_factory=list)
    """Which frame's facts, by its number, and whose question."""

    def ask(self, frame: int, rule: Rule, rows: pl.DataFrame) -> None:
        """Add the distinct facts that a rule looks at; what is missing is a question only whether it is given."""
        pairs = rows.select(_facts(rule)).unique(maintain_order=True)
        if rule.must is not Must.BE_GIVEN:
            pairs = pairs.drop_nulls()
        self.facts += pairs[FACT].to_list()
        self.others += pairs[OTHER].to_list() if rule.other else [None] * pairs.height
        self._pairs.append((frame, rule, pairs))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Whose questions these are."""
        return tuple(rule for _, rule, _ in self._pairs)

    def broken(self, failed: Iterable[int], judged: Sequence[Judged]) -> Iterator[tuple[int, Rule, Rows]]:
        """The rows behind questions that were answered with no, by frame and rule, in the order of the frame."""
        numbers, first = sorted(failed), 0
        for frame, rule, pairs in self._pairs:
            mine = [number - first for number in numbers if first <= number < first + pairs.height]
            first += pairs.height
            if mine:
                yield frame, rule, _rows_with(rule, pairs[mine], judged[frame][0])


def questions_of(judged: Sequence[Judged]) -> dict[Demand, Questions]:
    """All questions about some frames; demands about which there is no question are left out."""
    by_demand: defaultdict[Demand, Questions] = defaultdict(Questions)
    for frame, (rows, rules) in enumerate(judged):
        for rule in rules:
            by_demand[Demand.of(rule)].ask(frame, rule, rows)
    return {demand: asked for demand, asked in by_demand.items() if asked.facts}


def _facts(rule: Rule) -> list[pl.Expr]:
    other = [pl.col(rule.other).alias(OTHER)] if rule.other else []
    return [pl.col(rule.column).alias(FACT), *other]


def _rows_with(rule: Rule, pairs: pl.DataFrame, rows: pl.DataFrame) -> list[tuple[str, int]]:
    named = rows.select(*INDEX, *_facts(rule))
    return named.join(pairs, on=pairs.columns, how="semi", nulls_equal=True).select(INDEX).rows()
