"""Part A: files that are cut, locked, disguised or hostile, and what is wrong with them as files."""

import zipfile
from pathlib import Path

from openpyxl import Workbook

from tests.corpus.line import (
    BELOW,
    FIRST,
    HELD,
    PARTLY,
    RETURNED,
    SHEET,
    TAKEN,
    Line,
    Make,
    book,
    cells,
    content,
    csv,
    good_book,
)
from tests.old_excel import write_compound, write_ods, write_xls
from tests.workbooks import sheet_with_cells, with_parts

_SHEET1 = "xl/worksheets/sheet1.xml"


def _cut(folder: Path) -> Path:
    whole = good_book().read_bytes()
    path = folder / "bao_cao.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _parts(**added: bytes) -> Make:
    named = {
        name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): part for name, part in added.items()
    }
    return lambda folder: with_parts(good_book(), folder / "bao_cao.xlsx", lambda parts: parts.update(named))


def _entity(folder: Path) -> Path:
    def change(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
            b"<workbook", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><workbook', 1
        )

    return with_parts(good_book(), folder / "bao_cao.xlsx", change)


def _bomb(folder: Path) -> Path:
    path = folder / "bao_cao.xlsx"
    path.write_bytes(good_book().read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/media/zeros.bin", bytes(40 << 20))
    return path


def _far(folder: Path) -> Path:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return sheet_with_cells(good_book(), folder / "bao_cao.xlsx", far)


def _uncalculated(folder: Path) -> Path:
    return cells(E14="=50+50")(folder)


def _error(folder: Path) -> Path:
    def change(parts: dict[str, bytes]) -> None:
        before = parts[_SHEET1]
        start = before.index(b'<c r="E14"')
        end = before.index(b"</c>", start)
        parts[_SHEET1] = before[:start] + b'<c r="E14" t="e"><v>#REF!</v>' + before[end:]

    return with_parts(good_book(), folder / "bao_cao.xlsx", change)


def _linked(folder: Path) -> Path:
    """A formula that was fed by another file: its stored value is used, the link is never followed."""
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="x" Target="file:///nguon.xlsx" TargetMode="External"/></Relationships>'
    )
    parts = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = rels
    return with_parts(good_book(), folder / "bao_cao.xlsx", lambda all_parts: all_parts.update(parts))


def _whole_sheet_rules(folder: Path) -> Path:
    """One rule of validation and one of colour for each of 17 billion cells, as a click on the corner makes them."""
    rules = (
        b'<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="99"><formula>LEN(A1)&gt;9'
        b'</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="decimal" '
        b'sqref="A1:XFD1048576"><formula1>0</formula1></dataValidation></dataValidations>'
    )

    def change(parts: dict[str, bytes]) -> None:
        before = parts[_SHEET1]
        start, end = before.index(b"<dataValidations"), before.index(b"</dataValidations>") + len(b"</dataValidations>")
        parts[_SHEET1] = before[:start] + rules + before[end:]

    return with_parts(good_book(), folder / "bao_cao.xlsx", change)


def _many_styles(folder: Path) -> Path:
    """As many cell styles as Excel allows: what is copied from file to file for years."""
    styles = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * 64_000

    def change(parts: dict[str, bytes]) -> None:
        parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</cellXfs>", styles + b"</cellXfs>")

    return with_parts(good_book(), folder / "bao_cao.xlsx", change)


def _stale_total(folder: Path) -> Path:
    """A total whose stored result is of before the last change, as a book leaves it that is calculated by hand."""
    total = cells(**{f"C{BELOW}": "Tổng cộng", f"E{BELOW}": 1})(folder)

    def change(parts: dict[str, bytes]) -> None:
        cell = f'<c r="E{BELOW}"'.encode()
        start = parts[_SHEET1].index(cell)
        parts[_SHEET1] = parts[_SHEET1][:start] + parts[_SHEET1][start:].replace(
            b"<v>1</v>", f"<f>SUM(E{FIRST}:E{BELOW - 1})</f><v>1</v>".encode(), 1
        )

    return with_parts(total, folder / "tong.xlsx", change)


def _too_big(folder: Path) -> Path:
    path = folder / "bao_cao.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(21 << 20)
    return path


def _many_rows(folder: Path) -> Path:
    """A form with more cells than any form has."""
    row = "".join(f'<c r="{column}{{0}}"><v>1</v></c>' for column in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = "".join(f'<row r="{number}">{row.format(number)}</row>' for number in range(1, 19_500))
    return sheet_with_cells(good_book(), folder / "bao_cao.xlsx", rows)


def _no_column(of: Workbook) -> None:
    of[SHEET].delete_cols(8)


def _no_row(of: Workbook) -> None:
    of[SHEET].delete_rows(FIRST)


LINES = (
    Line("A02", "tệp 0 byte", content(b""), RETURNED, "E-FILE-EMPTY", words="rỗng"),
    Line("A03", "tệp .xlsx bị cắt giữa chừng khi gửi", _cut, RETURNED, "E-FILE-TRUNCATED", words="cắt cụt"),
    Line(
        "A04",
        "CSV mất nửa dòng cuối",
        csv(lambda text: text.rstrip("\n").rsplit(";", 3)[0]),
        RETURNED,
        "E-FILE-TRUNCATED",
        words="cắt cụt",
    ),
    Line(
        "A04",
        "CSV thiếu dòng so với số dòng ghi ở đầu tệp",
        csv(lambda text: text.rstrip("\n").rsplit("\n", 1)[0] + "\n"),
        RETURNED,
        "E-CSV-ROWS",
        words="Số dòng",
    ),
    Line("A04", "CSV đủ dòng, không có dấu kết thúc dòng cuối", csv(str.rstrip), TAKEN, "W-CSV-END", words="Dòng cuối"),
    Line("A05", "tệp nén lớn bất thường khi giải nén", _bomb, HELD, "E-FILE-BOMB", words="nén bất thường"),
    Line("A06", "khai báo thực thể XML trong tệp .xlsx", _entity, HELD, "E-SEC-XML", words="không an toàn"),
    Line("A07", "giá trị ở ô XFD1048576", _far, RETURNED, "E-FILE-FAR-CELL", f"{SHEET}!XFD1048576", "rất xa"),
    Line("A08", "kiểm tra dữ liệu, tô màu trên toàn trang tính", _whole_sheet_rules, TAKEN),
    Line("A08", "64.000 kiểu ô", _many_styles, TAKEN),
    Line("A09", "tệp có macro", _parts(xl__vbaProject_bin=b"x"), HELD, "E-FILE-MACRO", words="macro"),
    Line("A09", "tệp có đối tượng nhúng", _parts(xl__embeddings__a_bin=b"x"), HELD, "E-FILE-MACRO", words="nhúng"),
    Line(
        "A09",
        "liên kết DDE gọi chương trình khác",
        _parts(xl__externalLinks__externalLink1_xml=b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'),
        HELD,
        "E-FILE-MACRO",
        words="macro",
    ),
    Line("A09", "tệp .xlsb", _parts(xl__workbook_bin=b"x"), RETURNED, "E-FILE-TYPE", words="bảng tính"),
    Line(
        "A09",
        ".xls có macro",
        lambda folder: write_xls(folder / "a.xls", {"a": [["x"]]}, streams={"_VBA_PROJECT_CUR": b"x"}),
        HELD,
        "E-FILE-MACRO",
        words="macro",
    ),
    Line(
        "A09",
        ".ods có macro",
        lambda folder: write_ods(folder / "a.ods", {"a": [["x"]]}, extra={"Basic/m.xml": "<x/>"}),
        HELD,
        "E-FILE-MACRO",
        words="macro",
    ),
    Line(
        "A10",
        "trang web đặt đuôi .xls",
        content(b"<html><table></table></html>", "a.xls"),
        RETURNED,
        "E-FILE-HTML",
        words="HTML",
    ),
    Line("A10", "PDF đặt đuôi .xlsx", content(b"%PDF-1.7\n"), RETURNED, "E-FILE-TYPE", words="không phải là bảng tính"),
    Line(
        "A11",
        "tệp đặt mật khẩu mở",
        lambda folder: write_compound(folder / "a.xlsx", {"EncryptedPackage": b"x" * 5000}),
        RETURNED,
        "E-FILE-ENCRYPTED",
        words="mật khẩu",
    ),
    Line("A12", "xoá cột của biểu mẫu", book(_no_column), RETURNED, "E-FORM-COLUMN", words="thiếu cột"),
    Line("A12", "xoá dòng của một đơn vị", book(_no_row), TAKEN, "units_missing", words="của 1 trên 38 đơn vị"),
    Line(
        "A12",
        "sửa kỳ trong mã biểu in trên trang tính",
        cells(A8="CHISO|BM-XA-01|P12|2026-09|1|AAAA-AAAA-AAAA-AAAA"),
        RETURNED,
        "E-STAMP-INVALID",
        words="Mã biểu",
    ),
    Line("A13", "liên kết tới tệp khác", _linked, TAKEN, "W-FILE-LINK", words="không mở liên kết"),
    Line(
        "A14",
        "công thức chưa được tính",
        _uncalculated,
        PARTLY,
        "formula_without_value",
        f"{SHEET}!E14",
        "chưa được tính",
    ),
    Line("A15", "ô có lỗi #REF!", _error, PARTLY, "cell_error", f"{SHEET}!E14", "giá trị lỗi #REF!"),
    Line(
        "A16",
        "dòng tổng còn kết quả cũ (chưa tính lại)",
        _stale_total,
        TAKEN,
        "W-TOTAL",
        f"{SHEET}!E{BELOW}",
        "không bằng tổng",
    ),
    Line("A27", "tệp 21 MB", _too_big, RETURNED, "E-FILE-TOO-BIG", words="vượt giới hạn"),
    Line("A27", "trang tính 507.000 ô", _many_rows, RETURNED, "E-FILE-TOO-BIG", words="vượt giới hạn"),
    Line("A32", "tệp mã hoá PGP", content(b"-----BEGIN PGP MESSAGE-----\n"), RETURNED, "E-FILE-CRYPT", words="mã hoá"),
)
