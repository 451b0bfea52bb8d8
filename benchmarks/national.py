"""Our side of the benchmark ``compute``: the project's own models, generated for a made-up country and run by dbt."""

import os
import shutil
from pathlib import Path

import duckdb

from benchmarks.contender import Answer, Stopwatch
from benchmarks.country import Country, InCountry
from dbt_project import load_inputs
from dbt_project.build import build, parse
from dbt_project.codegen import generate
from dbt_project.layout import PROJECT_DIR
from indicator_specs.home import Home


def country() -> Country:
    """As large as the benchmark asks."""
    return Country(n_communes=int(os.environ["CHISO_COMMUNES"]), has_growth=True)


def settle(root: Path, _: Stopwatch) -> Answer:
    """Set-up: a country with its reports, and the models generated for it."""
    made = country()
    lay_out(made, root)
    return {"n": made.n_observations}


def lay_out(made: Country, root: Path) -> None:
    """Declare a country, report all its months, and generate its models in a dbt project of its own."""
    settled = made.settle(root)
    for month in range(made.n_months):
        settled.report(made, month)
    project = root / "dbt_project"
    shutil.copytree(PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "*.py", "__pycache__"))
    generate(settled.registry, check=False, project=project)


def observe(root: Path, stopwatch: Stopwatch) -> Answer:
    """Set-up: observations in the warehouse, and the same as Parquet with integer keys for those who read no DuckDB."""
    answer = _built(root, stopwatch, ["+int_observations", "dim_org_unit"], is_loaded=False)
    with duckdb.connect(str(Home(root).warehouse), read_only=True) as warehouse:
        for name, rows in KEYED.items():
            warehouse.execute(f"copy ({rows}) to '{root / name}.parquet'")
    return answer


KEYED = {
    "observations": """
        select measure_key, org_unit_key, period_key, cast(obs_value as double) as obs_value
        from intermediate.int_observations order by measure_key, period_key, org_unit_key""",
    "units": "select org_unit_key, org_unit_code, kind, parent_code, valid_from, valid_to from reference.org_unit",
    "events": "select from_code, to_code from reference.org_unit_event",
    "periods": "select period_key, end_date from reference.period where frequency = 'monthly'",
    "ratios": """
        select indicator_key, max(case when input = 'part' then measure_key end) as part_key,
            max(case when input = 'whole' then measure_key end) as whole_key
        from spec.indicator_input where measure_key is not null group by indicator_key""",
}
"""What the others start from."""


def from_observations(root: Path, stopwatch: Stopwatch) -> Answer:
    """Roll-up with coverage on both maps, every indicator, ranks: what hangs on the observations up to the ranks."""
    exclude = {"int_observation_versions", "int_observations"}
    return _built(root, stopwatch, _between(exclude), is_loaded=True)


def from_files(root: Path, stopwatch: Stopwatch) -> Answer:
    """The same from the accepted files on: inputs loaded, codes turned into keys, versions numbered, one chosen."""
    return _built(root, stopwatch, _between(set()), is_loaded=False)


def _between(exclude: set[str]) -> list[str]:
    """Models that a build of the ranks needs, without those that stand already and without the words of the marts."""
    models = PROJECT_DIR / "models"
    later = {"int_required", "int_light", "int_scoreboard_context", "int_scoreboard_text", "int_indicator_words"}
    submissions = {"int_submission", "int_submission_state", "int_owed_unit", "int_verification"}
    rooms = {path.stem for path in (models / "intermediate").glob("*.sql")} - later - submissions - exclude
    dimensions = {path.stem for path in (models / "marts").glob("dim_*.sql")}
    staging = [] if exclude else ["path:models/staging"]
    return [*staging, *sorted(rooms | dimensions), "path:models/indicators", "fct_indicator_value"]


def _built(root: Path, stopwatch: Stopwatch, select: list[str], *, is_loaded: bool) -> Answer:
    home, project = Home(root), root / "dbt_project"
    installation = InCountry(home)
    registry, tables = installation.registry, installation.ledger.tables()
    parse(home, project)
    with stopwatch:
        if not is_loaded:
            load_inputs(home, registry, tables)
        result = build(home, select, unit_tests=False, project=project)
    assert result.failures == (), result.failures
    return _answer(home) if any("indicators" in name for name in select) else {"n": country().n_observations}


def _answer(home: Home) -> Answer:
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        values = warehouse.execute(
            "select map, count(obs_value), sum(obs_value) from marts.fct_indicator_value group by map order by map"
        ).fetchall()
        ranks = warehouse.execute(
            "select count(rank_in_peers), sum(rank_in_peers) from intermediate.int_scoreboard_rank"
        ).fetchall()[0]
    return answer({name: (n, total) for name, n, total in values}, ranks)


def answer(values: dict[str, tuple[int, float]], ranks: tuple[int, int]) -> Answer:
    """Numbers and sums of values on each map, and of ranks."""
    found: dict[str, int | float | str] = {"n": country().n_observations}
    for name, (n, total) in sorted(values.items()):
        found |= {f"n_{name}": int(n), f"total_{name}": float(total)}
    return found | {"n_ranks": int(ranks[0]), "sum_of_ranks": int(ranks[1])}
