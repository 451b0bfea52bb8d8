"""A marked workbook is the officer's own: all else in it stays, byte for byte where nothing changed."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from connectors.workbook.annotate import AMBER, AUTHOR, RED, annotate
from connectors.workbook.layout import DATA_SHEET, RESULT_SHEET
from connectors.workbook.marking.parts import Parts, UnusualError
from indicator_specs.findings import Finding, Severity
from tests.workbooks import edited, filled, with_parts

SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[dict[str, bytes]], None]


def finding(place: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("not_a_number", severity, place, "x", "một con số", "Đề nghị nhập chữ số.", "Please type digits.")


FINDINGS = [finding("Số liệu!E15"), finding("Số liệu!G17", Severity.WARNING), finding("Số liệu!F300")]


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return filled(tmp_path / "original.xlsx")


def marked(original: Path, tmp_path: Path, *, in_place: bool = True) -> Path:
    why_anew = annotate(original, FINDINGS, ["PTN-000012"], tmp_path / "marked.xlsx")
    assert (why_anew == "") is in_place, why_anew
    return tmp_path / "marked.xlsx"


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def holds_marks(path: Path) -> Workbook:
    book = load_workbook(path)
    sheet = book[DATA_SHEET]
    assert (book.sheetnames[0], book.active.title) == (RESULT_SHEET, RESULT_SHEET)
    assert [sheet[at].fill.fgColor.rgb for at in ("E15", "G17", "F300")] == [RED, AMBER, RED]
    assert [sheet[at].comment.author for at in ("E15", "G17", "F300")] == [AUTHOR] * 3
    assert [each.title for each in book.worksheets if each.sheet_view.tabSelected] == [RESULT_SHEET]
    return book


def test_parts_that_do_not_change_are_handed_on_as_they_came(original: Path, tmp_path: Path) -> None:
    picture = {"xl/media/image1.png": b"\x89PNG of a seal", "xl/custom.xml": b"<of another='program'/>"}
    pictured = with_parts(original, tmp_path / "pictured.xlsx", lambda parts: parts.update(picture))
    before, after = contents(pictured), contents(marked(pictured, tmp_path))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", SHEET, "xl/_rels/workbook.xml.rels", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
        "xl/styles.xml", "xl/workbook.xml",
    }  # fmt: skip
    holds_marks(tmp_path / "marked.xlsx")


def test_names_rules_and_validation_count_on(original: Path, tmp_path: Path) -> None:
    def declare(book: Workbook) -> None:
        sheet = book[DATA_SHEET]
        sheet.defined_names["vung"] = DefinedName("vung", attr_text="'Số liệu'!$E$14:$E$20")
        rule = CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill("solid", bgColor="FF00FF00"))
        sheet.conditional_formatting.add("E14:E20", rule)

    book = holds_marks(marked(edited(original, declare), tmp_path))
    sheet = book[DATA_SHEET]
    assert sheet.defined_names["vung"].attr_text == "'Số liệu'!$E$14:$E$20"
    assert sheet.print_title_rows == "$10:$13"
    assert len(sheet.conditional_formatting) == 1
    again = tmp_path / "again.xlsx"
    annotate(tmp_path / "marked.xlsx", [], [], again)
    cleared = load_workbook(again)
    assert cleared.sheetnames.count(RESULT_SHEET) == 1
    assert cleared[DATA_SHEET].defined_names["vung"].attr_text == "'Số liệu'!$E$14:$E$20"
    assert cleared[DATA_SHEET]["E15"].comment is None
    assert cleared[DATA_SHEET]["E15"].fill.fgColor.rgb == cleared[DATA_SHEET]["E16"].fill.fgColor.rgb


def test_the_hints_of_the_form_stay_beside_our_comments(original: Path, tmp_path: Path) -> None:
    before, after = load_workbook(original)[DATA_SHEET], holds_marks(marked(original, tmp_path))[DATA_SHEET]
    hints = {cell.coordinate: cell.comment.text for cell in before[10] if cell.comment}
    assert hints
    assert {at: after[at].comment.text for at in hints} == hints
    vml = contents(tmp_path / "marked.xlsx")["xl/drawings/vmlDrawing1.vml"].decode()
    assert vml.count("<v:shape ") == len(hints) + 3


def without_places(parts: dict[str, bytes]) -> None:
    """Rows and cells may leave out where they stand; then they stand one after the other."""
    parts[SHEET] = parts[SHEET].replace(b'<row r="14"', b"<row", 1).replace(b'<c r="A1" ', b"<c ", 1)


def with_conversation(parts: dict[str, bytes]) -> None:
    parts["xl/threadedComments/threadedComment1.xml"] = b"<ThreadedComments/>"


def without_formats(parts: dict[str, bytes]) -> None:
    """As small programs write: no named styles, and nothing that they would stand on."""
    for name in (b"cellStyleXfs", b"cellStyles"):
        start, end = parts["xl/styles.xml"].index(b"<" + name), parts["xl/styles.xml"].index(b"</" + name)
        parts["xl/styles.xml"] = parts["xl/styles.xml"][:start] + parts["xl/styles.xml"][end + len(name) + 3 :]


def in_sixteen_bits(parts: dict[str, bytes]) -> None:
    text = parts[SHEET].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts[SHEET] = text.encode("utf-16")


@pytest.mark.parametrize(
    ("change", "in_place"),
    [(without_places, False), (with_conversation, False), (without_formats, False), (in_sixteen_bits, True)],
)
def test_what_other_programs_write_is_marked_all_the_same(
    original: Path, tmp_path: Path, change: Change, in_place: bool
) -> None:
    other = with_parts(original, tmp_path / "other.xlsx", change)
    holds_marks(marked(other, tmp_path, in_place=in_place))


def test_a_conversation_or_a_signature_is_not_edited_in_place(original: Path, tmp_path: Path) -> None:
    signature = {"_xmlsignatures/s.xml": b"<x/>"}
    signed = with_parts(original, tmp_path / "signed.xlsx", lambda parts: parts.update(signature))
    with pytest.raises(UnusualError):
        Parts(signed)
    assert "_xmlsignatures/s.xml" not in contents(marked(signed, tmp_path, in_place=False)), "its signature is void"
