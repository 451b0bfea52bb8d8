"""Benchmark ``compaction``: the staging scan of very many small submissions, before and after they are merged.

Small plays 5,000 submissions of 20 rows, full 200,000 in sixty months. The files are written without a ledger's commit
each, which is not what is measured here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from sqlalchemy import insert

from benchmarks.contender import Answer, Stopwatch
from benchmarks.contest import OURS, Case, Field, Options, Row, main
from connectors.content_address import READING_SCHEMA, content_addresses
from connectors.ledger import Ledger, tables
from connectors.ledger.engine import open_engine, writing
from dbt_project import load_inputs
from dbt_project.build import build
from indicator_specs import periods
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.registry import load_registry
from pipelines.compaction import compact_loose
from pipelines.installation import Installation

CLOCK = "2026-11-10T09:00:00+07:00"
SOURCE, DATASET = "commune_report", "administration"
STAGED = f"staging.stg_{SOURCE}__{DATASET}"
ROWS, MONTHS, AT_ONCE = 20, 60, 2_000
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
SUBMISSIONS = {"small": 5_000, "full": 200_000}


def settle_small(root: Path, _: Stopwatch) -> Answer:
    """Set-up: 5,000 submissions."""
    return _settle(root, SUBMISSIONS["small"])


def settle_full(root: Path, _: Stopwatch) -> Answer:
    """Set-up: 200,000 submissions."""
    return _settle(root, SUBMISSIONS["full"])


def _settle(root: Path, n_submissions: int) -> Answer:
    home, registry = Home(root), load_registry()
    measures = [measure.id for measure in registry.dataset(SOURCE, DATASET).measures]
    communes = [unit.org_unit_code for unit in registry.reference.of_kind("commune")]
    months = [each.time_period for each in periods.between(periods.parse("2021-11"), periods.parse("2026-10"))]
    folder = home.accepted / SOURCE / DATASET
    folder.mkdir(parents=True)
    engine = open_engine(home)
    for start in range(0, n_submissions, AT_ONCE):
        numbers = np.arange(start, min(start + AT_ONCE, n_submissions))
        rows = _rows(numbers, n_submissions, measures, communes, months)
        heights = [ROWS] * len(numbers)
        addresses = content_addresses(rows, heights)
        entries = []
        for at, (number, address) in enumerate(zip(numbers.tolist(), addresses, strict=True)):
            rows.slice(at * ROWS, ROWS).write_parquet(folder / f"{address}.parquet", compression="zstd")
            entries.append(_entry(number, address, months[number * MONTHS // n_submissions]))
        with writing(engine) as connection:
            connection.execute(insert(tables.batch), entries)
    engine.dispose()
    return {"n": n_submissions}


def _rows(
    numbers: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    n_submissions: int,
    measures: list[str],
    communes: list[str],
    months: list[str],
) -> pl.DataFrame:
    of, place = np.repeat(numbers, ROWS), np.tile(np.arange(ROWS), len(numbers))
    unit = (of * (ROWS // len(measures) + 1) + place // len(measures)) % len(communes)
    value = pl.Series((of * 31 + place) % 9973).cast(pl.String)
    given = {
        "row_no": place + 1,
        "place": pl.Series(place + 14).cast(pl.String).str.replace("^", "Số liệu!E"),
        "measure": np.array(measures)[place % len(measures)],
        "org_unit": np.array(communes)[unit],
        "time_period": np.array(months)[of * MONTHS // n_submissions],
        "breakdown": ["_T"] * len(of),
        "value_text": value,
        "obs_value": value,
        "obs_status": ["A"] * len(of),
        "producer": ["G22"] * len(of),
        "is_synthetic": [True] * len(of),
    }
    frame = pl.DataFrame(given)
    return frame.select(
        (pl.col(name) if name in given else pl.lit(None)).cast(kind).alias(name)
        for name, kind in READING_SCHEMA.items()
    )


def _entry(number: int, address: str, partition: str) -> dict[str, object]:
    path = f"accepted/{SOURCE}/{DATASET}/{address}.parquet"
    return {
        "batch_id": f"{number:064d}",
        "source": SOURCE,
        "dataset": DATASET,
        "partition": partition,
        "origin": {},
        **dict.fromkeys(("evidence_sha256", "landing_sha256", "accepted_sha256", "spec_hash"), address),
        **dict.fromkeys(("evidence_path", "landing_path", "accepted_path"), path),
        "n_read": ROWS,
        "n_accepted": ROWS,
        "n_returned": 0,
        "accepted_at": datetime(2026, 11, 1, tzinfo=UTC),
        "is_provisional": False,
    }


def merge(root: Path, stopwatch: Stopwatch) -> Answer:
    """Merge them all: each file held against its address, sorted, written, swapped."""
    here = Installation(Home(root))
    assert here.registry
    with stopwatch:
        done = compact_loose(here, least=2)
    assert not done.faults
    return {"n": sum(each.n_files for each in done.made), "rows": sum(each.n_rows for each in done.made)}


def scan(root: Path, stopwatch: Stopwatch) -> Answer:
    """Read every row of the staging view."""
    home = Home(root)
    with Ledger.open(home) as ledger:
        load_inputs(home, load_registry(), ledger.tables())
    made = build(home, [STAGED.removeprefix("staging.")], unit_tests=False)
    assert made.succeeded, made.failures
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        warehouse.execute("set threads = 2")
        with stopwatch:
            n, total = warehouse.execute(f"select count(batch_no), sum(obs_value + row_no) from {STAGED}").fetchall()[0]
    return {"n": n, "total": float(total)}


def measure(field: Field) -> Iterator[Row]:
    """The scan of loose files (5,000 in either size: of 200,000 it takes all memory), the merging, the scan after."""
    # Hundreds of thousands of files are not copied three times over.
    once = replace(field, options=Options())
    start = field.folder / "start"
    start.mkdir()
    with environment(CHISO_NOW=CLOCK):
        settled = once.once(Case("set-up: submissions", {OURS: "benchmarks.compaction:settle_small"}), start)
        yield from once.play(Case("scan, loose files", {OURS: "benchmarks.compaction:scan"}), settled).rows
        if field.options.size == "full":
            settled = once.once(Case("set-up: submissions", {OURS: "benchmarks.compaction:settle_full"}), start)
        merged = once.play(Case("merge, files", {OURS: "benchmarks.compaction:merge"}), settled)
        yield from merged.rows
        yield from once.play(Case("scan, merged", {OURS: "benchmarks.compaction:scan"}), merged.left).rows


if __name__ == "__main__":
    main(measure)
