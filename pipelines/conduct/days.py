"""Days on which figures came, told from accepted rows; and the day on which the ledger began.

Grain of ``first_days``: dataset × reporter × measure × org unit × period.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import polars as pl

from connectors.accepted import accepted_figures
from connectors.ledger import Batch, Ledger
from indicator_specs import clock
from pipelines.installation import Installation

Figure = tuple[str, str, str, str, str]
"""Dataset, reporter (empty for a pull), measure, org unit, period."""


def day_of(moment: datetime) -> date:
    """The day of an instant in Hà Nội."""
    return moment.astimezone(clock.HANOI).date()


def opened_on(ledger: Ledger) -> date | None:
    """The day, in Hà Nội, on which anything was received for the first time; before it nobody could be late."""
    first = ledger.reports.opened_at()
    return day_of(first) if first else None


def first_days(here: Installation, batches: Iterable[Batch], time_periods: Collection[str]) -> Mapping[Figure, date]:
    """The day on which each figure of these periods that stands now first came: of a pull the day of its publication.

    A figure that was withdrawn since, or was only said to be missing, did not come.
    """
    wanted = [each for each in batches if each.accepted_path is not None]
    if not wanted:
        return {}
    senders = {each.submission_no: each for each in here.ledger.submissions()}
    received = {
        each.batch_no: senders[each.submission_no].received_at if each.submission_no else each.accepted_at
        for each in wanted
    }
    told = pl.DataFrame(
        {
            "batch_no": [each.batch_no for each in wanted],
            "dataset": [f"{each.source}.{each.dataset}" for each in wanted],
            "reporter": [senders[each.submission_no].agency if each.submission_no else "" for each in wanted],
            "day": [day_of(received[each.batch_no]) for each in wanted],
        }
    )
    figure = ["dataset", "reporter", "measure", "org_unit", "time_period"]
    # A day, or an instant of one.
    published = pl.col("published_date").str.head(10).str.to_date("%Y-%m-%d", strict=False)
    is_given = pl.col("obs_value").is_not_null() | (pl.col("obs_status").fill_null("A") != "O")
    found = (
        accepted_figures(here.home, here.ledger, wanted)
        .filter(pl.col("time_period").is_in(list(time_periods)))
        .join(told.lazy(), on="batch_no")
        .with_columns(day=pl.when(pl.col("reporter") == "").then(published).fill_null(pl.col("day")), is_given=is_given)
        .sort("batch_no", "row_no")
        .group_by(*figure, "breakdown", "producer", maintain_order=True)
        .agg(pl.col("day").filter("is_given").min(), pl.col("is_given").last())
        .filter("is_given")
        .group_by(figure)
        .agg(pl.col("day").min())
        .collect()
    )
    return {(row[0], row[1], row[2], row[3], row[4]): row[5] for row in found.select(*figure, "day").iter_rows()}
