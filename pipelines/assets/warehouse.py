"""accepted → stg → int → ind → fct/dim/mart: dbt's models as assets, dbt's tests as asset checks.

The graph comes from dbt's manifest; what is built comes from the registry: which measures changed decides which
models run. dbt's own selection would rebuild everything that hangs on the one observations table.
"""

from collections.abc import Collection, Iterator
from functools import cache
from graphlib import TopologicalSorter

import dagster as dg
from dagster_dbt import dbt_assets

from dbt_project.build import NodeResult
from pipelines.assets.installed import installation
from pipelines.assets.manifest import manifest
from pipelines.assets.translation import TRANSLATOR, check_key, mart_keys, model_key
from pipelines.compute import compute

Event = dg.Output[None] | dg.AssetCheckResult


class Models(dg.Config):
    """How to build."""

    full: bool = False
    """Build every model, whatever changed."""


def build_model_assets() -> dg.AssetsDefinition:
    """All dbt models as one multi-asset that builds what changed."""

    @dbt_assets(manifest=manifest(), dagster_dbt_translator=TRANSLATOR, name="models", pool="warehouse")
    def models(context: dg.AssetExecutionContext, config: Models) -> Iterator[Event]:
        # Some models chosen by hand are wanted anew even where nothing changed; a build of all is right for any choice.
        computed = compute(installation(), full=config.full or context.is_subset)
        context.log.info(computed.summary)
        chosen = context.selected_asset_keys
        built = {model_key(node.unique_id) for node in computed.nodes if node.is_model and node.succeeded}
        if not computed.failures:
            yield from _kept((set(mart_keys()) & chosen) - built)
        for node in computed.nodes:
            yield from _events(node, chosen)
        if computed.failures:
            raise dg.Failure("\n".join(computed.failures), allow_retries=False)

    return models


def _events(node: NodeResult, chosen: Collection[dg.AssetKey]) -> Iterator[Event]:
    if node.is_model and node.succeeded:
        key = model_key(node.unique_id)
        if key in chosen:
            yield dg.Output(None, output_name=key.to_python_identifier(), metadata={"seconds": node.seconds})
    elif node.is_test and node.ran:
        check = check_key(node.unique_id)
        if check is not None and check.asset_key in chosen:
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=node.succeeded,
                severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={"message": node.message or "—", "rows": node.rows or 0, "seconds": node.seconds},
            )


def _kept(keys: Collection[dg.AssetKey]) -> Iterator[dg.Output[None]]:
    """Marts that nothing new concerns stand as they are: the release need not wait for them.

    They come first, since Dagster wants inputs before users and none of them reads what was built.
    """
    for key in sorted(keys, key=_order().__getitem__):
        yield dg.Output(None, output_name=key.to_python_identifier(), metadata={"kept": "nothing new concerns it"})


@cache
def _order() -> dict[dg.AssetKey, int]:
    nodes = manifest()["nodes"]
    models = {uid for uid, node in nodes.items() if node["resource_type"] == "model"}
    graph = {uid: {up for up in manifest()["parent_map"][uid] if up in models} for uid in models}
    return {model_key(uid): place for place, uid in enumerate(TopologicalSorter(graph).static_order())}
