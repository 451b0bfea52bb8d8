"""accepted → stg → int → ind → fct/dim/mart: dbt's models as assets, dbt's tests as asset checks.

The graph comes from dbt's manifest; what is built comes from the registry: which measures changed decides which
models run. dbt's own selection would rebuild everything that hangs on the one observations table.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from dbt_project.build import MANIFEST, NodeResult, parse
from dbt_project.layout import PROJECT_DIR
from indicator_specs.home import Home
from pipelines.assets.extraction import build_extraction_assets
from pipelines.assets.intake import SUBMISSIONS
from pipelines.compute import compute
from pipelines.freshness import DERIVED
from pipelines.installation import Installation


class Translator(DagsterDbtTranslator):
    """Names models as the line does: grouped by folder, staging under the assets that feed it."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """The asset of one dbt node."""
        node = {**manifest["nodes"], **manifest["sources"]}[unique_id]
        spec = super().get_asset_spec(manifest, unique_id, project)
        if node["resource_type"] == "source":
            return spec
        deps = [dep for dep in spec.deps if dep.asset_key.path[0] not in {"ledger", "reference", "spec"}]
        return spec.replace_attributes(
            key=dg.AssetKey([node["schema"].removeprefix("main_"), node["name"]]),
            group_name=node["fqn"][1],
            deps=[*deps, *(dg.AssetDep(key) for key in _feeds(node["name"]))],
            freshness_policy=DERIVED if node["fqn"][1] == "marts" else None,
        )


def _feeds(model: str) -> list[dg.AssetKey]:
    """The asset that lands what a staging model conforms."""
    if not model.startswith("stg_"):
        return []
    source, dataset = model.removeprefix("stg_").split("__")
    pulled = dg.AssetKey([source, dataset])
    return [pulled if pulled in _pulled() else SUBMISSIONS]


@cache
def _pulled() -> frozenset[dg.AssetKey]:
    assets = build_extraction_assets(Installation(Home.current()).registry)
    return frozenset(asset.key for asset in assets)


@cache
def manifest() -> dict[str, Any]:
    """dbt's manifest, made anew where it is missing or older than a model."""
    models = [path.stat().st_mtime for path in PROJECT_DIR.rglob("models/**/*.*")]
    if not MANIFEST.exists() or MANIFEST.stat().st_mtime < max(models):
        parse(Home.current())
    parsed: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return parsed


TRANSLATOR = Translator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True))


def mart_keys() -> list[dg.AssetKey]:
    """Keys of everything that a release carries."""
    return [
        TRANSLATOR.get_asset_spec(manifest(), unique_id, None).key
        for unique_id, node in manifest()["nodes"].items()
        if node["resource_type"] == "model" and node["fqn"][1] in {"marts", "lineage"}
    ]


def build_model_assets() -> dg.AssetsDefinition:
    """All dbt models as one multi-asset that builds what changed."""

    @dbt_assets(manifest=manifest(), dagster_dbt_translator=TRANSLATOR, name="models", pool="warehouse")
    def models(context: dg.AssetExecutionContext) -> Iterator[dg.Output[None] | dg.AssetCheckResult]:
        computed = compute(Installation(Home.current()))
        context.log.info(computed.summary)
        for node in computed.nodes:
            yield from _events(node)
        if computed.failures:
            raise dg.Failure("\n".join(computed.failures), allow_retries=False)

    return models


def _events(node: NodeResult) -> Iterator[dg.Output[None] | dg.AssetCheckResult]:
    if node.is_model and node.succeeded:
        spec = TRANSLATOR.get_asset_spec(manifest(), node.unique_id, None)
        yield dg.Output(None, output_name=spec.key.to_python_identifier(), metadata={"seconds": node.seconds})
    elif node.is_test and node.ran:
        key = get_asset_check_key_for_test(manifest(), TRANSLATOR, node.unique_id, None)
        if key is not None:
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=node.succeeded,
                severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={"message": node.message, "seconds": node.seconds},
            )
