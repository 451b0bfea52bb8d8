"""An .xlsx as its parts: XML by name, how parts refer to each other, and the zip that comes of them again.

Owns the container (ECMA-376 part 2). A part that nobody asks for is handed on as it came. Whatever is put together in
another way than is usual is refused here (``UnusualError``), so that nothing is damaged by a guess.
"""

import posixpath
import zipfile
from pathlib import Path
from typing import IO, Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES_PART, _TYPES = "[Content_Types].xml", "http://schemas.openxmlformats.org/package/2006/content-types"
_BOM_16 = (b"\xff\xfe", b"\xfe\xff")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_ORDINARY = ("xl/externallinks/", "xl/threadedcomments/", "_xmlsignatures/")
"""What a mark would contradict: a signature, a conversation that comments only repeat, values of other files."""

Tree = Any
"""An element of lxml."""


class UnusualError(Exception):
    """The workbook is put together in a way that is not edited in place."""


def main(name: str) -> str:
    """The name of a tag of SpreadsheetML."""
    return f"{{{MAIN}}}{name}"


def text_of(holder: Tree) -> str:
    """What a cell or a comment says, without its formats and without hints how it is pronounced."""
    return "".join(each.text or "" for each in holder.iter(main("t")) if each.getparent().tag != main("rPh"))


class Parts:
    """Parts of one workbook, in their order; trees that were asked for are written anew when it is saved."""

    def __init__(self, file: Path | IO[bytes]) -> None:
        """Read a workbook whose container has been looked through.

        Raises:
            UnusualError: it carries what a mark would contradict.
        """
        with zipfile.ZipFile(file) as container:
            self._content: dict[str, bytes] = {
                name: container.read(name) for name in container.namelist() if not name.endswith("/")
            }
        self._trees: dict[str, Tree] = {}
        self._looked_into: dict[str, Tree] = {}
        for name in self._content:
            if name.lower().startswith(_NOT_ORDINARY):
                raise UnusualError(name)

    def __contains__(self, name: str) -> bool:
        return name in self._content or name in self._trees

    def mentions(self, name: str, text: bytes) -> bool:
        """Whether a part may hold this text of ASCII, without reading it as XML."""
        content = self._content.get(name, b"")
        return name in self._trees or text in content or content.startswith(_BOM_16)

    def tree(self, name: str) -> Tree:
        """The root of a part that is to be changed; it is written anew.

        Raises:
            UnusualError: there is no such part, or it is no XML that is read in full.
        """
        self._trees[name] = self._root(name)
        return self._trees[name]

    def seen(self, name: str) -> Tree:
        """The root of a part that is only looked at; it is handed on as it came.

        Raises:
            UnusualError: there is no such part, or it is no XML that is read in full.
        """
        return self._root(name)

    def add(self, name: str, root: Tree, content_type: str = "") -> None:
        """Put a new part beside the others; without a type, the one of its extension holds."""
        self._trees[name] = root
        if content_type:
            attributes = {"PartName": f"/{name}", "ContentType": content_type}
            etree.SubElement(self.tree(_TYPES_PART), f"{{{_TYPES}}}Override", attributes)

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Say what parts with this extension are, where it is not said."""
        types = self.tree(_TYPES_PART)
        if not any(each.get("Extension", "").lower() == extension for each in types.iterchildren("*")):
            types.insert(0, types.makeelement(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type))

    def remove(self, name: str) -> None:
        """Take a part away with what it refers to others by."""
        for each in (name, _relations_of(name)):
            self._content.pop(each, None)
            self._trees.pop(each, None)
        types = self.tree(_TYPES_PART)
        for override in [each for each in types if each.get("PartName") == f"/{name}"]:
            types.remove(override)

    def new_name(self, pattern: str) -> str:
        """A name that no part has: ``pattern`` with the first free number in it."""
        taken = {name.lower() for name in (*self._content, *self._trees)}
        return next(name for n in range(1, 100_000) if (name := pattern.format(n)).lower() not in taken)

    def target(self, part: str, identifier: str) -> str:
        """The part to which ``part`` refers by an id.

        Raises:
            UnusualError: it refers to none.
        """
        for each in self._relations(part):
            if each.get("Id") == identifier and each.get("TargetMode") != "External":
                return _resolved(part, each.get("Target", ""))
        raise UnusualError(f"{part} {identifier}")

    def targets(self, part: str, kind: str) -> list[str]:
        """The parts of one kind to which ``part`` refers."""
        found = (each for each in self._relations(part) if each.get("Type") == f"{OFFICE}/{kind}")
        return [_resolved(part, each.get("Target", "")) for each in found]

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let ``part`` refer to another; the id by which it does."""
        name = _relations_of(part)
        if name not in self:
            self._trees[name] = etree.Element(f"{{{_PACKAGE}}}Relationships", nsmap={None: _PACKAGE})
        relations = self.tree(name)
        taken = {each.get("Id") for each in relations}
        identifier = next(name for n in range(1, 100_000) if (name := f"rId{n}") not in taken)
        attributes = {"Id": identifier, "Type": f"{OFFICE}/{kind}", "Target": f"/{target}"}
        etree.SubElement(relations, f"{{{_PACKAGE}}}Relationship", attributes)
        return identifier

    def unrelate(self, part: str, identifier: str) -> None:
        """Let ``part`` refer to another no longer."""
        relations = self.tree(_relations_of(part))
        for each in [each for each in relations if each.get("Id") == identifier]:
            relations.remove(each)

    def save(self, out: Path) -> None:
        """Write the workbook, not durably. No clock enters it: the same parts are the same bytes."""
        with zipfile.ZipFile(out, "w") as container:
            for name in dict.fromkeys((*self._content, *self._trees)):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                container.writestr(entry, self._bytes(name))

    def _bytes(self, name: str) -> bytes:
        if name not in self._trees:
            return self._content[name]
        written: bytes = etree.tostring(self._trees[name], xml_declaration=True, encoding="UTF-8", standalone=True)
        return written

    def _root(self, name: str) -> Tree:
        if name in self._trees:
            return self._trees[name]
        if name not in self._looked_into:
            try:
                self._looked_into[name] = parsed(self._content[name])
            except (KeyError, etree.XMLSyntaxError) as reason:
                raise UnusualError(name) from reason
        return self._looked_into[name]

    def _relations(self, part: str) -> Tree:
        name = _relations_of(part)
        return self._root(name) if name in self else ()


def parsed(content: bytes) -> Tree:
    """The root of a part: no entity is resolved, nothing is fetched, and lxml's own limits of size hold."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


def _relations_of(part: str) -> str:
    """The part that says what ``part`` refers to; of the workbook itself where ``part`` is empty."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
