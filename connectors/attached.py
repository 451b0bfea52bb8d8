"""A ministry's database, attached to an in-memory DuckDB: read-only, with time limits, nothing downloaded.

Owns the connection and what its failures mean. PostgreSQL and MySQL/MariaDB are read by DuckDB's own
readers, loaded from the extension wheels.
"""

import importlib.util
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import duckdb
import polars as pl

from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.secrets import Connection

ENGINES = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
}
"""Scheme of the address (before any ``+driver``) and the reader that it needs."""

_OPTIONS = {"postgres": {"sslmode", "sslrootcert"}, "mysql": {"ssl_mode", "ssl_ca"}}
_CONNECT_SECONDS = 10
_UNREACHABLE = (
    "connection refused",
    "could not connect",
    "unable to connect",
    "can't connect",
    "timeout expired",
    "timed out",
    "server closed the connection",
    "terminating connection",
    "starting up",
    "shutting down",
    "too many clients",
    "too many connections",
    "lost connection",
    "gone away",
    "no route to host",
    "could not translate host",
    "unknown mysql server host",
    "unknown server host",
    "could not receive data",
)
_TOO_SLOW = ("statement timeout", "lock timeout", "max_statement_time", "execution time exceeded", "interrupt")
_NOT_ALLOWED = ("authentication failed", "access denied", "permission denied", "no pg_hba.conf", "command denied")


class Attached:
    """An attached database. Each question goes to the server as it stands."""

    def __init__(self, session: duckdb.DuckDBPyConnection, engine: str, place: str, secret: Connection, seconds: float):
        self.engine = engine
        self._session, self._place, self._secret, self._seconds = session, place, secret, seconds

    def columns(self, sql: str) -> dict[str, str]:
        """Names and DuckDB types of what ``sql`` returns; nothing is fetched."""
        frame = self._ask("describe ", self._limited(sql))
        return dict(zip(frame["column_name"], frame["column_type"], strict=True))

    def fetch(self, sql: str) -> pl.DataFrame:
        """The rows of ``sql``, exactly typed.

        Raises:
            SourceError: as the failure means; see ``meaning``.
        """
        return self._ask("", self._limited(sql))

    def _limited(self, sql: str) -> str:
        """MariaDB takes its time limit with the statement; PostgreSQL took it with the connection."""
        if self.engine == "mysql" and self._is_mariadb():
            return f"set statement max_statement_time={self._seconds:g} for {sql}"
        return sql

    def _is_mariadb(self) -> bool:
        version = self._ask("", "select version() as v")
        return "mariadb" in str(version.item()).lower()

    def _ask(self, verb: str, sql: str) -> pl.DataFrame:
        # a literal, not a parameter: DuckDB imports pandas to look at parameters
        statement = f"{verb}select * from {self.engine}_query('src', {_literal(sql)})"
        began = time.monotonic()
        stop = threading.Timer(self._seconds + _CONNECT_SECONDS, self._session.interrupt)
        stop.start()
        try:
            return self._session.execute(statement).pl()
        except duckdb.Error as error:
            slow = time.monotonic() - began >= self._seconds
            raise meaning(self._secret.scrub(str(error)), self._place, slow=slow) from None
        finally:
            stop.cancel()


@contextmanager
def attached(secret: Connection, place: str, seconds: float) -> Iterator[Attached]:
    """Attach the database of ``secret`` for reading.

    Args:
        secret: its address.
        place: which dataset asks, for messages.
        seconds: the longest that one statement may take at the server.

    Raises:
        SourceError: the address is of no known kind, or the server cannot be reached or refuses us.
    """
    engine = ENGINES.get(secret.parts.scheme.partition("+")[0])
    if engine is None:
        raise PermanentSourceError(
            "E-SRC-SECRET",
            place,
            f"{secret.name}: địa chỉ phải bắt đầu bằng postgresql:// hoặc mysql://.",
            f"{secret.name}: the address must begin with postgresql:// or mysql://.",
        )
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=config) as session:
        session.execute(f"load {_literal(str(_extension(engine)))}")
        try:
            session.execute(_credentials(secret, engine))
            options = _literal(_options(secret, engine, place, seconds))
            session.execute(f"attach {options} as src (type {engine}, secret chiso_source, read_only)")
        except duckdb.Error as error:
            raise meaning(secret.scrub(str(error)), place, slow=False) from None
        yield Attached(session, engine, place, secret, seconds)


def meaning(text: str, place: str, *, slow: bool) -> SourceError:
    """What a failure of the database means for us. ``text`` must be without secrets."""
    lowered = text.lower()
    said = " ".join(text.split())[:300]
    if any(sign in lowered for sign in _NOT_ALLOWED):
        return PermanentSourceError(
            "E-SRC-AUTH",
            place,
            f"Cơ sở dữ liệu không cho truy cập; đề nghị kiểm tra tài khoản và quyền đọc. {said}",
            f"The database refuses access; check the account and its rights. {said}",
        )
    if slow or any(sign in lowered for sign in _TOO_SLOW):
        return TransientSourceError(
            "E-SRC-TIMEOUT",
            place,
            f"Truy vấn vượt thời gian cho phép; đề nghị chạy ngoài giờ cao điểm hoặc thu hẹp truy vấn. {said}",
            f"The query took longer than allowed; run it off-peak or narrow it. {said}",
        )
    if any(sign in lowered for sign in _UNREACHABLE):
        return TransientSourceError(
            "E-SRC-UNREACHABLE",
            place,
            f"Không kết nối được cơ sở dữ liệu. {said}",
            f"The database cannot be reached. {said}",
        )
    return PermanentSourceError(
        "E-SRC-QUERY",
        place,
        f"Cơ sở dữ liệu không thực hiện được truy vấn. {said}",
        f"The database could not run the query. {said}",
    )


def _extension(engine: str) -> Path:
    """The reader's file in its wheel: LOAD by path neither copies nor downloads."""
    package = f"duckdb_extension_{engine}_scanner"
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed")
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{engine}_scanner.duckdb_extension"


def _credentials(secret: Connection, engine: str) -> str:
    parts = secret.parts
    fields = {
        "host": parts.hostname,
        "port": str(parts.port) if parts.port else None,
        "database": unquote(parts.path.lstrip("/")) or None,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
    }
    given = ", ".join(f"{name} {_literal(value)}" for name, value in fields.items() if value)
    return f"create secret chiso_source (type {engine}, {given})"


def _options(secret: Connection, engine: str, place: str, seconds: float) -> str:
    """What goes along with the credentials: TLS as the address says, limits as we say."""
    given = dict(parse_qsl(secret.parts.query))
    unknown = sorted(set(given) - _OPTIONS[engine])
    if unknown:
        raise PermanentSourceError(
            "E-SRC-SECRET",
            place,
            f"{secret.name}: tham số lạ trong địa chỉ: {unknown[0]}; được dùng {sorted(_OPTIONS[engine])}.",
            f"{secret.name}: unknown parameter in the address: {unknown[0]}; known are {sorted(_OPTIONS[engine])}.",
        )
    if engine == "postgres":
        limit = round(seconds * 1000)
        given |= {
            "connect_timeout": str(_CONNECT_SECONDS),
            "keepalives_idle": "30",
            "tcp_user_timeout": str(limit + 1000 * _CONNECT_SECONDS),
            "application_name": "chiso",
            "options": f"-c statement_timeout={limit} -c lock_timeout={limit} -c default_transaction_read_only=on",
        }
    return " ".join(f"{name}='{value}'" for name, value in given.items())


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
