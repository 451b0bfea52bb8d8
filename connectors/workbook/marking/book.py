"""The workbook as a whole: which sheets it has, one of them taken out, a new one put before all others."""

from lxml import etree

from connectors.workbook.layout import normal, same_name
from connectors.workbook.marking.parts import OFFICE, Parts, Tree, UnusualError, main
from connectors.workbook.marking.places import whole

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")


class Book:
    """The list of sheets, and what counts along it: names of ranges, and the sheet that is shown."""

    def __init__(self, parts: Parts) -> None:
        """Find the book.

        Raises:
            UnusualError: it is not where it usually is, or of another dialect (ISO/IEC 29500 Strict).
        """
        found = parts.targets("", "officeDocument")
        if not found:
            raise UnusualError("no book")
        self._parts, self._name = parts, found[0]
        self._root = parts.tree(self._name)
        sheets = self._root.find(main("sheets"))
        if sheets is None:
            raise UnusualError("no sheets")
        self._sheets = sheets

    @property
    def shared_texts(self) -> Tree | None:
        """The root of the part of texts that cells share, to look at; None where the book has none."""
        found = self._parts.targets(self._name, "sharedStrings")
        return self._parts.seen(found[0]) if found else None

    @property
    def styles(self) -> Tree:
        """The root of the part of styles."""
        found = self._parts.targets(self._name, "styles")
        if not found:
            raise UnusualError("no styles")
        return self._parts.tree(found[0])

    def names(self) -> list[str]:
        """Sheets as people see them, in their order."""
        return [each.get("name", "") for each in self._each()]

    def part_of(self, name: str) -> str | None:
        """The part of a sheet that is called so, whichever way its letters are composed."""
        found = next((each for each in self._each() if normal(each.get("name", "")) == normal(name)), None)
        return None if found is None else self._part(found)

    def take_out(self, part: str) -> None:
        """Remove the sheet in a part, with the names that count within it."""
        for index, each in enumerate(self._each()):
            if self._part(each) == part:
                self._parts.unrelate(self._name, each.get(f"{{{OFFICE}}}id"))
                self._parts.remove(part)
                self._sheets.remove(each)
                self._count_names(index, -1)
                return

    def put_first(self, name: str, root: Tree) -> None:
        """Add a sheet before all others and show it when the book is opened; a name that is taken gets a number."""
        part = self._parts.new_name("xl/worksheets/sheet{}.xml")
        self._show_none()
        self._parts.add(part, root, _SHEET_TYPE)
        number = max((whole(each.get("sheetId", "0")) for each in self._each()), default=0) + 1
        identifier = self._parts.relate(self._name, "worksheet", part)
        attributes = {"name": self._free(name), "sheetId": str(number), f"{{{OFFICE}}}id": identifier}
        self._sheets.insert(0, self._sheets.makeelement(main("sheet"), attributes, {"r": OFFICE}))
        self._count_names(0, 1)
        for view in self._root.iterfind(f"{main('bookViews')}/{main('workbookView')}"):
            view.attrib.pop("firstSheet", None)
            view.set("activeTab", "0")

    def calculate_when_opened(self) -> None:
        """Let the program that opens it work out every formula."""
        calculation = self._root.find(main("calcPr"))
        if calculation is None:
            before = [self._root.find(main(name)) for name in _BEFORE_CALCULATION]
            calculation = etree.Element(main("calcPr"))
            next(each for each in reversed(before) if each is not None).addnext(calculation)
        calculation.set("fullCalcOnLoad", "1")

    def sheets(self) -> list[str]:
        """The parts of all sheets."""
        return [self._part(each) for each in self._each()]

    def _each(self) -> list[Tree]:
        return list(self._sheets.iterchildren(main("sheet")))

    def _free(self, name: str) -> str:
        taken = {same_name(each) for each in self.names()}
        names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
        return next(each for each in names if same_name(each) not in taken)

    def _show_none(self) -> None:
        """Two sheets that are shown together would be written to together."""
        for part in self.sheets():
            if self._parts.mentions(part, b"tabSelected"):
                for view in self._parts.tree(part).iterfind(f"{main('sheetViews')}/{main('sheetView')}"):
                    view.attrib.pop("tabSelected", None)

    def _count_names(self, from_index: int, by: int) -> None:
        names = self._root.find(main("definedNames"))
        for each in [] if names is None else list(names.iterchildren(main("definedName"))):
            if each.get("localSheetId") is None:
                continue
            index = whole(each.get("localSheetId"))
            if by < 0 and index == from_index:
                names.remove(each)
            elif index >= from_index:
                each.set("localSheetId", str(index + by))
        if names is not None and not len(names):
            self._root.remove(names)

    def _part(self, sheet: Tree) -> str:
        part = self._parts.target(self._name, sheet.get(f"{{{OFFICE}}}id", ""))
        if part not in self._parts:
            raise UnusualError(part)
        return part
