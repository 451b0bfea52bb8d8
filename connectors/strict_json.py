"""JSON as the standard has it, and exact: no NaN, no repeated keys, no number through a float, no abyss.

Owns the parsing of bytes that a stranger sent. A number comes back as ``JsonNumber``, the very text of it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

MOST_DEPTH = 32
"""Levels of nesting: far beyond any data service, far below what exhausts a parser."""

_LONGEST_TOKEN = len("\\u00e0")
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class JsonNumber(str):
    """The text of a JSON number, kept as it stood."""

    __slots__ = ()


class JsonFaultError(ValueError):
    """The bytes are not the JSON that we accept. ``is_cut``: they end in the middle, so that a retry may help."""

    def __init__(self, what: str, *, is_cut: bool = False) -> None:
        super().__init__(what)
        self.is_cut = is_cut


def parse(body: bytes) -> Any:
    """The value of ``body``: dict, list, str, ``JsonNumber``, bool or None.

    Raises:
        JsonFaultError: with what is wrong, in English, and no part of the content beyond a key.
    """
    n_open = _open_at_end(body)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut = error.end >= len(body)
        raise JsonFaultError("the body is not UTF-8", is_cut=is_cut) from None
    try:
        return json.loads(
            text,
            parse_float=JsonNumber,
            parse_int=JsonNumber,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repeats,
        )
    except json.JSONDecodeError as error:
        is_near_end = error.pos >= len(text) - _LONGEST_TOKEN
        # Inside a string that does not end, brackets cannot be counted: the message tells.
        is_in_string = error.msg.startswith(("Unterminated string", "Invalid \\uXXXX escape"))
        is_cut = error.msg.startswith("Unterminated string") or (
            is_near_end and (is_in_string or n_open > 0 or not text.strip())
        )
        raise JsonFaultError(f"{error.msg} at character {error.pos}", is_cut=is_cut) from None


def at(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901).

    Raises:
        LookupError: nothing stands there.
    """
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise LookupError(pointer)
    return value


def kinds(records: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Every field of some records with the kinds of its values: ``text``, ``number``, ``truth``, ``null``; ``a|b``."""
    seen: dict[str, set[str]] = {}
    for record in records:
        for name, value in record.items():
            seen.setdefault(name, set()).add(_kind(value))
    return {name: "|".join(sorted(found - {"null"})) or "null" for name, found in seen.items()}


def _kind(value: Any) -> str:
    if isinstance(value, JsonNumber):
        return "number"
    named: tuple[tuple[type, str], ...] = ((bool, "truth"), (str, "text"), (list, "list"), (dict, "object"))
    return next((name for kind, name in named if isinstance(value, kind)), "null")


def as_text(value: Any) -> str | None:
    """A field as text: null stays null, numbers as they stood, lists and objects as JSON."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _open_at_end(body: bytes) -> int:
    """How many objects and lists are still open at the end of ``body``."""
    depth = 0
    for match in _STRUCTURE.finditer(body):
        mark = match[0]
        depth += (mark in (b"[", b"{")) - (mark in (b"]", b"}"))
        if depth > MOST_DEPTH:
            raise JsonFaultError(f"nested deeper than {MOST_DEPTH} levels")
    return depth


def _refuse_constant(name: str) -> None:
    raise JsonFaultError(f"{name} is not JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonFaultError(f"the key {twice[:40]!r} stands twice in one object")
    return fields
