"""The floors of the benchmark ``line``: what a skilled hand would write to get the same answer once, and no more.

Plain DuckDB, pandas and httpx, nothing of ours: where files lie is read from the ledger with SQLite, what a service
offers from its declaration. No evidence, receipt, history, lineage, crash safety or wording: the ratio is their price.
"""

import importlib.util
import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.contender import Answer, Stopwatch

if TYPE_CHECKING:
    import httpx
    import pandas as pd

PROJECT = Path(__file__).resolve().parent.parent
UNITS = PROJECT / "indicator_specs" / "reference" / "org_unit.csv"
SOURCES = PROJECT / "connectors" / "sources"
VALUE_COLUMNS = {"macro_series": "value", "digital_economy": "value", "grdp": "grdp"}
PERIOD = "2026-10"
PERIODS = (*(f"2025-{month:02d}" for month in range(7, 13)), *(f"2026-{month:02d}" for month in range(1, 11)))
"""Months with dossiers."""


@dataclass(frozen=True)
class Ratio:
    """An indicator ``100 * part / whole`` and the share of reporting units that its total needs."""

    indicator: str
    part: str
    whole: str
    min_coverage: float = 1.0


OF_DOSSIERS = tuple(
    Ratio(indicator, f"public_service.{part}", f"public_service.{whole}")
    for indicator, part, whole in (
        ("online_service_usage", "dossiers_full_online", "dossiers_received"),
        ("dossier_digitisation", "dossiers_digitised", "dossiers_received"),
        ("electronic_results", "results_electronic", "results_issued"),
        ("digitised_data_reuse", "dossiers_reusing_data", "dossiers_received"),
        ("online_payment", "dossiers_paid_online", "dossiers_with_fee"),
    )
)
OF_COMMUNES = (
    Ratio(
        "electronic_document_processing",
        "administration.documents_full_electronic",
        "administration.documents_processed",
        0.95,
    ),
    Ratio(
        "electronic_task_monitoring", "administration.tasks_monitored_electronically", "administration.tasks_assigned"
    ),
)


def extract_database(home: Path, stopwatch: Stopwatch) -> Answer:
    """DuckDB's own reader of PostgreSQL writes each query's result to Parquet."""
    url = os.environ["CHISO_NATIONAL_STATISTICS"]
    queries = {
        name: (SOURCES / "national_statistics" / f"{name}.sql").read_text(encoding="utf-8") for name in VALUE_COLUMNS
    }
    package = importlib.util.find_spec("duckdb_extension_postgres_scanner")
    assert package is not None
    assert package.origin is not None
    reader = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}" / "postgres_scanner.duckdb_extension"
    with stopwatch, duckdb.connect() as connection:
        connection.execute(f"load '{reader}'")
        connection.execute(f"attach '{url}' as ministry (type postgres, read_only)")
        for name, query in queries.items():
            asked = query.replace("'", "''")
            connection.execute(f"copy (from postgres_query('ministry', '{asked}')) to '{home / name}.parquet'")
    answers = [
        duckdb.sql(f"select count({value}), sum({value}) from '{home / name}.parquet'").fetchall()[0]
        for name, value in VALUE_COLUMNS.items()
    ]
    return {"n": sum(n for n, _ in answers), "total": float(sum(total for _, total in answers))}


def extract_rest(home: Path, stopwatch: Stopwatch) -> Answer:
    """Ask with httpx for page after page; make the items of each dataset one Parquet file."""
    import httpx
    import pandas as pd
    import yaml

    secret = json.loads(os.environ["CHISO_ONLINE_SERVICES"])
    declared = yaml.safe_load((SOURCES / "online_services" / "source.yml").read_text(encoding="utf-8"))
    files = {}
    bearer = {"Authorization": f"Bearer {secret['token']}"}
    with stopwatch, httpx.Client(base_url=secret["url"], headers=bearer) as client:
        for dataset in declared["datasets"]:
            asked = [{"period": period} for period in PERIODS] if dataset["partition"] == "period" else [{}]
            items = [item for params in asked for item in _pages(client, dataset["request"], params)]
            files[dataset["id"]] = pd.DataFrame(items)
            files[dataset["id"]].to_parquet(home / f"{dataset['id']}.parquet")
    values = [
        value
        for dataset in declared["datasets"]
        for column in sorted({dataset["columns"].get("value") or measure["column"] for measure in dataset["measures"]})
        for value in files[dataset["id"]][column].dropna()
    ]
    return {"n": len(values), "total": float(sum(values))}


def _pages(client: "httpx.Client", request: dict[str, Any], params: dict[str, str]) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    for page in count(1):
        asked = {**params, "page": page, "size": request["paging"]["size"]}
        data = client.get(request["path"], params=asked).json()["data"]
        items += data["items"]
        if len(items) >= data["total"]:
            break
    return items


def intake(home: Path, stopwatch: Stopwatch) -> Answer:
    """Read each workbook with pandas through openpyxl and keep the figures as one Parquet file."""
    import pandas as pd

    paths = sorted((home / "intake").glob("*/*.xlsx"))
    with stopwatch:
        frames = [_sheet(pd.read_excel(path, sheet_name="Số liệu", header=None, engine="openpyxl")) for path in paths]
        figures = pd.concat(frames)
        figures.to_parquet(home / "figures.parquet")
    return {"n": len(paths), "cells": int(figures.size), "total": float(figures.sum().sum())}


def _sheet(sheet: "pd.DataFrame") -> "pd.DataFrame":
    """Figures of one workbook: below the row of codes, while there is a unit; a dash is 0, text is nothing."""
    import pandas as pd

    header = next(row for row in range(40) if "org_unit" in set(sheet.iloc[row]))
    table = sheet.iloc[header + 1 :].set_axis(sheet.iloc[header], axis=1)
    table = table[table["org_unit"].notna()]
    figures = table.loc[:, "time_period":"explanation"].iloc[:, 1:-1].replace("-", 0)
    return figures.apply(pd.to_numeric, errors="coerce").astype(float)


def judgement(home: Path, stopwatch: Stopwatch) -> Answer:
    """One SQL statement with the essential checks: how many values go back. No finding, no wording, no place."""
    listing = _listed(
        home,
        """select batch.landing_path, submission.agency from batch inner join submission using (batch_no)
        where submission.time_period = ? order by batch_no""",
        PERIOD,
    )
    asked = {
        "files": [str(home / path) for path, _ in listing],
        "agencies": [agency for _, agency in listing],
        "period": PERIOD,
        "parts": [ratio.part for ratio in OF_COMMUNES],
        "wholes": [ratio.whole for ratio in OF_COMMUNES],
    }
    with stopwatch, duckdb.connect() as connection:
        connection.execute(f"create table units as from read_csv('{UNITS}', all_varchar = true)")
        n, returned = connection.execute(_statement("judged"), asked).fetchall()[0]
    return {"n": n, "returned": returned}


def computation(home: Path, stopwatch: Stopwatch) -> Answer:
    """One SQL statement from accepted files to seven ratio indicators of communes, provinces and the nation."""
    return _computed(home, stopwatch, (*OF_DOSSIERS, *OF_COMMUNES))


def recomputation(home: Path, stopwatch: Stopwatch) -> Answer:
    """The same for the two indicators of the form that changed."""
    return _computed(home, stopwatch, OF_COMMUNES)


def _computed(home: Path, stopwatch: Stopwatch, ratios: tuple[Ratio, ...]) -> Answer:
    listing = _listed(home, "select accepted_path, source from batch where accepted_path is not null order by batch_no")
    sources = {"commune_report", "online_services"} if set(OF_DOSSIERS) & set(ratios) else {"commune_report"}
    asked = {
        "files": [str(home / path) for path, source in listing if source in sources],
        "indicators": [ratio.indicator for ratio in ratios],
        "parts": [ratio.part for ratio in ratios],
        "wholes": [ratio.whole for ratio in ratios],
        "coverages": [ratio.min_coverage for ratio in ratios],
        "kinds": ["province" if ratio in OF_DOSSIERS else "commune" for ratio in ratios],
    }
    with stopwatch, duckdb.connect() as connection:
        connection.execute(f"create table units as from read_csv('{UNITS}', all_varchar = true)")
        rows = connection.execute(_statement("computed"), asked).fetchall()
    return summed(rows)


def _statement(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _listed(home: Path, query: str, *asked: str) -> list[tuple[str, str]]:
    """Paths, relative to the home, and whose they are."""
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        return ledger.execute(query, asked).fetchall()


def summed(rows: Iterable[tuple[str, int, float]]) -> Answer:
    """Number and total of the values of each indicator; ``n`` is all their number."""
    told: dict[str, int | float | str] = {"n": 0}
    for indicator, n, total in rows:
        told |= {"n": int(told["n"]) + n, f"{indicator}: values": n, f"{indicator}: total": float(total or 0)}
    return told


def release(home: Path, stopwatch: Stopwatch) -> Answer:
    """Copy the same tables into a new DuckDB file: no order, no hash, no manifest, no fsync."""
    target = home / "mart.duckdb"
    with stopwatch, duckdb.connect(str(target)) as mart:
        mart.execute(f"attach '{home / 'warehouse' / 'warehouse.duckdb'}' as warehouse (read_only)")
        for schema, table in mart.execute(
            """select table_schema, table_name from information_schema.tables
            where table_catalog = 'warehouse' and table_schema in ('marts', 'lineage')"""
        ).fetchall():
            mart.execute(f"create schema if not exists {schema}")
            mart.execute(f"create table {schema}.{table} as from warehouse.{schema}.{table}")
    with duckdb.connect(str(target), read_only=True) as mart:
        return counted(mart)


def counted(mart: duckdb.DuckDBPyConnection) -> Answer:
    """Rows of all tables of a mart, the note of its release aside, and the total of its scoreboard."""
    tables = mart.execute(
        """select table_schema || '.' || table_name from information_schema.tables
        where table_schema in ('marts', 'lineage') and table_name <> 'mart_release'"""
    ).fetchall()
    rows = sum(_one(mart, f"select count(*) from {table}") for (table,) in tables)
    return {
        "n": int(rows),
        "tables": len(tables),
        "total": _one(mart, "select sum(obs_value) from marts.mart_scoreboard"),
    }


def _one(mart: duckdb.DuckDBPyConnection, query: str) -> float:
    return mart.execute(query).fetchall()[0][0]
