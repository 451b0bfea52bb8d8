"""What the models start from: the ledger, the reference tables and the specifications, written into the warehouse.

All in one transaction: a reader of the warehouse sees the inputs of one moment. Judges nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb
import polars as pl

from dbt_project import rows_catalogue, rows_reference
from dbt_project.tables import TABLES
from indicator_specs import clock, drill
from indicator_specs.home import Home
from indicator_specs.registry import Registry

Row = tuple[object, ...]


class InputError(Exception):
    """Something that the warehouse is to be made from is missing; the text says what."""


def load_inputs(home: Home, registry: Registry, ledger_tables: Mapping[str, pl.DataFrame]) -> None:
    """Write the schemas ``ledger``, ``reference`` and ``spec`` of the warehouse anew.

    Args:
        home: the installation.
        registry: the catalogue.
        ledger_tables: ``batch``, ``submission`` and ``finding`` as ``Ledger.tables()`` gives them.

    Raises:
        InputError: a ledger table or one of its columns is missing.
        duckdb.IOException: another process holds the warehouse.
    """
    as_of = clock.now().astimezone(clock.HANOI).date()
    frames = {name: _ledger_frame(name, ledger_tables) for name in ("batch", "submission", "finding")}
    rows = _rows(registry, as_of)
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        # Naive instants are UTC on every machine.
        connection.execute("set timezone = 'UTC'")
        connection.begin()
        for name, columns in TABLES.items():
            schema = name.split(".")[0]
            connection.execute(f"create schema if not exists {schema}")
            declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"create or replace table {name} ({declared})")
        for name, frame in frames.items():
            _fill(connection, f"ledger.{name}", frame)
        for name, made in rows.items():
            _fill(connection, name, _frame(name, made))
        drill.point("inputs_written")
        connection.commit()


def _rows(registry: Registry, as_of: date) -> dict[str, Iterable[Row]]:
    return {
        "ledger.clock": [(as_of,)],
        "reference.org_unit": rows_reference.org_units(registry),
        "reference.org_unit_event": rows_reference.events(registry),
        "reference.period": rows_reference.reporting_periods(),
        "spec.source": rows_catalogue.sources(registry),
        "spec.dataset": rows_catalogue.datasets(registry),
        "spec.reporting_calendar": rows_catalogue.reporting_calendars(registry),
        "spec.measure": rows_catalogue.measures(registry),
        "spec.producer_precedence": rows_catalogue.producer_precedence(registry),
        "spec.indicator": rows_catalogue.indicators(registry),
        "spec.indicator_level": rows_catalogue.indicator_levels(registry),
        "spec.indicator_input": rows_catalogue.indicator_inputs(registry),
        "spec.target": rows_catalogue.targets(registry),
        "spec.assignment": rows_reference.assignments(registry, as_of),
        "spec.unit": rows_catalogue.units(),
        "spec.breakdown": rows_catalogue.breakdowns(),
    }


def _ledger_frame(name: str, ledger_tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = TABLES[f"ledger.{name}"]
    if name not in ledger_tables:
        raise InputError(f"The ledger's table {name!r} was not given; Ledger.tables() gives batch, submission, finding")
    frame = ledger_tables[name]
    if missing := [column for column in columns if column not in frame.columns]:
        raise InputError(f"The ledger's table {name!r} lacks {', '.join(missing)}; has the ledger been migrated?")
    return frame.select(list(columns)).with_columns(
        pl.col(column).dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        for column, kind in columns.items()
        if kind == "timestamp" and getattr(frame.schema[column], "time_zone", None)
    )


def _frame(name: str, rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a frame of text, so that every number and date reaches its declared type exactly."""
    texts = [[None if value is None else _text(value) for value in row] for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(TABLES[name], pl.String), orient="row")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fill(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    columns = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind in TABLES[name].items())
    connection.register("given", frame.to_arrow())
    connection.execute(f"insert into {name} select {columns} from given")
    connection.unregister("given")
