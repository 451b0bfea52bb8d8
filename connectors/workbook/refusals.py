"""Why a file as a whole cannot be read, in words for the officer.

Owns the rules about files (``E-FILE-…``, ``E-STAMP-…``, ``E-FORM-…``) and the remarks about them (``I-…``,
``W-…``). Rules about values belong to the room that judges.
"""

from dataclasses import dataclass

from indicator_specs.findings import Finding, Severity


@dataclass(frozen=True)
class _Rule:
    vi: str
    en: str
    expected: str = ""
    is_hostile: bool = False


_FORM = "tệp .xlsx do hệ thống cung cấp cho đơn vị"
_RESEND = "đề nghị điền vào biểu mẫu do hệ thống cung cấp và gửi lại"
_RESEND_EN = "please fill in the form that the system provides and send it again"

RULES = {
    "E-FILE-EMPTY": _Rule(
        "Tệp rỗng; có thể việc sao chép chưa xong. Đề nghị gửi lại.",
        "The file is empty; the copy may not have finished. Please send it again.",
        _FORM,
    ),
    "E-FILE-TYPE": _Rule(
        f"Nội dung tệp không phải là .xlsx; {_RESEND}, lưu dạng Excel Workbook (.xlsx).",
        f"The content of the file is not .xlsx; {_RESEND_EN}, saved as Excel Workbook (.xlsx).",
        _FORM,
    ),
    "E-FILE-ENCRYPTED": _Rule(
        "Tệp có mật khẩu nên không đọc được; đề nghị bỏ mật khẩu mở tệp, lưu và gửi lại.",
        "The file is protected by a password and cannot be read; please remove it, save and send again.",
        "tệp .xlsx không đặt mật khẩu",
    ),
    "E-FILE-TRUNCATED": _Rule(
        "Tệp bị cắt cụt hoặc hỏng khi truyền; chưa có số liệu nào được ghi nhận. Đề nghị gửi lại.",
        "The file was cut short or damaged in transfer; nothing was taken from it. Please send it again.",
        "tệp .xlsx nguyên vẹn",
    ),
    "E-FILE-CORRUPT": _Rule(
        "Cấu trúc tệp không đúng chuẩn .xlsx; đề nghị mở bằng Excel hoặc WPS, lưu lại dạng .xlsx và gửi lại.",
        "The structure of the file is not valid .xlsx; please open it, save it as .xlsx and send it again.",
        "tệp .xlsx đúng chuẩn",
    ),
    "E-FILE-MACRO": _Rule(
        "Hệ thống không tiếp nhận tệp có macro (.xlsm) hoặc đối tượng nhúng; đề nghị lưu dạng .xlsx và gửi lại.",
        "Files with macros (.xlsm) or embedded objects are not taken; please save as .xlsx and send again.",
        "tệp .xlsx không có macro, không có đối tượng nhúng",
        is_hostile=True,
    ),
    "E-FILE-TOO-BIG": _Rule(
        "Tệp vượt giới hạn dung lượng của một biểu mẫu; đề nghị xoá trang tính, hình ảnh không thuộc biểu mẫu.",
        "The file is larger than a form may be; please delete sheets and pictures that are not part of it.",
    ),
    "E-FILE-BOMB": _Rule(
        "Tệp nén bất thường: khi giải nén lớn gấp nhiều lần. Tệp được tạm giữ để kiểm tra.",
        "The file is compressed abnormally and would unpack to many times its size. It is held for inspection.",
        is_hostile=True,
    ),
    "E-SEC-XML": _Rule(
        "Tệp chứa khai báo XML không an toàn. Tệp được tạm giữ để kiểm tra.",
        "The file contains unsafe XML declarations. It is held for inspection.",
        "tệp .xlsx không có DTD hoặc thực thể XML",
        is_hostile=True,
    ),
    "E-FILE-FAR-CELL": _Rule(
        "Có ô mang giá trị nằm rất xa bảng số liệu; đề nghị xoá nội dung ô này và gửi lại.",
        "A cell with a value lies far outside the table; please clear it and send the file again.",
        "chỉ có giá trị trong phạm vi bảng của biểu mẫu",
    ),
    "E-FILE-COMPLEX": _Rule(
        "Tệp quá phức tạp, không đọc xong trong giới hạn cho phép; đề nghị chép số liệu sang biểu mẫu mới và gửi lại.",
        "The file is too complex to be read within the limits; please copy the figures into a new form and resend.",
    ),
    "E-STAMP-MISSING": _Rule(
        f"Không tìm thấy mã biểu của hệ thống trong tệp; {_RESEND}.",
        f"The form code of the system was not found in the file; {_RESEND_EN}.",
        "mã biểu in ở đầu trang tính (CHISO|…)",
    ),
    "E-STAMP-INVALID": _Rule(
        f"Mã biểu trong tệp đã bị sửa hoặc không do hệ thống này cấp; {_RESEND}.",
        f"The form code in the file was changed or is not of this system; {_RESEND_EN}.",
        "mã biểu nguyên vẹn",
    ),
    "E-STAMP-CONFLICT": _Rule(
        f"Mã biểu in trên trang tính và mã biểu kèm theo tệp không trùng nhau; {_RESEND}.",
        f"The printed form code and the one inside the file contradict each other; {_RESEND_EN}.",
        "một mã biểu duy nhất",
    ),
    "E-STAMP-AGENCY": _Rule(
        "Tệp mang mã biểu của đơn vị khác với thư mục nhận; đề nghị gửi vào đúng thư mục của đơn vị báo cáo.",
        "The file carries the form code of another unit than this folder's; please use the reporter's own folder.",
    ),
    "E-FORM-UNKNOWN": _Rule(
        f"Hệ thống không có biểu mẫu mang mã này; {_RESEND}.",
        f"The system has no form with this code; {_RESEND_EN}.",
    ),
    "E-FORM-HEADER": _Rule(
        "Không tìm thấy dòng mã cột (dòng chữ nhỏ màu xám dưới tiêu đề); "
        "đề nghị giữ nguyên dòng này hoặc dùng biểu mẫu mới.",
        "The row of column codes (small grey text under the headers) was not found; please keep it or use a new form.",
        "dòng mã cột của biểu mẫu",
    ),
    "E-FORM-COLUMN": _Rule(
        "Biểu mẫu thiếu cột hoặc mã cột đã bị đổi; đề nghị khôi phục cột hoặc dùng biểu mẫu mới.",
        "A column is missing or its code was changed; please restore it or use a new form.",
    ),
    "W-FILE-LINK": _Rule(
        "Tệp có liên kết tới tệp khác; hệ thống chỉ dùng giá trị đã lưu trong tệp, không mở liên kết.",
        "The file links to other files; only the values stored in it are used, links are never opened.",
    ),
    "I-STAMP-PRINTED": _Rule(
        "Trang tính ẩn của biểu mẫu không còn; hệ thống nhận biết biểu theo mã in trên trang tính.",
        "The hidden sheet of the form is gone; the form was recognised by its printed code.",
    ),
    "I-COLUMN-IGNORED": _Rule(
        "Cột không thuộc biểu mẫu, hệ thống không đọc.",
        "This column is not part of the form and was not read.",
    ),
    "I-ROW-IGNORED": _Rule(
        "Dòng không có mã đơn vị hoặc không có số liệu, hệ thống không đọc.",
        "This row has no unit code or no figures and was not read.",
    ),
    "I-ROW-HIDDEN": _Rule(
        "Dòng bị ẩn nhưng có số liệu; hệ thống vẫn đọc.",
        "This row is hidden but has figures; it was read.",
    ),
}


class FileRefusedError(Exception):
    """The file as a whole cannot be read; ``code`` names the rule.

    ``place`` is a cell, a part of the file, or empty.
    """

    def __init__(self, code: str, place: str = "", found: str = "") -> None:
        super().__init__(f"{code} [{place}] {found}")
        self.code = code
        self.place = place
        self.found = found


def finding_of(code: str, place: str = "", found: str = "", expected: str = "") -> Finding:
    """The finding for one rule of this module, with its place and what was found."""
    rule = RULES[code]
    severity = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}[code[0]]
    return Finding(code, severity, place, found, expected or rule.expected, rule.vi, rule.en)


def is_hostile(code: str) -> bool:
    """Whether a file refused by this rule is held for inspection rather than archived."""
    return RULES[code].is_hostile
