"""The part of a job that what is new concerns: what the worker's run tells of after a drop, a tenth of the map.

Dagster enters an event for each model and check that a run intends, before its first step. What a build in part leaves
as it stands need not be intended. Where more turns out to be built, the step tells of that too.
"""

from collections.abc import Iterator

import dagster as dg

from dbt_project import Changed
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.publication import DASHBOARDS, RELEASE
from pipelines.assets.soundness import ACCEPTED
from pipelines.assets.translation import model_key
from pipelines.compute import Computed
from pipelines.installation import Installation


def part_of(job: dg.JobDefinition, computed: Computed | None, here: Installation) -> dg.JobDefinition:
    """The job with the models that were computed and all that is no model; the whole job if it is to compute."""
    if computed is None or computed.changed is None:
        return job
    graph = job.asset_layer.asset_graph
    models = {model_key(node.unique_id) for node in computed.nodes if node.is_model}
    assets = {SUBMISSIONS, RELEASE, DASHBOARDS} | (models & graph.executable_asset_keys)
    read = frozenset(assets_read(computed.changed, here))
    checks = {
        key
        for key in graph.asset_check_keys
        if (key.asset_key in read if key.name == ACCEPTED else key.asset_key in assets)
    }
    return job.get_subset(asset_selection=assets, asset_check_selection=checks)


def assets_read(changed: Changed, here: Installation) -> Iterator[dg.AssetKey]:
    """Assets whose accepted files a build in part reads."""
    yield SUBMISSIONS
    for dataset in here.registry.datasets.values():
        if dataset.id in changed.datasets or f"stg_{dataset.source_id}__{dataset.id}" in changed.staging:
            yield dg.AssetKey([dataset.source_id, dataset.id])
