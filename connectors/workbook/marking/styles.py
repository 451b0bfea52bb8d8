"""The part of styles: a cell's format with another ground, and the formats of the sheet of results.

Formats are only added to: whatever cells refer to stays what it is.
"""

from copy import deepcopy

from lxml import etree

from connectors.workbook.layout import INPUT_COLOUR
from connectors.workbook.marking.parts import MAIN, Tree, UnusualError, main, parsed

RED, AMBER = "FFFFC7CE", "FFFFEB9C"
"""Grounds of what is returned and of what is to be explained."""


class CellStyles:
    """Formats of cells by their number, as ``s`` in a cell refers to them."""

    def __init__(self, root: Tree) -> None:
        """Take up the part.

        Raises:
            UnusualError: it lacks fonts, fills, borders or formats.
        """
        parts = {name: root.find(main(name)) for name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs")}
        if any(part is None or not len(part) for part in parts.values()):
            raise UnusualError("styles")
        self._parts = parts
        self._made: dict[tuple[str, ...], int] = {}

    def marked(self, style: int, colour: str) -> int:
        """The same format on a ground of ``colour`` (ARGB)."""
        return self._on_ground(style, self.fill(colour))

    def unmarked(self, style: int) -> int:
        """The format without a ground of ours: that of an input cell, or none where the cell is locked."""
        if self._colour(style) not in {RED, AMBER}:
            return style
        protection = self._format(style).find(main("protection"))
        is_input = protection is not None and protection.get("locked") in {"0", "false"}
        return self._on_ground(style, self.fill(f"FF{INPUT_COLOUR}") if is_input else 0)

    def fill(self, colour: str) -> int:
        """The number of a solid ground."""
        pattern = f'<patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill>'
        return self.add("fills", f"<fill>{pattern}</fill>")

    def add(self, part: str, xml: str) -> int:
        """The number of an element that is added to ``fonts``, ``fills``, ``borders`` or ``cellXfs``, once."""
        if (part, xml) not in self._made:
            element = parsed(f'<x xmlns="{MAIN}">{xml}</x>'.encode())[0]
            self._made[part, xml] = self._append(part, element)
        return self._made[part, xml]

    def _on_ground(self, style: int, fill: int) -> int:
        key = ("ground", str(style), str(fill))
        if key not in self._made:
            changed = deepcopy(self._format(style))
            changed.set("fillId", str(fill))
            changed.set("applyFill", "1")
            self._made[key] = self._append("cellXfs", changed)
        return self._made[key]

    def _append(self, part: str, element: Tree) -> int:
        container = self._parts[part]
        container.append(element)
        etree.cleanup_namespaces(element)
        number = sum(1 for _ in container.iterchildren(element.tag)) - 1
        container.set("count", str(number + 1))
        return number

    def _format(self, style: int) -> Tree:
        formats = self._parts["cellXfs"].findall(main("xf"))
        if not 0 <= style < len(formats):
            raise UnusualError(f"style {style}")
        return formats[style]

    def _colour(self, style: int) -> str | None:
        grounds = self._parts["fills"].findall(main("fill"))
        number = int(self._format(style).get("fillId", "0"))
        colour = grounds[number].find(f"{main('patternFill')}/{main('fgColor')}") if number < len(grounds) else None
        return None if colour is None else colour.get("rgb")
