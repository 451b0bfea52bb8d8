"""The part of a job that what is new concerns: what the worker runs after a drop, which touches a tenth of the map.

Dagster enters an event for each model and check that a run intends, before its first step. What a build in part leaves
as it stands need not be intended. Where more turns out to be built than was foreseen, the step tells of that too.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb
import polars as pl

from connectors.ledger import LeaseHeldError
from dbt_project import Changed
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.publication import DASHBOARDS, RELEASE
from pipelines.assets.soundness import ACCEPTED
from pipelines.assets.translation import model_keys
from pipelines.compute import foreseen
from pipelines.installation import Installation


def part_of(job: dg.JobDefinition, here: Installation) -> dg.JobDefinition:
    """The job with the models that would be built now and all that is no model; the whole job where nobody can tell."""
    try:
        changed = foreseen(here)
    except (LeaseHeldError, OSError, duckdb.Error, pl.exceptions.PolarsError):
        return job  # Its own step meets the same (a file that is gone, a warehouse that is held), and says so.
    if changed is None:
        return job
    graph, names = job.asset_layer.asset_graph, frozenset(changed.models)
    models = {key for name, key in model_keys().items() if name in names and key in graph.executable_asset_keys}
    assets = {SUBMISSIONS, RELEASE, DASHBOARDS} | models
    read = frozenset(_read(changed, here))
    checks = {
        key
        for key in graph.asset_check_keys
        if (key.asset_key in read if key.name == ACCEPTED else key.asset_key in assets)
    }
    return job.get_subset(asset_selection=assets, asset_check_selection=checks)


def _read(changed: Changed, here: Installation) -> Iterator[dg.AssetKey]:
    """Assets whose accepted files a build in part reads."""
    yield SUBMISSIONS
    for dataset in here.registry.datasets.values():
        if dataset.id in changed.datasets or f"stg_{dataset.source_id}__{dataset.id}" in changed.staging:
            yield dg.AssetKey([dataset.source_id, dataset.id])
