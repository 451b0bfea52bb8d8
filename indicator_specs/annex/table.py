"""Finds the one annex table on a sheet and reads its rows, by what headings mean.

Knows merged cells, headings over two or three lines, the row of column numbers, group rows, headings repeated on every
page, and what stands below the table; knows nothing of what cells are worth.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indicator_specs.annex.grid import AnnexError, Cell, Grid
from indicator_specs.annex.headings import Field, Heading, heading
from indicator_specs.annex.words import composed, folded
from indicator_specs.errors import both

TALLEST_HEADER = 4
_NEEDED: frozenset[Field] = frozenset({"unit", "target", "lead", "frequency", "method"})
_TITLE = re.compile(r"(?P<ordinal>[IVXL]+|[A-ZĐ]|\d+)[.)]\s+(?P<title>.+)")
_BELOW = re.compile(r"noi nhan|ghi chu ?:|chu thich ?:|tm\.|kt\.|nguoi lap|thu truong|\(?\*\)")
_NUMBERING = re.compile(r"\(?[a-z0-9]{1,2}\)?(\s*=.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One indicator: cells by their meaning, targets and baselines by their year, the group that it stands in."""

    number: int
    fields: Mapping[Field, Cell]
    targets: tuple[tuple[str, Cell], ...] = ()
    baselines: tuple[tuple[str, Cell], ...] = ()
    group: str = ""
    group_ordinal: str = ""
    parent: str = ""

    def text(self, name: Field) -> str:
        """What a field says; empty where the table has none."""
        return composed(self.fields[name].text) if name in self.fields else ""

    @property
    def title(self) -> str:
        """Its name, after the name of the row that it is a part of."""
        name = self.text("name").lstrip("-+– ").strip()
        return f"{self.parent}: {name}" if self.parent else name

    def place(self, name: Field) -> str:
        """Address of a field's cell, or of the row's name."""
        return self.fields.get(name, self.fields["name"]).place


@dataclass
class Table:
    """The table: the lines above it, its rows, the headings that mean nothing here, and lines that were passed over."""

    sheet: str
    above: tuple[str, ...]
    headings: Mapping[int, Heading]
    first_row: int
    rows: list[Row] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)


def find_table(grids: list[Grid]) -> Table:
    """The one table of a workbook.

    Raises:
        AnnexError: there is none, there are several, or the column of names is missing.
    """
    found: list[tuple[Grid, int, int, dict[int, Heading]]] = []
    nameless: list[str] = []
    for grid in grids:
        row = 1
        while row <= grid.last[0]:
            height, meanings = _header_at(grid, row)
            fields = {each.field for each in meanings.values()}
            if "name" in fields and fields & _NEEDED:
                known = next((each for each in found if each[0] is grid), None)
                if known is None or set(known[3].values()) != set(meanings.values()):
                    found.append((grid, row, height, meanings))
                row += height
            elif len(fields & _NEEDED) > 1:
                nameless.append(f"{grid.sheet}!{row}")
                row += height
            else:
                row += 1
    if len(found) > 1:
        places = ", ".join(f"{grid.sheet} ({both('dòng', 'row')} {row})" for grid, row, _, _ in found)
        raise AnnexError(
            both(
                f"có {len(found)} bảng: {places}; chọn trang tính bằng --sheet, hoặc để mỗi tệp một bảng",
                f"{len(found)} tables: {places}; choose a sheet with --sheet, or keep one table a file",
            )
        )
    if found:
        return _read(*found[0])
    if nameless:
        raise AnnexError(
            both(
                f"{nameless[0]}: bảng không có cột tên chỉ tiêu; đặt tiêu đề cột là 'Chỉ tiêu' hoặc 'Tên chỉ số'",
                f"{nameless[0]}: the table has no column of names; head it 'Chỉ tiêu' or 'Tên chỉ số'",
            )
        )
    raise AnnexError(
        both(
            "không tìm thấy bảng: cần tiêu đề 'Chỉ tiêu' và ít nhất một trong: Đơn vị tính, Chỉ tiêu năm …, "
            "Cơ quan chủ trì, Kỳ báo cáo, Phương pháp tính",
            "no table found: it needs a heading 'Chỉ tiêu' and at least one of: unit, target of a year, lead agency, "
            "frequency, method",
        )
    )


def _header_at(grid: Grid, row: int) -> tuple[int, dict[int, Heading]]:
    """The tallest header that begins at a row and knows most headings: its height, and columns with a meaning."""
    best: tuple[int, dict[int, Heading]] = (1, {})
    alone = [cell.text for (line, _), cell in grid.cells.items() if line == row and heading(cell.text)]
    if len(alone) < 2:
        return best  # a title above the table, not its first line
    for height in range(1, TALLEST_HEADER + 1):
        meanings: dict[int, Heading] = {}
        for column in range(1, grid.last[1] + 1):
            lines = [grid.text(line, column) for line in range(row, row + height)]
            if any(len(line) > 120 for line in lines):
                break
            meaning = heading(*lines) if lines[0] or height > 1 else None
            if meaning and meaning not in meanings.values():
                meanings[column] = meaning
        if len(meanings) > len(best[1]):
            best = (height, meanings)
    return best


def _read(grid: Grid, top: int, height: int, meanings: dict[int, Heading]) -> Table:
    table = Table(grid.sheet, tuple(_lines_above(grid, top)), meanings, top + height)
    for column in range(1, grid.last[1] + 1):
        words = " ".join(dict.fromkeys(filter(None, (grid.text(top + i, column) for i in range(height)))))
        if words and column not in meanings:
            table.unknown[words] = (grid.cell(top, column) or grid.cell(top + height - 1, column)).place  # type: ignore[union-attr]
    reader = _Rows(grid, table, meanings)
    row = top + height
    while row <= grid.last[0]:
        again, repeated = _header_at(grid, row)
        if row > top + height and set(repeated.values()) == set(meanings.values()):
            row += again
            continue
        reader.take(row)
        row += 1
    table.passed_over.extend(reader.pending)
    return table


def _lines_above(grid: Grid, top: int) -> Iterator[str]:
    for row in range(1, top):
        texts = [grid.cells[row, column].text for column in range(1, grid.last[1] + 1) if (row, column) in grid.cells]
        if texts:
            yield " ".join(map(composed, texts))


class _Rows:
    """Goes down the table and tells indicators from groups, and both from what stands below it."""

    def __init__(self, grid: Grid, table: Table, meanings: dict[int, Heading]) -> None:
        self.grid, self.table, self.meanings = grid, table, meanings
        self.columns: dict[Field, int] = {each.field: column for column, each in meanings.items()}
        self.group = self.group_ordinal = ""
        self.last_name = ""
        self.is_below = False
        self.pending: list[str] = []
        """Lines that are group rows if indicators follow, and notes or signatures if none does."""

    def take(self, row: int) -> None:
        """Read one line of the sheet."""
        line = [cell for (number, _), cell in sorted(self.grid.cells.items()) if number == row and cell.text.strip()]
        own = {column: self.grid.cells[row, column] for column in self.meanings if (row, column) in self.grid.cells}
        own = {column: cell for column, cell in own.items() if cell.text.strip()}
        text = composed(" ".join(cell.text for cell in line))
        self.is_below = self.is_below or bool(_BELOW.match(folded(text)))
        if self.is_below:
            self.pending += [f"{self.table.sheet}!{row}: {text}"] if text else []
        elif line and not _is_numbering(own):
            self._line(row, own, text)

    def _line(self, row: int, own: dict[int, Cell], text: str) -> None:
        name = own.get(self.columns["name"])
        ordinal = composed(own[self.columns["ordinal"]].text).rstrip(".)") if self.columns.get("ordinal") in own else ""
        worth = [
            c for c, each in self.meanings.items() if c in own and each.field not in {"ordinal", "name", "name_en"}
        ]
        is_leaf = re.fullmatch(r"\d+(\.\d+)*", ordinal) and not self._is_parent(row)
        if name and (worth or is_leaf):
            self._indicator(row, own, ordinal)
            return
        shown = f"{self.table.sheet}!{row}: {text}"
        if worth or len(own) > 2:
            self.table.passed_over.append(shown)
            return
        self.pending.append(shown)
        titled = _TITLE.fullmatch(text)
        if name and ordinal:
            self._group(ordinal, composed(name.text))
        elif titled:
            self._group(titled["ordinal"], titled["title"])
        else:
            self._group("", text)

    def _group(self, ordinal: str, title: str) -> None:
        if not re.fullmatch(r"\d+(\.\d+)*", ordinal):
            self.group, self.group_ordinal, self.last_name = title, ordinal, ""

    def _is_parent(self, row: int) -> bool:
        """Whether the next line is a part of this one: ``11`` before ``11.1``."""
        column = self.columns.get("ordinal", 0)
        above, below = (composed(self.grid.text(line, column)).rstrip(".") for line in (row, row + 1))
        return below.startswith(f"{above}.")

    def _indicator(self, row: int, own: dict[int, Cell], ordinal: str) -> None:
        self.pending.clear()
        fields: dict[Field, Cell] = {}
        targets, baselines = [], []
        for column, meaning in self.meanings.items():
            cell = self.grid.cell(row, column) if self._is_down(row, column) else own.get(column)
            if cell is None or not cell.text.strip():
                continue
            if meaning.field == "target":
                targets.append((meaning.year, cell))
            elif meaning.field == "baseline":
                baselines.append((meaning.year, cell))
            else:
                fields[meaning.field] = cell
        name = composed(fields["name"].text)
        is_part = name.startswith(("-", "+", "–")) or (
            re.fullmatch(r"[a-zđ]", ordinal) is not None and bool(self.last_name)
        )
        if not is_part:
            self.last_name = name
        parent = self.last_name if is_part else ""
        self.table.rows.append(
            Row(row, fields, tuple(targets), tuple(baselines), self.group, self.group_ordinal, parent)
        )

    def _is_down(self, row: int, column: int) -> bool:
        """Whether the cell belongs to a range merged downwards: one agency beside many rows."""
        return any(t <= row <= b and le == column == r for t, le, b, r in self.grid.merged)


def _is_numbering(own: Mapping[int, Cell]) -> bool:
    """Whether the line numbers the columns: ``A | B | 1 | 2 = 3 + 4``."""
    return len(own) > 2 and all(_NUMBERING.fullmatch(folded(cell.text)) for cell in own.values())
