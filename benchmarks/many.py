"""Benchmark ``many``: five hundred indicators of a made-up country, all built, and one changed measure to a release.

The floor of the build runs dbt's own compiled statements on DuckDB alone, in the same order: what lies above it is what
dbt, the tests and the catalogue cost. ``n`` counts models.
"""

import json
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from benchmarks.contender import Answer, Stopwatch
from benchmarks.contest import OURS, Case, Field, Row, main
from benchmarks.country import CLOCK, Country, InCountry
from benchmarks.national import lay_out
from dbt_project import load_inputs
from dbt_project.build import build, parse
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.compute import compute
from pipelines.line import publish

COUNTRY = Country(n_indicators=500, n_communes=340, n_months=6)


def settle(root: Path, _: Stopwatch) -> Answer:
    """Set-up: the country with its reports, computed once, so that dbt's statements lie there compiled."""
    lay_out(COUNTRY, root)
    installation = InCountry(Home(root))
    compute(installation, project=root / "dbt_project").raise_on_failure()
    return {"n": COUNTRY.n_observations}


def build_all(root: Path, stopwatch: Stopwatch) -> Answer:
    """Every model with its tests, as a full build does."""
    home, project = Home(root), root / "dbt_project"
    installation = InCountry(home)
    load_inputs(home, installation.registry, installation.ledger.tables())
    parse(home, project)
    with stopwatch:
        result = build(home, unit_tests=False, project=project)
    assert result.succeeded, result.failures
    return _answer(root, sum(node.is_model for node in result.nodes))


def statements_alone(root: Path, stopwatch: Stopwatch) -> Answer:
    """The same statements by hand: no dbt, no tests."""
    project = root / "dbt_project"
    manifest = json.loads(parse(Home(root), project).read_text(encoding="utf-8"))
    models = {uid: node for uid, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    order = TopologicalSorter({uid: manifest["parent_map"][uid] for uid in models}).static_order()
    made = [models[uid] for uid in order if uid in models and models[uid]["config"]["materialized"] != "ephemeral"]
    folder = project / "target" / "compiled" / "chiso"
    statements = [
        f"create or replace {node['config']['materialized']} {node['relation_name']} as\n"
        + (folder / node["original_file_path"]).read_text(encoding="utf-8")
        for node in made
    ]
    with duckdb.connect(str(Home(root).warehouse)) as warehouse:
        warehouse.execute("set threads = 2")
        with stopwatch:
            for statement in statements:
                warehouse.execute(statement)
    return _answer(root, len(made))


def one_changed(root: Path, stopwatch: Stopwatch) -> Answer:
    """A later vintage of one measure in one month, computed and sealed by a process that has done the like before."""
    installation, project = InCountry(Home(root)), root / "dbt_project"
    publish(installation)
    for vintage in (1, 2):
        installation.settled.report(COUNTRY, 0, measures=range(1), vintage=vintage)
        if vintage == 1:
            compute(installation, project=project).raise_on_failure()
            publish(installation)
    with stopwatch:
        computed = compute(installation, project=project)
        computed.raise_on_failure()
        publish(installation)
    return {"n": sum(node.is_model for node in computed.nodes)}


def _answer(root: Path, n_models: int) -> Answer:
    with duckdb.connect(str(Home(root).warehouse), read_only=True) as warehouse:
        n, total = warehouse.execute(
            "select count(obs_value), sum(obs_value) from marts.fct_indicator_value"
        ).fetchall()[0]
    return {"n": n_models, "n_values": n, "total": float(total)}


def measure(field: Field) -> Iterator[Row]:
    """The build beside its statements alone, then one changed measure."""
    start = field.folder / "start"
    start.mkdir()
    with environment(CHISO_NOW=CLOCK):
        settled = field.once(Case("set-up: country", {OURS: "benchmarks.many:settle"}), start)
        whole = Case(
            "build of 500 indicators",
            {"statements alone": "benchmarks.many:statements_alone", OURS: "benchmarks.many:build_all"},
            "statements alone",
        )
        yield from field.play(whole, settled).rows
        yield from field.play(
            Case("one changed measure to a release", {OURS: "benchmarks.many:one_changed"}), settled
        ).rows


if __name__ == "__main__":
    main(measure)
