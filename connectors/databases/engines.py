"""Which databases there are, and what an address may say. Opens nothing."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote

from connectors.errors import PermanentSourceError
from connectors.secrets import Connection


@dataclass(frozen=True, eq=False)
class Engine:
    """One kind of database server.

    ``reader``: ``attached`` where DuckDB reads it, ``cursor`` where its Python driver does. ``options`` are what an
    address may add after ``?``; whatever else stands there is refused, so that no typing error turns TLS off unseen.
    """

    name: str
    schemes: tuple[str, ...]
    reader: Literal["attached", "cursor"]
    port: int = 0
    options: frozenset[str] = frozenset()
    quotes: tuple[str, str] = ('"', '"')
    text_type: str = "text"
    has_host: bool = True
    trust: tuple[str, str, str] | None = None
    """Options by which a server is trusted: the mode, its strictest value, the file of the authority."""


POSTGRES = Engine(
    "postgres",
    ("postgresql", "postgres"),
    "attached",
    5432,
    frozenset({"sslmode", "sslrootcert"}),
    trust=("sslmode", "verify-full", "sslrootcert"),
)
MYSQL = Engine(
    "mysql",
    ("mysql", "mariadb"),
    "attached",
    3306,
    frozenset({"ssl_mode", "ssl_ca"}),
    quotes=("`", "`"),
    text_type="char",
    trust=("ssl_mode", "verify_identity", "ssl_ca"),
)
SQLITE = Engine("sqlite", ("sqlite",), "cursor", has_host=False)
SQLSERVER = Engine("sqlserver", ("mssql", "sqlserver"), "cursor", 1433, frozenset({"encryption"}), quotes=("[", "]"))
ORACLE = Engine("oracle", ("oracle",), "cursor", 1521, frozenset({"protocol", "wallet_location"}))

ENGINES = {scheme: engine for engine in (POSTGRES, MYSQL, SQLITE, SQLSERVER, ORACLE) for scheme in engine.schemes}
"""By the scheme of the address, before any ``+driver``."""


@dataclass(frozen=True)
class Address:
    """The address of a secret in its parts, decoded. Holds the password: never shown."""

    engine: Engine
    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    options: dict[str, str]


def address_of(secret: Connection, place: str) -> Address:
    """Take the address of ``secret`` apart.

    Raises:
        PermanentSourceError: no such engine, or a parameter that the engine does not know.
    """
    parts = secret.parts
    engine = ENGINES.get(parts.scheme.partition("+")[0])
    if engine is None:
        known = ", ".join(f"{scheme}://" for scheme in ENGINES)
        raise _refused(
            secret, place, f"địa chỉ phải bắt đầu bằng một trong: {known}", f"must begin with one of {known}"
        )
    options = _checked(secret, place, engine, dict(parse_qsl(parts.query, keep_blank_values=True)))
    # sqlite:///data/x.db is a file below the working folder, sqlite:////srv/x.db an absolute one, as in SQLAlchemy
    database = unquote(parts.path.removeprefix("/"))
    if not database and not engine.has_host:
        raise _refused(
            secret, place, "thiếu đường dẫn tệp: sqlite:////thư_mục/tệp.db", "the path of the file is missing"
        )
    return Address(
        engine,
        parts.hostname or "",
        parts.port or engine.port,
        database,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        options,
    )


def _checked(secret: Connection, place: str, engine: Engine, options: dict[str, str]) -> dict[str, str]:
    """What the address adds, with the authority that the secret names: such a server is trusted by that alone."""
    unknown = sorted(set(options) - engine.options)
    if unknown:
        known = ", ".join(sorted(engine.options)) or "—"
        raise _refused(
            secret,
            place,
            f"tham số lạ trong địa chỉ: {unknown[0]}; được dùng: {known}",
            f"unknown parameter in the address: {unknown[0]}; known are: {known}",
        )
    if "authority" in secret.more and engine.trust:
        mode, strictest, file = engine.trust
        demanded = {mode: strictest, file: secret.more["authority"].reveal()}
        if weaker := [name for name, value in demanded.items() if options.get(name, value) != value]:
            raise _refused(
                secret,
                place,
                f"{weaker[0]} trong địa chỉ mâu thuẫn với authority",
                f"{weaker[0]} of the address contradicts authority",
            )
        options |= demanded
    if engine is MYSQL and options.get("ssl_mode", "").startswith("verify") and not options.get("ssl_ca"):
        raise _refused(
            secret,
            place,
            "ssl_mode=verify_… cần ssl_ca (hoặc authority): không có tệp chứng thư gốc thì không kiểm tra được gì",
            "ssl_mode=verify_… needs ssl_ca (or authority): without the authority's file nothing is checked",
        )
    return options


def _refused(secret: Connection, place: str, vi: str, en: str) -> PermanentSourceError:
    return PermanentSourceError("E-SRC-SECRET", place, f"{secret.name}: {vi}.", f"{secret.name}: {en}.")
