"""Words for what is wrong in a YAML text: what was found and what to do. Holds no logic of reading."""

from typing import NamedTuple

from indicator_specs.errors import both


class Fault(NamedTuple):
    """What was found, and its remedy."""

    found: str
    remedy: str


QUOTE = both('đặt cả giá trị trong dấu nháy kép, ví dụ ">="', 'put the whole value in double quotes, e.g. ">="')
BLOCK = both("viết ở dòng dưới, sau dấu >-, thụt vào hai dấu cách", "write it below, after >-, indented by two spaces")

TAB = Fault(both("dấu tab", "a tab"), both("thay bằng dấu cách", "use spaces"))
NOT_UTF8 = Fault(
    both("tệp không phải UTF-8", "the file is not UTF-8"),
    both("lưu lại tệp với bảng mã UTF-8", "save the file as UTF-8"),
)
NOT_NFC = Fault(
    both("chữ tiếng Việt dạng tách dấu (NFD)", "Vietnamese letters in decomposed form (NFD)"),
    both("lưu lại tệp dạng dựng sẵn (NFC)", "save the text in composed form (NFC)"),
)
NOT_A_MAPPING = Fault(
    both("tệp không phải là danh sách khoá: giá trị", "the file is not a mapping of keys to values"),
    both("bắt đầu tệp bằng một khoá, ví dụ id: …", "begin the file with a key, e.g. id: …"),
)
SECOND_DOCUMENT = Fault(
    both("dấu --- mở tài liệu thứ hai", "--- begins a second document"),
    both("mỗi tệp một khai báo; bỏ dấu ---", "one declaration a file; remove ---"),
)
ALIAS = Fault(
    both("dấu * hoặc & đứng đầu giá trị không có nháy (YAML hiểu là bí danh)", "an unquoted * or & (a YAML alias)"),
    QUOTE,
)
TAG = Fault(both("dấu ! đứng đầu giá trị (YAML hiểu là kiểu)", "an unquoted ! (a YAML tag)"), QUOTE)
MERGE = Fault(
    both("khoá gộp <<", "a merge key <<"),
    both("viết đầy đủ các khoá", "write the keys out"),
)
EMPTY_VALUE = Fault(
    both("khoá không có giá trị", "a key without a value"),
    both(
        "ghi giá trị, hoặc null, hoặc bỏ khoá; nếu dấu phẩy đã cắt đôi một câu thì đặt câu trong nháy kép",
        "write a value, or null, or drop the key; if a comma has cut a text in two, put the text in double quotes",
    ),
)
EMPTY_BLOCK = Fault(
    both("dấu > hoặc | không có nội dung phía sau", "> or | with nothing after it"),
    both('nếu là phép so sánh, viết ">"; nếu là đoạn văn, viết nội dung ở dòng dưới', 'for a comparison write ">"'),
)
COMMENT_IN_TEXT = Fault(
    both("dấu # nằm trong câu: phần sau bị bỏ mất", "a # inside a text: what follows would be lost"),
    both(
        "đặt câu trong nháy kép, hoặc chuyển ghi chú lên dòng riêng phía trên",
        "put the text in double quotes, or move the comment to a line of its own above",
    ),
)
DECIMAL_COMMA = Fault(
    both("số viết với dấu phẩy", "a number with a comma"),
    both('dùng dấu chấm thập phân, không dấu phân cách nghìn: "0.7"', 'use a decimal point, no separators: "0.7"'),
)
MANY_LINES = Fault(both("câu không có nháy kéo dài nhiều dòng", "an unquoted text over several lines"), BLOCK)
LONG_FLOW = Fault(both("câu dài trong ngoặc { } hoặc [ ]", "a long text inside { } or [ ]"), BLOCK)
WORDS_IN_LIST = Fault(
    both("câu không có nháy trong ngoặc [ ]", "an unquoted text inside [ ]"),
    both("đặt từng mục trong nháy kép", "put each item in double quotes"),
)
KEY_NOT_TEXT = Fault(
    both("khoá không phải là chữ", "a key that is not a text"),
    both("viết khoá bằng chữ thường không dấu", "write the key as a plain word"),
)

TOO_DEEP = Fault(
    both("lồng quá nhiều cấp", "nested too deep"),
    both("một khai báo chỉ có vài cấp; kiểm tra ngoặc", "a declaration has few levels; check the brackets"),
)


def unreadable(error: OSError) -> Fault:
    """A file that the system does not let us read."""
    return Fault(
        both(f"không đọc được tệp ({error.strerror})", f"the file cannot be read ({error.strerror})"),
        both("kiểm tra quyền đọc, và đây phải là một tệp", "check its permissions, and that it is a file"),
    )


def duplicate(key: str, first_line: int) -> Fault:
    """A key that the same mapping already has."""
    return Fault(
        both(f"khoá {key!r} lặp lại (đã có ở dòng {first_line})", f"key {key!r} again (first at line {first_line})"),
        both("giữ một khoá", "keep one of them"),
    )


def of_scanner(character: str, problem: str) -> Fault:
    """What the YAML scanner stopped at, explained by the character under it."""
    if character == "\t":
        return TAB
    if character in {"@", "`", "%", ">", "|", "*", "&", "!"} or "block scalar" in problem:
        return Fault(
            both("giá trị bắt đầu bằng ký hiệu riêng của YAML", f"a sign that YAML reserves ({problem})"), QUOTE
        )
    if "mapping values" in problem:
        return Fault(
            both("dấu hai chấm trong câu không có nháy", "a colon inside an unquoted text"),
            both("đặt câu trong nháy kép, hoặc " + "viết sau dấu >-", "put the text in double quotes, or after >-"),
        )
    return Fault(
        both("không đọc được YAML", f"not readable as YAML: {problem}"),
        both("kiểm tra nháy, ngoặc và thụt dòng tại đây", "check quotes, brackets and indentation here"),
    )
