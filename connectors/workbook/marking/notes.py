"""The boxes by which programs show comments: shapes of VML in one drawing, found by their cell."""

from connectors.workbook.marking.parts import Tree, parsed
from connectors.workbook.scan import CELL_ADDRESS, column_number

_V = "urn:schemas-microsoft-com:vml"
_O, _X = "urn:schemas-microsoft-com:office:office", "urn:schemas-microsoft-com:office:excel"
_DRAWING = (
    f'<xml xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout></xml>"
)
_TYPE = "_x0000_t202"
_NOTE_TYPE = (
    f'<v:shapetype xmlns:v="{_V}" xmlns:o="{_O}" id="{_TYPE}" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/>'
    "</v:shapetype>"
)


class Notes:
    """Boxes of one drawing; it is walked once."""

    def __init__(self, root: Tree) -> None:
        """Take up a drawing, which may hold other shapes too."""
        self._root = root
        self._at: dict[tuple[str, str], list[Tree]] = {}
        for shape in root.iterchildren(f"{{{_V}}}shape"):
            data = shape.find(f"{{{_X}}}ClientData")
            if data is not None and data.get("ObjectType") == "Note":
                where = tuple(data.findtext(f"{{{_X}}}{each}", "").strip() for each in ("Row", "Column"))
                self._at.setdefault((where[0], where[1]), []).append(shape)
        self._last = max((_number(shape) for shape in root.iter(f"{{{_V}}}shape")), default=1024)
        self._has_type = any(each.get("id") == _TYPE for each in root.iterchildren(f"{{{_V}}}shapetype"))

    def remove(self, address: str) -> None:
        """Take the boxes of a cell away."""
        for shape in self._at.pop(_row_and_column(address), ()):
            self._root.remove(shape)

    def put(self, address: str, width: int, height: int) -> None:
        """Add a box for a cell, in pixels of the screen."""
        if not self._has_type:
            self._root.append(parsed(_NOTE_TYPE.encode()))
            self._has_type = True
        self._last += 1
        shape = _shape(self._last, address, width, height)
        self._root.append(shape)
        self._at.setdefault(_row_and_column(address), []).append(shape)


def empty_drawing() -> Tree:
    """A drawing without boxes."""
    return parsed(_DRAWING.encode())


def _number(shape: Tree) -> int:
    number = shape.get("id", "").rpartition("_s")[2]
    return int(number) if number.isdecimal() and len(number) < 9 else 1024


def _row_and_column(address: str) -> tuple[str, str]:
    """As a drawing says them, both from 0; of a text that is no address, what no drawing says."""
    match = CELL_ADDRESS.fullmatch(address)
    return (str(int(match[2]) - 1), str(column_number(match[1]) - 1)) if match else (address, address)


def _shape(number: int, address: str, width: int, height: int) -> Tree:
    row, column = _row_and_column(address)
    style = (
        f"position:absolute;margin-left:59.25pt;margin-top:1.5pt;width:{width}px;height:{height}px;z-index:1;"
        "visibility:hidden"
    )
    return parsed(
        f'<v:shape xmlns:v="{_V}" xmlns:o="{_O}" xmlns:x="{_X}" id="_x0000_s{number}" type="#{_TYPE}" '
        f'style="{style}" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"/></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>".encode()
    )
