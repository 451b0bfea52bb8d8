"""A warehouse in memory with the org units' models alone: what was reported in, both maps out."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

import duckdb
import polars as pl

from dbt_project import rows_reference
from dbt_project.tables import TABLES
from indicator_specs.keys import stable_key
from indicator_specs.periods import period_key
from indicator_specs.reference import Reference
from indicator_specs.registry import Registry
from tests.model_sql import statement

TOTAL, PRODUCER = stable_key("_T"), stable_key("x")
MODELS = tuple(
    map(
        statement,
        (
            "int_org_move", "int_org_way", "int_org_hierarchy", "int_org_ancestor", "int_org_part", "int_org_era",
            "int_org_group", "int_org_group_pair", "int_given_group", "int_expected", "int_unasked",
            "int_reporting_group", "int_divided", "int_rolled_part", "int_rolled_pair", "int_rolled", "int_residual",
            "int_measure_values",
        ),
    )
)  # fmt: skip
"""Statements that make each model a table, in their order."""


def empty_warehouse(connection: duckdb.DuckDBPyConnection, months: Mapping[str, date], measures: Iterable[int]) -> None:
    """Input tables without org units; additive measures, monthly periods and no observation."""
    connection.execute("create schema reference; create schema spec")
    for name, columns in TABLES.items():
        if name.startswith(("reference.", "spec.")):
            declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"create table {name} ({declared})")
    connection.execute("insert into spec.breakdown values (?, '_T')", [TOTAL])
    for measure in measures:
        connection.execute("insert into spec.measure (measure_key, nature) values (?, 'flow')", [measure])
    for month, day in months.items():
        connection.execute(
            "insert into reference.period (period_key, time_period, end_date) values (?, ?, ?)",
            [period_key(month), month, day],
        )
    connection.execute(
        """create table int_observations (
            measure_key integer, org_unit_key integer, period_key integer, breakdown_key integer,
            producer_key integer, is_preferred boolean, obs_value decimal(38, 9), obs_status varchar,
            is_synthetic boolean)"""
    )


def fill_reference(connection: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """Write org units, their places and events in place of those before."""
    registry = cast(Registry, SimpleNamespace(reference=reference))
    tables = {
        "reference.org_unit": rows_reference.org_units(registry),
        "reference.org_unit_place": rows_reference.org_unit_places(registry),
        "reference.org_unit_event": rows_reference.events(registry),
    }
    for name, rows in tables.items():
        connection.execute(f"truncate {name}")
        texts = [[None if value is None else str(value) for value in row] for row in rows]
        frame = pl.DataFrame(texts, schema=dict.fromkeys(TABLES[name], pl.String), orient="row")
        if not frame.is_empty():
            connection.register("given", frame.to_arrow())
            connection.execute(f"insert into {name} select * from given")
            connection.unregister("given")


def observe(connection: duckdb.DuckDBPyConnection, measure: int, month: str, values: Mapping[str, Decimal]) -> None:
    """What units reported of a measure for a month."""
    if not values:
        return
    rows = [(stable_key(code), str(value)) for code, value in values.items()]
    connection.register("given", pl.DataFrame(rows, schema=["unit", "value"], orient="row").to_arrow())
    connection.execute(
        f"""insert into int_observations
        select
            {measure}, unit, {period_key(month)}, {TOTAL}, {PRODUCER}, true, cast(value as decimal(38, 9)), 'A', false
        from given"""
    )
    connection.unregister("given")
