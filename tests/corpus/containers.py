"""Part A: files that are cut, locked, disguised or hostile, and what is wrong with them as files."""

import zipfile
from pathlib import Path

from openpyxl import Workbook

from tests.corpus.line import HELD, PARTLY, RETURNED, SHEET, TAKEN, Line, Make, book, cells, content, csv, good_book
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


def _no_column(of: Workbook) -> None:
    of[SHEET].delete_cols(8)


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
    Line("A32", "tệp mã hoá PGP", content(b"-----BEGIN PGP MESSAGE-----\n"), RETURNED, "E-FILE-CRYPT", words="mã hoá"),
)
