"""How far an incremental pull has come, and where the next one begins: the cursor, less its lag.

Owns the arithmetic. A cursor is text in the ledger: a whole number, a date, or an instant as ISO 8601 writes it.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from connectors.databases.engines import MYSQL, ORACLE, SQLITE, Engine
from indicator_specs.clock import HANOI
from indicator_specs.pull_sections import CursorColumn

_NUMBER = re.compile(r"-?\d{1,30}")


def since(cursor: CursorColumn, reached: str | None) -> str:
    """Where the next pull begins: at the start, or a lag before what was reached, so that late rows are found.

    Raises:
        ValueError: what was reached is not of the kind of the start.
    """
    if reached is None:
        return cursor.start
    if cursor.is_number:
        return str(int(reached) - int(cursor.lag))
    lag = timedelta(**{cursor.lag.split()[1]: int(cursor.lag.split()[0])})
    earlier = _moment(reached) - lag
    return earlier.isoformat(sep=" ") if isinstance(earlier, datetime) else earlier.isoformat()


def order(cursor: CursorColumn, value: str) -> float | Decimal:
    """A cursor as a number that can be compared; an instant without an offset is Hà Nội's."""
    if cursor.is_number:
        return Decimal(value)
    moment = _moment(value)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(0))
    return (moment if moment.tzinfo else moment.replace(tzinfo=HANOI)).timestamp()


def literal(value: str, engine: Engine) -> str:
    """A cursor as the engine's SQL writes it. Only what ``since`` can have made is taken.

    Raises:
        ValueError: it is neither a number nor an instant.
    """
    if _NUMBER.fullmatch(value):
        return value
    moment = _moment(value)
    if isinstance(moment, datetime) and moment.tzinfo and engine in {MYSQL, SQLITE}:
        # they know no offsets; the session is in Hà Nội's time
        moment = moment.astimezone(HANOI).replace(tzinfo=None)
        return f"'{moment.isoformat(sep=' ')}'"
    if engine is not ORACLE:
        return f"'{value}'"
    if not isinstance(moment, datetime):
        return f"date '{value}'"
    text = moment.isoformat(sep=" ", timespec="microseconds")
    clock, offset = text[:26], text[26:]
    return f"timestamp '{clock} {offset}'" if offset else f"timestamp '{clock}'"


def _moment(value: str) -> date | datetime:
    return date.fromisoformat(value) if len(value) == len("2026-01-01") else datetime.fromisoformat(value)
