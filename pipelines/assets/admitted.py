"""What Dagster is told of an admission: metadata, and the two checks on what came in.

Refusals are metadata and a warning, never a failure: one bad workbook must not stop the country. What blocks is the
accepted data itself being wrong.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import dagster as dg
import polars as pl

from indicator_specs.findings import Finding, Severity
from indicator_specs.home import Home
from pipelines.admission import Admitted

JUDGEMENT = "judgement"
ACCEPTED = "accepted_is_sound"


def check_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """The checks that every asset of admitted figures carries."""
    return [
        dg.AssetCheckSpec(JUDGEMENT, asset=asset, description="Findings of Great Expectations on what was read."),
        dg.AssetCheckSpec(
            ACCEPTED,
            asset=asset,
            blocking=True,
            description="Rows read = accepted + returned; accepted rows have values, and each value once.",
        ),
    ]


def metadata(admitted: Sequence[Admitted]) -> dict[str, dg.MetadataValue | int | str]:
    """Counts for the asset's page."""
    return {
        "batches": len(admitted),
        "new_batches": sum(one.is_new for one in admitted),
        "rows_read": sum(one.batch.n_read for one in admitted),
        "rows_accepted": sum(one.batch.n_accepted for one in admitted),
        "rows_returned": sum(one.batch.n_returned for one in admitted),
        "batch_numbers": ", ".join(str(one.batch.batch_no) for one in admitted) or "none",
    }


def judgement(asset: dg.AssetKey, admitted: Sequence[Admitted]) -> dg.AssetCheckResult:
    """What judgement found, by rule; a warning where something was returned."""
    findings: list[Finding] = [finding for one in admitted for finding in one.findings]
    by_rule = Counter(f"{finding.severity}:{finding.rule}" for finding in findings)
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=JUDGEMENT,
        passed=not any(finding.severity is Severity.ERROR for finding in findings),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "findings": dg.MetadataValue.json(dict(sorted(by_rule.items()))),
            "first_errors": dg.MetadataValue.md(_first_errors(findings)),
        },
    )


def accepted_is_sound(home: Home, asset: dg.AssetKey, admitted: Sequence[Admitted]) -> dg.AssetCheckResult:
    """Read the accepted files again and hold them against the ledger's counts."""
    faults = [fault for one in admitted for fault in _faults(home, one)]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=ACCEPTED,
        passed=not faults,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"faults": dg.MetadataValue.json(faults[:20]), "batches": len(admitted)},
    )


def _faults(home: Home, admitted: Admitted) -> Iterable[str]:
    batch = admitted.batch
    if batch.n_read != batch.n_accepted + batch.n_returned:
        yield f"batch {batch.batch_no}: read {batch.n_read} ≠ accepted {batch.n_accepted} + returned {batch.n_returned}"
    if batch.accepted_path is None:
        return
    rows = pl.read_parquet(home.root / batch.accepted_path)
    if rows.height != batch.n_accepted:
        yield f"batch {batch.batch_no}: the file holds {rows.height} rows, the ledger says {batch.n_accepted}"
    key = ["measure", "org_unit", "time_period", "breakdown", "producer", "published_date"]
    if rows.select(key).is_duplicated().any():
        yield f"batch {batch.batch_no}: the same value stands twice"
    if rows.filter(pl.col("obs_value").is_null() & ~pl.col("obs_status").is_in(["L", "M", "O", "Q"])).height:
        yield f"batch {batch.batch_no}: an accepted row has no value and no reason"


def _first_errors(findings: Sequence[Finding]) -> str:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR][:10]
    return "\n".join(f"- `{finding.place}` {finding.message_vi}" for finding in errors) or "—"
