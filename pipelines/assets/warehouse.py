"""accepted → stg → int → ind → fct/dim/mart: dbt's models as assets, dbt's tests as asset checks.

The graph comes from dbt's manifest; what is built comes from the registry: which measures changed decides which
models run. dbt's own selection would rebuild everything that hangs on the one observations table.
"""

from collections.abc import Collection, Iterator
from functools import cache
from graphlib import TopologicalSorter

import dagster as dg
from dagster_dbt import dbt_assets

from pipelines.assets.ahead import computed_by_now
from pipelines.assets.installed import installation
from pipelines.assets.manifest import manifest
from pipelines.assets.translation import TRANSLATOR, check_key, mart_keys, model_key
from pipelines.compute import Computed

Event = dg.Output[None] | dg.AssetMaterialization | dg.AssetCheckResult | dg.AssetCheckEvaluation


class Models(dg.Config):
    """How to build."""

    full: bool | None = None
    """Build every model, whatever changed; if it is not said, where only some models were chosen: whoever chooses by
    hand wants them anew, and a build of all is right for any choice."""


def build_model_assets() -> dg.AssetsDefinition:
    """All dbt models as one multi-asset that builds what changed."""

    @dbt_assets(manifest=manifest(), dagster_dbt_translator=TRANSLATOR, name="models", pool="warehouse")
    def models(context: dg.AssetExecutionContext, config: Models) -> Iterator[Event]:
        full = context.is_subset if config.full is None else config.full
        computed = computed_by_now(installation(), full=full)
        context.log.info(computed.summary)
        yield from _outputs(computed, context.selected_asset_keys)
        yield from _checks(computed, context.selected_asset_check_keys)
        if computed.failures:
            raise dg.Failure("\n".join(computed.failures), allow_retries=False)

    return models


def _outputs(
    computed: Computed, chosen: Collection[dg.AssetKey]
) -> Iterator[dg.Output[None] | dg.AssetMaterialization]:
    """One for each model that was built, and for each mart that stands as it is since nothing new concerns it.

    Dagster wants inputs before their users; a partial build ends in another order, since dbt builds the models on
    both sides of the sliced tables first. A model that was built without being chosen is told of too.
    """
    built = {model_key(node.unique_id): node for node in computed.nodes if node.is_model and node.succeeded}
    kept = set() if computed.failures else set(mart_keys()) - built.keys()
    for key in sorted(built.keys() | (kept & set(chosen)), key=_order().__getitem__):
        said = {"kept": "nothing new concerns it"} if key in kept else {"seconds": built[key].seconds}
        if key in chosen:
            yield dg.Output(None, output_name=key.to_python_identifier(), metadata=said)
        else:
            yield dg.AssetMaterialization(key, metadata=said)


def _checks(
    computed: Computed, chosen: Collection[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult | dg.AssetCheckEvaluation]:
    for node in computed.nodes:
        check = check_key(node.unique_id) if node.is_test and node.ran else None
        if check is not None:
            kind = dg.AssetCheckResult if check in chosen else dg.AssetCheckEvaluation
            yield kind(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=node.succeeded,
                severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={
                    "message": dg.MetadataValue.text(node.message or "—"),
                    "rows": dg.MetadataValue.int(node.rows or 0),
                    "seconds": dg.MetadataValue.float(node.seconds),
                },
            )


@cache
def _order() -> dict[dg.AssetKey, int]:
    nodes = manifest()["nodes"]
    models = {uid for uid, node in nodes.items() if node["resource_type"] == "model"}
    graph = {uid: {up for up in manifest()["parent_map"][uid] if up in models} for uid in models}
    return {model_key(uid): place for place, uid in enumerate(TopologicalSorter(graph).static_order())}
