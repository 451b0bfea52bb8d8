"""What a person means by a moment, and what the ledger listed then.

A moment is an instant with its zone, a day (its end in Việt Nam), or a release (the batches that it was sealed from).
The ledger's sequence orders what was received: a moment is a prefix of it, also where a clock was once set back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from connectors.ledger import Ledger
from indicator_specs import clock
from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from pipelines.release import Release, releases

_RELEASE = re.compile(r"(?:mart@)?(\d{1,9})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class MomentError(PlainError):
    """No moment at which anything was known; the text says why and what can be asked."""


@dataclass(frozen=True)
class Moment:
    """A point in the ledger's sequence."""

    instant: datetime
    """In UTC."""
    day: date
    """The day in Việt Nam on which deadlines are read."""
    last_batch: int
    last_submission: int
    spec_hash: str
    """Of the catalogue in use then: the release's, or the one by which the last batch was judged."""
    release: Release | None = None

    @property
    def label(self) -> str:
        """A short name that a file may bear."""
        return f"mart@{self.release.number}" if self.release else f"{self.instant:%Y-%m-%dT%H%M%SZ}"


def resolve(home: Home, ledger: Ledger, text: str) -> Moment:
    """The moment that ``text`` names.

    Args:
        home: the installation, for its releases.
        ledger: its ledger.
        text: ``2026-10-05T17:00:00+07:00``, ``2026-10-05`` (the end of that day), ``mart@3`` or ``3``.

    Raises:
        MomentError: no such release is kept, the text is no moment, lies ahead, or before the first batch.
    """
    if found := _RELEASE.fullmatch(text.strip()):
        return _of_release(home, ledger, int(found[1]))
    instant = _instant(text.strip())
    if instant > clock.now():
        raise MomentError(both(f"{text} chưa tới", f"{text} lies in the future"))
    return _at(ledger, instant, instant.astimezone(clock.HANOI).date())


def known_at(tables: Mapping[str, pl.DataFrame], moment: Moment) -> dict[str, pl.DataFrame]:
    """The ledger's tables as they were: later batches are not there, files judged later are not judged yet.

    When a file without a batch was judged is told by its answer, which follows at once.
    """
    batch = tables["batch"].filter(pl.col("batch_no") <= moment.last_batch)
    own = tables["batch"].select("submission_no", own_batch="batch_no").drop_nulls().unique("submission_no")
    judged_later = pl.coalesce(
        pl.col("own_batch") > moment.last_batch, pl.col("answered_at") > moment.instant, pl.lit(value=False)
    )
    submission = (
        tables["submission"]
        .filter(pl.col("submission_no") <= moment.last_submission)
        .join(own, on="submission_no", how="left", maintain_order="left")
        .with_columns(state=pl.when(judged_later).then(pl.lit("received")).otherwise("state"))
        .drop("own_batch")
    )
    judged = submission.filter(pl.col("state") != "received")["submission_no"].implode()
    finding = tables["finding"].filter(
        pl.coalesce(pl.col("batch_no") <= moment.last_batch, pl.lit(value=True))
        & pl.coalesce(pl.col("submission_no").is_in(judged), pl.lit(value=True))
    )
    verification = tables["verification"].filter(pl.col("batch_no") <= moment.last_batch)
    return {
        **tables,
        "batch": batch,
        "submission": submission,
        "finding": finding,
        "verification": verification,
    }


def _of_release(home: Home, ledger: Ledger, number: int) -> Moment:
    kept = {release.number: release for release in releases(home)}
    if number not in kept:
        listed = ", ".join(map(str, kept)) or "—"
        raise MomentError(
            both(f"Không còn lưu bản chốt số {number}; còn: {listed}", f"Release {number} is not kept; kept: {listed}")
        )
    release = kept[number]
    sealed = datetime.fromisoformat(release.sealed_at)
    if release.last_batch is None or release.as_of_date is None:
        # A manifest of before such numbers were noted: what was committed when it was sealed.
        found = _at(ledger, sealed, sealed.astimezone(clock.HANOI).date())
        return Moment(sealed, found.day, found.last_batch, found.last_submission, release.spec_hash, release)
    day, last_submission = date.fromisoformat(release.as_of_date), release.last_submission or 0
    return Moment(sealed, day, release.last_batch, last_submission, release.spec_hash, release)


def _at(ledger: Ledger, instant: datetime, day: date) -> Moment:
    batches = ledger.batches()
    last = max((batch for batch in batches if batch.accepted_at <= instant), key=lambda b: b.batch_no, default=None)
    if last is None:
        first = f"{batches[0].accepted_at.astimezone(clock.HANOI):%Y-%m-%dT%H:%M:%S%z}" if batches else "—"
        raise MomentError(
            both(
                f"Trước thời điểm đó chưa tiếp nhận lô số liệu nào; lô đầu tiên: {first}",
                f"No batch had been accepted by then; the first one: {first}",
            )
        )
    received = [each.submission_no for each in ledger.submissions() if each.received_at <= instant]
    return Moment(instant, day, last.batch_no, max(received, default=0), last.spec_hash)


def _instant(text: str) -> datetime:
    try:
        if _DAY.fullmatch(text):
            last_day = datetime.combine(date.fromisoformat(text), time.min, clock.HANOI)
            ends = last_day + timedelta(days=1) - timedelta(microseconds=1)
            # Today has not ended: what is known of it so far.
            is_today = last_day.date() == clock.now().astimezone(clock.HANOI).date()
            return clock.now() if is_today else ends.astimezone(UTC)
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        shapes = "2026-10-05T17:00:00+07:00, 2026-10-05, mart@3"
        raise MomentError(
            both(
                f"{text!r} không phải thời điểm hay bản chốt; viết: {shapes}",
                f"{text!r} is neither a moment with its zone nor a release; write {shapes}",
            )
        )
    return instant.astimezone(UTC)
