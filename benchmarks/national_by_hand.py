"""The others of the benchmark ``compute``: the same ratios, sums over units, coverage and ranks, written by hand.

The floor is DuckDB's SQL on integer keys, run in steps that a skilled hand would take; Polars and pandas do the same
from Parquet of the same integer-keyed observations. No versions, precedence, status, provenance or tests: the ratio is
their price.
"""

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.contender import Answer, Stopwatch
from benchmarks.national import KEYED, answer
from benchmarks.national_sql import EXPECTED, MIN_COVERAGE, STANDING, STEPS

FROM_FILES = """
    select
        measures.measure_key, units.org_unit_key, periods.period_key,
        cast(files.obs_value as decimal(18, 2)) as obs_value
    from read_parquet('{files}/*.parquet') as files
    inner join spec.measure as measures using (measure)
    inner join units on files.org_unit = units.org_unit_code
    inner join reference.period as periods using (time_period)
    order by 1, 3, 2"""


def with_duckdb(root: Path, stopwatch: Stopwatch) -> Answer:
    """SQL on the warehouse's own observations."""
    with duckdb.connect(str(root / "warehouse" / "warehouse.duckdb")) as connection:
        for name, rows in KEYED.items():
            connection.execute(f"create or replace temp view {name} as {rows.replace(SORTED, '')}")
        with stopwatch:
            return _worked_out(connection)


SORTED = "order by measure_key, period_key, org_unit_key"


def from_files(root: Path, stopwatch: Stopwatch) -> Answer:
    """The same from the accepted files on; the tables of the catalogue are there."""
    _load_catalogue(root)
    with duckdb.connect(str(root / "warehouse" / "warehouse.duckdb")) as connection:
        for name in ("units", "events", "periods", "ratios"):
            connection.execute(f"create or replace temp view {name} as {KEYED[name]}")
        with stopwatch:
            files = root / "accepted" / "communes" / "monthly"
            connection.execute(f"create table main.observations as {FROM_FILES.format(files=files)}")
            return _worked_out(connection)


def _load_catalogue(root: Path) -> None:
    """Set-up of the floor: what its statements look codes up in."""
    from benchmarks.country import InCountry
    from dbt_project import load_inputs
    from indicator_specs.home import Home

    installation = InCountry(Home(root))
    load_inputs(installation.home, installation.registry, installation.ledger.tables())


def _worked_out(connection: duckdb.DuckDBPyConnection) -> Answer:
    connection.execute("set threads = 2")
    for name, statement in STEPS.items():
        connection.execute(f"create or replace table main.{name} as {statement}")
    return _told(connection, "main.indicator_values", "main.indicator_ranks")


def _told(connection: duckdb.DuckDBPyConnection, values: Any, ranks: Any) -> Answer:
    found = connection.execute(f"select map, count(obs_value), sum(obs_value) from {values} group by map").fetchall()
    places = connection.execute(f"select count(*), sum(place) from {ranks}").fetchall()[0]
    return answer({name: (n, total) for name, n, total in found}, places)


def _tables(root: Path) -> duckdb.DuckDBPyConnection:
    """The small tables that Polars and pandas are given: which leaf is summed where, how many units are expected."""
    connection = duckdb.connect()
    for name in KEYED:
        connection.execute(f"create view {name} as from '{root / name}.parquet'")
    connection.execute(f"create table standing as {STANDING}")
    connection.execute(f"create table expected as {EXPECTED}")
    return connection


def with_polars(root: Path, stopwatch: Stopwatch) -> Answer:
    """Lazy frames on the same integer keys."""
    import polars as pl

    tables = _tables(root)
    small = {name: tables.table(name).pl().lazy() for name in ("standing", "expected", "ratios", "units")}
    with stopwatch:
        seen = pl.scan_parquet(root / "observations.parquet")
        today = small["units"].filter(pl.col("valid_to").is_null()).select("org_unit_key")
        keys = ["map", "measure_key", "org_unit_key", "period_key"]
        rolled = (
            seen.join(small["standing"], left_on="org_unit_key", right_on="leaf_key")
            .group_by("map", "measure_key", "above_key", "period_key")
            .agg(pl.col("obs_value").sum(), pl.len().alias("n_reported"))
            .rename({"above_key": "org_unit_key"})
            .join(small["expected"], on=["map", "org_unit_key", "period_key"])
            .filter(pl.col("n_reported") >= MIN_COVERAGE * pl.col("n_expected"))
        )
        own = seen.with_columns(map=pl.lit("reported"))
        current = seen.join(today, on="org_unit_key", how="semi").with_columns(map=pl.lit("current"))
        values = pl.concat([frame.select(*keys, "obs_value") for frame in (own, current, rolled)]).collect().lazy()
        parts = values.join(small["ratios"], left_on="measure_key", right_on="part_key")
        wholes = values.join(small["ratios"], left_on="measure_key", right_on="whole_key")
        on = ["indicator_key", "map", "org_unit_key", "period_key"]
        made = parts.join(wholes, on=on).select(
            *on, (100 * pl.col("obs_value") / pl.col("obs_value_right")).alias("obs_value")
        )
        ratios = made.collect()
        before = ratios.lazy().select(
            "indicator_key",
            "map",
            "org_unit_key",
            (pl.col("period_key") + 12).cast(pl.Int32).alias("period_key"),
            pl.col("obs_value").alias("before"),
        )
        growth = (
            ratios.lazy()
            .join(before, on=on)
            .select(
                -pl.col("indicator_key"),
                *on[1:],
                (100 * (pl.col("obs_value") / pl.col("before") - 1)).alias("obs_value"),
            )
        )
        indicators = pl.concat([ratios.lazy(), growth]).collect()
        ranks = (
            indicators.lazy()
            .join(small["units"], on="org_unit_key")
            .filter((pl.col("kind") != "nation") & ((pl.col("map") == "current") | pl.col("valid_to").is_not_null()))
            .select(
                pl.col("obs_value")
                .rank("min", descending=True)
                .over("indicator_key", "period_key", "kind")
                .alias("place")
            )
            .collect()
        )
    return _of_frames(indicators, ranks)


def with_pandas(root: Path, stopwatch: Stopwatch) -> Answer:
    """Merges and groups on the same integer keys."""
    import pandas as pd

    tables = _tables(root)
    small = {name: tables.table(name).df() for name in ("standing", "expected", "ratios", "units")}
    with stopwatch:
        seen = pd.read_parquet(root / "observations.parquet")
        units = small["units"]
        keys = ["map", "measure_key", "org_unit_key", "period_key"]
        sums = seen.merge(small["standing"], left_on="org_unit_key", right_on="leaf_key")
        sums = sums.groupby(["map", "measure_key", "above_key", "period_key"])["obs_value"].agg(["sum", "size"])
        sums = sums.reset_index().rename(
            columns={"above_key": "org_unit_key", "sum": "obs_value", "size": "n_reported"}
        )
        rolled = sums.merge(small["expected"], on=["map", "org_unit_key", "period_key"])
        rolled = rolled[rolled["n_reported"] >= MIN_COVERAGE * rolled["n_expected"]]
        today = set(units.loc[units["valid_to"].isna(), "org_unit_key"])
        current = seen[seen["org_unit_key"].isin(today)].assign(map="current")
        values = pd.concat([frame[[*keys, "obs_value"]] for frame in (seen.assign(map="reported"), current, rolled)])
        values["map"] = values["map"].astype("category")
        parts = values.merge(small["ratios"], left_on="measure_key", right_on="part_key")
        wholes = values.merge(small["ratios"], left_on="measure_key", right_on="whole_key")
        on = ["indicator_key", "map", "org_unit_key", "period_key"]
        indicators = parts[[*on, "obs_value"]].merge(wholes[[*on, "obs_value"]], on=on)
        indicators["obs_value"] = 100 * indicators["obs_value_x"] / indicators["obs_value_y"]
        indicators = indicators[[*on, "obs_value"]]
        before = indicators.assign(period_key=indicators["period_key"] + 12)
        growth = indicators.merge(before, on=on)
        growth["indicator_key"] = -growth["indicator_key"]
        growth["obs_value"] = 100 * (growth["obs_value_x"] / growth["obs_value_y"] - 1)
        indicators = pd.concat([indicators, growth[[*on, "obs_value"]]])
        shown = indicators.merge(units, on="org_unit_key")
        shown = shown[(shown["kind"] != "nation") & ((shown["map"] == "current") | shown["valid_to"].notna())]
        places = shown.groupby(["indicator_key", "period_key", "kind"])["obs_value"].rank("min", ascending=False)
        ranks = places.to_frame("place")
    return _of_frames(indicators[["map", "obs_value"]].astype({"map": str}), ranks)


def _of_frames(indicators: Any, ranks: Any) -> Answer:
    with duckdb.connect() as connection:
        connection.register("made", indicators)
        connection.register("ranked", ranks)
        return _told(connection, "made", "ranked")
