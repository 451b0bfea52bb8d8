"""The part of styles: a cell's format with another ground, and the formats of the sheet of results.

Formats are only added to: whatever cells refer to stays what it is.
"""

from copy import deepcopy

from lxml import etree

from connectors.workbook.layout import INPUT_COLOUR
from connectors.workbook.marking.parts import MAIN, Tree, UnusualError, main, parsed
from connectors.workbook.marking.places import whole

RED, AMBER = "FFFFC7CE", "FFFFEB9C"
"""Grounds of what is returned and of what is to be explained."""

_ELEMENTS = {"fonts": "font", "fills": "fill", "borders": "border", "cellStyleXfs": "xf", "cellXfs": "xf"}
"""Lists of the part, and what each holds."""


class CellStyles:
    """Formats of cells by their number, as ``s`` in a cell refers to them."""

    def __init__(self, root: Tree) -> None:
        """Take up the part.

        Raises:
            UnusualError: it lacks fonts, fills, borders or formats.
        """
        parts = {name: root.find(main(name)) for name in _ELEMENTS}
        self._elements: dict[str, list[Tree]] = {
            name: [] if part is None else part.findall(main(_ELEMENTS[name])) for name, part in parts.items()
        }
        if not all(self._elements.values()):
            raise UnusualError("styles")
        self._parts = parts
        self._made: dict[tuple[str, ...], int] = {}
        self._is_marked: dict[int, bool] = {}

    def marked(self, style: int, colour: str) -> int:
        """The same format on a ground of ``colour`` (ARGB)."""
        return self._on_ground(style, self.fill(colour))

    def is_marked(self, style: int) -> bool:
        """Whether the format has a ground of ours."""
        if style not in self._is_marked:
            self._is_marked[style] = self._colour(style) in {RED, AMBER}
        return self._is_marked[style]

    def unmarked(self, style: int) -> int:
        """The format without a ground of ours: that of an input cell, or none where the cell is locked."""
        if not self.is_marked(style):
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
        container, elements = self._parts[part], self._elements[part]
        elements[-1].addnext(element)
        etree.cleanup_namespaces(element)
        elements.append(element)
        container.set("count", str(len(elements)))
        return len(elements) - 1

    def _format(self, style: int) -> Tree:
        formats = self._elements["cellXfs"]
        if not 0 <= style < len(formats):
            raise UnusualError(f"style {style}")
        return formats[style]

    def _colour(self, style: int) -> str | None:
        grounds = self._elements["fills"]
        number = whole(self._format(style).get("fillId", "0"))
        colour = grounds[number].find(f"{main('patternFill')}/{main('fgColor')}") if number < len(grounds) else None
        return None if colour is None else colour.get("rgb")
