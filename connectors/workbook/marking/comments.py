"""The comments of one sheet, and the notes of VML by which programs show them.

A comment stands twice in a workbook: its text in the part of comments, its box in a drawing. Both are kept equal here.
"""

from lxml import etree

from connectors.workbook.marking.parts import MAIN, OFFICE, Parts, Tree, main, parsed
from connectors.workbook.scan import CELL_ADDRESS, column_number

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V = "urn:schemas-microsoft-com:vml"
_O, _X = "urn:schemas-microsoft-com:office:office", "urn:schemas-microsoft-com:office:excel"
_DRAWING = (
    f'<xml xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout></xml>"
)
_NOTE_TYPE = (
    f'<v:shapetype xmlns:v="{_V}" xmlns:o="{_O}" id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>'
    "</v:shapetype>"
)
_AFTER_LEGACY_DRAWING = {
    main(name)
    for name in (
        "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    )
}  # fmt: skip
"""What follows the reference to the drawing of notes in a sheet (ECMA-376, 18.3.1.99)."""


class SheetComments:
    """Comments of one sheet, by cell."""

    def __init__(self, parts: Parts, name: str) -> None:
        self._parts, self._name = parts, name
        found = parts.targets(name, "comments")
        self._root: Tree | None = parts.tree(found[0]) if found else None
        legacy = parts.tree(name).find(main("legacyDrawing"))
        self._drawing: Tree | None = None
        if legacy is not None:
            self._drawing = parts.tree(parts.target(name, legacy.get(f"{{{OFFICE}}}id", "")))

    def of_author(self, author: str) -> list[str]:
        """The cells on which somebody has commented."""
        if self._root is None:
            return []
        names = [each.text or "" for each in self._root.find(main("authors"))]
        numbers = {str(number) for number, name in enumerate(names) if name == author}
        return [each.get("ref") for each in self._list if each.get("authorId") in numbers]

    def text_at(self, address: str) -> str:
        """What a comment says, without its formats; empty where there is none."""
        texts = (
            text.text or ""
            for each in self._at(address)
            for text in each.iter(main("t"))
            if text.getparent().tag != main("rPh")
        )
        return "".join(texts)

    def remove(self, address: str) -> None:
        """Take a comment away."""
        for each in self._at(address):
            self._list.remove(each)
        if self._drawing is not None:
            row, column = _row_and_column(address)
            for shape in self._drawing.findall(f"{{{_V}}}shape"):
                if _is_note_at(shape, row, column):
                    self._drawing.remove(shape)

    def put(self, address: str, author: str, text: str, width: int, height: int) -> None:
        """Comment on a cell, in the place of what stood there; the box in points of the screen."""
        self.remove(address)
        comments, drawing = self._needed_root(), self._needed_drawing()
        each = etree.SubElement(self._list, main("comment"), ref=address, authorId=_author(comments, author))
        said = etree.SubElement(etree.SubElement(etree.SubElement(each, main("text")), main("r")), main("t"))
        said.text = text
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        drawing.append(_note(_next_shape(drawing), address, width, height))

    @property
    def _list(self) -> Tree:
        return self._needed_root().find(main("commentList"))

    def _at(self, address: str) -> list[Tree]:
        return [] if self._root is None else [each for each in self._list if each.get("ref") == address]

    def _needed_root(self) -> Tree:
        if self._root is None:
            name = self._parts.new_name("xl/comments{}.xml")
            self._root = parsed(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())
            self._parts.add(name, self._root, _TYPE)
            self._parts.relate(self._name, "comments", name)
        return self._root

    def _needed_drawing(self) -> Tree:
        if self._drawing is None:
            name = self._parts.new_name("xl/drawings/vmlDrawing{}.vml")
            self._drawing = parsed(_DRAWING.encode())
            self._parts.add(name, self._drawing)
            self._parts.declare_extension("vml", _VML_TYPE)
            _refer_to_drawing(self._parts.tree(self._name), self._parts.relate(self._name, "vmlDrawing", name))
        if not any(each.get("id") == "_x0000_t202" for each in self._drawing.findall(f"{{{_V}}}shapetype")):
            self._drawing.append(parsed(_NOTE_TYPE.encode()))
        return self._drawing


def _refer_to_drawing(sheet: Tree, identifier: str) -> None:
    place = next((index for index, each in enumerate(sheet) if each.tag in _AFTER_LEGACY_DRAWING), len(sheet))
    sheet.insert(place, sheet.makeelement(main("legacyDrawing"), {f"{{{OFFICE}}}id": identifier}, {"r": OFFICE}))


def _author(comments: Tree, author: str) -> str:
    authors = comments.find(main("authors"))
    names = [each.text or "" for each in authors]
    if author not in names:
        etree.SubElement(authors, main("author")).text = author
        names.append(author)
    return str(names.index(author))


def _next_shape(drawing: Tree) -> int:
    numbers = (each.get("id", "").rpartition("_s")[2] for each in drawing.iter(f"{{{_V}}}shape"))
    return max((int(number) for number in numbers if number.isdecimal() and len(number) < 9), default=1024) + 1


def _note(number: int, address: str, width: int, height: int) -> Tree:
    row, column = _row_and_column(address)
    style = (
        f"position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{width}px;height:{height}px;z-index:1;"
        "visibility:hidden"
    )
    return parsed(
        f'<v:shape xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}" id="_x0000_s{number}" type="#_x0000_t202" '
        f'style="{style}" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"/></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>".encode()
    )


def _is_note_at(shape: Tree, row: int, column: int) -> bool:
    data = shape.find(f"{{{_X}}}ClientData")
    if data is None or data.get("ObjectType") != "Note":
        return False
    return (data.findtext(f"{{{_X}}}Row"), data.findtext(f"{{{_X}}}Column")) == (str(row), str(column))


def _row_and_column(address: str) -> tuple[int, int]:
    """Both from 0."""
    match = CELL_ADDRESS.fullmatch(address)
    return (int(match[2]) - 1, column_number(match[1]) - 1) if match else (-1, -1)
