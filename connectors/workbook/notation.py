"""What the rest of a column says about a number that could be read in two ways, a thousand times apart.

``1.234`` beside ``1.234.567`` or ``12,5`` is one thousand two hundred and thirty-four; beside ``12.5`` it is one and a
bit. A column that shows both notations, or none, settles nothing: the number stays ambiguous.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from connectors.numbers import plain_text, read_number

if TYPE_CHECKING:
    from connectors.workbook.rows import Value

_EVIDENCE = (
    (re.compile(r"\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d{3})*,(?:\d{1,2}|\d{4,})"), ","),
    (re.compile(r"\d{1,3}(?:,\d{3}){2,}|\d+(?:,\d{3})*\.(?:\d{1,2}|\d{4,})"), "."),
)
"""Notations that can be read in one way only, and the decimal mark that they show."""


def settle_by_column(values: Sequence["Value"]) -> None:
    """Read the ambiguous numbers of each column as its others are written, and say so."""
    columns: defaultdict[str, list[Value]] = defaultdict(list)
    for value in values:
        columns[value["measure"]].append(value)
    for column in columns.values():
        ambiguous = [value for value in column if value["problem"] == "ambiguous_number"]
        mark = decimal_mark(value["value_text"] or "" for value in column) if ambiguous else ""
        for value in ambiguous if mark else ():
            _settle(value, mark)


def decimal_mark(texts: Iterable[str]) -> str:
    """The decimal mark that texts show; empty where they show none, or both."""
    found = {mark for text in texts for pattern, mark in _EVIDENCE if pattern.fullmatch(_bare(text))}
    return found.pop() if len(found) == 1 else ""


def _settle(value: "Value", mark: str) -> None:
    text = value["value_text"] or ""
    thousands = "." if mark == "," else ","
    plain = text.replace(thousands, "").replace(" ", "").replace("\u00a0", "").replace(mark, ".")
    reading = read_number(f"{plain}0" if "." in plain else plain)
    if reading.value is not None:
        value["obs_value"], value["problem"] = plain_text(reading.value), None
        value["conversion"] = "notation_of_column"


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00a0()+\u2212%-]", "", text)
