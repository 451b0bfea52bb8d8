"""The template as an officer meets it, and what is read back of it."""

import hashlib
import time
import unicodedata
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from connectors.content_address import READING_SCHEMA
from connectors.workbook.layout import DATA_SHEET, STAMP_SHEET
from connectors.workbook.reading import WorkbookReading, WorkbookRefused, cell_text, read_workbook
from connectors.workbook.template import build_template
from tests.workbooks import (
    AGENCY,
    ASSIGNED,
    ELECTRONIC,
    FIRST_ROW,
    KEY,
    PERIOD,
    PROCESSED,
    dataset,
    edited,
    filled,
    registry,
)


def read(path: Path) -> WorkbookReading:
    reading = read_workbook(path, registry(), KEY)
    assert isinstance(reading, WorkbookReading), reading
    return reading


def refusal(path: Path) -> str:
    refused = read_workbook(path, registry(), KEY)
    assert isinstance(refused, WorkbookRefused)
    assert refused.findings[0].message_vi
    assert refused.findings[0].message_en
    return refused.findings[0].rule


def row_of(reading: WorkbookReading, place: str) -> dict[str, object]:
    (row,) = reading.rows.filter(pl.col("place") == f"{DATA_SHEET}!{place}").to_dicts()
    return row


def test_an_empty_template_reads_as_blanks_of_every_commune(tmp_path: Path) -> None:
    path = build_template(registry(), dataset(), AGENCY, PERIOD, tmp_path / "t.xlsx", key=KEY)
    reading = read(path)
    n_communes = len(registry().reference.children(AGENCY, on=date(2026, 10, 31)))
    assert n_communes > 100
    assert reading.rows.height == 4 * n_communes
    assert reading.rows.schema == READING_SCHEMA
    assert set(reading.rows["problem"]) == {"blank"}
    assert reading.rows["value_text"].null_count() == reading.rows.height
    assert (reading.agency, reading.time_period, reading.dataset) == (AGENCY, PERIOD, "administration")
    assert reading.key_columns == {"org_unit": "B", "time_period": "D"}
    assert not reading.rows["is_synthetic"].any()
    assert reading.findings == ()


def test_a_filled_template_reads_as_typed_with_its_cells(tmp_path: Path) -> None:
    reading = read(filled(tmp_path / "t.xlsx"))
    assert reading.rows["problem"].null_count() == reading.rows.height
    first = reading.rows.row(0, named=True)
    assert (first["place"], first["measure"], first["obs_value"], first["producer"]) == (
        "Số liệu!E14",
        PROCESSED,
        "100",
        "VPTW",
    )
    assert first["org_unit"] in registry().reference.org_units
    assert reading.rows["row_no"].to_list() == list(range(1, reading.rows.height + 1))


def test_the_same_template_is_the_same_file_and_is_quick(tmp_path: Path) -> None:
    digests, seconds = set(), []
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        start = time.perf_counter()
        path = build_template(registry(), dataset(), "P79", PERIOD, tmp_path / name, key=KEY)
        seconds.append(time.perf_counter() - start)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
    assert min(seconds) < 0.2


def test_only_input_cells_are_unlocked_and_validated(tmp_path: Path) -> None:
    sheet = load_workbook(filled(tmp_path / "t.xlsx"))[DATA_SHEET]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    unlocked = {cell.column_letter for cell in sheet[FIRST_ROW] if not cell.protection.locked}
    assert unlocked == {"E", "F", "G", "H", "I"}
    checks = {str(check.sqref).split(":")[0]: check for check in sheet.data_validations.dataValidation}
    assert set(checks) == {"E14", "F14", "G14", "H14"}
    assert "F14<=E14" in checks["F14"].formula1
    assert "E14>=0" in checks["E14"].formula1
    assert checks["F14"].errorTitle == "Số liệu chưa hợp lệ"


def test_made_up_figures_are_marked_in_print_and_in_the_reading(tmp_path: Path) -> None:
    path = build_template(registry(), dataset(), AGENCY, PERIOD, tmp_path / "t.xlsx", key=KEY, is_synthetic=True)
    assert read(path).rows["is_synthetic"].all()
    printed = [cell.value for row in load_workbook(path)[DATA_SHEET].iter_rows(max_row=12) for cell in row]
    assert any("SỐ LIỆU GIẢ LẬP" in str(value) for value in printed)
    assert read(edited(path, _drop_hidden)).rows["is_synthetic"].all()


def _drop_hidden(book: Workbook) -> None:
    book.remove(book[STAMP_SHEET])


def test_without_its_hidden_sheet_the_printed_code_is_enough(tmp_path: Path) -> None:
    reading = read(edited(filled(tmp_path / "t.xlsx"), _drop_hidden))
    assert (reading.agency, reading.time_period) == (AGENCY, PERIOD)
    assert [finding.rule for finding in reading.findings] == ["I-STAMP-PRINTED"]


def test_without_any_stamp_or_with_a_foreign_one_it_is_refused(tmp_path: Path) -> None:
    def drop_both(book: Workbook) -> None:
        _drop_hidden(book)
        for row in book[DATA_SHEET].iter_rows(max_row=12):
            for cell in row:
                if "CHISO|" in str(cell.value):
                    cell.value = None

    assert refusal(edited(filled(tmp_path / "none.xlsx"), drop_both)) == "E-STAMP-MISSING"
    foreign = build_template(registry(), dataset(), AGENCY, PERIOD, tmp_path / "f.xlsx", key=b"x" * 32)
    assert refusal(foreign) == "E-STAMP-INVALID"


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    def swap(book: Workbook) -> None:
        sheet = book[DATA_SHEET]
        for row in range(13, sheet.max_row + 1):
            sheet.cell(row, 5).value, sheet.cell(row, 7).value = sheet.cell(row, 7).value, sheet.cell(row, 5).value

    reading = read(edited(filled(tmp_path / "t.xlsx"), swap))
    assert row_of(reading, "G14")["measure"] == PROCESSED
    assert row_of(reading, "G14")["obs_value"] == "100"
    assert row_of(reading, "E14")["measure"] == ASSIGNED


def test_a_renamed_or_doubled_column_is_a_problem_of_the_file(tmp_path: Path) -> None:
    assert refusal(filled(tmp_path / "renamed.xlsx", F13="documents_electronic")) == "E-FORM-COLUMN"
    assert refusal(filled(tmp_path / "doubled.xlsx", J13="documents_processed")) == "E-FORM-COLUMN"
    assert refusal(edited(filled(tmp_path / "gone.xlsx"), _drop_codes)) == "E-FORM-HEADER"


def _drop_codes(book: Workbook) -> None:
    for cell in book[DATA_SHEET][13]:
        cell.value = None


def test_an_extra_column_is_ignored_and_said(tmp_path: Path) -> None:
    reading = read(filled(tmp_path / "t.xlsx", J13="ghi chú", J14="abc"))
    (finding,) = reading.findings
    assert (finding.rule, finding.place, finding.found) == ("I-COLUMN-IGNORED", "Số liệu!J", "ghi chú")
    assert reading.rows["problem"].null_count() == reading.rows.height


def test_rows_added_by_hand_are_read_and_other_lines_are_told(tmp_path: Path) -> None:
    last = read(filled(tmp_path / "t.xlsx")).rows["place"].to_list()[-1]
    row = int(last.removeprefix("Số liệu!H")) + 1
    changes: dict[str, object] = {f"B{row}": "C99999", f"D{row}": PERIOD, f"E{row}": 7, f"F{row}": 6}
    changes |= {f"C{row + 20}": "Tổng cộng", f"E{row + 20}": 12600, f"B{row + 21}": "Ghi chú: số sơ bộ"}
    reading = read(filled(tmp_path / "t.xlsx", **changes))
    added = reading.rows.filter(pl.col("org_unit") == "C99999")
    assert added["obs_value"].to_list() == ["7", "6", None, None]
    assert [(finding.rule, finding.found) for finding in reading.findings] == [
        ("I-ROW-IGNORED", "Ghi chú: số sơ bộ"),
        ("W-TOTAL", "12600 ≠ 12607 (chênh -7; lớn nhất: Số liệu!E14)"),
    ]
    assert "Tổng cộng" not in reading.rows["org_unit"].to_list()


@pytest.mark.parametrize(
    ("typed", "value_text", "obs_value", "problem", "conversion"),
    [
        ("1.234,5", "1.234,5", "1234.5", None, "decimal_comma"),
        ("1.234", "1.234", None, "ambiguous_number", None),
        (1234.5, "1234.5", "1234.5", None, None),
        (0.1, "0.1", "0.1", None, None),
        ("khoảng 120", "khoảng 120", None, "not_a_number", None),
        ("-", "-", "0", None, "dash_is_zero"),
        (True, "TRUE", None, "not_a_number", None),
        ("=SUM(1,2)", None, None, "formula_without_value", None),
        ("#REF!", "#REF!", None, "cell_error", None),
        ("   ", None, None, "blank", None),
    ],
)
def test_each_kind_of_content(
    tmp_path: Path,
    typed: object,
    value_text: str | None,
    obs_value: str | None,
    problem: str | None,
    conversion: str | None,
) -> None:
    path = filled(tmp_path / "t.xlsx", E20=typed)
    row = row_of(read(path), "E20")
    assert (row["value_text"], row["obs_value"], row["problem"], row["conversion"]) == (
        value_text,
        obs_value,
        problem,
        conversion,
    )
    assert cell_text(path, "Số liệu!E20") == value_text


def test_a_date_and_a_per_cent_in_a_cell_are_what_the_officer_saw(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet: Worksheet = book[DATA_SHEET]
        sheet["E20"] = 0.125
        sheet["E20"].number_format = "0.0%"
        sheet["E21"] = date(2026, 10, 5)

    reading = read(edited(filled(tmp_path / "t.xlsx"), change))
    assert (row_of(reading, "E20")["value_text"], row_of(reading, "E20")["obs_value"]) == ("12.5%", "12.5")
    assert row_of(reading, "E20")["conversion"] == "percent_sign"
    assert (row_of(reading, "E21")["value_text"], row_of(reading, "E21")["problem"]) == (
        "2026-10-05",
        "date_for_number",
    )


def test_names_are_compared_in_nfc_and_not_collected_is_a_status(tmp_path: Path) -> None:
    typed = unicodedata.normalize("NFD", "Phường Ba Đình")
    reading = read(filled(tmp_path / "t.xlsx", B14=f" {typed}\u200b ", F14="…"))
    assert row_of(reading, "E14")["org_unit"] == "C00004"
    assert [(finding.rule, finding.found) for finding in reading.findings] == [
        ("I-UNIT-NAME", "Phường Ba Đình → C00004")
    ]
    assert (row_of(reading, "F14")["obs_status"], row_of(reading, "F14")["measure"]) == ("L", ELECTRONIC)


def test_explanations_come_with_their_row(tmp_path: Path) -> None:
    (told,) = read(filled(tmp_path / "t.xlsx", I16="Do mưa lũ")).explanations
    assert (told["place"], told["text"], told["time_period"]) == ("Số liệu!I16", "Do mưa lũ", PERIOD)


def test_a_cell_that_is_not_there(tmp_path: Path) -> None:
    path = filled(tmp_path / "t.xlsx")
    assert cell_text(path, "Số liệu!ZZ9999") is None
    assert cell_text(path, "Số liệu!E14") == "100"
    assert cell_text(path, f"Số liệu!B{FIRST_ROW}") in registry().reference.org_units
    with pytest.raises(ValueError, match="no cell"):
        cell_text(path, "Trang khác!E14")


def test_a_wrong_agency_or_period_is_refused_when_drawing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="monthly"):
        build_template(registry(), dataset(), AGENCY, "2026", tmp_path / "t.xlsx", key=KEY)
    with pytest.raises(KeyError):
        build_template(registry(), dataset(), "P00", PERIOD, tmp_path / "t.xlsx", key=KEY)
    with pytest.raises(ValueError, match="no units"):
        build_template(registry(), dataset(), "C00004", PERIOD, tmp_path / "t.xlsx", key=KEY)
    assert list(tmp_path.iterdir()) == []
