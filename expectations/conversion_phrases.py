"""What is said of values that were read otherwise than they were written: data only."""

from expectations.phrase import Phrase, gathered

CONVERSION_PHRASES: dict[str, Phrase] = {
    # What was read otherwise than it was written: the codes of ``indicator_specs.reading.CONVERSIONS``.
    "decimal_comma": gathered(
        "Dấu phẩy được đọc là dấu thập phân (1.234,5) ở {count} giá trị: {where}.",
        "A comma was read as the decimal mark (1.234,5) in {count} value(s): {where}.",
    ),
    "thousands_separator": gathered(
        "Dấu chấm hoặc dấu cách được đọc là dấu phân cách hàng nghìn ở {count} giá trị: {where}.",
        "A full stop or a space was read as the thousands separator in {count} value(s): {where}.",
    ),
    "unicode_digits": gathered(
        "Chữ số hoặc dấu trừ không theo kiểu thông thường được đọc thành chữ số thường ở {count} giá trị: {where}.",
        "Unusual digits or minus signs were read as plain ones in {count} value(s): {where}.",
    ),
    "percent_sign": gathered(
        "Dấu % được bỏ khi đọc (12,5 % là 12,5) ở {count} giá trị: {where}.",
        "The sign % was left out in reading (12.5 % is 12.5) in {count} value(s): {where}.",
    ),
    "dash_is_zero": gathered(
        'Dấu "-" được đọc là 0 (không phát sinh) ở {count} giá trị: {where}. Nếu là chưa có số liệu, đề nghị đơn vị để '
        "trống.",
        '"-" was read as 0 (nothing occurred) in {count} value(s): {where}. If there is no figure yet, please leave '
        "the cell blank.",
    ),
    "status_not_collected": gathered(
        'Dấu "…" được đọc là có phát sinh nhưng chưa thu thập được ở {count} giá trị: {where}.',
        '"…" was read as occurred but not collected in {count} value(s): {where}.',
    ),
    "text_to_number": gathered(
        "Số lưu dạng văn bản được đọc thành số ở {count} giá trị: {where}.",
        "Numbers stored as text were read as numbers in {count} value(s): {where}.",
    ),
    "unit_of_table": gathered(
        "Số được quy đổi theo đơn vị tính ghi trên bảng ở {count} giá trị: {where}.",
        "Figures were converted by the unit that their table states, in {count} value(s): {where}.",
    ),
    "notation_of_column": gathered(
        "Số có thể đọc theo hai cách được đọc theo cách ghi của các ô khác cùng cột ở {count} giá trị: {where}.",
        "Numbers that can be read in two ways were read as the other cells of their column are written, in {count} "
        "value(s): {where}.",
        expected="một ô kiểu số",
    ),
    "read_by_history": gathered(
        "Số có thể đọc theo hai cách được đọc theo độ lớn của các kỳ trước của chính đơn vị ở {count} giá trị: {where}."
        " Đề nghị đơn vị kiểm tra lại.",
        "Numbers that can be read in two ways were read by the magnitude of the unit's own earlier periods, in {count} "
        "value(s): {where}. Please check.",
        expected="một ô kiểu số",
    ),
    "rounded": gathered(
        "Giá trị có hơn 9 chữ số thập phân được làm tròn đến 9 chữ số khi lưu ở {count} giá trị: {where}.",
        "Values with more than 9 decimals are rounded to 9 when stored, in {count} value(s): {where}.",
        expected="không quá 9 chữ số thập phân",
    ),
    "tidied_org_unit": gathered(
        "Mã đơn vị được viết lại theo danh mục (bỏ dấu cách, viết hoa) ở {count} giá trị: {where}.",
        "Org unit codes were written as in the list (spaces removed, capitals) in {count} value(s): {where}.",
    ),
    "tidied_period": gathered(
        "Kỳ báo cáo được viết lại theo dạng chuẩn ở {count} giá trị: {where}.",
        "Periods were written in the standard form in {count} value(s): {where}.",
    ),
}
