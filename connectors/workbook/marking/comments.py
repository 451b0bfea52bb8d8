"""The comments of one sheet by their cell, each with the box that shows it.

A comment stands twice in a workbook: its text in the part of comments, its box in a drawing. Both are kept equal
here, and both are walked once.
"""

from typing import NamedTuple

from lxml import etree

from connectors.workbook.marking.notes import Notes, empty_drawing
from connectors.workbook.marking.parts import MAIN, OFFICE, Parts, Tree, main, parsed, text_of
from connectors.workbook.marking.places import whole

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_COMMENT = main("comment")
_AFTER_LEGACY_DRAWING = {
    main(name)
    for name in (
        "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    )
}  # fmt: skip
"""What follows the reference to the drawing of notes in a sheet (ECMA-376, 18.3.1.99)."""


class Said(NamedTuple):
    """One comment: who said what, without its formats."""

    author: str
    text: str


class SheetComments:
    """Comments of one sheet, by cell."""

    def __init__(self, parts: Parts, name: str) -> None:
        """Take up the comments of the sheet in the part ``name``.

        Raises:
            UnusualError: they are not where the sheet says, or do not number their authors.
        """
        self._parts, self._name = parts, name
        found = parts.targets(name, "comments")
        self._texts: _Texts | None = _Texts(parts.tree(found[0])) if found else None
        legacy = parts.tree(name).find(main("legacyDrawing"))
        self._notes: Notes | None = None
        if legacy is not None:
            self._notes = Notes(parts.tree(parts.target(name, legacy.get(f"{{{OFFICE}}}id", ""))))

    def all(self) -> dict[str, Said]:
        """What is said, by address."""
        return {} if self._texts is None else {at: self._texts.said(at) for at in self._texts.at}

    def at(self, address: str) -> Said | None:
        """What is said at one cell."""
        return None if self._texts is None or address not in self._texts.at else self._texts.said(address)

    def remove(self, address: str) -> None:
        """Take a comment away."""
        if self._texts is not None:
            self._texts.remove(address)
        if self._notes is not None:
            self._notes.remove(address)

    def put(self, address: str, said: Said, width: int, height: int) -> None:
        """Comment on a cell, in the place of what stood there; the box in pixels of the screen."""
        self.remove(address)
        self._needed_texts().put(address, said)
        self._needed_notes().put(address, width, height)

    def _needed_texts(self) -> "_Texts":
        if self._texts is None:
            name = self._parts.new_name("xl/comments{}.xml")
            root = parsed(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())
            self._parts.add(name, root, _TYPE)
            self._parts.relate(self._name, "comments", name)
            self._texts = _Texts(root)
        return self._texts

    def _needed_notes(self) -> Notes:
        if self._notes is None:
            name = self._parts.new_name("xl/drawings/vmlDrawing{}.vml")
            root = empty_drawing()
            self._parts.add(name, root)
            self._parts.declare_extension("vml", _VML_TYPE)
            _refer_to_drawing(self._parts.tree(self._name), self._parts.relate(self._name, "vmlDrawing", name))
            self._notes = Notes(root)
        return self._notes


class _Texts:
    """The part of comments."""

    def __init__(self, root: Tree) -> None:
        self._authors = _child(root, "authors", 0)
        self._list = _child(root, "commentList", 1)
        self.at: dict[str, list[Tree]] = {}
        last = -1
        for each in self._list.iterchildren(_COMMENT):
            self.at.setdefault(each.get("ref", ""), []).append(each)
            last = max(last, whole(each.get("authorId", "0")))
        self._names = [each.text or "" for each in self._authors.iterchildren(main("author"))]
        while len(self._names) <= last:
            # A number that names nobody must not come to name whoever is added next.
            self._add_author("")

    def said(self, address: str) -> Said:
        comments = self.at[address]
        return Said(self._names[whole(comments[0].get("authorId", "0"))], "".join(map(text_of, comments)))

    def remove(self, address: str) -> None:
        for each in self.at.pop(address, ()):
            self._list.remove(each)

    def put(self, address: str, said: Said) -> None:
        if said.author not in self._names:
            self._add_author(said.author)
        number = str(self._names.index(said.author))
        each = etree.SubElement(self._list, _COMMENT, ref=address, authorId=number)
        text = etree.SubElement(etree.SubElement(etree.SubElement(each, main("text")), main("r")), main("t"))
        text.text = said.text
        text.set(_SPACE, "preserve")
        self.at[address] = [each]

    def _add_author(self, name: str) -> None:
        etree.SubElement(self._authors, main("author")).text = name
        self._names.append(name)


def _child(root: Tree, name: str, place: int) -> Tree:
    """A list of the part, made where a program has left it out."""
    found = root.find(main(name))
    if found is None:
        found = root.makeelement(main(name))
        root.insert(place, found)
    return found


def _refer_to_drawing(sheet: Tree, identifier: str) -> None:
    place = next((index for index, each in enumerate(sheet) if each.tag in _AFTER_LEGACY_DRAWING), len(sheet))
    sheet.insert(place, sheet.makeelement(main("legacyDrawing"), {f"{{{OFFICE}}}id": identifier}, {"r": OFFICE}))
