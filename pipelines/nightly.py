"""When accepted files are merged: every night, and as soon as very many lie loose. It gives way to every other run.

What killed writers have left is removed in the same run.
"""

import dagster as dg

from pipelines.assets.installed import installation
from pipelines.cadence import TIMEZONE
from pipelines.compaction import MANY, NIGHTLY, compact_loose
from pipelines.rooms import Troubles
from pipelines.unfinished import remove_unfinished

GIVES_WAY = {"dagster/priority": "-10"}
"""Of two runs that wait, the other one goes first."""

UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


class Merging(dg.Config):
    """What to merge."""

    least: int = NIGHTLY
    """Files of one dataset and period that must lie loose."""


@dg.op(pool="compaction")
def merge_accepted_files(context: dg.OpExecutionContext, config: Merging) -> None:
    """Merge; a group of which a file was altered is told, and fails the run when the others are done."""
    done = compact_loose(installation(), config.least)
    for each in done.made:
        context.log.info(f"{each.group}: {each.n_files} files → {each.n_parts} parts, {each.n_rows} rows")
    context.add_output_metadata(
        {
            "groups": len(done.made),
            "files": sum(each.n_files for each in done.made),
            "rows": sum(each.n_rows for each in done.made),
            "bytes": sum(each.size for each in done.made),
        }
    )
    if done.faults:
        raise dg.Failure("\n".join(done.faults), allow_retries=False)


@dg.op
def remove_unfinished_files(context: dg.OpExecutionContext) -> None:
    """Remove files that were never finished, a day after their writer died; what is out of reach is told at the end."""
    troubles = Troubles()
    gone = remove_unfinished(installation(), troubles)
    context.add_output_metadata({"files": len(gone), "bytes": sum(each.size for each in gone)})
    if troubles.sentences:
        raise dg.Failure("\n".join(troubles.sentences), allow_retries=False)


@dg.job(
    tags=GIVES_WAY,
    executor_def=dg.in_process_executor,
    description="Gộp tệp số liệu nhỏ, dọn tệp ghi dở · Merge small accepted files, remove unfinished ones",
)
def compaction() -> None:
    """Two steps, neither of which waits for the other."""
    merge_accepted_files()
    remove_unfinished_files()


nightly_compaction = dg.ScheduleDefinition(
    name="compaction__nightly",
    job=compaction,
    cron_schedule="0 2 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


@dg.sensor(job=compaction, minimum_interval_seconds=300, default_status=dg.DefaultSensorStatus.RUNNING)
def loose_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for a merge where a scan of some dataset and period has become dear; one at a time."""
    groups = installation().ledger.compactions.loose_groups(MANY + 1)
    if not groups:
        return dg.SkipReason(f"no dataset and period has more than {MANY} loose files")
    under_way = dg.RunsFilter(job_name=compaction.name, statuses=UNDER_WAY)
    if context.instance.get_runs(under_way, limit=1):
        return dg.SkipReason("a merge is under way")
    config = dg.RunConfig(ops={"merge_accepted_files": Merging(least=MANY + 1)})
    return dg.RunRequest(run_config=config)
