"""The second sheet of a template: what each column means and how to fill it. Never read back."""

from xlsxwriter.workbook import Workbook

from connectors.workbook.form import BlankForm
from connectors.workbook.layout import GUIDE_SHEET

_WIDTHS = (34, 52, 14, 40)
_RULES = (
    "Chỉ nhập vào các ô nền vàng của trang tính số liệu; các ô khác đã được khoá, không có mật khẩu.",
    "Giữ nguyên dòng mã cột (chữ nhỏ màu xám) và mã biểu ở đầu trang tính: hệ thống nhận biết biểu theo các mã này.",
    "Nhập số bằng chữ số, ví dụ 1234 hoặc 1234,5; đơn vị tính ghi dưới tên cột.",
    "Không phát sinh trong kỳ: ghi 0 hoặc “-”. Chưa thu thập được: ghi “…”. Ô để trống được hiểu là chưa báo cáo.",
    "Khi gửi lại: điền đủ các ô; xoá trống một ô đã có số liệu là rút số liệu ấy.",
    "Số liệu tăng, giảm bất thường: ghi lí do vào cột Giải trình.",
    "Minh chứng (PDF, ảnh): chép vào thư mục minh_chung/<mã biểu>_<kỳ> trong thư mục của đơn vị, trước khi gửi biểu.",
    "Lưu tệp dạng .xlsx, không đặt mật khẩu, rồi chép vào thư mục của đơn vị; kết quả có trong thư mục ket_qua.",
)


def write_guide(book: Workbook, form: BlankForm) -> None:
    """Add the guide sheet: definitions with their units, then the rules of filling."""
    font = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
    bold = book.add_format({**font, "bold": True})
    head = book.add_format({**font, "bold": True, "border": 1, "bg_color": "#DCE6F1", "text_wrap": True})
    cell = book.add_format({**font, "border": 1, "text_wrap": True})
    plain = book.add_format({**font, "text_wrap": True})
    sheet = book.add_worksheet(GUIDE_SHEET)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"Hướng dẫn điền biểu {form.stamp.form}", bold)
    for column, text in enumerate(("Cột", "Nội dung", "Đơn vị tính", "English")):
        sheet.write_string(2, column, text, head)
    row = 3
    for item in form.columns:
        texts = (item.name_vi, item.note_vi or item.name_vi, item.unit_vi, item.name_en)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, cell)
        # No program makes a row high enough for wrapped text by itself.
        sheet.set_row(row, 15.5 * max(1 + len(text) // (width - 6) for text, width in zip(texts, _WIDTHS, strict=True)))
        row += 1
    for number, rule in enumerate((*([form.note_vi] if form.note_vi else []), *_RULES), 1):
        sheet.merge_range(row + number, 0, row + number, 3, f"{number}. {rule}", plain)
        sheet.set_row(row + number, 15.5 * (1 + len(rule) // (sum(_WIDTHS) - 20)))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect()
