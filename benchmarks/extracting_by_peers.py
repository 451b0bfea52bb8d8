"""Others in the benchmark ``extract``, in an environment of their own, which holds nothing of ours."""

import os
from pathlib import Path

from benchmarks.contender import Answer, Stopwatch

COLUMNS = "id, unit, nam, ngay, amount, rate, flag, seen, note, n"
QUERY = f"select {COLUMNS} from big"


def with_connectorx(root: Path, stopwatch: Stopwatch) -> Answer:
    """connectorx to Arrow, then pyarrow."""
    import connectorx
    import pyarrow.parquet as pq

    target = root / "big.parquet"
    with stopwatch:
        table = connectorx.read_sql(os.environ["CHISO_BENCH"], QUERY, return_type="arrow")
        pq.write_table(table, target, compression="zstd")
    return _answer(target)


def with_pandas(root: Path, stopwatch: Stopwatch) -> Answer:
    """pandas.read_sql; decimals become floats."""
    import pandas as pd
    from sqlalchemy import create_engine

    target = root / "big.parquet"
    engine = create_engine(_alchemy())
    with stopwatch:
        pd.read_sql(QUERY, engine).to_parquet(target, compression="zstd")
    return _answer(target)


def with_dlt(root: Path, stopwatch: Stopwatch) -> Answer:
    """Dlt's ``sql_database`` with its pyarrow backend, to a folder of Parquet files."""
    import dlt
    from dlt.sources.sql_database import sql_table

    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": str(root / "dlt")}
    target = dlt.destinations.filesystem(bucket_url=(root / "out").as_uri())
    pipeline = dlt.pipeline("bench", destination=target, dataset_name="big", pipelines_dir=str(root / "dlt"))
    with stopwatch:
        pipeline.run(sql_table(_alchemy(), table="big", backend="pyarrow"), loader_file_format="parquet")
    return _answer(root / "out" / "big" / "big" / "*.parquet")


def _alchemy() -> str:
    scheme, _, rest = os.environ["CHISO_BENCH"].partition("://")
    return f"{'mysql+pymysql' if scheme == 'mysql' else 'postgresql+psycopg2'}://{rest}"


def _answer(files: Path) -> Answer:
    import duckdb

    sums = "count(*), sum(id)::bigint, sum(round(amount::decimal(18, 2) * 100))::bigint, sum(length(note))::bigint"
    found = duckdb.sql(f"select {sums} from read_parquet('{files}')").fetchone()
    assert found is not None
    return dict(zip(("n", "ids", "hundredths", "letters"), map(int, found), strict=True))
