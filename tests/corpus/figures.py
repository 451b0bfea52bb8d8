"""Part B: what officers type, and how their files write it."""

from datetime import date

from openpyxl import Workbook

from tests.corpus.line import (
    BELOW,
    FIRST,
    HELD,
    PARTLY,
    RETURNED,
    SHEET,
    TAKEN,
    UNITS,
    Line,
    Make,
    book,
    cells,
    csv,
    typed,
    xlsx_past,
)
from tests.forms import xlsx
from tests.workbooks import edited

E1, F1, B1, D1, I1 = (f"{SHEET}!{column}{FIRST}" for column in "EFBDI")


def _extra_column(of: Workbook) -> None:
    of[SHEET]["J13"], of[SHEET]["J14"] = "ghi_chu_rieng", "x"


def _hide(of: Workbook) -> None:
    of[SHEET].row_dimensions[FIRST].hidden = True


def _hidden_sheet(of: Workbook) -> None:
    extra = of.create_sheet("Nháp")
    extra["A1"], extra.sheet_state = 7, "veryHidden"


def _second_row(value: int) -> dict[str, object]:
    row = dict(zip("BDEFGH", (UNITS[0], "2026-10", value, 90, 50, 40), strict=True))
    return {f"{column}{BELOW}": content for column, content in row.items()}


def _old_font(of: Workbook) -> None:
    cell = of[SHEET][f"I{FIRST}"]
    cell.value, cell.font = "Do m\u00ada lò", cell.font.copy(name=".VnTime")


def _beside_peers(power: int) -> Make:
    """The form of a province without earlier months, one figure of which is so many times too large."""

    def change(of: Workbook) -> None:
        of[SHEET]["E14"] = 100 * power

    return lambda folder: edited(xlsx(folder / "bao_cao.xlsx", "P46"), change)


LINES = (
    Line(
        "B06",
        "100.000 dạng văn bản, các kỳ trước khoảng 100",
        typed("E", "100.000"),
        TAKEN,
        "read_by_history",
        words="độ lớn của các kỳ trước",
    ),
    Line("B07", "số lớn hơn 100 lần các kỳ trước", cells(E14=10000), TAKEN, "scale_slip", E1, "100 lần"),
    *(
        Line(
            "B07" if power == 100 else "B08",
            f"số gấp {power} lần mức phổ biến của các đơn vị khác, kỳ đầu",
            _beside_peers(power),
            TAKEN,
            "far_from_peers",
            E1,
            "các đơn vị khác",
        )
        for power in (100, 1000)
    ),
    Line("B01", "CSV theo UTF-16", csv(str, "utf-16"), TAKEN, "I-CSV-READ", words="bảng mã"),
    Line("B02", "chữ phông .VnTime (TCVN3)", book(_old_font), TAKEN, "I-TEXT-CONVERTED", words="bảng mã cũ"),
    Line(
        "B04",
        "mã đơn vị viết thường, thừa dấu cách",
        cells(B14=f" {UNITS[0].lower()} "),
        TAKEN,
        "tidied_org_unit",
        words="viết lại theo danh mục",
    ),
    Line(
        "B05",
        "tên xã trùng với nhiều xã khác",
        cells(B14="Xã Tân An"),
        PARTLY,
        "unknown_org_unit",
        B1,
        "có thể là",
    ),
    Line(
        "B06",
        "1.234 dạng văn bản, kỳ trước không đủ để phân biệt",
        typed("G", "1.234"),
        PARTLY,
        "ambiguous_number",
        f"{SHEET}!G8",
        "hai cách",
    ),
    Line("B06", "1.234,5 ở ô số đếm", typed("E", "1.234,5"), PARTLY, "not_whole", f"{SHEET}!E8", "số nguyên"),
    Line("B08", "số lớn hơn 1.000 lần các kỳ trước", cells(E14=100000), TAKEN, "scale_slip", E1, "1.000 lần"),
    Line(
        "B09",
        "ngày 31/02/2026 ở cột kỳ",
        cells(D14="31/02/2026"),
        PARTLY,
        "unreadable_period",
        D1,
        "không có trong lịch",
    ),
    Line(
        "B09", "ngày 03/04/2026 ở cột kỳ", cells(D14="03/04/2026"), PARTLY, "unreadable_period", D1, "hoặc 04/03/2026"
    ),
    Line("B09", "Excel đổi số thành ngày", cells(E14=date(2026, 10, 5)), PARTLY, "date_for_number", E1, "kiểu ngày"),
    Line(
        "B10",
        "kỳ trong tên tệp khác mã biểu",
        cells("BC_2026-09.xlsx"),
        RETURNED,
        "E-PERIOD-CONFLICT",
        words="không trùng nhau",
    ),
    Line(
        "B10",
        "kỳ trên trang tính khác mã biểu",
        cells(A7="Kỳ báo cáo: Tháng 9/2026"),
        RETURNED,
        "E-PERIOD-CONFLICT",
        words="không trùng nhau",
    ),
    Line("B11", "kỳ chưa bắt đầu", xlsx_past("2026-12"), RETURNED, "E-PERIOD-FUTURE", words="chưa bắt đầu"),
    Line(
        "B12",
        "chữ С Kirin trong mã đơn vị",
        cells(B14="\u0421" + UNITS[0][1:]),
        PARTLY,
        "unknown_org_unit",
        B1,
        "Có phải là",
    ),
    Line("B12", "đơn vị của tỉnh khác", cells(B14="C00004"), PARTLY, "not_own_org_unit", B1, "không thuộc phạm vi"),
    Line(
        "B13",
        "một đơn vị hai dòng, số khác nhau",
        cells(**_second_row(99)),
        PARTLY,
        "duplicate_row",
        E1,
        "nhiều giá trị khác nhau",
    ),
    Line(
        "B13",
        "một đơn vị hai dòng, số như nhau",
        cells(**_second_row(100)),
        TAKEN,
        "repeated_row",
        f"{SHEET}!E{BELOW}",
        "chỉ tính một lần",
    ),
    Line("B14", "số âm", cells(E14=-1), PARTLY, "below_minimum", E1, "nhỏ hơn mức thấp nhất"),
    Line("B14", "tử số lớn hơn mẫu số", cells(F14=101), PARTLY, "numerator_above_denominator", F1, "lớn hơn"),
    *(
        Line("B15", f"“{text}” ở ô số", cells(E14=text), PARTLY, rule, E1, words)
        for text, rule, words in (
            ("1e308", "out_of_range", "quá lớn"),
            ("9" * 400, "out_of_range", "quá lớn"),
            ("NaN", "out_of_range", "không phải số hữu hạn"),
            ("Infinity", "out_of_range", "không phải số hữu hạn"),
            ("không có", "not_a_number", "không phải là số"),
            ("N/A", "not_a_number", "không phải là số"),
        )
    ),
    Line("B15", "dấu “-”", cells(E14="-", F14="-"), TAKEN, "dash_is_zero", words="được đọc là 0"),
    Line("B15", "dấu “…”", cells(E14="…"), TAKEN, "status_not_collected", words="chưa thu thập được"),
    Line(
        "B16", "chữ số toàn khổ １００", cells(E14="\uff11\uff10\uff10"), TAKEN, "unicode_digits", words="chữ số thường"
    ),
    Line("B16", "số âm (5)", cells(E14="(5)"), PARTLY, "below_minimum", E1, "nhỏ hơn mức thấp nhất"),
    Line("B17", "mã đơn vị mất số 0", cells(B14=f"C{int(UNITS[0][1:])}"), PARTLY, "unknown_org_unit", B1, "Có phải là"),
    Line(
        "B18",
        "dòng Tổng cộng",
        cells(**{f"C{BELOW}": "Tổng cộng", f"E{BELOW}": 100 * len(UNITS)}),
        TAKEN,
        "I-TOTAL",
        f"{SHEET}!E{BELOW}",
        "không lấy số liệu từ dòng tổng",
    ),
    Line("B19", "dòng bị ẩn có số liệu", book(_hide), TAKEN, "I-ROW-HIDDEN", f"{SHEET}!14:14", "vẫn đọc"),
    Line("B19", "trang tính ẩn sâu có dữ liệu", book(_hidden_sheet), TAKEN, "W-SHEET-HIDDEN", words="bị ẩn"),
    Line("B20", "thêm cột ngoài biểu mẫu", book(_extra_column), TAKEN, "I-COLUMN-IGNORED", f"{SHEET}!J", "không đọc"),
    Line(
        "B20",
        "đổi mã cột",
        cells(F13="documents_ful_electronic"),
        RETURNED,
        "E-FORM-COLUMN",
        f"{SHEET}!13:13",
        "mã cột đã bị đổi",
    ),
    Line("B23", "ô để trống", cells(E14=None, F14=None), TAKEN, "blank", E1, "không được tính là 0"),
    Line(
        "B26",
        "Tổng cộng sai",
        cells(**{f"C{BELOW}": "Tổng cộng", f"E{BELOW}": 1}),
        TAKEN,
        "W-TOTAL",
        f"{SHEET}!E{BELOW}",
        "không bằng tổng",
    ),
    Line(
        "B30", "số định danh trong giải trình", cells(I14="CCCD 001099012345"), TAKEN, "W-PERSONAL-DATA", I1, "đã che"
    ),
    Line("B31", "dấu chỉ độ mật", cells(A1="Độ mật: Tối mật"), HELD, "E-SEC-CLASSIFIED", words="độ mật"),
    Line("B32", "CSV có ngoặc kép không đóng", typed("E", '"100'), RETURNED, "E-CSV-QUOTE", words="ngoặc kép"),
    Line("B32", "CSV thừa dấu phân cách", typed("E", "1;00"), RETURNED, "E-CSV-WIDTH", words="Số cột"),
    Line("B33", "số lưu dạng văn bản", cells(E14="100"), TAKEN, "text_to_number", words="dạng văn bản"),
)
