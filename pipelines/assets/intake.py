"""intake: what agencies dropped into their folders, answered. Keyed by the ledger's sequence, not by partitions."""

import dagster as dg

from indicator_specs.home import Home
from pipelines.assets.admitted import accepted_is_sound, check_specs, judgement, metadata
from pipelines.freshness import PULLED
from pipelines.installation import Installation
from pipelines.intake import take_in

SUBMISSIONS = dg.AssetKey(["intake", "submissions"])


@dg.asset(
    key=SUBMISSIONS,
    group_name="extraction",
    description="Tệp báo cáo của các đơn vị · Files that agencies dropped, each with its receipt",
    kinds={"excel", "parquet"},
    check_specs=check_specs(SUBMISSIONS),
    freshness_policy=PULLED,
    pool="intake",
)
def submissions(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads the annotation as it stands
    """Claim, copy, read, judge, commit, answer. A folder that cannot be read fails the run after the others are served."""
    installation = Installation(Home.current())
    report = take_in(installation)
    for folder in report.unreachable:
        context.log.error(f"Folder of {folder.agency} cannot be read: {folder.reason}")
    if report.unreachable:
        raise dg.Failure(f"{len(report.unreachable)} agency folders cannot be read", allow_retries=True)
    return dg.MaterializeResult(
        metadata={**metadata(report.admitted), "answers": len(report.answers)},
        check_results=[
            judgement(SUBMISSIONS, report.admitted),
            accepted_is_sound(installation.home, SUBMISSIONS, report.admitted),
        ],
    )
