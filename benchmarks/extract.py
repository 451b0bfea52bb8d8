"""Benchmark ``extract``: a table of ten columns from a database into a Parquet file of the evidence store.

``small`` has 100,000 rows, ``full`` a million and, of ours and the floor alone, ten million: memory must not grow with
them. The floor is DuckDB's own reader writing the same columns, table-wise and with all its threads; it neither keeps
decimals from PostgreSQL's NaN, nor hashes, nor syncs. Who is not in our lock plays from ``.venv-bench``.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contest import OURS, PEERS, Case, Field, Row, main
from indicator_specs.environment import environment
from tests.servers import has_mariadb, mariadb, postgres

ROWS = {"small": (100_000,), "full": (1_000_000, 10_000_000)}
FEW = 1_000_000
"""Beyond it only ours and the floor play."""

POSTGRES = """create table big as select i as id, 'P' || lpad((i % 34)::text, 2, '0') as unit,
  (2000 + i % 24)::int as nam, date '2020-01-01' + (i % 1000)::int as ngay, (i * 1.01)::numeric(14, 2) as amount,
  (i % 7) * 1.5::float8 as rate, i % 2 as flag, timestamp '2026-01-01' + (i || ' seconds')::interval as seen,
  'ghi chú ' || (i % 500) as note, (i % 100000)::bigint as n from generate_series(1, {n}) i; analyze big;"""
MARIADB = """use bo; create table big as select seq as id, concat('P', lpad(mod(seq, 34), 2, '0')) as unit,
  2000 + mod(seq, 24) as nam, date_add('2020-01-01', interval mod(seq, 1000) day) as ngay,
  cast(seq * 1.01 as decimal(14, 2)) as amount, cast(mod(seq, 7) * 1.5 as double) as rate, mod(seq, 2) as flag,
  date_add('2026-01-01', interval seq second) as seen, concat('ghi chú ', mod(seq, 500)) as note, mod(seq, 100000) as n
  from seq_1_to_{n};"""


def measure(field: Field) -> Iterator[Row]:
    """Every row of the benchmark, as it becomes known."""
    if not PEERS.exists():
        print("Others do not take part: `make .venv-bench/.ready` makes their environment.", file=sys.stderr)
    start = field.folder / "start"
    start.mkdir()
    for n in ROWS[field.options.size]:
        for name, serve, table in (("PostgreSQL", postgres, POSTGRES), ("MariaDB", mariadb, MARIADB)):
            if name == "MariaDB" and (n > FEW or not has_mariadb()):
                continue
            with ExitStack() as running:
                server = running.enter_context(serve())
                server.run(table.format(n=n))
                running.enter_context(environment(CHISO_BENCH=server.url))
                yield from field.play(_case(name, n), start).rows


def _case(name: str, n: int) -> Case:
    ours = {"duckdb": "benchmarks.extracting:with_duckdb", OURS: "benchmarks.extracting:with_chiso"}
    others = {who: f"benchmarks.extracting_by_peers:with_{who}" for who in ("connectorx", "dlt", "pandas")}
    return Case(f"{name}, {n:,} rows", ours | (others if PEERS.exists() and n <= FEW else {}), "duckdb")


if __name__ == "__main__":
    main(measure)
