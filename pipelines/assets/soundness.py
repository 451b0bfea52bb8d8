"""The gate before anything is computed: accepted data held against the ledger that lists it.

One blocking check per asset of admitted figures, in one step. It also runs where no figures were admitted, so that a
computation never starts on files that have changed since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import dagster as dg
import polars as pl

from connectors.landing import Landing, RottenFileError
from connectors.ledger import Batch
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines.assets.extraction import extraction_assets
from pipelines.assets.installed import installation
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.sound_parts import faults_of_parts
from pipelines.installation import Installation

ACCEPTED = "accepted_is_sound"

GRAIN = ("measure", "org_unit", "time_period", "breakdown", "producer", "published_date")
"""Within one batch each of these is one figure."""

WITHOUT_VALUE = ("L", "M", "O", "Q")
"""Observation statuses that explain why there is no value."""


def build_soundness_checks() -> dg.AssetChecksDefinition:
    """A blocking check for each asset of admitted figures."""

    @dg.multi_asset_check(
        name=ACCEPTED,
        specs=[
            dg.AssetCheckSpec(
                ACCEPTED,
                asset=key,
                blocking=True,
                description="Số liệu đã tiếp nhận đúng như sổ ghi, mỗi giá trị một lần · Files hold what the ledger"
                " says: read = accepted + returned; each accepted row has a value or a reason, and stands once",
            )
            for key in (*(asset.key for asset in extraction_assets()), SUBMISSIONS)
        ],
        can_subset=True,
    )
    def accepted_is_sound(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        here = installation()
        for check in sorted(context.selected_asset_check_keys, key=lambda key: key.asset_key.path):
            yield _result(here, check.asset_key)

    return accepted_is_sound


def _result(here: Installation, asset: dg.AssetKey) -> dg.AssetCheckResult:
    batches = [batch for batch in here.ledger.batches() if asset_of(here.registry, batch) == asset]
    faults = faults_of_all(here, batches)
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=ACCEPTED,
        passed=not faults,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"faults": dg.MetadataValue.json(faults[:20]), "n_faults": len(faults), "batches": len(batches)},
    )


def asset_of(registry: Registry, batch: Batch) -> dg.AssetKey:
    """The asset that admitted a batch."""
    if batch.source in registry.sources and registry.sources[batch.source].kind == "workbook":
        return SUBMISSIONS
    return dg.AssetKey([batch.source, batch.dataset])


def faults_of_all(here: Installation, batches: Sequence[Batch]) -> list[str]:
    """What is wrong with some batches and the files that hold their accepted rows, in sentences."""
    faults = [fault for batch in batches for fault in faults_of(here.home, batch)]
    merged = [batch for batch in batches if batch.compaction_no is not None]
    return faults + (list(faults_of_parts(here.home, here.ledger.compactions.parts(), merged)) if merged else [])


def faults_of(home: Home, batch: Batch) -> list[str]:
    """What is wrong with a batch and its accepted file, in sentences; empty where it is sound."""
    return [f"batch {batch.batch_no}: {fault}" for fault in _faults(home, batch)]


def _faults(home: Home, batch: Batch) -> Iterator[str]:
    if batch.n_read != batch.n_accepted + batch.n_returned:
        yield f"read {batch.n_read} ≠ accepted {batch.n_accepted} + returned {batch.n_returned}"
    if batch.accepted_path is None or batch.compaction_no is not None:
        return
    try:
        status = (home.root / batch.accepted_path).stat()
    except FileNotFoundError:
        yield f"{batch.accepted_path} is missing"
        return
    stored = _look(home, batch.accepted_path, status.st_mtime_ns, status.st_size)
    if stored.n_rows is not None and stored.n_rows != batch.n_accepted:
        yield f"the file holds {stored.n_rows} rows, the ledger says {batch.n_accepted}"
    yield from stored.faults


@dataclass(frozen=True)
class _Stored:
    """What an accepted file was found to hold; no rows where it could not be read."""

    n_rows: int | None
    faults: tuple[str, ...]


@lru_cache(maxsize=100_000)
def _look(home: Home, path: str, changed: int, size: int) -> _Stored:
    """Remembered while the file keeps still, so that a resident process reads each file once."""
    del changed, size
    try:
        rows = Landing(home).read(path)
    except (RottenFileError, ValueError, pl.exceptions.PolarsError, OSError) as error:
        return _Stored(None, (str(error),))
    return _Stored(rows.height, tuple(_faults_of_rows(rows)))


def _faults_of_rows(rows: pl.DataFrame) -> Iterator[str]:
    if rows.select(GRAIN).is_duplicated().any():
        yield "the same figure stands twice"
    if rows.filter(pl.col("obs_value").is_null() & ~pl.col("obs_status").is_in(WITHOUT_VALUE)).height:
        yield "an accepted row has neither a value nor a reason"
