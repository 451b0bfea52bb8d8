"""intake: what agencies dropped into their folders, answered. Keyed by the ledger's sequence, not by partitions."""

import dagster as dg

from pipelines.assets.admitted import Materialized, judgement, judgement_spec, metadata
from pipelines.assets.installed import installation
from pipelines.freshness import REPORTED
from pipelines.intake import take_in

SUBMISSIONS = dg.AssetKey(["intake", "submissions"])


@dg.asset(
    key=SUBMISSIONS,
    group_name="extraction",
    description="Tệp báo cáo của các đơn vị · Files that agencies dropped, each with its receipt",
    kinds={"excel", "parquet"},
    check_specs=[judgement_spec(SUBMISSIONS)],
    freshness_policy=REPORTED,
    pool="intake",
)
def submissions(context: dg.AssetExecutionContext) -> Materialized:
    """Claim, copy, read, judge, commit, answer; a folder that cannot be read fails the run after the others."""
    here = installation()
    report = take_in(here)
    for folder in report.unreachable:
        context.log.error(f"Folder of {folder.agency} cannot be read: {folder.reason}")
    if report.unreachable:
        raise dg.Failure(f"{len(report.unreachable)} agency folders cannot be read", allow_retries=True)
    return dg.MaterializeResult(
        metadata={**metadata(report.admitted), "answers": len(report.answers)},
        check_results=[judgement(SUBMISSIONS, report.admitted)],
    )
