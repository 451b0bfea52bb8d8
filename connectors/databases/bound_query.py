"""The query of a database dataset: its file, its parameters ``:period`` and ``:since``, its values as exact text.

Owns what is sent to a ministry's database. The text in the file is trusted (it is reviewed with the
source); what is bound is not: a period only if it is a period, a cursor only as ``cursor`` writes one.
"""

import re
from pathlib import Path

from connectors.databases.engines import MYSQL, POSTGRES, Engine
from connectors.errors import PermanentSourceError
from indicator_specs import periods
from indicator_specs.source_spec import Dataset

_TOKENS = re.compile(
    r"""(?P<skip>'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | --[^\n]* | /\*.*?\*/ | \$\$.*?\$\$ | ::)
      | (?P<parameter>:[a-z_][a-z0-9_]*)
      | (?P<end>;)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_AFTER = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def bound(dataset: Dataset, partition: str | None, since: str | None = None) -> str:
    """The text of the dataset's query with ``:period`` and ``:since`` replaced by literals.

    Args:
        dataset: whose query.
        partition: the period asked for; None where one pull brings all.
        since: where an incremental pull begins, as a literal of the engine; None for other modes.

    Raises:
        PermanentSourceError: the file cannot be read, names another parameter, or lacks one that is to be bound.
    """
    sql = _text(dataset).strip()
    given: dict[str, str] = {}
    if partition is not None:
        given[":period"] = f"'{_checked(dataset, partition)}'"
    if since is not None:
        given[":since"] = since
    found: set[str] = set()

    def replace(match: re.Match[str]) -> str:
        if match["end"]:
            if _AFTER.sub("", sql[match.end() :]).strip():
                raise _refused(dataset, "chỉ được một câu lệnh", "one statement only")
            return ""
        parameter = match["parameter"]
        if parameter is None:
            return match[0]
        found.add(parameter.lower())
        return given.get(parameter.lower(), parameter)

    sql = _TOKENS.sub(replace, sql)
    for name in sorted(found - set(given)):
        raise _refused(dataset, f"tham số {name} không có giá trị", f"nothing to bind to parameter {name}")
    for name in sorted(set(given) - found):
        raise _refused(dataset, f"truy vấn phải dùng tham số {name}", f"the query must use the parameter {name}")
    return sql


def printed(sql: str, engine: Engine, columns: list[str], values: list[str]) -> str:
    """``sql`` wrapped so that the server itself prints the value columns as text.

    A client library may not be trusted with them: an unbounded ``numeric`` arrives as a float, and a
    ``NaN`` among them as 0 (DuckDB 1.5.5's postgres reader, measured).
    """
    parts = [_as_text(column, engine) if column in values else quoted(column, engine) for column in columns]
    return f"select {', '.join(parts)} from (\n{sql}\n) as chiso_query"


def declared_types(sql: str, columns: list[str]) -> str:
    """A question to PostgreSQL: the types of some columns of ``sql``, in its own words; ``sql`` is not run for it."""
    types = ", ".join(f"pg_typeof({quoted(column, POSTGRES)})::text" for column in columns)
    return f"select {types} from (select) one left join lateral (select * from (\n{sql}\n) q limit 0) none on true"


def limited(sql: str, engine: Engine, seconds: float, *, is_mariadb: bool) -> str:
    """``sql``, a ``select``, with the time limit that MySQL and MariaDB, each in its own words, take with it."""
    if engine is not MYSQL:
        return sql
    if is_mariadb:
        return f"set statement max_statement_time={seconds:g} for {sql}"
    return f"select /*+ MAX_EXECUTION_TIME({round(seconds * 1000)}) */ {sql.removeprefix('select ')}"


def quoted(name: str, engine: Engine) -> str:
    """An identifier in the server's own quotes."""
    left, right = engine.quotes
    return f"{left}{name.replace(right, right * 2)}{right}"


def _as_text(column: str, engine: Engine) -> str:
    name = quoted(column, engine)
    return f"cast({name} as {engine.text_type}) as {name}"


def _text(dataset: Dataset) -> str:
    assert dataset.query is not None  # noqa: S101 - a database dataset has one: the source's model checks it
    file: Path = dataset.source.folder / dataset.query
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _refused(dataset, f"không đọc được {dataset.query}", f"{dataset.query} cannot be read") from None


def _checked(dataset: Dataset, partition: str) -> str:
    try:
        return periods.parse(partition).time_period
    except periods.PeriodError as error:
        raise _refused(dataset, str(error), f"{partition!r} is not a period") from None


def _refused(dataset: Dataset, vi: str, en: str) -> PermanentSourceError:
    place = f"{dataset.full_id} {dataset.query}"
    return PermanentSourceError("E-SRC-QUERY", place, f"Truy vấn không dùng được: {vi}.", f"Unusable query: {en}.")
