"""Benchmark ``compute``: fifty ratios of a country and their growth, on both maps, with coverage and ranks.

A hundred measures of 3,400 communes in 60 months are 20.4 million observations. ``small`` plays one tenth of the
communes, ``full`` also the whole and three times as many, to show the growth. Each contender starts from integer-keyed
observations; in a second case from accepted Parquet files as they lie in the store.
"""

import sys
from collections.abc import Iterator

from benchmarks.contest import OURS, SPARK, Case, Field, Row, main
from benchmarks.country import CLOCK, Country
from indicator_specs.environment import environment

COMMUNES = {"small": (340,), "full": (340, 3_400, 10_200)}
WHOLE = 3_400
"""Beyond the country as it is, only DuckDB stays within the memory of a small machine."""

BY_HAND = ("duckdb", "polars", "pandas")


def cases(n_communes: int) -> tuple[Case, Case]:
    """From the observations on, and from the accepted files on."""
    who_can = BY_HAND if n_communes <= WHOLE else BY_HAND[:1]
    by_hand = {who: f"benchmarks.national_by_hand:with_{who}" for who in who_can}
    if SPARK.exists() and n_communes <= WHOLE:
        by_hand["spark"] = "benchmarks.national_on_spark:with_spark"
    size = f"{n_communes:,} communes"
    return (
        Case(f"from observations, {size}", {**by_hand, OURS: "benchmarks.national:from_observations"}, "duckdb"),
        Case(
            f"from accepted files, {size}",
            {"duckdb": "benchmarks.national_by_hand:from_files", OURS: "benchmarks.national:from_files"},
            "duckdb",
        ),
    )


def measure(field: Field) -> Iterator[Row]:
    """Every row of the benchmark, as it becomes known."""
    if not SPARK.exists():
        print("Spark does not take part: `make .venv-spark/.ready` makes its environment.", file=sys.stderr)
    for n_communes in COMMUNES[field.options.size]:
        start = field.folder / f"start_{n_communes}"
        start.mkdir()
        n = Country(n_communes=n_communes).n_observations
        with environment(CHISO_NOW=CLOCK, CHISO_COMMUNES=str(n_communes), CHISO_OBSERVATIONS=str(n)):
            settled = field.once(Case("set-up: country", {OURS: "benchmarks.national:settle"}), start)
            ready = field.once(Case("set-up: observations", {OURS: "benchmarks.national:observe"}), settled)
            observations, files = cases(n_communes)
            yield from field.play(observations, ready).rows
            if n_communes <= WHOLE:
                yield from field.play(files, settled).rows


if __name__ == "__main__":
    main(measure)
