"""An annex of sixty indicators as offices make them: two header lines, merged cells, groups, notes, signatures."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = ("TT", "Chỉ tiêu/Chỉ số", "Đơn vị tính", "Chỉ tiêu", None, "Cơ quan chủ trì", "Cơ quan phối hợp",
            "Kỳ/tần suất", "Phương pháp tính", "Nguồn số liệu", "Ghi chú")  # fmt: skip
YEARS = {4: "Năm 2025", 5: "Năm\n2030"}
G06 = "Bộ KH&CN (trước 01/3/2025: Bộ TT&TT)"

Facts = tuple[str, ...]
"""Ordinal, name, unit, target 2025, target 2030, lead, implementing, frequency, method."""
ONLINE = "Số hồ sơ nộp trực tuyến / tổng số hồ sơ tiếp nhận × 100"
DIGITISED = "(Số hồ sơ được giải quyết số hoá) / (Tổng số hồ sơ giải quyết) x 100%"
PAID = "Tử số: số hồ sơ thanh toán trực tuyến; mẫu số: số hồ sơ phải thanh toán"
OVERDUE = "Số nhiệm vụ quá hạn phát sinh trong kỳ chia cho số nhiệm vụ phát sinh trong kỳ nhân 100"
COVERED = "Dân số được phủ sóng / Dân số × 100"
GROUPS: tuple[tuple[str, str, str], ...] = (
    (
        "I",
        "CHÍNH PHỦ SỐ",
        f"""
1|Tỷ lệ hồ sơ trực tuyến toàn trình|%||>80 (NQ57); ≥80 (NQ03)|{G06}|Các bộ, ngành, địa phương|tháng|{ONLINE}
2|Tỷ lệ số hoá hồ sơ, kết quả|%|50|≥ 80 %|Văn phòng Chính phủ|UBND các tỉnh|Hằng tháng|{DIGITISED}
3|Tỉ lệ thanh toán trực tuyến|Phần trăm||80|VPCP||quý|{PAID}
4|Xếp hạng Chính phủ điện tử (EGDI)|Thứ bậc||≤3 ĐNÁ; ≤50 TG|Bộ TT&TT||2 năm|
5|Xếp hạng đổi mới sáng tạo toàn cầu|thứ hạng||Top 40|Bộ Khoa học & Công nghệ||năm|
6|Tỷ lệ nhiệm vụ quá hạn|%||0|Văn phòng Trung ương Đảng||tháng|{OVERDUE}""",
    ),
    (
        "II",
        "HẠ TẦNG SỐ",
        f"""
7|Tỷ lệ dân số được phủ sóng 5G|% dân số||99|Bộ KHCN||tháng/quý|{COVERED}
8|Số tuyến cáp quang biển mới|tuyến||9|Bộ KH&CN||năm|
9|Hạ tầng băng rộng||||||
9.1|Hộ gia đình có cáp quang|Hộ||100000|Bộ KH&CN||quý;6T;9T;năm|
9.2|Tốc độ tải xuống|Gb/s|0,7|1|Bộ KH&CN||quý|""",
    ),
    (
        "III",
        "KINH TẾ - XÃ HỘI",
        """
10|Chỉ số phát triển con người (HDI)|0-1||>0,7|Cục Thống kê||năm|
11|Tốc độ tăng đơn đăng ký sáng chế|%/năm||16-18 %/năm|Bộ KH&CN||năm|
12|Chi ngân sách cho khoa học|% tổng chi NSNN|3|≥3, tăng dần|Bộ Tài chính||năm|
13|Tổ chức khoa học được xếp vào nhóm đầu|tổ chức||40–50|Bộ KH&CN; Bộ Giáo dục và Đào tạo||năm|
14|Cơ sở dữ liệu quốc gia về đất đai||hoàn thành||Bộ Công an||năm|
15|Mức độ làm chủ công nghệ|định tính||nhóm dẫn đầu|Bộ KHCN||năm|
16|Số doanh nghiệp công nghệ số|DN|1.500|100.000 (KH)|Bộ Tài chính||năm|
17|Chỉ số hài lòng|%||90-95|Sở Nội vụ||đột xuất|
18|Thu nhập bình quân||||||""",
    ),
)


def plain_rows() -> str:
    """Forty-one more rows of the plainest kind, so that the annex has sixty."""
    made = "Số tổ chức đạt tiêu chí {0} trong năm / Số tổ chức được đánh giá trong năm × 100"
    return "\n".join(
        f"{number}|Tỷ lệ đơn vị đạt tiêu chí {number}|%||≥{number}|Bộ Nội vụ||năm|{made.format(number)}"
        for number in range(19, 60)
    )


def sixty_rows(path: Path, **changes: Any) -> Path:
    """Write the annex; ``changes`` put other values into cells, by address."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Phụ lục I"
    sheet["A1"] = "PHỤ LỤC I"
    sheet.merge_cells("A1:K1")
    sheet["A2"] = "(Kèm theo Nghị quyết số 03/NQ-CP ngày 09 tháng 01 năm 2025 của Chính phủ)"
    sheet.merge_cells("A2:K2")
    for column, title in enumerate(HEADINGS, start=1):
        if title:
            sheet.cell(4, column, title)
        if column not in YEARS:
            sheet.merge_cells(start_row=4, end_row=5, start_column=column, end_column=column)
    sheet.merge_cells("D4:E4")
    for column, year in YEARS.items():
        sheet.cell(5, column, year)
    for column in range(1, 12):
        sheet.cell(6, column, "AB"[column - 1] if column < 3 else str(column - 2))
    row = 7
    for ordinal, title, facts in (*GROUPS, ("IV", "QUẢN TRỊ", plain_rows())):
        sheet.cell(row, 1, ordinal)
        sheet.cell(row, 2, title)
        row += 1
        for line in facts.strip().splitlines():
            for column, text in enumerate(line.split("|"), start=1):
                if text:
                    sheet.cell(row, column, text)
            row += 1
    sheet.cell(row + 1, 1, "Ghi chú: (1) Số liệu theo báo cáo của các bộ, ngành.")
    sheet.cell(row + 3, 8, "TM. CHÍNH PHỦ")
    sheet.cell(row + 4, 8, "KT. THỦ TƯỚNG")
    for address, value in changes.items():
        sheet[address] = value
    book.save(path)
    return path
