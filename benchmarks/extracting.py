"""Our side of the benchmark ``extract``, and its floor."""

import os
from pathlib import Path

import duckdb

from benchmarks.contender import Answer, Stopwatch
from connectors.databases import result
from connectors.databases.attached import attached
from connectors.databases.engines import address_of
from connectors.databases.pull import fetch
from connectors.databases.sessions import literal, session
from connectors.secrets import resolve
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

PATIENCE = 600.0
COLUMNS = "id, unit, nam, ngay, amount, rate, flag, seen, note, n"


def with_chiso(root: Path, stopwatch: Stopwatch) -> Answer:
    """The query as a dataset declares it: exact, in order, hashed, synced, renamed."""
    home, dataset = Home(root), _dataset()
    session(address_of(resolve("CHISO_BENCH"), "bench").engine.name).close()  # loaded, as in a resident process
    with stopwatch, result.workspace(home) as folder:
        fetched = fetch(resolve("CHISO_BENCH"), dataset, f"select {COLUMNS} from big", PATIENCE, folder / "1.parquet")
        kept = result.keep(home, result.ordered(fetched.file, ["id"]))
    return answer(root / kept.path)


def with_duckdb(root: Path, stopwatch: Stopwatch) -> Answer:
    """DuckDB's own reader of the table."""
    target = root / "big.parquet"
    with attached(resolve("CHISO_BENCH"), "bench", PATIENCE) as server:
        opened = server._session
        opened.execute(f"set threads = {os.cpu_count()}")
        with stopwatch:
            opened.execute("use src")
            copied = f"copy (select {COLUMNS} from big) to {literal(str(target))} (format parquet, compression zstd)"
            opened.execute(copied)
    return answer(target)


def answer(file: Path) -> Answer:
    """What a file holds: rows, and sums that are exact."""
    sums = "count(*), sum(id)::bigint, sum(round(amount::decimal(18, 2) * 100))::bigint, sum(length(note))::bigint"
    found = duckdb.sql(f"select {sums} from read_parquet({literal(str(file))})").fetchone()
    assert found is not None
    return dict(zip(("n", "ids", "hundredths", "letters"), map(int, found), strict=True))


def _dataset() -> Dataset:
    def measure(name: str) -> dict[str, object]:
        named = {"vi": name, "en": name}
        return {"id": f"bench.{name}", "column": name, "name": named, "unit": "item", "nature": "flow"}

    dataset = {
        "id": "big",
        "name": {"vi": "Lớn", "en": "Big"},
        "frequency": "yearly",
        "level": "province",
        "query": "big.sql",
        "columns": {"org_unit": "unit", "time_period": "nam"},
        "measures": [measure("amount"), measure("rate"), measure("n")],
    }
    source = Source.model_validate(
        {
            "id": "bench",
            "name": {"vi": "Đo", "en": "Bench"},
            "kind": "database",
            "owner": "NSO",
            "connection": {"secret": "CHISO_BENCH", "timeout_seconds": str(int(PATIENCE))},
            "datasets": [dataset],
        }
    ).placed(Path(os.devnull).parent, "source.yml")
    return source.datasets[0]
