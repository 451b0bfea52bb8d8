"""Foreign forms of tests: sources with layout descriptions, and workbooks in the styles of published ones."""

import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook

from connectors.workbook.book import open_book
from connectors.workbook.reading import WorkbookReading
from connectors.workbook.sandbox import read_in_sandbox
from indicator_specs.home import PROJECT
from indicator_specs.registry import REFERENCE, Registry, load_registry
from tests.workbooks import KEY

FORMS = PROJECT / "tests" / "foreign_forms"


def foreign_registry(folder: Path, sources: Path = FORMS) -> Registry:
    """A registry of the sources in a folder alone: no indicators, and of the reference only what tells org units."""
    reference, catalogue = folder / "reference", folder / "catalogue"
    shutil.copytree(REFERENCE, reference)
    for name in ("assignment.csv", "reporting_calendar.csv", "verification.csv"):
        path = reference / name
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    catalogue.mkdir()
    return load_registry(catalogue, sources, reference)


@lru_cache(maxsize=1)
def published_forms() -> Registry:
    """The registry of the forms that are described in this folder."""
    with TemporaryDirectory(prefix="chiso-forms-") as folder:
        return foreign_registry(Path(folder))


def read(path: Path, **kwargs: object) -> WorkbookReading:
    """A workbook that some description fits."""
    found = read_in_sandbox(path, published_forms(), KEY, **kwargs)  # type: ignore[arg-type]
    assert isinstance(found, WorkbookReading), found
    return found


def warned(found: WorkbookReading) -> list[str]:
    """Warnings, each with its place."""
    return [f"{each.rule} {each.place}" for each in found.findings if each.rule.startswith("W-")]


def figures(found: WorkbookReading) -> dict[str, tuple[str, str]]:
    """Place → unit and figure."""
    return {row["place"]: (row["org_unit"], row["obs_value"]) for row in found.rows.iter_rows(named=True)}


UNITS_ROW = "Đơn vị tính: Hồ sơ"
HEAD: list[list[object]] = [
    ["VĂN PHÒNG CHÍNH PHỦ", None, None, None, "Biểu số 02"],
    [],
    ["TỔNG HỢP HỒ SƠ THEO XÃ"],
    ["Quý III năm 2026"],
    [],
    [None, None, None, None, UNITS_ROW],
    ["STT", "Tên đơn vị", "Tổng số", "Chia ra", None],
    [None, None, None, "Trực tuyến", "Trực tiếp,\nbưu chính"],
    ["A", "B", "1=2+3", 2, 3],
]
ROWS: list[list[object]] = [
    [None, "TỔNG SỐ", 100, 66, 34],
    ["I", "Thành phố Hà Nội", 60, 40, 20],
    [1, "Ba Đình", 35, 25, 10],
    [2, "Tây Hồ", 25, 15, 10],
    ["II", "Tỉnh Thanh Hóa", 30, 20, 10],
    [1, "Ba Đình", 30, 20, 10],
    [None, "Trong đó: miền núi", 12, 8, 4],
    ["III", "Thành phố Đà Nẵng", 10, 6, 4],
    [1, "- Tây Hồ (1)", 10, 6, 4],
]
FOOT: list[list[object]] = [
    ["Ghi chú: (1) Số liệu sơ bộ."],
    [],
    [None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG ĐƠN VỊ"],
    [None, 999, 999, 999, 999],
]


def own_form(path: Path, **changes: object) -> Path:
    """A form of a body's own: merged headers, unit row, formula row, groups that are provinces, notes, signatures.

    ``C12=7`` puts 7 into that cell.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Biểu 02"
    for row in (*HEAD, *ROWS, *FOOT):
        sheet.append(row)
    for block in ("A3:E3", "A4:E4", "A7:A8", "B7:B8", "C7:C8", "D7:E7"):
        sheet.merge_cells(block)
    for address, value in changes.items():
        sheet[address] = value
    book.save(path)
    return path


def as_xlsx(original: Path, path: Path, sheet: str, address: str, value: object) -> Path:
    """A published .xls as .xlsx, merged cells too, with one of its cells changed."""
    with open_book(original) as opened:
        book = Workbook()
        book.remove(book.worksheets[0])
        for scan in opened.scan.sheets:
            made = book.create_sheet(scan.name)
            for row in opened.grid(scan):
                made.append([None if cell == "" else cell for cell in row])
            for (top, left), (bottom, right) in opened.merged(scan):
                made.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book[sheet][address] = value
    book.save(path)
    return path
