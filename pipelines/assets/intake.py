"""intake: what agencies dropped into their folders, answered. Keyed by the ledger's sequence, not by partitions."""

import dagster as dg

from pipelines.answered import with_answered
from pipelines.assets.admitted import Materialized, judgement, judgement_spec, metadata
from pipelines.assets.installed import installation
from pipelines.freshness import REPORTED
from pipelines.stores.exchange import take_in_everywhere

SUBMISSIONS = dg.AssetKey(["intake", "submissions"])
REACHABLE = "folders_are_reachable"


@dg.asset(
    key=SUBMISSIONS,
    group_name="extraction",
    description="Tệp báo cáo của các đơn vị · Files that agencies dropped, each with its receipt",
    kinds={"excel", "parquet"},
    check_specs=[
        judgement_spec(SUBMISSIONS),
        dg.AssetCheckSpec(
            REACHABLE,
            asset=SUBMISSIONS,
            description="Thư mục của mọi đơn vị đọc được · Every agency's folder could be looked through",
        ),
    ],
    freshness_policy=REPORTED,
    pool="intake",
)
def submissions(context: dg.AssetExecutionContext) -> Materialized:
    """Claim, copy, read, judge, commit, answer. A folder out of reach is told and does not hold up the others."""
    here = installation()
    report = with_answered(take_in_everywhere(here))
    for folder in report.unreachable:
        context.log.error(f"Folder of {folder.agency} cannot be read: {folder.reason}")
    return dg.MaterializeResult(
        metadata={**metadata(report.admitted), "answers": len(report.answers)},
        check_results=[
            judgement(SUBMISSIONS, report.admitted),
            dg.AssetCheckResult(
                asset_key=SUBMISSIONS,
                check_name=REACHABLE,
                passed=not report.unreachable,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={"unreachable": [f"{folder.agency}: {folder.reason}" for folder in report.unreachable]},
            ),
        ],
    )
