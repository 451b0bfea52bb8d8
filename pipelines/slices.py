"""A pull that is too large to be held: landed, judged and accepted a slice at a time, committed as one batch.

A slice holds whole org units with all their periods wherever the reader could cut so. What is said of all rows together
(figures copied from the month before, columns in each other's place) is said slice by slice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from connectors.extract import Extract
from connectors.landing import Landed, Landing
from expectations import Case, Verdict, judge
from indicator_specs import drill
from indicator_specs.findings import Finding, Severity
from indicator_specs.source_spec import Dataset
from pipelines.history import Wanted, published_observations
from pipelines.installation import Installation
from pipelines.release import Release

MOST_TOLD = 10_000
"""Findings of one pull that are told one by one; beyond them only their number, or they would need all memory."""


@dataclass(frozen=True)
class Judged:
    """What became of the rows of a large pull."""

    landed: Landed
    accepted: Landed
    n_returned: int
    findings: tuple[Finding, ...]


def judged_in_slices(here: Installation, extract: Extract, in_force: Release | None) -> Judged:
    """Land and judge a pull and keep what is accepted, with no more than a slice in memory.

    Raises:
        OSError: a store cannot be written.
    """
    dataset, landing = here.registry.dataset(extract.source, extract.dataset), Landing(here.home)
    told, n_returned = _Told(), 0
    with (
        landing.landing(extract.source, extract.dataset) as landed,
        landing.accepting(extract.source, extract.dataset) as accepted,
    ):
        for rows, verdict in _verdicts(here, extract, dataset, in_force):
            landed.add(rows)
            accepted.add(verdict.accepted)
            told.add(verdict.findings)
            n_returned += verdict.returned.height
        at = landed.keep()
        drill.point("landed")
        drill.point("judged")
        taken = accepted.keep()
        drill.point("accepted")
    return Judged(at, taken, n_returned, told.findings())


def _verdicts(
    here: Installation, extract: Extract, dataset: Dataset, in_force: Release | None
) -> Iterator[tuple[pl.DataFrame, Verdict]]:
    for number, rows in enumerate(extract.parts()):
        # The units' own past alone: all others' would be read again for each slice.
        wanted = replace(Wanted.beside([measure.id for measure in dataset.measures], [rows]), periods=())
        past = published_observations(here.home, in_force, wanted) if in_force else None
        yield rows, judge([Case(str(number), dataset, rows)], here.registry, past)[0]


@dataclass
class _Told:
    """Findings as they come, no more than can be told."""

    first: list[Finding] = field(default_factory=list)
    n: int = 0

    def add(self, more: tuple[Finding, ...]) -> None:
        self.first.extend(more[: MOST_TOLD - len(self.first)])
        self.n += len(more)

    def findings(self) -> tuple[Finding, ...]:
        if self.n <= MOST_TOLD:
            return tuple(self.first)
        vi = f"Tổng cộng {self.n} nội dung; {MOST_TOLD} nội dung đầu được nêu riêng."
        en = f"{self.n} findings in all; the first {MOST_TOLD} are told one by one."
        return (*self.first, Finding("many_findings", Severity.WARNING, "", str(self.n), "", vi, en))
