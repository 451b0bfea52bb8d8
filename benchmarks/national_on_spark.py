"""Spark in the benchmark ``compute``: the floor's statements on the same Parquet files, in a session of two cores.

Runs in the environment of Spark, which holds nothing of ours.
"""

import os
from pathlib import Path

from benchmarks.contender import Answer, Stopwatch
from benchmarks.national_sql import STEPS

TABLES = ("observations", "units", "events", "periods", "ratios")


def with_spark(root: Path, stopwatch: Stopwatch) -> Answer:
    """Each step is cached, and made before the next reads it."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("compute")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "8g",
        "spark.local.dir": str(root / "spark"),
        "spark.sql.warehouse.dir": str(root / "spark_warehouse"),
        "spark.sql.shuffle.partitions": "8",
        "spark.log.level": "ERROR",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    for name in TABLES:
        spark.read.parquet(str(root / f"{name}.parquet")).createOrReplaceTempView(name)
    with stopwatch:
        for name, statement in STEPS.items():
            spark.sql(f"cache table {name} as {statement}")
        values = spark.sql(
            "select map, count(obs_value) as n, sum(obs_value) as total from indicator_values group by map order by map"
        ).collect()
        ranks = spark.sql("select count(*) as n, sum(place) as total from indicator_ranks").collect()[0]
    found: dict[str, int | float | str] = {"n": int(os.environ["CHISO_OBSERVATIONS"])}
    for row in values:
        found |= {f"n_{row['map']}": int(row["n"]), f"total_{row['map']}": float(row["total"])}
    return found | {"n_ranks": int(ranks["n"]), "sum_of_ranks": int(ranks["total"])}
