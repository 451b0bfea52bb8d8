"""The parts of an .xlsx that say how its sheets are to be read: the book, its relationships, its styles."""

import posixpath

from connectors.workbook.scan import SheetScan, is_legacy_font

_PERCENT_FORMATS = {9, 10}
"""Built-in number formats ``0%`` and ``0.00%`` (ECMA-376, 18.8.30)."""


def local(tag: str) -> str:
    """The name of a tag without its prefix."""
    return tag.rpartition(":")[2]


def integer(text: str | None) -> int:
    """A small number from an attribute; 0 for anything else."""
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdecimal() else 0


def is_true(text: str | None) -> bool:
    """An XML boolean."""
    return text in {"1", "true"}


class Book:
    """``xl/workbook.xml``: sheets by relationship id."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetScan] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take up one element."""
        if local(tag) == "sheet":
            rel = next((value for key, value in attributes.items() if local(key) == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets[rel] = SheetScan(attributes.get("name", ""), hidden)


class Targets:
    """A part of relationships: paths by relationship id, and what lies outside the file."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        self.outside: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take up one element."""
        if local(tag) == "Relationship":
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") == "External":
                self.outside.append(target)
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self.paths[attributes.get("Id", "")] = path


class Styles:
    """``xl/styles.xml``: which cell formats show per cents, and which have a font of an old encoding."""

    def __init__(self) -> None:
        self.percents: set[int] = set()
        self.legacy: dict[int, str] = {}
        self._formats = set(_PERCENT_FORMATS)
        self._fonts: list[str] = []
        self._inside = ""
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take up one element."""
        name = local(tag)
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            self._formats.add(integer(attributes.get("numFmtId")))
        elif name in {"fonts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}:
            self._inside = name
        elif name == "font" and self._inside == "fonts":
            self._fonts.append("")
        elif name == "name" and self._inside == "fonts" and self._fonts:
            self._fonts[-1] = attributes.get("val", "")
        elif name == "xf" and self._inside == "cellXfs":
            self._cell_format(attributes)

    def _cell_format(self, attributes: dict[str, str]) -> None:
        if integer(attributes.get("numFmtId")) in self._formats:
            self.percents.add(self._count)
        font = integer(attributes.get("fontId"))
        if font < len(self._fonts) and is_legacy_font(self._fonts[font]):
            self.legacy[self._count] = self._fonts[font]
        self._count += 1
