"""What the models start from: the ledger, the reference tables and the specifications, written into the warehouse.

All in one transaction: a reader of the warehouse sees the inputs of one moment. Judges nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

import duckdb
import polars as pl

from dbt_project import rows_catalogue, rows_declaration, rows_methods, rows_reference
from dbt_project.tables import TABLES
from indicator_specs import clock, drill
from indicator_specs.home import Home
from indicator_specs.registry import Registry

Row = tuple[object, ...]
Tables = Mapping[str, pl.DataFrame] | Mapping[str, Iterator[pl.DataFrame]]
"""Each in one piece, or in pieces of which the first shows the columns."""

LEDGER = ("batch", "submission", "finding", "part", "verification")
"""Tables of the ledger that the models read."""

ROWS_AT_ONCE = 50_000
"""Rows that are handed to DuckDB together: a ledger may have hundreds of thousands of batches."""

MEMORY = "256MB"
"""What DuckDB may hold of rows that are not committed yet; beyond it they go to disk."""

_LOADED = "main.inputs_loaded"
"""What the tables of the catalogue were last written from."""
_CHANGED_DUTIES = "main.duties_changed"
"""Measures whose duties have changed since the models last took note. Kept here, so that no crash can lose it."""


class InputError(Exception):
    """Something that the warehouse is to be made from is missing; the text says what."""


def load_inputs(
    home: Home,
    registry: Registry,
    ledger_tables: Tables,
    as_of: date | None = None,
) -> frozenset[int]:
    """Bring the schemas ``ledger``, ``reference`` and ``spec`` of the warehouse up to date.

    The ledger's tables are written anew; those of the catalogue when it or the program differs from what the warehouse
    was loaded from; duties also on another day.

    Args:
        home: the installation.
        registry: the catalogue.
        ledger_tables: those of ``LEDGER`` as ``Ledger.tables()`` or ``Ledger.table_parts()`` gives them.
        as_of: the day on which deadlines are read; None for today.

    Returns:
        Keys of measures whose duties have changed since ``duties_met`` was last called.

    Raises:
        InputError: a ledger table or one of its columns is missing.
        duckdb.IOException: another process holds the warehouse.
    """
    day = as_of or today()
    frames = {name: _ledger_frames(name, ledger_tables) for name in LEDGER}
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        # Naive instants are UTC on every machine.
        connection.execute("set timezone = 'UTC'")
        memory = str(connection.execute("select current_setting('memory_limit')").fetchall()[0][0])
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.begin()
        for name, given in frames.items():
            _declare(connection, f"ledger.{name}")
            for frame in given:
                _append(connection, f"ledger.{name}", frame)
        _write(connection, "ledger.clock", _frame("ledger.clock", [(day,)]))
        rules, loaded = rules_hash(registry), _loaded(connection)
        if loaded[0] != rules:
            for name, made in _rows(registry).items():
                _write(connection, name, _frame(name, made))
            _declare(connection, "spec.assignment")
            duties_met(connection)
        if loaded != (rules, day):
            _write_duties(connection, _frame("spec.assignment", rows_reference.assignments(registry, day)))
            connection.execute(f"create or replace table {_LOADED} as select ? as rules, ? as as_of_date", [rules, day])
        found = connection.execute(f"select measure_key from {_CHANGED_DUTIES}").fetchall()
        drill.point("inputs_written")
        connection.commit()
        # Whoever keeps the warehouse open beside us goes on with all of it: to reset the limit does not lift it.
        connection.execute(f"set memory_limit = '{memory}'")
    return frozenset(int(key) for (key,) in found)


def today() -> date:
    """The day on which deadlines are read, in Việt Nam."""
    return clock.now().astimezone(clock.HANOI).date()


def duties_met(connection: duckdb.DuckDBPyConnection) -> None:
    """The models have taken note of every change of duties: in a warehouse that is open for writing."""
    connection.execute(f"create or replace table {_CHANGED_DUTIES} (measure_key integer)")


def rules_hash(registry: Registry) -> str:
    """Hash of everything but the ledger and the day that the input tables are made from: declarations and program."""
    return hashlib.sha256(f"{registry.spec_hash} {_program_hash()}".encode()).hexdigest()


@cache
def _program_hash() -> str:
    here = Path(__file__).parent
    kernel = Path(clock.__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*here.glob("rows_*.py"), here / "tables.py", *kernel.rglob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _loaded(connection: duckdb.DuckDBPyConnection) -> tuple[str, date] | tuple[None, None]:
    """The rules and the day that the tables of the catalogue were last written by."""
    connection.execute(f"create table if not exists {_LOADED} (rules varchar, as_of_date date)")
    row = connection.execute(f"from {_LOADED}").fetchone()
    return (str(row[0]), row[1]) if row else (None, None)


def _write_duties(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> None:
    """Write ``spec.assignment`` anew and keep in mind which measures it changes."""
    connection.execute("create temp table duties_before as from spec.assignment")
    _write(connection, "spec.assignment", frame)
    connection.execute(
        f"""insert into {_CHANGED_DUTIES}
        select distinct measure_key from (
            (from spec.assignment except from duties_before) union all
            (from duties_before except from spec.assignment)
        ) where measure_key not in (from {_CHANGED_DUTIES})"""
    )
    connection.execute("drop table duties_before")


def _rows(registry: Registry) -> dict[str, Iterable[Row]]:
    return {
        "reference.org_unit": rows_reference.org_units(registry),
        "reference.org_unit_name": rows_reference.org_unit_names(registry),
        "reference.org_unit_place": rows_reference.org_unit_places(registry),
        "reference.org_unit_counterpart": rows_reference.org_unit_counterparts(registry),
        "reference.org_unit_event": rows_reference.events(registry),
        "reference.working_day": rows_reference.working_days(registry),
        "reference.period": rows_reference.reporting_periods(),
        "spec.source": rows_catalogue.sources(registry),
        "spec.dataset": rows_catalogue.datasets(registry),
        "spec.reporting_calendar": rows_catalogue.reporting_calendars(registry),
        "spec.measure": rows_catalogue.measures(registry),
        "spec.producer_precedence": rows_catalogue.producer_precedence(registry),
        "spec.sum_of_units": rows_catalogue.sums_of_units(registry),
        "spec.declaration": rows_declaration.declarations(registry),
        "spec.indicator": rows_catalogue.indicators(registry),
        "spec.indicator_level": rows_catalogue.indicator_levels(registry),
        "spec.scale": rows_methods.scales(registry),
        "spec.published": rows_methods.published(registry),
        "spec.indicator_input": rows_catalogue.indicator_inputs(registry),
        "spec.target": rows_catalogue.targets(registry),
        "spec.unit": rows_catalogue.units(),
        "spec.breakdown": rows_catalogue.breakdowns(),
    }


def _ledger_frames(name: str, ledger_tables: Tables) -> Iterator[pl.DataFrame]:
    """The pieces of a table as the warehouse has them; the first is looked at now, the others when asked for."""
    if name not in ledger_tables:
        raise InputError(f"The ledger's table {name!r} was not given; Ledger.tables() gives {', '.join(LEDGER)}")
    given = ledger_tables[name]
    pieces = iter([given]) if isinstance(given, pl.DataFrame) else given
    first = _ledger_frame(name, next(pieces))
    return chain([first], (_ledger_frame(name, piece) for piece in pieces))


def _ledger_frame(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    columns = TABLES[f"ledger.{name}"]
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


def _declare(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """An input table, empty."""
    connection.execute(f"create schema if not exists {name.split('.', maxsplit=1)[0]}")
    declared = ", ".join(f'"{column}" {kind}' for column, kind in TABLES[name].items())
    connection.execute(f"create or replace table {name} ({declared})")


def _write(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """An input table, anew."""
    _declare(connection, name)
    _append(connection, name, frame)


def _append(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    columns = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind in TABLES[name].items())
    for rows in frame.iter_slices(ROWS_AT_ONCE):
        # What is registered by a name is kept until the transaction ends, all of it.
        connection.from_arrow(rows.to_arrow()).project(columns).insert_into(name)
