"""extract → landing → judge → accepted: one asset for each dataset that a machine can be asked for.

Only these are partitioned, by the source's own cadence.
"""

from functools import cache

import dagster as dg

from connectors.errors import SourceError
from connectors.extract import extract
from connectors.kinds import KINDS
from indicator_specs.source_spec import Dataset, Source
from pipelines.admission import Candidate, admit
from pipelines.assets.admitted import Materialized, judgement, judgement_spec, metadata
from pipelines.assets.installed import installation
from pipelines.cadence import FIRST_DAY, TIMEZONE
from pipelines.freshness import PULLED

RETRIES = dg.RetryPolicy(max_retries=2, delay=30, backoff=dg.Backoff.EXPONENTIAL)


@cache
def extraction_assets() -> tuple[dg.AssetsDefinition, ...]:
    """One asset per dataset of every source that is pulled, in the order of the catalogue."""
    return tuple(
        _asset(source, dataset)
        for source in installation().registry.sources.values()
        if source.kind != "workbook"
        for dataset in source.datasets
    )


def partitions_of(dataset: Dataset) -> dg.PartitionsDefinition[str] | None:
    """Months of Hà Nội time for a dataset that is pulled period by period; otherwise none."""
    if dataset.partition != "period":
        return None
    if dataset.frequency != "monthly":
        raise ValueError(f"{dataset.source_id}.{dataset.id}: pulls by {dataset.frequency} period are not partitioned")
    return dg.MonthlyPartitionsDefinition(start_date=f"{FIRST_DAY:%Y-%m}", timezone=TIMEZONE, fmt="%Y-%m")


def _asset(source: Source, dataset: Dataset) -> dg.AssetsDefinition:
    key = dg.AssetKey([source.id, dataset.id])

    @dg.asset(
        key=key,
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
        partition = context.partition_key if context.has_partition_key else None
        try:
            read = extract(source, dataset, here.home, partition)
        except SourceError as error:
            if error.is_transient:
                raise
            raise dg.Failure(str(error), allow_retries=False) from error
        admitted = admit(here, [Candidate(read)])
        return dg.MaterializeResult(metadata=metadata(admitted), check_results=[judgement(key, admitted)])

    return pulled
