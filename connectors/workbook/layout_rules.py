"""What is said of forms that are read by a layout description: data only, as in ``file_rules``."""

from connectors.workbook.file_rules import FileRule

LAYOUT_RULES: dict[str, FileRule] = {
    "W-SUM": FileRule(
        "Số tại ô này không bằng tổng các số thành phần theo biểu; đề nghị kiểm tra lại.",
        "The figure in this cell is not the sum of its parts as the form has it; please check.",
    ),
    "I-SUMS": FileRule(
        "Số phép cộng của biểu đã được đối chiếu; hệ thống không lấy số liệu từ dòng tổng.",
        "How many sums of the form were held against their parts; nothing is taken from total rows.",
    ),
    "W-TOTAL-BROKEN": FileRule(
        "Ô tổng có giá trị lỗi nên không đối chiếu được với các dòng; đề nghị sửa công thức.",
        "This total holds an error value, so that its rows cannot be held against it; please mend its formula.",
    ),
    "I-LAYOUT": FileRule(
        "Biểu không do hệ thống cung cấp; đã đọc theo mô tả biểu mẫu.",
        "The form is not one of the system's; it was read by its layout description.",
    ),
    "E-LAYOUT-TABLE": FileRule(
        "Không tìm thấy bảng theo mô tả biểu mẫu (tiêu đề, trang tính); đề nghị kiểm tra tệp, hoặc bổ sung mô tả.",
        "The table was not found as the layout description says (title, sheet); please check the file or describe it.",
    ),
    "E-LAYOUT-COLUMN": FileRule(
        "Không xác định được duy nhất một cột theo mô tả biểu mẫu; đề nghị kiểm tra tiêu đề cột, hoặc sửa mô tả.",
        "A column of the layout description fits none or several; please check the header or mend the description.",
    ),
    "E-LAYOUT-ITEM": FileRule(
        "Không xác định được duy nhất một dòng theo mô tả biểu mẫu; đề nghị kiểm tra tên dòng, hoặc sửa mô tả.",
        "A row of the layout description fits none or several; please check its label or mend the description.",
    ),
    "E-LAYOUT-UNIT": FileRule(
        "Đơn vị tính ghi trên bảng chưa có trong mô tả biểu mẫu; không quy đổi được số liệu.",
        "The unit that the table states is not in the layout description; figures cannot be converted.",
    ),
    "E-LAYOUT-PERIOD": FileRule(
        "Không đọc được kỳ báo cáo từ tiêu đề hoặc tên tệp; đề nghị ghi rõ kỳ trong tên tệp.",
        "The period was found neither in the title nor in the name of the file; please put it into the file's name.",
    ),
}
