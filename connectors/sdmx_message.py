"""SDMX messages: the structure agreed upon, and the observations held against it.

Owns what of a message is refused: another structure, unknown columns and codes, a key with a hole. Structures and
SDMX-ML are read by pysdmx; SDMX-CSV is read here, because pysdmx 1.20 takes its numbers through floats (version 1.0)
and leaves out the deletions of a message with several actions (version 2.0).
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pysdmx.io import read_sdmx
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Component, Role
from pysdmx.model.dataflow import DataStructureDefinition
from pysdmx.model.message import Message

from connectors import xml_tree
from connectors.answer_tree import fault
from connectors.errors import InconsistentSourceError, OtherShapeError
from indicator_specs.stored_sections import SdmxData

MOST_TOLD = 20
"""Mistakes of a message that are told one by one."""

_HEAD = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"}
_ACTIONS = {"A": "Append", "R": "Replace", "M": "Append", "D": "Delete", "I": "Information"}
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)")


@dataclass(frozen=True)
class Observation:
    """One observation: ``fields`` by the names of its components, ``action`` of the data set that it stands in."""

    fields: Mapping[str, str | None]
    action: str
    structure: str


def structure(raw: bytes, declared: SdmxData, place: str) -> DataStructureDefinition:
    """The data structure definition agreed upon, with its codelists.

    Raises:
        PermanentSourceError: the message is no SDMX-ML structure, or holds another structure or version.
    """
    message = _read(raw, place)
    definitions: list[DataStructureDefinition] = message.get_data_structure_definitions()
    found = {f"{one.agency}:{one.id}({one.version})": one for one in definitions}
    if declared.data_structure not in found:
        has = ", ".join(sorted(found)) or "—"
        wanted = declared.data_structure
        what = f"cần cấu trúc {wanted}, nguồn có {has}", f"{wanted} was agreed, the source has {has}"
        raise fault("E-SRC-SDMX", place, *what)
    return found[declared.data_structure]


def observations(raw: bytes, place: str) -> list[Observation]:
    """Every observation of a data message, in its order.

    Raises:
        PermanentSourceError: it is no SDMX-ML or SDMX-CSV message.
    """
    if not _is_xml(raw):
        return list(_from_csv(raw, place))
    found = []
    for one in cast("Sequence[PandasDataset]", _read(raw, place).data or []):
        name = one.short_urn.partition("=")[2]
        for record in one.data.astype(object).to_dict("records"):
            fields = {str(key): None if _is_missing(text) else str(text) for key, text in record.items()}
            found.append(Observation(fields, one.action.value, name))
    return found


def check_end(raw: bytes, place: str) -> None:
    """Whether an SDMX-CSV message ends with its last line: one that is cut within a figure looks whole.

    Raises:
        InconsistentSourceError: it ends within a line.
    """
    if not _is_xml(raw) and raw.strip() and not raw.lstrip().startswith(b"{") and not raw.endswith(b"\n"):
        what = "SDMX-CSV kết thúc giữa dòng", "the SDMX-CSV ends within a line"
        raise _cut(place, *what)


def check(found: list[Observation], definition: DataStructureDefinition, declared: SdmxData, place: str) -> None:
    """Hold observations against their structure, and tell every mistake at once.

    Raises:
        PermanentSourceError: unknown columns or codes, missing dimensions, another structure.
    """
    mistakes = list(dict.fromkeys(_mistakes(found, definition, declared)))
    if mistakes:
        told = "; ".join(mistakes[:MOST_TOLD]) + (f"; … ({len(mistakes)})" if len(mistakes) > MOST_TOLD else "")
        raise OtherShapeError(
            "E-SRC-SDMX",
            place,
            f"Không lấy được số liệu: không đúng cấu trúc {declared.data_structure}: {told}.",
            f"No data could be taken: mistakes: {told}.",
            columns(definition),
        )


def dimensions_of(definition: DataStructureDefinition) -> list[str]:
    """Names of the dimensions, whose values are the key of an observation."""
    return [one.id for one in definition.components if one.role == Role.DIMENSION]


def columns(definition: DataStructureDefinition) -> dict[str, str]:
    """The components of a structure with their roles and what their values are taken from, for its contract."""
    return {one.id: f"{one.role.name.lower()} {_values_of(one)}" for one in definition.components}


def _values_of(component: Component) -> str:
    codelist = component.enumeration
    if codelist is not None:
        return f"{getattr(codelist, 'agency', '')}:{codelist.id}({codelist.version})"
    return component.dtype.value if component.dtype else "text"


def _mistakes(found: list[Observation], definition: DataStructureDefinition, declared: SdmxData) -> Iterator[str]:
    components = {one.id: one for one in definition.components}
    codes = {name: {code.id for code in one.enumeration} for name, one in components.items() if one.enumeration}
    dimensions = dimensions_of(definition)
    agreed = {declared.data_structure, declared.flow}
    for number, one in enumerate(found, 1):
        if one.structure not in agreed:
            yield f"structure {one.structure}"
        yield from (f"column {name}" for name in one.fields if name not in components)
        lacks = [name for name in dimensions if not one.fields.get(name)]
        if one.action != "Delete" or len(lacks) == len(
            dimensions
        ):  # a deletion with a part of a key names what it fits
            yield from (f"item {number}: no {name}" for name in lacks)
        for name, known in codes.items():
            code = one.fields.get(name)
            if code and code not in known:
                yield f"{name} {code}"


def _from_csv(raw: bytes, place: str) -> Iterator[Observation]:
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise fault("E-SRC-SDMX", place, f"SDMX-CSV không đọc được: {error}", f"unreadable SDMX-CSV: {error}") from None
    header = rows[0] if rows else []
    if not header or header[0] not in {"DATAFLOW", "STRUCTURE"} or len(set(header)) < len(header):
        raise fault("E-SRC-SDMX", place, "không phải SDMX-ML hay SDMX-CSV", "neither SDMX-ML nor SDMX-CSV")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            what = f"dòng {line} có {len(row)} cột, tiêu đề có {len(header)}"
            raise fault("E-SRC-SDMX", place, what, f"line {line} has {len(row)} fields, the header {len(header)}")
        told = dict(zip(header, row, strict=True))
        action = told.get("ACTION") or "I"
        if action not in _ACTIONS:
            raise fault("E-SRC-SDMX", place, f"dòng {line}: ACTION {action}", f"line {line}: ACTION {action}")
        fields = {name: text or None for name, text in told.items() if name not in _HEAD}
        yield Observation(fields, _ACTIONS[action], told.get("STRUCTURE_ID") or told.get("DATAFLOW") or "")


def _read(raw: bytes, place: str) -> Message:
    if _DECLARES.search(raw) or b"\0" in raw:
        raise fault("E-SRC-XML", place, "không nhận XML có DOCTYPE hoặc thực thể", "no XML with DOCTYPE or entities")
    try:
        # JSON has a schema too, which would need another library; its reader is strict by itself
        return read_sdmx(io.BytesIO(raw), validate=_is_xml(raw))
    except Exception as error:  # a parser of three libraries, on what a stranger sent
        if _ends_within(raw):
            raise _cut(place, "thông điệp bị cắt giữa chừng", "the message is cut in the middle") from None
        said = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise fault("E-SRC-SDMX", place, f"không phải SDMX hợp lệ: {said}", f"not valid SDMX: {said}") from None


def _is_xml(raw: bytes) -> bool:
    return raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _ends_within(raw: bytes) -> bool:
    try:
        xml_tree.parse(raw)
    except xml_tree.XmlFaultError as error:
        return error.is_cut
    return False


def _cut(place: str, vi: str, en: str) -> InconsistentSourceError:
    return InconsistentSourceError("E-SRC-TRUNCATED", place, f"Không lấy được số liệu: {vi}.", f"No data taken: {en}.")


def _is_missing(value: object) -> bool:
    return value is None or str(value) in {"", "nan", "<NA>"}
