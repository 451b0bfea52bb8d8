"""Writes a declaration as YAML in the block style of the house: what it writes, ``strict_yaml`` reads back the same."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_RESERVED = frozenset({"null", "yes", "no", "on", "off", "y", "n"})
_WHOLE = frozenset({"version", "deadline_days", "decimals"})
"""Keys of whole numbers, which are written without quotes."""
_WIDTH = 100
_SHORT = 110
PARTED = frozenset(
    {"meaning", "levels", "responsibility", "rank", "assessment", "methods", "targets", "baseline", "classification"}
)
"""Sections of a specification that an empty line goes before."""


def declaration(value: Mapping[str, Any], heads: Sequence[str] = ()) -> str:
    """The text of a whole file; ``heads`` are comment lines above it."""
    lines = [f"# {head}".rstrip() for head in heads]
    for key, item in value.items():
        lines += [""] if key in PARTED else []
        lines += entry(key, item, 0)
    return "\n".join(lines) + "\n"


def entry(key: str, item: Any, depth: int) -> list[str]:
    """The lines of one key with its value, indented by ``depth`` steps of two spaces."""
    indent = "  " * depth
    if isinstance(item, str):
        return [f"{indent}{key}: {item}"] if key in _WHOLE else _text(f"{indent}{key}:", item, depth + 1)
    if isinstance(item, Mapping):
        if not item or _fits(flow := _flow(item), indent, key, item):
            return [f"{indent}{key}: {flow if item else '{}'}"]
        return [f"{indent}{key}:", *(line for name, each in item.items() for line in entry(name, each, depth + 1))]
    if key == "codes":
        return [f"{indent}{key}: [{', '.join(json.dumps(each, ensure_ascii=False) for each in item)}]"]
    if all(isinstance(each, str) and len(each) < 60 for each in item):
        joined = ", ".join(map(scalar, item))
        if len(joined) < _WIDTH:
            return [f"{indent}{key}: [{joined}]"]
    return [f"{indent}{key}:", *(line for each in item for line in listed(each, depth + 1))]


def listed(item: Any, depth: int) -> list[str]:
    """The lines of one item of a list."""
    indent = "  " * depth
    if isinstance(item, str):
        return [f"{indent}- {scalar(item)}"]
    if "version" not in item and _is_flat(item) and len(_flow(item)) <= 160:
        return [f"{indent}- {_flow(item)}"]
    lines = [line for name, each in item.items() for line in entry(name, each, depth + 1)]
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def scalar(text: str) -> str:
    """A text on one line, quoted unless it is a plain word."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)


def _text(head: str, text: str, depth: int) -> list[str]:
    if len(text) <= _WIDTH or "  " in text or text != text.strip() or text.startswith("#"):
        return [f"{head} {scalar(text)}"]
    indent = "  " * depth
    wrapped = textwrap.wrap(text, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    return [f"{head} >-", *(f"{indent}{line}" for line in wrapped)]


def _fits(flow: str, indent: str, key: str, item: Mapping[str, Any]) -> bool:
    short = key not in {"meaning", "responsibility", "name", "concept", "inputs"}
    return short and _is_flat(item) and len(indent) + len(key) + len(flow) + 2 <= _SHORT


def _is_flat(item: Mapping[str, Any]) -> bool:
    return all(isinstance(each, str) and len(each) <= 90 for each in item.values())


def _flow(item: Mapping[str, Any]) -> str:
    parts = (f"{key}: {scalar(each) if isinstance(each, str) else '…'}" for key, each in item.items())
    return f"{{{', '.join(parts)}}}"
