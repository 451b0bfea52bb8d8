"""Telling Dagster what the line did without it: on the command line, or before its history was begun.

Nothing is pulled or admitted here. What the ledger lists is reported once, so that the map does not call figures
missing that are there.
"""

from collections import defaultdict

import dagster as dg

from connectors.ledger import Batch
from pipelines.assets.admitted import counts
from pipelines.assets.brought import Brought
from pipelines.assets.publication import RELEASE
from pipelines.assets.soundness import asset_of
from pipelines.cadence import partition_key
from pipelines.installation import Installation


def knows_nothing(instance: dg.DagsterInstance) -> bool:
    """Whether no release was ever made through this Dagster."""
    return instance.get_latest_materialization_event(RELEASE) is None


def tell_of_batches(instance: dg.DagsterInstance, here: Installation, partitioned: frozenset[dg.AssetKey]) -> None:
    """Report the newest batch of each asset, and of each period where the asset is pulled by period.

    Args:
        instance: whom to tell.
        here: whose ledger.
        partitioned: assets that are pulled by period.
    """
    newest: defaultdict[dg.AssetKey, dict[str | None, Batch]] = defaultdict(dict)
    for batch in here.ledger.batches():
        key = asset_of(here.registry, batch)
        newest[key][partition_key(batch.partition) if key in partitioned else None] = batch
    for key, batches in newest.items():
        if instance.get_latest_materialization_event(key) is None:
            for partition, batch in sorted(batches.items(), key=lambda pair: pair[0] or ""):
                instance.report_runless_asset_event(_materialization(here, key, partition, batch))


def _materialization(
    here: Installation, key: dg.AssetKey, partition: str | None, batch: Batch
) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        asset_key=key,
        partition=partition,
        description="Ghi theo sổ tiếp nhận · As the ledger lists it",
        metadata={**counts([batch]), **Brought.as_listed(here, batch).metadata},
    )
