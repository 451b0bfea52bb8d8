"""Reading an OpenAPI document (3.0, 3.1): which of its lists could be a dataset, and how they are asked for.

Owns the reading of paths, paging parameters, security and record schemas. The document is data from outside: references
are followed within it only, and what it does not say is left open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.inspection import Column, ColumnKind

_DEEPEST = 6
_KINDS: Mapping[str, ColumnKind] = {"number": "number", "integer": "number", "string": "text", "boolean": "truth"}
_SIZES, _PAGES = ("size", "per_page", "page_size", "pageSize", "limit"), ("page", "page_no", "pageNumber")
_OFFSETS, _CURSORS = ("offset", "skip"), ("cursor", "next_token", "page_token")
_PERIODS = ("period", "ky", "time_period", "thang", "month", "nam", "year")


@dataclass(frozen=True)
class Listing:
    """An operation that answers with a list of records."""

    path: str
    records: str
    """JSON pointer to the list."""
    columns: tuple[Column, ...]
    paging: Mapping[str, str]
    """As the section ``paging`` of a request; empty where no parameter looks like one."""
    period_param: str
    auth: Mapping[str, str]
    """As ``connection.auth``."""


def listings(document: Mapping[str, Any]) -> list[Listing]:
    """Every GET operation whose answer holds a list of objects, in the order of the document."""
    found = []
    for path, item in (document.get("paths") or {}).items():
        operation = _at(document, item).get("get")
        if isinstance(operation, Mapping):
            listing = _listing(document, str(path), _at(document, item), operation)
            if listing is not None:
                found.append(listing)
    return found


def _listing(
    document: Mapping[str, Any], path: str, item: Mapping[str, Any], operation: Mapping[str, Any]
) -> Listing | None:
    answer = _at(document, (operation.get("responses") or {}).get("200"))
    schema = _at(document, ((answer.get("content") or {}).get("application/json") or {}).get("schema"))
    lists = list(_lists(document, schema, "", 0))
    if not lists:
        return None
    records, fields = lists[0]
    schemas = ((name, _at(document, field)) for name, field in fields.items())
    columns = tuple(Column(name, _kind(field), sample=_example(field)) for name, field in schemas)
    given = [*(item.get("parameters") or ()), *(operation.get("parameters") or ())]
    params = [str(each.get("name")) for each in (_at(document, one) for one in given) if each.get("in") == "query"]
    total = next((pointer for pointer in _totals(document, schema, "", 0)), "")
    period = next((name for name in params if name in _PERIODS), "")
    return Listing(path, records, columns, _paging(params, total), period, _auth(document, operation))


def _at(document: Mapping[str, Any], node: Any) -> Mapping[str, Any]:
    """A node with its reference followed; empty where it is none or leads out of the document."""
    for _ in range(_DEEPEST):
        if not isinstance(node, Mapping):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        node = document if reference.startswith("#/") else None
        for step in reference.removeprefix("#/").split("/"):
            node = node.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(node, Mapping) else None
    return {}


def _lists(
    document: Mapping[str, Any], schema: Mapping[str, Any], pointer: str, depth: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Lists of objects in an answer, the outermost first: pointer, fields of a record."""
    if depth > _DEEPEST:
        return
    if "items" in schema:
        fields = _at(document, schema["items"]).get("properties")
        if isinstance(fields, Mapping):
            yield pointer, fields
        return
    for name, field in (schema.get("properties") or {}).items():
        yield from _lists(document, _at(document, field), f"{pointer}/{name}", depth + 1)


def _totals(document: Mapping[str, Any], schema: Mapping[str, Any], pointer: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for name, field in (schema.get("properties") or {}).items():
        inner = _at(document, field)
        if name in {"total", "total_count", "totalCount"} and inner.get("type") == "integer":
            yield f"{pointer}/{name}"
        yield from _totals(document, inner, f"{pointer}/{name}", depth + 1)


def _paging(params: list[str], total: str) -> dict[str, str]:
    def first(names: tuple[str, ...]) -> str:
        return next((name for name in params if name in names), "")

    size = first(_SIZES)
    told = {"size_param": size} if size else {}
    if page := first(_PAGES):
        told = {"style": "page", "page_param": page, **told}
    elif offset := first(_OFFSETS):
        told = {"style": "offset", "offset_param": offset, **told}
    else:
        return {}  # a cursor's place in the answer, or the header of links, is for a person to say
    return {**told, "total": total} if total else told


def _auth(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, str]:
    demanded = operation.get("security", document.get("security")) or []
    names = [name for one in demanded if isinstance(one, Mapping) for name in one]
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    scheme = _at(document, schemes.get(names[0])) if names else {}
    match scheme.get("type"), str(scheme.get("scheme", "")).lower():
        case "http", "bearer" | "basic" as style:
            return {"style": style}
        case "apiKey", _ if scheme.get("in") in {"header", "query"}:
            place = "header" if scheme["in"] == "header" else "param"
            return {"style": "api_key", place: str(scheme.get("name"))}
        case "oauth2", _:
            return {"style": "oauth2"}
    return {}


def _kind(field: Mapping[str, Any]) -> ColumnKind:
    kind = field.get("type")
    if isinstance(kind, list):  # 3.1: ["number", "null"]
        kind = next((one for one in kind if one != "null"), None)
    if kind == "string" and field.get("format") in {"date", "date-time"}:
        return "date"
    return _KINDS.get(str(kind), "other")


def _example(field: Mapping[str, Any]) -> tuple[str, ...]:
    example = field.get("example")
    return () if example is None else (str(example),)
