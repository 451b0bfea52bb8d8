"""extract → landing → judge → accepted: one asset for each dataset that a machine can be asked for.

Only these are partitioned, by the source's own cadence.
"""

from functools import cache

import dagster as dg

from connectors.errors import SourceError
from connectors.kinds import KINDS
from indicator_specs import periods
from indicator_specs.source_spec import Dataset, Source
from pipelines.admission import admit
from pipelines.assets.admitted import Materialized, judgement, judgement_spec, metadata
from pipelines.assets.brought import Brought
from pipelines.assets.installed import installation
from pipelines.assets.intake import SUBMISSIONS
from pipelines.cadence import BEGINS, FIRST_DAY, TIMEZONE, first_of_partition, key_format, period_of
from pipelines.freshness import PULLED
from pipelines.pulling import pull

RETRIES = dg.RetryPolicy(max_retries=2, delay=30, backoff=dg.Backoff.EXPONENTIAL)


@cache
def extraction_assets() -> tuple[dg.AssetsDefinition, ...]:
    """One asset per dataset of every source that is pulled, in the order of the catalogue."""
    return tuple(
        _asset(source, dataset)
        for source in installation().registry.sources.values()
        if KINDS[source.kind].pull is not None
        for dataset in source.datasets
    )


def partitions_of(dataset: Dataset) -> dg.PartitionsDefinition[str] | None:
    """Periods of Hà Nội time for a dataset that is pulled period by period; otherwise none."""
    if dataset.partition != "period":
        return None
    first = first_of_partition(periods.containing(FIRST_DAY, dataset.frequency))
    fmt = key_format(dataset.frequency)
    return dg.TimeWindowPartitionsDefinition(
        start=first.strftime(fmt), fmt=fmt, timezone=TIMEZONE, cron_schedule=BEGINS[dataset.frequency]
    )


def _asset(source: Source, dataset: Dataset) -> dg.AssetsDefinition:
    key = dg.AssetKey([source.id, dataset.id])

    @dg.asset(
        key=key,
        deps=[SUBMISSIONS] if source.kind == "ledger" else [],
        group_name="extraction",
        description=f"{dataset.name.vi} · {dataset.name.en}",
        kinds={KINDS[source.kind].technology(source), "parquet"},
        partitions_def=partitions_of(dataset),
        check_specs=[judgement_spec(key)],
        freshness_policy=PULLED,
        retry_policy=RETRIES,
        pool=f"source_{source.id}",
    )
    def pulled(context: dg.AssetExecutionContext) -> Materialized:
        here = installation()
        partition = period_of(dataset.frequency, context.partition_key) if context.has_partition_key else None
        try:
            candidate = pull(here, source, dataset, partition)
        except SourceError as error:
            if error.is_transient:
                raise
            raise dg.Failure(str(error), allow_retries=False) from error
        admitted = admit(here, [candidate] if candidate else [])
        told = {**metadata(admitted), **(Brought.by(candidate.extract).metadata if candidate else {})}
        return dg.MaterializeResult(metadata=told, check_results=[judgement(key, admitted)])

    return pulled
