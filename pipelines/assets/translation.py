"""How dbt's models stand on Dagster's map: their keys, groups, words and checks.

Models are grouped by their place on the line, so that the map reads from left to right and no two groups feed each
other: what knows only the catalogue is a dimension, what reads indicators again to judge them is an assessment.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from pipelines.assets.extraction import extraction_assets
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.manifest import manifest
from pipelines.assets.wording import describe, describe_test
from pipelines.freshness import DERIVED

GROUPS = ("dimensions", "staging", "intermediate", "indicators", "assessment", "marts", "lineage")
"""Groups of models, in the order of the line."""

FROM_AGENCIES = ("source.chiso.ledger.submission", "source.chiso.ledger.finding")
"""What the intake writes and a model reads without a staging model between."""


class Translator(DagsterDbtTranslator):
    """Names models as the line does, staging under the assets that feed it."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """The asset of one dbt node."""
        node = {**manifest["nodes"], **manifest["sources"]}[unique_id]
        spec = super().get_asset_spec(manifest, unique_id, project)
        if node["resource_type"] == "source":
            return spec.replace_attributes(key=SUBMISSIONS) if unique_id in FROM_AGENCIES else spec
        group = group_of(manifest, unique_id)
        deps = {dep.asset_key for dep in spec.deps if dep.asset_key.path[0] not in {"ledger", "reference", "spec"}}
        return spec.replace_attributes(
            key=dg.AssetKey([node["schema"].removeprefix("main_"), node["name"]]),
            group_name=group,
            description=describe(node),
            deps=[dg.AssetDep(key) for key in sorted(deps | _feeds(node["name"]))],
            kinds={"dbt", "duckdb"},
            freshness_policy=DERIVED if group == "marts" else None,
        )

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        """The check of one dbt test, under a name that a person can read."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        # What a test looks at besides its model is always upstream of it: nothing is left to wait for.
        name = check_name(manifest, unique_id)
        return dg.AssetCheckSpec(
            name,
            asset=spec.asset_key,
            description=describe_test(manifest["nodes"][unique_id], name),
            blocking=spec.blocking,
            metadata=spec.metadata,
        )


TRANSLATOR = Translator(
    settings=DagsterDbtTranslatorSettings(
        enable_asset_checks=True, enable_duplicate_source_asset_keys=True, enable_source_metadata=False
    )
)


@cache
def model_key(unique_id: str) -> dg.AssetKey:
    """The asset key of a model."""
    return TRANSLATOR.get_asset_spec(manifest(), unique_id, None).key


@cache
def check_key(unique_id: str) -> dg.AssetCheckKey | None:
    """The check of a data test, or None for a test that belongs to no model."""
    key = get_asset_check_key_for_test(manifest(), TRANSLATOR, unique_id, None)
    return dg.AssetCheckKey(key.asset_key, check_name(manifest(), unique_id)) if key else None


@cache
def mart_keys() -> Sequence[dg.AssetKey]:
    """Keys of everything that a release carries."""
    return tuple(
        model_key(unique_id)
        for unique_id, node in manifest()["nodes"].items()
        if node["resource_type"] == "model" and node["fqn"][1] in {"marts", "lineage"}
    )


def check_name(manifest: Mapping[str, Any], unique_id: str) -> str:
    """What a test demands (``unique_grain``); its whole name where it was given one."""
    test = manifest["nodes"][unique_id]
    kind = (test.get("test_metadata") or {}).get("name", "")
    return kind if kind and test["name"].startswith(f"{kind}_") else str(test["name"])


def group_of(manifest: Mapping[str, Any], unique_id: str) -> str:
    """Where on the line a model stands."""
    node = manifest["nodes"][unique_id]
    folder, name = node["fqn"][1], node["name"]
    if folder == "marts":
        return {"dim": "dimensions", "fct": "indicators"}.get(name.split("_")[0], "marts")
    if folder != "intermediate":
        return str(folder)
    upstream = _upstream(manifest, unique_id)
    if any(each.startswith("model.chiso.ind_") for each in upstream):
        return "assessment"
    read = any(each.startswith("model.chiso.stg_") or each in FROM_AGENCIES for each in upstream)
    return "intermediate" if read else "dimensions"


def _upstream(manifest: Mapping[str, Any], unique_id: str) -> frozenset[str]:
    """Everything that a node hangs on, directly or not."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        new = set(manifest["parent_map"].get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def _feeds(model: str) -> set[dg.AssetKey]:
    """The asset that lands what a staging model conforms."""
    if not model.startswith("stg_"):
        return set()
    source, dataset = model.removeprefix("stg_").split("__")
    pulled = dg.AssetKey([source, dataset])
    return {pulled if pulled in _pulled() else SUBMISSIONS}


@cache
def _pulled() -> frozenset[dg.AssetKey]:
    return frozenset(asset.key for asset in extraction_assets())
