"""When things run: the jobs along the line, their schedules in Hà Nội time, and the sensor on the agency folders."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

import dagster as dg

from indicator_specs import clock
from indicator_specs.periods import Frequency
from pipelines.assets.extraction import extraction_assets
from pipelines.assets.installed import installation
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.soundness import ACCEPTED
from pipelines.assets.translation import GROUPS
from pipelines.cadence import TIMEZONE, latest_partition, partition_key
from pipelines.stores.exchange import fetch_everywhere
from pipelines.waiting import noted, reason_to_wait, was_asked_for, what_waits, worker_is_there

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

Ask = Callable[[dg.ScheduleEvaluationContext], dg.RunRequest]

DERIVED = dg.AssetSelection.groups(*GROUPS, "publication")

TIMED = {"dagster/max_runtime": "3600"}
"""Seconds after which a pull is ended: a source that answers at all is read within minutes."""

FIRST = {"dagster/priority": "5"}
"""What is due today goes before the periods of a backfill, which wait in the same queue."""

GATE = dg.AssetSelection.checks(
    *(dg.AssetCheckKey(key, ACCEPTED) for key in (*(asset.key for asset in extraction_assets()), SUBMISSIONS))
)
"""Nothing is computed from accepted data that is unsound, whichever run admitted it."""

intake_job = dg.define_asset_job(
    "intake",
    selection=dg.AssetSelection.assets(SUBMISSIONS) | GATE | DERIVED,
    description="Trả lời tệp của các đơn vị, rồi cập nhật bảng điều hành · Answer what agencies dropped, then show it",
)
refresh_job = dg.define_asset_job(
    "refresh",
    selection=GATE | DERIVED,
    description="Tính phần thay đổi, chốt số liệu, đưa lên bảng điều hành · Compute what changed, seal it, show it",
)


def _extraction_schedules() -> list[dg.ScheduleDefinition]:
    """One job a source, and one for each cadence by which it is pulled: a source that fails stops no other."""
    registry = installation().registry
    groups: defaultdict[tuple[str, Frequency | None], list[dg.AssetsDefinition]] = defaultdict(list)
    for asset in extraction_assets():
        dataset = registry.dataset(*asset.key.path)
        groups[dataset.source_id, dataset.frequency if asset.partitions_def else None].append(asset)
    return [_pull_daily(source, frequency, assets) for (source, frequency), assets in groups.items()]


def _pull_daily(source: str, frequency: Frequency | None, assets: list[dg.AssetsDefinition]) -> dg.ScheduleDefinition:
    name = installation().registry.sources[source].name
    by_period = "" if frequency is None else "__by_period" if frequency == "monthly" else f"__by_{frequency}_period"
    job = dg.define_asset_job(
        f"extract__{source}{by_period}",
        selection=dg.AssetSelection.assets(*assets),
        description=f"Lấy số liệu: {name.vi} · Pull: {name.en}",
        tags=TIMED,
    )
    return _daily(job, "0 5 * * *", _latest(frequency) if frequency else None)


def _latest(frequency: Frequency) -> Ask:
    def ask(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        """The last period that has ended: ministries restate it for weeks, and equal content is no new batch."""
        day = context.scheduled_execution_time.astimezone(clock.HANOI).date()
        return dg.RunRequest(partition_key=partition_key(latest_partition(frequency, day)), tags=FIRST)

    return ask


def _daily(job: "UnresolvedAssetJobDefinition", cron: str, ask: Ask | None = None) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=f"{job.name}__daily",
        job=job,
        cron_schedule=cron,
        execution_timezone=TIMEZONE,
        execution_fn=ask,
        tags=FIRST if ask is None else None,  # else its own request says so
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


schedules = [*_extraction_schedules(), _daily(refresh_job, "30 5 * * *")]


@dg.sensor(job=intake_job, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def agency_folders(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for one intake run while something waits; the ledger, not a run key, makes it idempotent."""
    here = installation()
    if not worker_is_there(here.ledger):
        for link in fetch_everywhere(here):
            link.drop()
    waiting = what_waits(here, expected=here.ledger.agencies())
    for unreachable in waiting.unreachable:
        context.log.error(f"Folder of {unreachable.agency} cannot be read: {unreachable.reason}")
    reason = reason_to_wait(context.instance, here.ledger, waiting)
    if not reason and was_asked_for(context.cursor, waiting):
        reason = "The last intake run could not take what waits; see its check of the folders. It is tried again."
    if reason:
        out_of_reach = "".join(f" {each.agency}: {each.reason}." for each in waiting.unreachable)
        return dg.SkipReason(reason + out_of_reach)
    context.update_cursor(noted(waiting))
    return dg.RunRequest(tags={"chiso/files": str(waiting.files)})
