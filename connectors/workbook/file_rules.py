"""What is said to the officer about files: data only, one entry a rule.

``E-…`` is an error, ``W-…`` a warning, ``I-…`` said for the record. Rules about values belong to the room that judges.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileRule:
    """What is said of one rule. ``is_hostile``: the file is held for inspection rather than archived."""

    vi: str
    en: str
    expected: str = ""
    is_hostile: bool = False


_FORM = "tệp .xlsx do hệ thống cung cấp cho đơn vị"
_RESEND = "đề nghị điền vào biểu mẫu do hệ thống cung cấp và gửi lại"
_RESEND_EN = "please fill in the form that the system provides and send it again"

RULES: dict[str, FileRule] = {
    "E-FILE-EMPTY": FileRule(
        "Tệp rỗng; có thể việc sao chép chưa xong. Đề nghị gửi lại.",
        "The file is empty; the copy may not have finished. Please send it again.",
        _FORM,
    ),
    "E-FILE-TYPE": FileRule(
        "Nội dung tệp không phải là bảng tính mà hệ thống đọc được (.xlsx, .xls, .ods, .csv); "
        f"{_RESEND}, lưu dạng Excel Workbook (.xlsx).",
        "The content of the file is no spreadsheet that can be read (.xlsx, .xls, .ods, .csv); "
        f"{_RESEND_EN}, saved as Excel Workbook (.xlsx).",
        _FORM,
    ),
    "E-FILE-ENCRYPTED": FileRule(
        "Tệp có mật khẩu nên không đọc được; đề nghị bỏ mật khẩu mở tệp, lưu và gửi lại.",
        "The file is protected by a password and cannot be read; please remove it, save and send again.",
        "tệp .xlsx không đặt mật khẩu",
    ),
    "E-FILE-TRUNCATED": FileRule(
        "Tệp bị cắt cụt hoặc hỏng khi truyền; chưa có số liệu nào được ghi nhận. Đề nghị gửi lại.",
        "The file was cut short or damaged in transfer; nothing was taken from it. Please send it again.",
        "tệp .xlsx nguyên vẹn",
    ),
    "E-FILE-CORRUPT": FileRule(
        "Cấu trúc tệp không đúng chuẩn; đề nghị mở bằng Excel hoặc WPS, lưu lại dạng .xlsx và gửi lại.",
        "The structure of the file is not valid; please open it, save it as .xlsx and send it again.",
        "tệp .xlsx đúng chuẩn",
    ),
    "E-FILE-MACRO": FileRule(
        "Hệ thống không tiếp nhận tệp có macro (.xlsm) hoặc đối tượng nhúng; đề nghị lưu dạng .xlsx và gửi lại.",
        "Files with macros (.xlsm) or embedded objects are not taken; please save as .xlsx and send again.",
        "tệp .xlsx không có macro, không có đối tượng nhúng",
        is_hostile=True,
    ),
    "E-FILE-TOO-BIG": FileRule(
        "Tệp vượt giới hạn dung lượng của một biểu mẫu; đề nghị xoá trang tính, hình ảnh không thuộc biểu mẫu.",
        "The file is larger than a form may be; please delete sheets and pictures that are not part of it.",
    ),
    "E-FILE-BOMB": FileRule(
        "Tệp nén bất thường: khi giải nén lớn gấp nhiều lần. Tệp được tạm giữ để kiểm tra.",
        "The file is compressed abnormally and would unpack to many times its size. It is held for inspection.",
        is_hostile=True,
    ),
    "E-SEC-XML": FileRule(
        "Tệp chứa khai báo XML không an toàn. Tệp được tạm giữ để kiểm tra.",
        "The file contains unsafe XML declarations. It is held for inspection.",
        "tệp .xlsx không có DTD hoặc thực thể XML",
        is_hostile=True,
    ),
    "E-FILE-FAR-CELL": FileRule(
        "Có ô mang giá trị nằm rất xa bảng số liệu; đề nghị xoá nội dung ô này và gửi lại.",
        "A cell with a value lies far outside the table; please clear it and send the file again.",
        "chỉ có giá trị trong phạm vi bảng của biểu mẫu",
    ),
    "E-FILE-COMPLEX": FileRule(
        "Tệp quá phức tạp, không đọc xong trong giới hạn cho phép; đề nghị chép số liệu sang biểu mẫu mới và gửi lại.",
        "The file is too complex to be read within the limits; please copy the figures into a new form and resend.",
    ),
    "E-STAMP-MISSING": FileRule(
        f"Không tìm thấy mã biểu của hệ thống trong tệp; {_RESEND}.",
        f"The form code of the system was not found in the file; {_RESEND_EN}.",
        "mã biểu in ở đầu trang tính (CHISO|…)",
    ),
    "E-STAMP-INVALID": FileRule(
        f"Mã biểu trong tệp đã bị sửa hoặc không do hệ thống này cấp; {_RESEND}.",
        f"The form code in the file was changed or is not of this system; {_RESEND_EN}.",
        "mã biểu nguyên vẹn",
    ),
    "E-STAMP-CONFLICT": FileRule(
        f"Mã biểu in trên trang tính và mã biểu kèm theo tệp không trùng nhau; {_RESEND}.",
        f"The printed form code and the one inside the file contradict each other; {_RESEND_EN}.",
        "một mã biểu duy nhất",
    ),
    "E-STAMP-AGENCY": FileRule(
        "Tệp mang mã biểu của đơn vị khác với thư mục nhận; đề nghị gửi vào đúng thư mục của đơn vị báo cáo.",
        "The file carries the form code of another unit than this folder's; please use the reporter's own folder.",
    ),
    "E-FORM-UNKNOWN": FileRule(
        f"Hệ thống không có biểu mẫu mang mã này; {_RESEND}.",
        f"The system has no form with this code; {_RESEND_EN}.",
    ),
    "E-FORM-HEADER": FileRule(
        "Không tìm thấy dòng mã cột (dòng chữ nhỏ màu xám dưới tiêu đề); "
        "đề nghị giữ nguyên dòng này hoặc dùng biểu mẫu mới.",
        "The row of column codes (small grey text under the headers) was not found; please keep it or use a new form.",
        "dòng mã cột của biểu mẫu",
    ),
    "E-FORM-COLUMN": FileRule(
        "Biểu mẫu thiếu cột hoặc mã cột đã bị đổi; đề nghị khôi phục cột hoặc dùng biểu mẫu mới.",
        "A column is missing or its code was changed; please restore it or use a new form.",
    ),
    "E-FILE-HTML": FileRule(
        "Tệp là trang web (HTML) được đặt đuôi bảng tính, thường do phần mềm khác xuất ra; đề nghị mở bằng Excel, "
        "lưu dạng Excel Workbook (.xlsx) theo biểu mẫu của hệ thống và gửi lại.",
        "The file is a web page (HTML) with the extension of a spreadsheet, as some systems export it; please open it "
        "in Excel, put the figures into the form, save as .xlsx and send again.",
        _FORM,
    ),
    "E-FILE-CRYPT": FileRule(
        "Tệp được mã hoá bằng khoá mà hệ thống không có; đề nghị gửi tệp không mã hoá qua thư mục của đơn vị.",
        "The file is encrypted with a key that the system does not have; please send it unencrypted.",
        "tệp không mã hoá",
    ),
    "E-FILE-INFECTED": FileRule(
        "Phần mềm diệt vi-rút báo tệp có mã độc. Tệp được tạm giữ để kiểm tra; đề nghị rà soát máy tính đã tạo tệp.",
        "The virus scanner found malware in the file. It is held for inspection; please check the computer it is from.",
        is_hostile=True,
    ),
    "E-SEC-CLASSIFIED": FileRule(
        "Tệp có dấu chỉ độ mật. Kênh này không tiếp nhận tài liệu mật: tệp được tạm giữ, nội dung không được mở; đề "
        "nghị liên hệ ngay bộ phận quản trị và gửi theo quy định về bảo vệ bí mật nhà nước.",
        "The file carries a classification mark. This channel takes no classified documents: it is held unopened; "
        "please contact the administrators at once.",
        is_hostile=True,
    ),
    "E-CSV-ENCODING": FileRule(
        "Không xác định được bảng mã của tệp CSV; đề nghị lưu dạng “CSV UTF-8” hoặc .xlsx và gửi lại. Hai cách đọc có "
        "thể được nêu ở trên.",
        "The encoding of the CSV file cannot be told; please save it as CSV UTF-8 or .xlsx and send it again.",
        "CSV theo bảng mã UTF-8",
    ),
    "E-CSV-DELIMITER": FileRule(
        "Không xác định được dấu phân cách cột của tệp CSV (dòng mã cột không đọc được theo đúng một cách); đề nghị "
        "giữ nguyên dòng mã cột và dùng dấu chấm phẩy.",
        "The delimiter of the CSV file cannot be told (the row of column codes does not read in exactly one way); "
        "please keep that row and use semicolons.",
        "các cột cách nhau bằng dấu chấm phẩy",
    ),
    "E-CSV-QUOTE": FileRule(
        "Dấu ngoặc kép mở ở dòng này không được đóng; đề nghị sửa dòng này và gửi lại.",
        "A quotation mark opened in this line is never closed; please correct the line and send again.",
        "dấu ngoặc kép đi thành cặp",
    ),
    "E-CSV-WIDTH": FileRule(
        "Số cột của dòng này khác số cột của dòng mã cột; đề nghị kiểm tra dấu phân cách và dấu ngoặc kép.",
        "This line has another number of columns than the row of codes; please check delimiters and quotation marks.",
    ),
    "E-CSV-ROWS": FileRule(
        "Số dòng số liệu khác số dòng ghi ở đầu tệp; tệp có thể bị cắt khi truyền. Chưa có số liệu nào được ghi nhận.",
        "The number of rows differs from the number stated at the head of the file; it may have been cut short. "
        "Nothing was taken from it.",
    ),
    "W-CSV-END": FileRule(
        "Dòng cuối của tệp không có dấu kết thúc dòng; đề nghị kiểm tra tệp có bị thiếu dòng hay không.",
        "The last line of the file has no line end; please check that no rows are missing.",
    ),
    "I-CSV-READ": FileRule(
        "Tệp CSV được đọc theo bảng mã và dấu phân cách nêu ở trên.",
        "The CSV file was read with the encoding and the delimiter named above.",
    ),
    "I-FILE-CONVERTED": FileRule(
        "Tệp không phải .xlsx; tệp trả lại là bản chuyển sang .xlsx của chính tệp này: giữ giá trị và vị trí từng ô, "
        "không giữ định dạng và công thức. Có thể sửa trên bản này và gửi lại.",
        "The file is no .xlsx; what is handed back is this very file turned into .xlsx: values and places are kept, "
        "formats and formulas are not. It may be corrected and sent again.",
    ),
    "I-TEXT-CONVERTED": FileRule(
        "Chữ theo bảng mã cũ được chuyển sang Unicode; các số không thay đổi.",
        "Text in an old encoding was turned into Unicode; numbers are untouched.",
    ),
    "E-TEXT-AMBIGUOUS": FileRule(
        "Chữ ở ô này đọc được theo hai bảng mã khác nhau; đề nghị gõ lại bằng Unicode.",
        "The text of this cell reads in two encodings; please type it again in Unicode.",
        "chữ theo bảng mã Unicode",
    ),
    "E-TEXT-LONG": FileRule(
        "Nội dung ô dài hơn 32.767 kí tự; đề nghị rút gọn hoặc gửi thành tài liệu riêng. Hệ thống không tự cắt.",
        "The text is longer than 32,767 characters; please shorten it or send it as a document. It is not cut.",
        "không quá 32.767 kí tự",
    ),
    "E-TEXT-CONTROL": FileRule(
        "Ô có kí tự điều khiển không hiển thị được; đề nghị gõ lại nội dung.",
        "The cell holds control characters that cannot be shown; please type the text again.",
    ),
    "W-PERSONAL-DATA": FileRule(
        "Ô có dãy số giống số định danh, số điện thoại hoặc thư điện tử của cá nhân; hệ thống đã che. Đề nghị không "
        "ghi thông tin cá nhân vào báo cáo.",
        "The cell holds what looks like a personal number, telephone number or e-mail address; it was masked. Please "
        "do not put personal data into reports.",
    ),
    "W-SHEET-HIDDEN": FileRule(
        "Trang tính bị ẩn có dữ liệu nhưng không thuộc biểu mẫu; hệ thống không đọc. Đề nghị kiểm tra lại.",
        "A hidden sheet that is not part of the form holds data; it was not read. Please check.",
    ),
    "E-FORM-TABLES": FileRule(
        "Tệp có nhiều trang tính mang bảng của biểu mẫu; đề nghị chỉ giữ một trang tính số liệu.",
        "Several sheets hold the table of the form; please keep one only.",
        "một bảng số liệu",
    ),
    "W-FORM-TABLES": FileRule(
        "Tệp có thêm trang tính mang bảng của biểu mẫu; hệ thống chỉ đọc trang tính của biểu.",
        "Another sheet holds the table of the form too; only the form's own sheet was read.",
    ),
    "E-FORM-VERSION": FileRule(
        "Tệp lập theo phiên bản cũ của biểu mẫu, thiếu cột của phiên bản hiện hành; biểu mẫu mới, đã điền sẵn số liệu "
        "của tệp này, được gửi kèm trong thư mục này. Đề nghị bổ sung các cột còn thiếu và gửi lại.",
        "The file follows an old version of the form and lacks columns of the present one; a new form with the figures "
        "of this file is in this folder. Please fill in the missing columns and send it.",
    ),
    "I-FORM-VERSION": FileRule(
        "Tệp lập theo phiên bản cũ của biểu mẫu; các cột vẫn đủ nên hệ thống đọc như phiên bản hiện hành.",
        "The file follows an old version of the form; all columns are there, so it was read as the present one.",
    ),
    "E-PERIOD-CONFLICT": FileRule(
        "Kỳ báo cáo ghi trong mã biểu, trên trang tính và trong tên tệp không trùng nhau; đề nghị dùng đúng biểu của "
        "kỳ báo cáo.",
        "The period in the form code, on the sheet and in the file's name contradict each other; please use the form "
        "of the period.",
        "một kỳ báo cáo duy nhất",
    ),
    "E-PERIOD-FUTURE": FileRule(
        "Kỳ báo cáo của tệp chưa bắt đầu; đề nghị kiểm tra lại kỳ.",
        "The period of the file has not begun; please check it.",
    ),
    "W-TOTAL": FileRule(
        "Dòng tổng không bằng tổng các dòng; hệ thống không lấy số liệu từ dòng tổng. Đề nghị kiểm tra lại.",
        "The total is not the sum of its rows; nothing is taken from total rows. Please check.",
    ),
    "I-TOTAL": FileRule(
        "Dòng tổng khớp với tổng các dòng; hệ thống không lấy số liệu từ dòng tổng.",
        "The total equals the sum of its rows; nothing is taken from total rows.",
    ),
    "I-UNIT-NAME": FileRule(
        "Đơn vị được nhận biết theo tên tại ngày cuối kỳ báo cáo.",
        "Org units were recognised by the names that they bore at the end of the period.",
    ),
    "I-COLUMN-HIDDEN": FileRule(
        "Cột bị ẩn nhưng có số liệu; hệ thống vẫn đọc.",
        "This column is hidden but has figures; it was read.",
    ),
    "W-FILE-LINK": FileRule(
        "Tệp có liên kết tới tệp khác; hệ thống chỉ dùng giá trị đã lưu trong tệp, không mở liên kết.",
        "The file links to other files; only the values stored in it are used, links are never opened.",
    ),
    "I-STAMP-PRINTED": FileRule(
        "Trang tính ẩn của biểu mẫu không còn; hệ thống nhận biết biểu theo mã in trên trang tính.",
        "The hidden sheet of the form is gone; the form was recognised by its printed code.",
    ),
    "I-COLUMN-IGNORED": FileRule(
        "Cột không thuộc biểu mẫu, hệ thống không đọc.",
        "This column is not part of the form and was not read.",
    ),
    "I-ROW-IGNORED": FileRule(
        "Dòng không có mã đơn vị hoặc không có số liệu, hệ thống không đọc.",
        "This row has no unit code or no figures and was not read.",
    ),
    "I-ROW-HIDDEN": FileRule(
        "Dòng bị ẩn nhưng có số liệu; hệ thống vẫn đọc.",
        "This row is hidden but has figures; it was read.",
    ),
}
