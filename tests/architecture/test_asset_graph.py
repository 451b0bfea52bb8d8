"""The map of the line as Dagster shows it, held against the one that was last agreed upon.

After a change that is meant, ``CHISO_WRITE_SNAPSHOT=1 make test ARGS=tests/architecture/test_asset_graph.py`` writes
``asset_graph.json`` anew; read its difference before committing it. Assets that come from the catalogue stand
there once, by their pattern, so that a new indicator or source changes nothing here.
"""

import json
import os
import re
from collections import defaultdict
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from indicator_specs.home import PROJECT
from pipelines.assets.translation import GROUPS
from pipelines.definitions import defs

SNAPSHOT = Path(__file__).with_name("asset_graph.json")

ARROWS = (
    "<source>/<dataset>",
    "staging/stg_<source>__<dataset>",
    "intermediate/int_observation_versions",
    "intermediate/int_observations",
    "intermediate/int_measure_values",
    "indicators/ind_<indicator>",
    "marts/fct_indicator_value",
    "marts/mart_scoreboard",
    "published/mart",
    "superset/dashboards",
)
"""The straight line: from each of these a way leads to the next."""


@pytest.fixture(scope="module")
def graph() -> Any:
    return defs.resolve_asset_graph()


def specs(graph: Any) -> dict[dg.AssetKey, dg.AssetSpec]:
    return {key: graph.get(key).assets_def.get_asset_spec(key) for key in graph.get_all_asset_keys()}


def pattern(key: dg.AssetKey) -> str:
    """The name of an asset, with what comes from the catalogue left open."""
    room, name = key.path
    if room == "indicators":
        return "indicators/ind_<indicator>"
    if room == "staging":
        return "staging/stg_<source>__<dataset>"
    if room in {"intermediate", "marts", "lineage", "intake", "published", "superset"}:
        return f"{room}/{name}"
    return "<source>/<dataset>"


def freshness(policy: Any) -> str | None:
    if policy is None:
        return None
    if hasattr(policy, "deadline_cron"):
        return f"by {policy.deadline_cron} {policy.timezone}, not older than {policy.lower_bound_delta}"
    return f"fails after {policy.fail_window.to_timedelta()}, warns after {policy.warn_window.to_timedelta()}"


def shape(graph: Any, key: dg.AssetKey, spec: dg.AssetSpec) -> dict[str, Any]:
    node = graph.get(key)
    checks = [graph.get(check) for check in node.check_keys]
    return {
        "group": spec.group_name,
        "reads": sorted({pattern(dep.asset_key) for dep in spec.deps}),
        "checks": sorted(f"{check.key.name}{' (blocks)' if check.blocking else ''}" for check in checks),
        "partitions": type(spec.partitions_def).__name__ if spec.partitions_def else None,
        "freshness": freshness(spec.freshness_policy),
        "pool": re.sub(r"^source_.+", "source_<source>", node.assets_def.op.pool or ""),
    }


def snapshot(graph: Any) -> dict[str, list[dict[str, Any]]]:
    """For each asset or pattern, the distinct shapes in which it occurs."""
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for key, spec in specs(graph).items():
        one = shape(graph, key, spec)
        found[pattern(key)][json.dumps(one, sort_keys=True)] = one
    return {name: [shapes[text] for text in sorted(shapes)] for name, shapes in sorted(found.items())}


def test_the_map_is_the_one_agreed_upon(graph: Any) -> None:
    drawn = snapshot(graph)
    if os.environ.get("CHISO_WRITE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(drawn, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert drawn == json.loads(SNAPSHOT.read_text(encoding="utf-8")), "see the docstring of this file"


def test_every_arrow_of_the_line_is_there(graph: Any) -> None:
    above: defaultdict[str, set[str]] = defaultdict(set)
    for key in graph.get_all_asset_keys():
        above[pattern(key)] |= {pattern(parent) for parent in ancestors(graph, key)}
    missing = [f"{left} → {right}" for left, right in pairwise(ARROWS) if left not in above[right]]
    assert not missing


def ancestors(graph: Any, key: dg.AssetKey) -> set[dg.AssetKey]:
    found: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        new = set(graph.get(waiting.pop()).parent_keys) - found
        found |= new
        waiting.extend(new)
    return found


def test_nothing_dangles(graph: Any) -> None:
    """Every node is made by us; what nobody reads ends a line, what reads nothing begins one."""
    for key in graph.get_all_asset_keys():
        assert graph.get(key).is_materializable, f"{key.to_user_string()} is a node that nothing makes"
    ends = {pattern(key) for key in graph.get_all_asset_keys() if not graph.get(key).child_keys}
    assert ends == {"superset/dashboards"}
    begins = {graph.get(key).group_name for key in graph.get_all_asset_keys() if not graph.get(key).parent_keys}
    # The catalogue and the day begin lines too: as dimensions, and as what a release remembers of them.
    assert begins == {"extraction", "dimensions", "lineage"}


def test_groups_read_from_left_to_right(graph: Any) -> None:
    """No two groups feed each other: the map of groups has no circle."""
    feeds: defaultdict[str, set[str]] = defaultdict(set)
    for key in graph.get_all_asset_keys():
        group = graph.get(key).group_name
        feeds[group] |= {graph.get(parent).group_name for parent in graph.get(key).parent_keys} - {group}
    order = list(TopologicalSorter(feeds).static_order())
    assert set(order) == {"extraction", *GROUPS, "publication"}
    assert order[-1] == "publication"


def test_everything_is_named_in_vietnamese_and_english(graph: Any) -> None:
    for key, spec in specs(graph).items():
        vietnamese, separator, english = (spec.description or "").partition(" · ")
        assert separator, f"{key.to_user_string()}: {spec.description!r}"
        assert vietnamese.strip(), key
        assert english.strip(), key
        assert "SQL" not in english


def test_every_check_says_what_it_demands(graph: Any) -> None:
    silent = [check.name for check in graph.asset_check_keys if " · " not in (graph.get(check).description or "")]
    assert not silent


def test_only_extraction_is_partitioned(graph: Any) -> None:
    partitioned = {graph.get(key).group_name for key, spec in specs(graph).items() if spec.partitions_def}
    assert partitioned == {"extraction"}


def test_every_dbt_test_is_a_check_that_blocks(graph: Any) -> None:
    from pipelines.assets.manifest import manifest
    from pipelines.assets.translation import check_key

    tests = [uid for uid, node in manifest()["nodes"].items() if node["resource_type"] == "test"]
    keys = {uid: check_key(uid) for uid in tests}
    assert None not in keys.values()
    assert len(set(keys.values())) == len(tests), "two tests of a model share a name"
    blocking = {check for check in graph.asset_check_keys if graph.get(check).blocking}
    assert set(keys.values()) <= blocking


def test_definitions_stay_a_page() -> None:
    text = (PROJECT / "pipelines" / "definitions.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
