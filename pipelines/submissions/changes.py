"""A report that is sent again: which cells differ from what stands, and which figures its sender has taken back.

Four things that are not the same: ``0`` and ``-`` are figures, ``…`` says that there is one which nobody collected, a
blank says nothing at first and withdraws where a figure stood.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import polars as pl

from connectors.ledger import NewEvent, about_submission
from expectations import Verdict
from indicator_specs.findings import Finding, Severity
from pipelines.submissions.standing import FIGURE, WITHDRAWN, Key, Stated, rows_of

CHANGED = "figures_changed"
"""Kind of the event that tells them."""

MOST_TOLD = 12
"""Changes that a sentence can bear; the receipt's JSON has them all."""


@dataclass(frozen=True)
class CellChange:
    """One cell that says something else than before."""

    place: str
    measure: str
    org_unit: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """``F12 1.204 → 1.240``."""
        return f"{self.place.rpartition('!')[2]} {self.before} → {self.after}"


@dataclass(frozen=True)
class Comparison:
    """A report beside what stands. ``accepted`` has a row for each figure that is withdrawn, status ``O``."""

    accepted: pl.DataFrame
    said: Mapping[Key, Stated]
    """The same as figures."""
    changes: tuple[CellChange, ...]
    replaces: tuple[int, ...]
    """Submissions whose figures it changes."""
    n_withdrawn: int
    n_kept: int
    """Figures that it leaves blank and that stand all the same: it is no whole report."""

    def event(self, submission_no: int) -> NewEvent:
        """What the ledger keeps of it."""
        return NewEvent(
            CHANGED,
            about_submission(submission_no),
            {
                "changes": [asdict(change) for change in self.changes],
                "replaces": list(self.replaces),
                "n_withdrawn": self.n_withdrawn,
            },
        )


def compare(verdict: Verdict, stands: Mapping[Key, Stated], submission_no: int) -> Comparison:
    """Compare a judged report with what stands of the same form, period and agency.

    A blank withdraws the figure that stood there, unless most figures would go: an officer who sends only the rows that
    were returned to him means to complete, not to withdraw; the receipt says which it was taken for.
    """
    standing = {key: stated for key, stated in stands.items() if stated.value is not None or not stated.is_withdrawn}
    blank = {key: row for row, key in _keys(verdict.unanswered) if key in standing}
    is_whole = len(blank) * 2 <= len(standing) and not verdict.accepted.is_empty()
    gone = list(blank.values()) if is_whole else []
    accepted = verdict.accepted
    if gone:
        withdrawn = verdict.unanswered.filter(pl.col("row_no").is_in(gone)).with_columns(
            obs_status=pl.lit(WITHDRAWN), problem=pl.lit(None, dtype=pl.String)
        )
        accepted = pl.concat([accepted, withdrawn]).sort("row_no")
    said = dict(rows_of(accepted, submission_no))
    beside = ((key, standing.get(key), now) for key, now in said.items())
    changed = {key: (old, now) for key, old, now in beside if old is not None and old[:2] != now[:2]}
    changes = [CellChange(now.place, key[0], key[1], old.text, now.text) for key, (old, now) in changed.items()]
    replaced = {old.submission_no for old, _ in changed.values()}
    return Comparison(accepted, said, tuple(changes), tuple(sorted(replaced)), len(gone), 0 if is_whole else len(blank))


def findings(comparison: Comparison, others: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of a report that is sent again: a blank that withdraws is no open question any more."""
    gone = {change.place for change in comparison.changes if change.after == "(trống)"}
    kept = tuple(each for each in others if not (each.rule == "blank" and each.place in gone))
    return (*kept, *_told(comparison))


def _told(comparison: Comparison) -> list[Finding]:
    told = []
    if comparison.changes:
        first = "; ".join(change.text for change in comparison.changes[:MOST_TOLD])
        rest = len(comparison.changes) - MOST_TOLD
        more = (f"; và {rest} ô khác", f"; and {rest} more cells") if rest > 0 else ("", "")
        gone = comparison.n_withdrawn
        told.append(
            Finding(
                "resubmitted",
                Severity.INFO,
                "",
                f"{len(comparison.changes)}",
                "",
                f"{len(comparison.changes)} ô thay đổi so với lần gửi trước"
                f"{f', trong đó rút {gone} số liệu' if gone else ''}: {first}{more[0]}.",
                f"{len(comparison.changes)} cells differ from what was sent before"
                f"{f', {gone} figures withdrawn' if gone else ''}: {first}{more[1]}.",
            )
        )
    if comparison.n_kept:
        told.append(
            Finding(
                "blank_keeps",
                Severity.WARNING,
                "",
                f"{comparison.n_kept}",
                "",
                f"Tệp để trống {comparison.n_kept} số liệu đã gửi trước, quá nửa số đã gửi, nên được hiểu là gửi bổ "
                "sung: các số liệu ấy vẫn giữ nguyên. Nếu muốn rút, đề nghị ghi “…” vào ô, hoặc gửi đủ các ô còn lại.",
                f"The file leaves {comparison.n_kept} figures blank that were sent before, more than half of them, and "
                "is taken for an addition: they stand. To withdraw them, write “…”, or fill in the others.",
            )
        )
    return told


def _keys(rows: pl.DataFrame) -> list[tuple[int, Key]]:
    if rows.is_empty():
        return []
    return [
        (row, (measure, unit, period, breakdown or "_T"))
        for row, measure, unit, period, breakdown in rows.select("row_no", *FIGURE).iter_rows()
    ]
