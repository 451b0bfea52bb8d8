"""How a number, a name or a list is written in Vietnamese and in English.

Owns notation only; the sentences stand in ``phrases``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Language = Literal["vi", "en"]

_LONGEST = 120
"""A cell may hold a page of text; a message quotes its beginning."""


@dataclass(frozen=True)
class Both:
    """The same thing in Vietnamese and in English."""

    vi: str
    en: str


def number(value: Decimal, language: Language) -> str:
    """``1.234,5`` in Vietnamese, ``1,234.5`` in English; no digits are dropped, no zeros are added."""
    plain = f"{value:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(str.maketrans(",.", ".,")) if language == "vi" else plain


def quoted(text: str) -> str:
    """Text as an agency wrote it, on one line, without control characters, cut where it is too long to quote."""
    tidy = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\s]+", " ", text).strip()
    return tidy if len(tidy) <= _LONGEST else tidy[: _LONGEST - 1] + "…"


def places(these: Sequence[str], language: Language, at_most: int = 8) -> str:
    """``Số liệu!D7, Số liệu!D9 và 12 chỗ khác``."""
    shown = ", ".join(these[:at_most])
    rest = len(these) - at_most
    if rest <= 0:
        return shown
    return f"{shown} và {rest} chỗ khác" if language == "vi" else f"{shown} and {rest} more"


def render(template: str, facts: Mapping[str, object], language: Language) -> str:
    """Fill a template with facts, each written as ``language`` writes it.

    Raises:
        KeyError: the template names a fact that is not given.
    """
    return template.format_map({name: _written(value, language) for name, value in facts.items()})


def _written(value: object, language: Language) -> str:
    if isinstance(value, Both):
        return value.vi if language == "vi" else value.en
    if isinstance(value, Decimal | int):
        return number(Decimal(value), language)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y") if language == "vi" else value.isoformat()
    if isinstance(value, list | tuple):
        return places([str(one) for one in value], language)
    return quoted(str(value))
