"""What stands of one agency's report on a form and period: the last that it said of each figure, in order of receipt.

Reads the accepted rows that the ledger lists; knows nothing of other producers or of what was published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl

from connectors.accepted import accepted_rows
from connectors.ledger import Batch, Ledger
from pipelines.installation import Installation

FIGURE = ("measure", "org_unit", "time_period", "breakdown")
"""What tells the figures of one form apart."""

WITHDRAWN = "O"
"""SDMX: not reported. The status of a figure that its sender took back."""

Key = tuple[str, str, str, str]

MOST_REMEMBERED = 64
"""Reports whose last words this process keeps, the latest asked for."""


@dataclass(frozen=True)
class Line:
    """One agency's reports on one form and period."""

    dataset: str
    time_period: str
    agency: str

    @property
    def subject(self) -> str:
        """The subject of its events."""
        return f"report {self.dataset} {self.time_period} {self.agency}"

    @property
    def everybody(self) -> str:
        """The subject of events that concern all agencies."""
        return f"report {self.dataset} {self.time_period}"


class Stated(NamedTuple):
    """The last word on one figure. ``value`` is plain decimal text; None where a mark (``status``) stands for it."""

    value: str | None
    status: str
    place: str
    submission_no: int

    @property
    def is_withdrawn(self) -> bool:
        """Whether the last word is that there is none."""
        return self.value is None and self.status == WITHDRAWN

    @property
    def text(self) -> str:
        """As a receipt writes it: a figure, ``…`` for what was not collected, ``(trống)`` for what is not reported."""
        if self.value is not None:
            return vietnamese(self.value)
        return {"L": "…", WITHDRAWN: "(trống)"}.get(self.status, self.status)


def vietnamese(value: str) -> str:
    """``1234.5`` as ``1.234,5``."""
    sign, digits = ("-", value[1:]) if value.startswith("-") else ("", value)
    whole, _, fraction = digits.partition(".")
    return sign + f"{int(whole):,}".replace(",", ".") + (f",{fraction}" if fraction else "")


@dataclass(frozen=True)
class Standing:
    """What stands of one line. ``newest`` is the last submission that it came of, ``last`` its last batch."""

    figures: Mapping[Key, Stated] = field(default_factory=dict)
    newest: int = 0
    last: Batch | None = None


_remembered: dict[tuple[Path, Line], Standing] = {}


def line_batches(ledger: Ledger, line: Line, since: int = 0) -> list[Batch]:
    """Batches of the line from a number on, in order of their commit."""
    source, _, dataset = line.dataset.partition(".")
    return ledger.reports.batches(source, dataset, line.time_period, line.agency, since)


def standing_of(here: Installation, line: Line) -> Standing:
    """What stands of a line.

    Batches never change and are only added to: what was found of the first of them is remembered, so that of a report
    that is sent a thousand times neither the files nor the entries of the ledger are read a thousand times over.
    """
    known = _remembered.get((here.home.root, line), Standing())
    batches = line_batches(here.ledger, line, known.last.batch_no if known.last else 0)
    if known.last and not (batches and _is_same(batches[0], known.last)):
        known, batches = Standing(), line_batches(here.ledger, line)  # another ledger stands in this place by now
    more = batches[1:] if known.last else batches
    if more:
        numbers = (batch.submission_no or 0 for batch in more)
        known = Standing({**known.figures, **standing(here, more)}, max(known.newest, *numbers), more[-1])
    remember(here, line, known)
    return known


def remember(here: Installation, line: Line, stands: Standing) -> None:
    """What stands of a line once its next batch is committed: whoever has judged it need not read it again."""
    _remembered.pop((here.home.root, line), None)
    _remembered[here.home.root, line] = stands
    while len(_remembered) > MOST_REMEMBERED:
        del _remembered[next(iter(_remembered))]


def standing(here: Installation, batches: Sequence[Batch]) -> Mapping[Key, Stated]:
    """The last word of each figure, batch after batch."""
    found: dict[Key, Stated] = {}
    for batch in batches:
        found.update(rows_of_batch(here, batch))
    return found


def _is_same(batch: Batch, known: Batch) -> bool:
    return (batch.batch_no, batch.batch_id, batch.accepted_sha256) == (
        known.batch_no,
        known.batch_id,
        known.accepted_sha256,
    )


def rows_of_batch(here: Installation, batch: Batch) -> Iterable[tuple[Key, Stated]]:
    """Accepted rows of one batch of a report; none where every row was returned."""
    if batch.accepted_path is None or batch.submission_no is None:
        return ()
    return rows_of(accepted_rows(here.home, here.ledger, batch), batch.submission_no)


def rows_of(rows: pl.DataFrame, submission_no: int) -> Iterable[tuple[Key, Stated]]:
    """Accepted rows as figures with what is said of them."""
    columns = [rows[name].to_list() for name in (*FIGURE, "obs_value", "obs_status", "place")]
    for measure, unit, period, breakdown, value, status, place in zip(*columns, strict=True):
        yield (measure, unit, period, breakdown or "_T"), Stated(value, status or "A", place or "", submission_no)
