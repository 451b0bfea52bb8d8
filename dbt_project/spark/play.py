"""Plays models of the project on a Spark session: given tables come as Parquet, results leave as Parquet.

Runs in an environment of its own that holds PySpark and dbt-spark and nothing of ours, so it imports nothing of ours.
A cluster is another output of ``profiles.yml``; what is held here is that the SQL means the same on both engines.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Play from the command line: folders of given tables and of results, then the models by name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("given", type=Path, help="holds <schema>/<table>.parquet for every table that is read")
    parser.add_argument("left", type=Path, help="takes <schema>/<table>.parquet of every model that was built")
    parser.add_argument("models", nargs="+")
    asked = parser.parse_args()
    return play(asked.given.resolve(), asked.left.resolve(), asked.models)


def play(given: Path, left: Path, models: list[str]) -> int:
    """Register the given tables, build the models, write their rows; 1 if a model or a test failed."""
    # Spark writes beside where it was started.
    left.mkdir(parents=True, exist_ok=True)
    os.chdir(left)
    spark = _session(left)
    for path in sorted(given.glob("*/*.parquet")):
        spark.sql(f"create database if not exists {path.parent.name}")
        spark.sql(f"create view {path.parent.name}.{path.stem} as select * from parquet.`{path}`")
    built = _build(models, left)
    for schema, table in built:
        spark.table(f"{schema}.{table}").coalesce(1).write.parquet(str(left / schema / f"{table}.parquet"))
    spark.stop()
    return 0 if built else 1


def _session(folder: Path) -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only this environment has it

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": str(folder / "spark_warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
        # A play lasts a minute: what a JVM compiles for hours of work is never earned back.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    builder = SparkSession.builder.master("local[2]").appName("chiso")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _build(models: list[str], folder: Path) -> list[tuple[str, str]]:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - only this environment has it

    places = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target-path",
        folder / "dbt",
        "--log-path",
        folder,
    ]
    quiet = ["--no-use-colors", "--no-version-check", "--log-level-file", "none", "--no-partial-parse"]
    arguments = ["run", "--target", "spark", "--select", *models, *map(str, places), *quiet]
    outcome = dbtRunner().invoke(arguments)
    if outcome.exception is not None:
        print(outcome.exception, file=sys.stderr)  # noqa: T201 - whoever plays reads why
        return []
    if not outcome.success:
        return []
    return [(result.node.schema, result.node.name) for result in outcome.result.results]


if __name__ == "__main__":
    sys.exit(main())
