"""An answer as a tree, and the records in it: where they stand, and what a column of one means.

Owns pointers with ``*``, columns of nested records, and what of an answer's inside is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors import strict_json, xml_tree
from connectors.errors import InconsistentSourceError, PermanentSourceError, SourceError
from connectors.pages import Page
from indicator_specs.http_sections import Request, Success, Xml

_RELATIVE = re.compile(r"(\d+)(#|/.*)")
_ABSENT = object()


@dataclass(frozen=True)
class Record:
    """One record with what it stands in: names and values from the record (first) up to the whole answer (last)."""

    chain: tuple[tuple[str, Any], ...]
    bound: Mapping[str, str]
    """What names the part of a catalogue that it came with."""

    def field(self, column: str) -> Any:
        """What stands in a column, or a mark that ``has`` knows.

        ``received`` is a field of the record, ``/figures/received`` a place in it, ``2/code`` the field ``code`` of
        what stands two levels above it (a list is a level; as in the draft of relative JSON pointers), ``0#`` the name
        under which the record itself stands, ``{code}`` what the catalogue gave.
        """
        if column.startswith("{"):
            return self.bound.get(column[1:-1], _ABSENT)
        match = _RELATIVE.fullmatch(column)
        if match is not None:
            name, value = self.chain[int(match[1])] if int(match[1]) < len(self.chain) else ("", _ABSENT)
            return name if match[2] == "#" else _at(value, match[2])
        return _at(self.chain[0][1], column) if column.startswith("/") else self.chain[0][1].get(column, _ABSENT)

    def text(self, column: str) -> str | None:
        """What stands in a column, as text; None also where nothing does."""
        found = self.field(column)
        return None if found is _ABSENT else strict_json.as_text(found)

    def has(self, column: str) -> bool:
        """Whether anything stands there."""
        return self.field(column) is not _ABSENT


def parsed(raw: bytes, xml: Xml | None, place: str) -> Any:
    """The tree of a body: JSON, or XML where the whole answer is.

    Raises:
        InconsistentSourceError: the body ends in the middle.
        PermanentSourceError: it is not what it should be.
    """
    is_xml = xml is not None and xml.pointer is None
    try:
        return xml_tree.parse(raw) if is_xml else strict_json.parse(raw)
    except (strict_json.JsonFaultError, xml_tree.XmlFaultError) as error:
        if error.is_cut:
            raise InconsistentSourceError(
                "E-SRC-TRUNCATED", place, f"Trả lời bị cắt giữa chừng: {error}.", f"The answer is cut: {error}."
            ) from None
        kind = "XML" if is_xml else "JSON"
        raise fault(f"E-SRC-{kind}", place, f"{kind} không hợp lệ: {error}", f"invalid {kind}: {error}") from None


def check_success(answer: Any, success: Success | None, place: str) -> None:
    """An LGSP service answers HTTP 200 also when it refuses; the answer's own field tells.

    Raises:
        PermanentSourceError: the service reports an error.
    """
    if success is None:
        return
    told = text_at(answer, success.pointer)
    if told == success.equals:
        return
    said = (text_at(answer, success.message) or "")[:200] if success.message is not None else ""
    text = f"{success.pointer} = {told!r}{f': {said!r}' if said else ''}"
    raise fault("E-SRC-BUSINESS", place, f"nguồn báo lỗi nghiệp vụ, {text}", f"the source reports an error, {text}")


def records(answer: Any, request: Request, bound: Mapping[str, str], place: str) -> list[Record]:
    """The records of an answer, in its order.

    Raises:
        PermanentSourceError: there is no list of records where it is declared, or the XML inside cannot be read.
    """
    xml = request.xml
    if xml is not None and xml.pointer is not None:
        answer = _inside(answer, xml.pointer, place)
    return [Record(chain, bound) for chain in members(answer, request.records, place, is_xml=xml is not None)]


def records_of(page: Page, request: Request, place: str) -> list[Record]:
    """The records of a kept page, in its order.

    Raises:
        SourceError: as ``parsed`` and ``records``; a page that was taken once has them.
    """
    return records(parsed(page.body, request.xml, place), request, page.bound, place)


def members(answer: Any, pointer: str, place: str, *, is_xml: bool = False) -> list[tuple[tuple[str, Any], ...]]:
    """The objects of the lists at a pointer with ``*``, each with the chain of what it stands in.

    In XML one element is a list of one, and none an empty list.

    Raises:
        PermanentSourceError: no list of objects stands there.
    """
    found: list[tuple[tuple[str, Any], ...]] = []
    try:
        for chain in _walk((("", answer),), pointer.removesuffix("/*").split("/")[1:], is_xml):
            inside = _listed(chain[0][1], is_xml, is_asked_for_members=pointer.endswith("/*"))
            found += [((name, value), *chain) for name, value in inside]
    except LookupError:
        found = [(("", None),)]
    if not all(isinstance(chain[0][1], dict) for chain in found):
        where = pointer or "/"
        raise fault("E-SRC-SHAPE", place, f"không có danh sách bản ghi ở {where}", f"no list of records at {where}")
    return found


def text_at(answer: Any, pointer: str) -> str | None:
    """The text at a pointer, or None."""
    found = _at(answer, pointer)
    return None if found is _ABSENT else strict_json.as_text(found)


def fault(code: str, place: str, vi: str, en: str) -> SourceError:
    """An answer whose inside cannot be used."""
    return PermanentSourceError(code, place, f"Không lấy được số liệu: {vi}.", f"No data could be taken: {en}.")


def _inside(answer: Any, pointer: str, place: str) -> Any:
    text = _at(answer, pointer)
    if not isinstance(text, str) or isinstance(text, strict_json.JsonNumber):
        raise fault("E-SRC-SHAPE", place, f"không có đoạn XML ở {pointer}", f"no XML text at {pointer}")
    try:
        return xml_tree.parse(text)
    except xml_tree.XmlFaultError as error:
        raise fault(
            "E-SRC-XML", place, f"XML ở {pointer} không hợp lệ: {error}", f"invalid XML at {pointer}: {error}"
        ) from None


def _walk(
    chain: tuple[tuple[str, Any], ...], steps: Sequence[str], is_xml: bool
) -> Iterator[tuple[tuple[str, Any], ...]]:
    if not steps:
        yield chain
    elif steps[0] == "*":
        for name, value in _listed(chain[0][1], is_xml, is_asked_for_members=True):
            yield from _walk(((name, value), *chain), steps[1:], is_xml)
    else:
        value = _at(chain[0][1], f"/{steps[0]}")
        if value is _ABSENT and is_xml and len(steps) == 1:
            value = []
        if value is _ABSENT:
            raise LookupError(steps[0])
        yield from _walk(((steps[0], value), *chain), steps[1:], is_xml)


def _listed(value: Any, is_xml: bool, *, is_asked_for_members: bool) -> list[tuple[str, Any]]:
    if isinstance(value, list):
        return [(str(number), one) for number, one in enumerate(value)]
    if isinstance(value, dict) and is_asked_for_members and not is_xml:
        return list(value.items())
    if is_xml and value not in ("", None):
        return [("0", value)]
    if is_xml:
        return []
    raise LookupError("no list")


def _at(value: Any, pointer: str) -> Any:
    try:
        return strict_json.at(value, pointer)
    except LookupError:
        return _ABSENT
