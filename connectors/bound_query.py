"""The query of a database dataset: its file, its one parameter ``:period``, its value columns as exact text.

Owns what is sent to a ministry's database. The text in the file is trusted (it is reviewed with the
source); the period is not, and is bound only if it is a period.
"""

import re
from pathlib import Path

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


def bound(dataset: Dataset, partition: str | None) -> str:
    """The text of the dataset's query with ``:period`` replaced by a literal.

    Raises:
        PermanentSourceError: the file cannot be read, names another parameter, or has ``:period`` where
            no period was asked for (or the reverse).
    """
    sql = _text(dataset).strip()
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
        return f"'{_checked(dataset, partition)}'" if parameter.lower() == ":period" else parameter

    sql = _TOKENS.sub(replace, sql)
    unknown = sorted(found - {":period"})
    if unknown:
        raise _refused(dataset, f"tham số lạ {unknown[0]}; chỉ dùng :period", f"unknown parameter {unknown[0]}")
    if partition is not None and ":period" not in found:
        raise _refused(dataset, "dataset chia theo kỳ cần tham số :period", "partition: period needs :period")
    return sql


def value_text(sql: str, engine: str, columns: list[str], values: list[str]) -> str:
    """``sql`` wrapped so that the server itself prints the value columns as text.

    A client library may not be trusted with them: an unbounded ``numeric`` arrives as a float, and a
    ``NaN`` among them as 0 (DuckDB 1.5.5's postgres reader, measured).
    """
    parts = [_as_text(column, engine) if column in values else quoted(column, engine) for column in columns]
    return f"select {', '.join(parts)} from (\n{sql}\n) as chiso_query"


def quoted(name: str, engine: str) -> str:
    """An identifier in the server's own quotes."""
    mark = "`" if engine == "mysql" else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def _as_text(column: str, engine: str) -> str:
    name = quoted(column, engine)
    return f"cast({name} as {'char' if engine == 'mysql' else 'text'}) as {name}"


def _text(dataset: Dataset) -> str:
    assert dataset.query is not None  # noqa: S101 - a database dataset has one: the source's model checks it
    file: Path = dataset.source.folder / dataset.query
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _refused(dataset, f"không đọc được {dataset.query}", f"{dataset.query} cannot be read") from None


def _checked(dataset: Dataset, partition: str | None) -> str:
    if partition is None:
        raise _refused(dataset, "truy vấn có :period nhưng không hỏi kỳ nào", ":period without a period to ask for")
    try:
        return periods.parse(partition).time_period
    except periods.PeriodError as error:
        raise _refused(dataset, str(error), f"{partition!r} is not a period") from None


def _refused(dataset: Dataset, vi: str, en: str) -> PermanentSourceError:
    place = f"{dataset.full_id} {dataset.query}"
    return PermanentSourceError("E-SRC-QUERY", place, f"Truy vấn không dùng được: {vi}.", f"Unusable query: {en}.")
