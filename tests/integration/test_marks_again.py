"""A workbook that has been marked before, by whatever program it was saved: our marks go, the officer's words stay."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from connectors.intake.answer import write_annotated
from connectors.workbook.annotate import AMBER, AUTHOR, RED, annotate
from connectors.workbook.layout import DATA_SHEET, RESULT_SHEET, RESULT_TITLE
from connectors.workbook.marking.sheet import MarkedSheet
from connectors.workbook.reading import WorkbookReading, read_workbook
from indicator_specs.findings import Finding, Severity
from tests.workbooks import KEY, edited, filled, registry, with_parts

REMARK = "chờ phòng tài chính\nxác nhận"


def finding(at: str, severity: Severity = Severity.ERROR, message: str = "Đề nghị nhập chữ số.") -> Finding:
    return Finding("not_a_number", severity, f"{DATA_SHEET}!{at}", "x", "một con số", message, "Please type digits.")


ALL = [finding("E15"), finding("G17", Severity.WARNING), finding("F18", Severity.INFO)]


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return filled(tmp_path / "original.xlsx")


@pytest.fixture
def mark(tmp_path: Path) -> Callable[..., Path]:
    rounds = iter(range(100))

    def marked(path: Path, *findings: Finding) -> Path:
        out = tmp_path / f"marked_{next(rounds)}.xlsx"
        annotate(path, findings, ["PTN-000012"], out)
        return out

    return marked


def remarked(path: Path, at: str, text: str, author: str = "Chị Hoa") -> Path:
    def remark(book: Workbook) -> None:
        book[DATA_SHEET][at].comment = Comment(text, author)

    return edited(path, remark)


def comment(path: Path, at: str) -> tuple[str, str] | None:
    said = load_workbook(path)[DATA_SHEET][at].comment
    return None if said is None else (said.author, said.text)


def without_authors(parts: dict[str, bytes]) -> None:
    """As LibreOffice saves."""
    name = next(name for name in parts if name.startswith("xl/comments"))
    parts[name] = parts[name].replace(f"<author>{AUTHOR}</author>".encode(), b"<author/>")


def test_marks_go_where_a_program_has_left_authors_out(
    original: Path, tmp_path: Path, mark: Callable[..., Path]
) -> None:
    hints = {cell.coordinate for cell in load_workbook(original)[DATA_SHEET][10] if cell.comment}
    blank = with_parts(mark(original, *ALL), tmp_path / "blank.xlsx", without_authors)
    assert comment(blank, "E15") is not None
    sheet = load_workbook(mark(blank))[DATA_SHEET]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment} == hints
    assert {sheet[at].fill.fgColor.rgb for at in ("E15", "G17", "F18")} == {sheet["E16"].fill.fgColor.rgb}


def test_a_comment_that_only_looks_like_ours_is_the_officers(original: Path, mark: Callable[..., Path]) -> None:
    remarked(original, "E16", "[ghi nhớ]\nhỏi lại xã")
    assert comment(mark(mark(original, finding("E15"))), "E16") == ("Chị Hoa", "[ghi nhớ]\nhỏi lại xã")


def test_an_officers_comment_outlives_our_marks(original: Path, mark: Callable[..., Path]) -> None:
    once = mark(remarked(original, "E15", REMARK), finding("E15"))
    twice = mark(once, finding("E15", message="Vẫn chưa phải con số."))
    _, text = comment(twice, "E15") or ("", "")
    assert (text.count(REMARK), text.count("[not_a_number]")) == (1, 1)
    assert comment(mark(twice), "E15") == ("Chị Hoa", REMARK)


def test_an_officers_comment_is_never_cut(original: Path, mark: Callable[..., Path]) -> None:
    long = "Giải trình. " * 2_500 + "Hết."
    once = mark(remarked(original, "E15", long), finding("E15", message="Đề nghị nhập chữ số. " * 300))
    _, text = comment(once, "E15") or ("", "")
    assert text.startswith("[not_a_number]")
    assert text.endswith(long)
    assert len(text) <= 32_767, "what Excel takes"
    assert comment(mark(once), "E15") == ("Chị Hoa", long)


@pytest.mark.parametrize("message", ["Đề nghị nhập chữ số.", "Đề nghị nhập chữ số. " * 300])
def test_what_is_added_to_our_comment_is_kept(original: Path, mark: Callable[..., Path], message: str) -> None:
    once = mark(original, finding("E15", message=message))
    _, ours = comment(once, "E15") or ("", "")
    remarked(once, "E15", f"{ours}\n{REMARK}", AUTHOR)
    _, text = comment(mark(once), "E15") or ("", "")
    assert text == REMARK


def test_what_is_written_over_our_comment_is_kept(original: Path, mark: Callable[..., Path]) -> None:
    once = remarked(mark(original, finding("E15")), "E15", REMARK, AUTHOR)
    _, text = comment(mark(once), "E15") or ("", "")
    assert text == REMARK


@pytest.mark.parametrize("name", [RESULT_SHEET, RESULT_SHEET.upper(), unicodedata.normalize("NFD", RESULT_SHEET)])
def test_an_officers_own_sheet_of_results_stays_and_ours_has_another_name(
    original: Path, mark: Callable[..., Path], name: str
) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet(name)["A1"] = "của phòng thống kê"

    once = mark(edited(original, add), finding("E15"))
    for path in (once, mark(once, finding("E15"))):
        book = load_workbook(path)
        folded = [unicodedata.normalize("NFC", each).casefold() for each in book.sheetnames]
        assert len(set(folded)) == len(folded) == len(load_workbook(original).sheetnames) + 1
        assert book.worksheets[0]["A1"].value == RESULT_TITLE
        assert book[name]["A1"].value == "của phòng thống kê"
        assert isinstance(read_workbook(path, registry(), KEY), WorkbookReading)


def test_two_thousand_findings_are_marked_within_the_limits_of_the_child(original: Path, tmp_path: Path) -> None:
    """Searches within searches took longer than the child may."""
    findings = [finding(f"{column}{row}") for row in range(14, 264) for column in "KLMNOPQR"]
    out = write_annotated(tmp_path / "P01", 12, original, findings, [])
    assert out is not None
    sheet = load_workbook(out)[DATA_SHEET]
    assert sum(cell.comment is not None for row in sheet["K14:R263"] for cell in row) == len(findings)


def test_a_new_cell_has_the_format_of_its_row(original: Path, mark: Callable[..., Path]) -> None:
    def embolden(book: Workbook) -> None:
        book[DATA_SHEET].row_dimensions[300].font = Font(bold=True)
        book[DATA_SHEET].column_dimensions["K"].font = Font(italic=True)

    sheet = load_workbook(mark(edited(original, embolden), finding("K300"), finding("K301")))[DATA_SHEET]
    assert [(sheet[at].font.b, sheet[at].font.i) for at in ("K300", "K301")] == [(True, False), (False, True)]
    assert sheet["K300"].fill.fgColor.rgb == RED


def without_any_author(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("xl/comments"))
    start, end = parts[name].index(b"<authors>"), parts[name].index(b"</authors>") + len(b"</authors>")
    parts[name] = parts[name][:start] + parts[name][end:]


def test_comments_without_a_list_of_authors_are_kept(original: Path, tmp_path: Path, mark: Callable[..., Path]) -> None:
    orphans = with_parts(original, tmp_path / "orphans.xlsx", without_any_author)
    hints = {cell.coordinate: cell.comment.text for cell in load_workbook(original)[DATA_SHEET][10] if cell.comment}
    sheet = load_workbook(mark(orphans, *ALL))[DATA_SHEET]
    assert {at: sheet[at].comment.text for at in hints} == hints
    assert (sheet["E15"].comment.author, sheet["G17"].fill.fgColor.rgb) == (AUTHOR, AMBER)


def test_whatever_fails_in_place_is_written_anew(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, calls = MarkedSheet.mark, []

    def breaks_once(self: MarkedSheet, at: str, colour: str) -> None:
        calls.append(at)
        if len(calls) == 1:
            raise IndexError(at)
        whole(self, at, colour)

    monkeypatch.setattr(MarkedSheet, "mark", breaks_once)
    marked = tmp_path / "marked.xlsx"
    assert annotate(original, [finding("E15")], [], marked) == "IndexError: E15"
    assert load_workbook(marked)[DATA_SHEET]["E15"].fill.fgColor.rgb == RED
