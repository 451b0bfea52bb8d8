"""Opening the ledger: engine, SQLite's durability, migrations.

Owns how a connection is made. SQLite runs in WAL mode with ``synchronous=FULL``, so that what is
committed survives a power cut. Writers take one lock at the start (``BEGIN IMMEDIATE``; an advisory lock on
PostgreSQL), so that they queue: what a transaction has read cannot change before it writes.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, table
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import column

from connectors import durable
from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home

HEAD = "0004"
"""The newest migration. A ledger that is there already opens without importing Alembic."""

MIGRATIONS = Path(__file__).parent / "migrations"

_BUSY_SECONDS = 30
_WRITES = "chiso_writes"
_NOT_SILENT = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""For libpq, seconds: a server whose machine or cable is gone says nothing, and is given up after a minute."""
_ONE_WRITER = 5_703_010
"""The advisory lock of writers on PostgreSQL; the number means nothing."""


class LedgerTooNewError(PlainError):
    """The ledger was written by a newer version of this program."""


class LedgerUnreachableError(PlainError):
    """The ledger does not answer or is none: nothing is received meanwhile, and files stay in their folders."""


def open_engine(home: Home) -> Engine:
    """An engine on the ledger of ``home``, migrated to ``HEAD``.

    ``CHISO_LEDGER_URL`` (``postgresql://user@host/database``) puts the ledger elsewhere than ``ledger.sqlite``.

    Raises:
        LedgerTooNewError: the ledger has a revision that this version does not know.
        LedgerUnreachableError: its server or driver is not there, or the file is no ledger.
        OSError: the home cannot be written.
    """
    url = os.environ.get("CHISO_LEDGER_URL")
    if url is None:
        durable.ensure_folder(home.ledger.parent)
        url = f"sqlite:///{home.ledger}"
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    try:
        engine = _engine(address)
        _migrate(engine)
    except (DBAPIError, ModuleNotFoundError) as reason:
        where, cause = address.render_as_string(hide_password=True), _cause(reason)
        raise LedgerUnreachableError(
            both(f"Không mở được sổ tiếp nhận {where}: {cause}", f"The ledger {where} cannot be opened: {cause}")
        ) from reason
    return engine


def _engine(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        # A server may have been started anew between two looks; one that fell silent is not waited for without end.
        return create_engine(address, pool_pre_ping=True, connect_args=_NOT_SILENT)
    engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _durable_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the ledger.

    Raises:
        LedgerUnreachableError: its server does not answer, or not any more.
    """
    whole = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with _answering(engine), engine.connect().execution_options(**whole) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it is committed at the end, or none.

    Raises:
        LedgerUnreachableError: its server does not answer, or not any more. Where that was at the very end, what was
            written may stand: whoever comes again asks the ledger first.
    """
    with _answering(engine), engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_ONE_WRITER)))
        yield connection


@contextmanager
def _answering(engine: Engine) -> Iterator[None]:
    """Tell a server that is gone as what it is; what is wrong with a statement stays what it was."""
    try:
        yield
    except DBAPIError as reason:
        is_gone = reason.connection_invalidated or isinstance(reason, OperationalError)
        if engine.dialect.name == "sqlite" or not is_gone:
            raise
        where, cause = engine.url.render_as_string(hide_password=True), _cause(reason)
        raise LedgerUnreachableError(
            both(f"Sổ tiếp nhận {where} không trả lời: {cause}", f"The ledger {where} does not answer: {cause}")
        ) from reason


def _cause(reason: Exception) -> str:
    """What the driver says, in a line; its further lines are questions and hints."""
    return str(getattr(reason, "orig", reason)).strip().partition("\n")[0]


def _durable_sqlite(raw: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the driver of this dialect
    raw.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    with reading(engine) as connection:
        if _revision(connection) == HEAD:
            return
    with writing(engine) as connection:  # whoever opens first migrates; the others wait here and find it done
        if _revision(connection) != HEAD:
            _upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(column("version_num")).select_from(table("alembic_version")))


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - half a second that an up-to-date ledger need not pay
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    held = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if held is not None and held not in known:
        raise LedgerTooNewError(
            f"Sổ tiếp nhận ở phiên bản {held}, mới hơn chương trình này ({HEAD}); đề nghị nâng cấp chương trình. / "
            f"The ledger is at revision {held}, newer than this program ({HEAD}); upgrade the program."
        )
    command.upgrade(config, "head")
