"""One pull of one dataset, held against what the ledger knows of it, ready to be admitted.

Owns what makes a pull an alarm although the source answered: rows that are missing, figures a thousand times off.
"""

import polars as pl

from connectors import plausibility
from connectors.content_address import AT_ONCE
from connectors.extract import extract
from connectors.extracted import Before, EarlierBatch, Extract
from connectors.landing import Landing
from connectors.ledger import Batch
from indicator_specs import clock, periods
from indicator_specs.source_spec import Dataset, Source
from pipelines.candidates import Candidate
from pipelines.conduct import conduct_of
from pipelines.conduct.standing_counts import made_from, stands
from pipelines.installation import Installation

ACCEPTED_AS_IT_IS = "source_accepted_as_it_is"
"""The event by which a person says that a source has really changed: what came before is no measure any more."""


def pull(here: Installation, source: Source, dataset: Dataset, partition: str | None) -> Candidate | None:
    """Pull a dataset and hold what came against the batches before it.

    Returns:
        What is to be admitted; None where an incremental source has nothing new, nothing fell due to be counted, or
        nothing was heard since it was counted.

    Raises:
        PermanentSourceError: a person must act. What was accepted before stands.
        TransientSourceError: it may pass by itself.
    """
    if source.kind == "ledger":
        return _count(here, source, dataset, partition)
    batches = [batch for batch in here.ledger.batches(source=source.id, dataset=dataset.id) if not batch.submission_no]
    own = [batch for batch in batches if batch.partition == (partition or "")]
    before = Before(
        tuple(_earlier(batch) for batch in own),
        here.ledger.cursor(source.id, dataset.id, partition or ""),
    )
    read = extract(source, dataset, here.home, partition, before)
    if dataset.mode == "incremental" and read.n_rows == 0:
        return None
    measured_by = _since_accepted(here, dataset, own or batches)
    if dataset.mode != "incremental" and (own or _is_due(here, dataset, partition)):
        plausibility.check_fall(dataset, read, [int(batch.origin.get("n_records", 0)) for batch in measured_by])
    if measured_by:
        _hold_against(here, dataset, read, measured_by[-1], is_told_again=bool(own) and dataset.mode != "incremental")
    return Candidate(read, notes=read.findings)


def _count(here: Installation, source: Source, dataset: Dataset, partition: str | None) -> Candidate | None:
    """What the ledger tells of ourselves. It differs from month to month: nothing to be alarmed at."""
    made = made_from(here, dataset, partition or "")
    if stands(here, dataset, partition or "", made):
        return None
    read = extract(source, dataset, here.home, partition, Before(conduct=conduct_of(here)))
    return Candidate(read, made_from=made) if read.rows.height else None  # nothing due is no batch


def _hold_against(here: Installation, dataset: Dataset, read: Extract, batch: Batch, *, is_told_again: bool) -> None:
    """Hold what came against the rows of an earlier batch, part by part of a large pull."""
    Landing(here.home).hold(batch.landing_path)
    parts = ((rows, _landed(here, dataset, batch, rows)) for rows in read.parts())
    plausibility.check_scale(dataset, parts)
    if is_told_again and dataset.volume.max_restated_pct is not None:
        plausibility.check_restated(dataset, read.rows, _landed(here, dataset, batch, read.rows))


def _landed(here: Installation, dataset: Dataset, batch: Batch, beside: pl.DataFrame) -> pl.DataFrame:
    """The landed rows of a batch; of a large one only those of the units that are held against them."""
    if batch.n_read <= 2 * AT_ONCE or dataset.is_compared_whole:
        return pl.read_parquet(here.home.root / batch.landing_path)
    units = beside["org_unit"].unique().to_list()
    of_units = pl.col("org_unit").is_in(units, nulls_equal=True)
    return pl.scan_parquet(here.home.root / batch.landing_path).filter(of_units).collect(engine="streaming")


def _earlier(batch: Batch) -> EarlierBatch:
    return EarlierBatch(batch.evidence_path, batch.landing_path, batch.origin.get("reached"))


def _is_due(here: Installation, dataset: Dataset, partition: str | None) -> bool:
    """Whether all have had their time to report on a period: until then a source may well have less of it."""
    if partition is None:
        return True
    due = here.registry.reference.calendars.due(dataset.full_id, periods.parse(partition), dataset.deadline_days)
    return clock.now().astimezone(clock.HANOI).date() > due


def _since_accepted(here: Installation, dataset: Dataset, batches: list[Batch]) -> list[Batch]:
    """Batches that are a measure: those after the last time that a person took the source as it is."""
    taken = here.ledger.events(kinds=[ACCEPTED_AS_IT_IS], subjects=[f"{dataset.source_id}/{dataset.id}"])
    return [batch for batch in batches if not taken or batch.accepted_at > taken[-1].happened_at]


def accept_as_it_is(here: Installation, dataset: Dataset, reason: str) -> None:
    """Record that a source has really changed, and why: its next pull is measured by nothing before it."""
    here.ledger.event(ACCEPTED_AS_IT_IS, f"{dataset.source_id}/{dataset.id}", {"reason": reason})
