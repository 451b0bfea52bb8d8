"""The officer's own workbook, handed back with marks, corrected and dropped again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from connectors.intake.answer import write_annotated
from connectors.workbook.annotate import AMBER, AUTHOR, RED, annotate
from connectors.workbook.layout import DATA_SHEET, RESULT_SHEET, STAMP_SHEET
from connectors.workbook.reading import WorkbookReading, read_workbook
from connectors.workbook.sandbox import read_in_sandbox
from indicator_specs.findings import Finding, Severity
from tests.workbooks import KEY, edited, filled, registry, sheet_with_cells, with_parts


def finding(place: str, severity: Severity = Severity.ERROR, found: str = "x", rule: str = "not_a_number") -> Finding:
    return Finding(rule, severity, place, found, "một con số", "Đề nghị nhập chữ số.", "Please type digits.")


ERROR = finding("Số liệu!E15")
WARNING = finding("Số liệu!G17", Severity.WARNING, "1500", "change")
REMARK = finding("Số liệu!J", Severity.INFO, "ghi chú", "I-COLUMN-IGNORED")
WHOLE_FILE = finding("", Severity.WARNING, "", "incomplete")
SUMMARY = ["PTN-000012 · BM-XA-01", "Đã đọc 504 số liệu."]


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return filled(tmp_path / "original.xlsx", E15="khoảng 120", E16="=SUM(40,60)")


@pytest.fixture
def marked(original: Path, tmp_path: Path) -> Workbook:
    annotate(original, [REMARK, WARNING, ERROR, WHOLE_FILE], SUMMARY, tmp_path / "marked.xlsx")
    return load_workbook(tmp_path / "marked.xlsx")


def test_each_finding_stands_at_its_cell(marked: Workbook) -> None:
    sheet = marked[DATA_SHEET]
    assert sheet["E15"].fill.fgColor.rgb == RED
    assert sheet["G17"].fill.fgColor.rgb == AMBER
    assert sheet["E17"].fill.fgColor.rgb not in {RED, AMBER}
    text = sheet["E15"].comment.text
    assert sheet["E15"].comment.author == AUTHOR
    parts = ["[not_a_number]", "Đã nhập: x", "Yêu cầu: một con số", "Đề nghị nhập chữ số.", "Please type digits."]
    positions = [text.index(part) for part in parts]
    assert positions == sorted(positions)


def test_the_first_sheet_lists_everything_errors_first_with_links(marked: Workbook) -> None:
    assert marked.sheetnames[0] == RESULT_SHEET
    assert marked.active.title == RESULT_SHEET
    sheet = marked[RESULT_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1)]
    assert rows[1][0] == SUMMARY[0]
    listed = [row for row in rows if row[1] in {"Cần hoàn thiện", "Cảnh báo", "Ghi nhận"}]
    assert [row[2] for row in listed] == ["E15", "G17", "Cả tệp", "J"]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert "'Số liệu'!E15" in links


def test_the_officers_work_is_kept(original: Path, marked: Workbook) -> None:
    before, after = load_workbook(original)[DATA_SHEET], marked[DATA_SHEET]
    assert after["E16"].value == "=SUM(40,60)"
    assert after["E15"].value == "khoảng 120"
    assert after.protection.sheet
    assert after["E15"].protection.locked is False
    assert len(after.data_validations.dataValidation) == len(before.data_validations.dataValidation) == 4
    assert after.column_dimensions["C"].width == before.column_dimensions["C"].width
    assert after.freeze_panes == before.freeze_panes
    assert marked[STAMP_SHEET].sheet_state == "hidden"
    assert marked[STAMP_SHEET]["A1"].value == load_workbook(original)[STAMP_SHEET]["A1"].value
    assert after["E10"].comment is not None, "the form's own hints"


def test_the_same_answer_is_the_same_file(original: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        annotate(original, [ERROR], SUMMARY, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_an_agency_typed_never_becomes_a_formula(original: Path, tmp_path: Path) -> None:
    evil = ["=cmd|'/c calc'!A0", "+1", "-2+3", "@SUM(1)", "\t=1", "ô có \x07 ký tự lạ"]
    findings = [finding("Số liệu!E15", found=text) for text in evil]
    annotate(original, findings, ["=HYPERLINK(1)"], tmp_path / "marked.xlsx")
    sheet = load_workbook(tmp_path / "marked.xlsx")[RESULT_SHEET]
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" for cell in cells)
    shown = {cell.value: cell for cell in cells}
    assert set(evil[:5]) <= set(shown), "the text itself is not changed"
    assert all(shown[text].quotePrefix for text in evil[:5])
    assert "ô có \ufffd ký tự lạ" in shown


def test_corrected_and_dropped_again_it_is_read_and_marks_go_away(original: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    annotate(original, [ERROR, WARNING], SUMMARY, again)

    def correct(book: Workbook) -> None:
        book[DATA_SHEET]["E15"] = 120
        book[DATA_SHEET]["E16"] = 100

    reading = read_workbook(edited(again, correct), registry(), KEY)
    assert isinstance(reading, WorkbookReading)
    assert reading.rows["problem"].null_count() == reading.rows.height
    assert reading.findings == ()
    assert reading.rows["place"][0] == "Số liệu!E14"
    annotate(again, [WARNING], SUMMARY, tmp_path / "third.xlsx")
    sheet = load_workbook(tmp_path / "third.xlsx")[DATA_SHEET]
    assert sheet["E15"].comment is None
    assert sheet["E15"].fill.fgColor.rgb == sheet["E17"].fill.fgColor.rgb
    assert sheet["G17"].fill.fgColor.rgb == AMBER
    assert load_workbook(tmp_path / "third.xlsx").sheetnames.count(RESULT_SHEET) == 1


def test_an_officers_comment_is_kept_below_ours(original: Path, tmp_path: Path) -> None:
    def remark(book: Workbook) -> None:
        book[DATA_SHEET]["E15"].comment = Comment("chờ phòng tài chính", "Chị Hoa")

    annotate(edited(original, remark), [ERROR], SUMMARY, tmp_path / "marked.xlsx")
    text = load_workbook(tmp_path / "marked.xlsx")[DATA_SHEET]["E15"].comment.text
    assert text.index("[not_a_number]") < text.index("chờ phòng tài chính")


def test_places_that_are_no_cell_are_only_listed(original: Path, tmp_path: Path) -> None:
    places = ["", "Số liệu!J", "Không có!E1", "row 12", "Số liệu!200:200", "Số liệu!A5"]
    annotate(original, [finding(place) for place in places], [], tmp_path / "marked.xlsx")
    book = load_workbook(tmp_path / "marked.xlsx")
    listed = [cell.value for cell in book[RESULT_SHEET]["B"] if cell.value == "Cần hoàn thiện"]
    assert len(listed) == len(places)
    assert book[DATA_SHEET]["A200"].fill.fgColor.rgb == RED


def test_the_answer_is_written_into_the_folder_through_the_child(original: Path, tmp_path: Path) -> None:
    folder = tmp_path / "P01"
    out = write_annotated(folder, 12, original, [ERROR], SUMMARY)
    assert out == folder / "ket_qua" / "PTN-000012.xlsx"
    first = out.read_bytes()
    assert write_annotated(folder, 12, original, [ERROR], SUMMARY) == out
    assert out.read_bytes() == first
    assert [path.name for path in (folder / "ket_qua").iterdir()] == ["PTN-000012.xlsx"]
    assert isinstance(read_in_sandbox(out, registry(), KEY), WorkbookReading)


def test_a_file_that_must_not_be_opened_is_not_drawn_and_costs_nothing(original: Path, tmp_path: Path) -> None:
    far = sheet_with_cells(original, tmp_path / "far.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    start = datetime.now(UTC)
    assert write_annotated(tmp_path / "P01", 1, far, [finding("Số liệu!XFD1048576")], []) is None
    assert (datetime.now(UTC) - start).total_seconds() < 5
    assert list((tmp_path / "P01" / "ket_qua").iterdir()) == []


def test_a_format_far_away_does_not_delay_the_answer(original: Path, tmp_path: Path) -> None:
    def format_far(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        empty = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", empty)

    styled = with_parts(original, tmp_path / "styled.xlsx", format_far)
    start = datetime.now(UTC)
    assert write_annotated(tmp_path / "P01", 1, styled, [ERROR], []) is not None
    assert (datetime.now(UTC) - start).total_seconds() < 5
