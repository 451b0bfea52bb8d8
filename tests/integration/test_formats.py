"""The same form in every format, encoding and notation: the same figures, and what was found out is told."""

import unicodedata
from pathlib import Path

import pytest
from openpyxl import load_workbook

from connectors.workbook.annotate import RED, annotate
from connectors.workbook.reading import WorkbookReading, WorkbookRefused, cell_text
from connectors.workbook.sandbox import read_in_sandbox
from indicator_specs.findings import Finding, Severity
from tests.forms import FIRST_LINE, FIRST_ROW, csv_form, grids, xlsx
from tests.old_excel import write_compound, write_ods, write_xls
from tests.workbooks import KEY, registry

SAME = ["measure", "org_unit", "time_period", "obs_value", "obs_status", "problem"]
CODE_ROW = FIRST_ROW - 2


def read(path: Path) -> WorkbookReading | WorkbookRefused:
    return read_in_sandbox(path, registry(), KEY)


def good(path: Path) -> WorkbookReading:
    answer = read(path)
    assert isinstance(answer, WorkbookReading), answer
    return answer


def refusal(path: Path) -> Finding:
    answer = read(path)
    assert isinstance(answer, WorkbookRefused), "it was read"
    return answer.findings[0]


def told(reading: WorkbookReading) -> dict[str, str]:
    return {finding.rule: finding.found for finding in reading.findings}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlsx(tmp_path_factory.mktemp("form") / "form.xlsx")


@pytest.fixture(scope="module")
def original(book: Path) -> WorkbookReading:
    return good(book)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return csv_form(tmp_path_factory.mktemp("form") / "form.csv").read_text("utf-8-sig").replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_other_workbooks_say_the_same_and_are_handed_back_as_xlsx(
    book: Path, original: WorkbookReading, tmp_path: Path, kind: str
) -> None:
    write = write_xls if kind == "xls" else write_ods
    path = write(tmp_path / "form.xlsx", grids(book), hidden=["_chiso"])
    reading = good(path)
    assert reading.rows.select(SAME).equals(original.rows.select(SAME))
    assert reading.rows["place"].to_list() == original.rows["place"].to_list()
    assert told(reading) == {"I-FILE-CONVERTED": f".{kind}"}
    assert cell_text(path, f"Số liệu!E{FIRST_ROW}") == "100"
    wrong = Finding("not_a_number", Severity.ERROR, f"Số liệu!E{FIRST_ROW}", "100", "", "Sai.", "Wrong.")
    annotate(path, [wrong], ["PTN-000001"], tmp_path / "back.xlsx")
    assert load_workbook(tmp_path / "back.xlsx")["Số liệu"][f"E{FIRST_ROW}"].fill.fgColor.rgb == RED
    again = good(tmp_path / "back.xlsx")
    assert again.rows.select(SAME).equals(original.rows.select(SAME)), "it can be corrected and sent again"


def vietnamese(text: str) -> str:
    """Vietnamese letters that Windows-1258 has: a base letter and a combining tone."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    shown = []
    for letter in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in tones)
        shown.append(unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + tone)
    return "".join(shown)


ENCODED = {
    "utf-8": (lambda text: text.encode(), "UTF-8; dấu chấm phẩy"),
    "bom": (lambda text: text.encode("utf-8-sig"), "UTF-8 (BOM); dấu chấm phẩy"),
    "utf-16-le": (lambda text: b"\xff\xfe" + text.encode("utf-16-le"), "UTF-16-LE (BOM); dấu chấm phẩy"),
    "utf-16-be": (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "UTF-16-BE (BOM); dấu chấm phẩy"),
    "no mark": (lambda text: text.encode("utf-16-le"), "UTF-16-LE; dấu chấm phẩy"),
    "cp1258": (lambda text: vietnamese(text).encode("cp1258"), "cp1258 (100%); dấu chấm phẩy"),
    "decomposed": (lambda text: unicodedata.normalize("NFD", text).encode(), "UTF-8; dấu chấm phẩy"),
    "tabs": (lambda text: text.replace(";", "\t").encode(), "UTF-8; dấu tab"),
    "commas": (lambda text: text.replace(";", ",").encode(), "UTF-8; dấu phẩy"),
    "mixed line ends": (lambda text: text.replace("\n", "\r\n", 9).replace("\n", "\r", 1).encode(), ""),
}


@pytest.mark.parametrize("name", ENCODED)
def test_csv_in_any_encoding_says_the_same(text: str, original: WorkbookReading, tmp_path: Path, name: str) -> None:
    encode, said = ENCODED[name]
    path = tmp_path / "form.csv"
    path.write_bytes(encode(text))
    reading = good(path)
    assert reading.rows.select(SAME).equals(original.rows.select(SAME).with_columns(reading.rows["obs_status"]))
    assert told(reading)["I-CSV-READ"] == said or not said
    assert reading.time_period == original.time_period


def line(text: str, number: int, old: str, new: str) -> str:
    """The text with a change in one line."""
    lines = text.split("\n")
    assert old in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    return "\n".join(lines)


REFUSED = {
    "a quotation that never ends": (
        lambda text: line(text, FIRST_LINE + 2, ";100;", ';"100;'),
        "E-CSV-QUOTE",
        "dòng 10",
    ),
    "a row less": (lambda text: text.rsplit("\n", 2)[0] + "\n", "E-CSV-ROWS", "≠"),
    "half a row": (lambda text: text.rstrip("\n").rsplit(";", 3)[0], "E-FILE-TRUNCATED", ""),
    "a delimiter too many": (lambda text: line(text, FIRST_LINE + 1, ";100;", ";1;00;"), "E-CSV-WIDTH", "≠"),
    "delimiters mixed": (lambda text: line(text, FIRST_LINE - 1, ";", ","), "E-CSV-DELIMITER", "cột"),
    "no delimiter that fits": (lambda text: text.replace("org_unit;", "unit;"), "E-CSV-DELIMITER", "cột"),
    "cut within UTF-16": (lambda text: "\ufeff" + text, "E-FILE-TRUNCATED", "UTF-16-LE"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_csv_that_cannot_be_told_is_refused(text: str, tmp_path: Path, name: str) -> None:
    change, rule, found = REFUSED[name]
    changed = change(text)
    path = tmp_path / "form.csv"
    path.write_bytes(changed.encode("utf-16-le")[:-1] if "UTF-16" in name else changed.encode())
    finding = refusal(path)
    assert finding.rule == rule
    assert found in f"{finding.place} {finding.found}"


def test_two_code_pages_that_both_read_well_are_shown(text: str, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    path.write_bytes(line(plain, FIRST_LINE, ";40;", ";40;le").encode().replace(b";le", b";l\xea"))
    assert isinstance(read(path), WorkbookReading), "both code pages say the same"
    path.write_bytes(line(plain, FIRST_LINE, ";40;", ";40;b").encode().replace(b";b", b";ba\xec"))
    finding = refusal(path)
    assert finding.rule == "E-CSV-ENCODING"
    assert "baì" in finding.found
    assert "bá" in finding.found


def test_a_text_over_several_lines_is_one_row(text: str, original: WorkbookReading, tmp_path: Path) -> None:
    lines = text.split("\n")
    lines[FIRST_LINE - 1] += '"Do mưa lũ;\nđường bị ""chia cắt"""'
    path = tmp_path / "form.csv"
    path.write_bytes("\n".join(lines).encode())
    reading = good(path)
    assert reading.explanations[0]["text"] == 'Do mưa lũ;\nđường bị "chia cắt"'
    assert reading.rows["obs_value"].to_list() == original.rows["obs_value"].to_list()


def test_the_column_tells_how_its_numbers_are_written(text: str, tmp_path: Path) -> None:
    changed = line(line(text, FIRST_LINE, ";100;", ";1.234;"), FIRST_LINE + 1, ";100;", ";1.234.567;")
    path = tmp_path / "form.csv"
    path.write_bytes(changed.encode())
    rows = good(path).rows.filter(good(path).rows["place"].str.contains("!E"))
    assert rows["obs_value"].to_list()[:2] == ["1234", "1234567"]
    assert rows["conversion"].to_list()[:2] == ["notation_of_column", "thousands_separator"]
    path.write_bytes(line(changed, FIRST_LINE + 2, ";100;", ";12.5;").encode())
    assert good(path).rows["problem"][0] == "ambiguous_number", "the column shows both notations"


HOSTILE = {
    "macros": (lambda path: write_xls(path, {"a": [["x"]]}, streams={"_VBA_PROJECT_CUR": b"x"}), "E-FILE-MACRO"),
    "a password": (
        lambda path: write_xls(path, {"a": [["x"]]}, before=b"\x2f\x00\x02\x00\x00\x00"),
        "E-FILE-ENCRYPTED",
    ),
    "an encrypted package": (lambda path: write_compound(path, {"EncryptedPackage": b"x" * 5000}), "E-FILE-ENCRYPTED"),
    "a Word document": (lambda path: write_compound(path, {"WordDocument": b"x" * 5000}), "E-FILE-TYPE"),
    "macros of OpenDocument": (
        lambda path: write_ods(path, {"a": [["x"]]}, extra={"Basic/m.xml": "<x/>"}),
        "E-FILE-MACRO",
    ),
    "a billion repeated cells": (
        lambda path: write_ods(
            path,
            {"a": [["x"]]},
            cells={
                "A1": '<table:table-cell table:number-columns-repeated="1000000" office:value-type="float" '
                'office:value="1"/>'
            },
        ),
        "E-FILE-FAR-CELL",
    ),
    "a document type": (
        lambda path: write_ods(path, {"a": [["x"]]}, extra={"meta.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "E-SEC-XML",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_must_not_be_opened_is_refused_by_its_reason(tmp_path: Path, name: str) -> None:
    make, rule = HOSTILE[name]
    assert refusal(make(tmp_path / "form.xls")).rule == rule
