"""What Dagster is told of an admission: counts, and what judgement found.

Refusals are metadata and a warning, never a failure: one bad workbook must not stop the country. What blocks is the
accepted data itself being wrong (``soundness``).
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg

from connectors.ledger import Batch
from indicator_specs.findings import Finding, Severity
from pipelines.candidates import Admitted

JUDGEMENT = "judgement"

if TYPE_CHECKING:
    Materialized = dg.MaterializeResult[None]
    """What an asset that keeps its own data returns."""
else:
    # Dagster reads the annotation as it stands and knows the plain class alone.
    Materialized = dg.MaterializeResult


def judgement_spec(asset: dg.AssetKey) -> dg.AssetCheckSpec:
    """The check that carries Great Expectations' findings."""
    return dg.AssetCheckSpec(
        JUDGEMENT,
        asset=asset,
        description="Kết quả kiểm tra số liệu gửi đến · Findings of Great Expectations on what was read",
    )


def metadata(admitted: Sequence[Admitted]) -> dict[str, dg.MetadataValue | int | str]:
    """Counts of one admission for the asset's page."""
    return {
        **counts([one.batch for one in admitted]),
        "new_batches": sum(one.is_new for one in admitted),
        "told_unchanged": sum(one.is_unchanged for one in admitted),
    }


def counts(batches: Sequence[Batch]) -> dict[str, dg.MetadataValue | int | str]:
    """What became of some batches, whoever admitted them."""
    return {
        "batches": len(batches),
        "rows_read": sum(batch.n_read for batch in batches),
        "rows_accepted": sum(batch.n_accepted for batch in batches),
        "rows_returned": sum(batch.n_returned for batch in batches),
        "batch_numbers": ", ".join(str(batch.batch_no) for batch in batches) or "none",
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


def _first_errors(findings: Sequence[Finding]) -> str:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR][:10]
    return "\n".join(f"- `{finding.place}` {finding.message_vi}" for finding in errors) or "—"
