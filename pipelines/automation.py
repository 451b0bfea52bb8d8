"""When things run: schedules in Hà Nội time, the sensor on the agency folders, and the jobs they start."""

import dagster as dg

from connectors.intake.folders import scan
from pipelines.assets.extraction import build_extraction_assets
from pipelines.assets.intake import submissions
from pipelines.cadence import latest_partition
from pipelines.installation import Installation

TIMEZONE = "Asia/Ho_Chi_Minh"
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

extraction_assets = build_extraction_assets(Installation.current().registry)

DERIVED = dg.AssetSelection.groups("staging", "intermediate", "indicators", "marts", "lineage", "publication")

intake_job = dg.define_asset_job(
    "intake",
    selection=dg.AssetSelection.assets(submissions) | DERIVED,
    description="Answer what agencies dropped, then bring the dashboards up to date.",
)
refresh_job = dg.define_asset_job(
    "refresh", selection=DERIVED, description="Compute what changed, seal a release, show it."
)
extraction_jobs = {
    asset.key: dg.define_asset_job("extract__" + "__".join(asset.key.path), selection=dg.AssetSelection.assets(asset))
    for asset in extraction_assets
}


def _latest(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The last period that has ended: ministries restate it for weeks, and equal content is no new batch."""
    return dg.RunRequest(partition_key=latest_partition("monthly", context.scheduled_execution_time.date()))


def _pull_daily(asset: dg.AssetsDefinition) -> dg.ScheduleDefinition:
    job = extraction_jobs[asset.key]
    return dg.ScheduleDefinition(
        name=f"{job.name}__daily",
        job=job,
        cron_schedule="0 5 * * *",
        execution_timezone=TIMEZONE,
        execution_fn=_latest if asset.partitions_def else None,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


schedules = [
    *(_pull_daily(asset) for asset in extraction_assets),
    dg.ScheduleDefinition(
        name="refresh__daily",
        job=refresh_job,
        cron_schedule="30 5 * * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
]


@dg.sensor(job=intake_job, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def agency_folders(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for one intake run while files lie in the folders; the ledger, not a run key, makes it idempotent."""
    found = scan(Installation.current().home)
    for unreachable in found.unreachable:
        context.log.error(f"Folder of {unreachable.agency} cannot be read: {unreachable.reason}")
    if not found.candidates:
        return dg.SkipReason("No file waits in any agency folder.")
    if context.instance.get_runs_count(dg.RunsFilter(job_name="intake", statuses=UNDER_WAY)):
        return dg.SkipReason("An intake run is under way; it takes what waits.")
    return dg.RunRequest(tags={"chiso/files": str(len(found.candidates))})
