"""Why a formula is refused: where, what was found, what to write instead."""

from indicator_specs.errors import both
from indicator_specs.formula.functions import FUNCTIONS as NAMES


class FormulaError(ValueError):
    """A formula that cannot be compiled.

    ``position`` is the offset of the first character at fault, -1 where the whole formula is meant.
    """

    def __init__(self, text: str, position: int, found: str, remedy: str) -> None:
        self.text, self.position, self.found, self.remedy = text, position, found, remedy
        super().__init__(str(self))

    def within(self, text: str) -> "FormulaError":
        """The same fault, of a tree that was read from ``text``."""
        return FormulaError(text, self.position, self.found, self.remedy)

    @property
    def where(self) -> str:
        """The place in words, with the text from there on."""
        if self.position < 0:
            return both("cả công thức", "the whole formula")
        rest = self.text[self.position : self.position + 24]
        return both(f"ký tự {self.position + 1}: «{rest}»", f"character {self.position + 1}")

    def __str__(self) -> str:
        return f"{self.where}; {self.found}. {self.remedy}"


ALLOWED = both(
    f"chỉ dùng + - * / ^ ( ) và các hàm {', '.join(NAMES)}",
    f"only + - * / ^ ( ) and these functions are known: {', '.join(NAMES)}",
)
NO_ARGUMENT = (
    both("thiếu đối số giữa hai dấu", "nothing stands between these signs"),
    both("bỏ dấu phẩy thừa, hoặc viết đối số", "drop the comma, or write what belongs there"),
)
SIGNS = {
    "'": both("chuỗi ký tự", "a text"),
    "!": both("dấu !", "an exclamation mark"),
    '"': both("tên trong nháy kép", "a quoted name"),
    ";": both("dấu chấm phẩy", "a semicolon"),
    "%": both("dấu %", "a per cent sign"),
    ":": both("phép đổi kiểu", "a cast"),
    "−": both("dấu trừ in (U+2212)", "a typographic minus"),
    "–": both("gạch ngang in (U+2013)", "a typographic dash"),
    "×": both("dấu nhân in", "a multiplication sign"),
    "÷": both("dấu chia in", "a division sign"),
    "#": both("ghi chú", "a comment"),
    "{": both("ngoặc nhọn", "a brace"),
    "[": both("ngoặc vuông", "a bracket"),
}
INSTEAD = {
    "'": both("chỉ kỳ ('2020') hoặc cấp ('commune') đặt trong nháy đơn", "only '2020' or 'commune' stand in quotes"),
    "!": both("khác viết là <>", "write <> for unequal"),
    "≤": both("dùng <=", "use <="),
    "≥": both("dùng >=", "use >="),
    "−": both("dùng dấu - trên bàn phím", "use the plain sign -"),
    "–": both("dùng dấu - trên bàn phím", "use the plain sign -"),
    "×": both("dùng *", "use *"),
    "÷": both("dùng /", "use /"),
    "%": both("phần trăm viết là 100 * a / b", "write a percentage as 100 * a / b"),
}
WORDS = {
    "select": both("truy vấn con", "a subquery"),
    "over": both("hàm cửa sổ", "a window"),
    "case": both("câu case", "a case expression"),
    "when": both("câu case", "a case expression"),
    "cast": both("phép đổi kiểu", "a cast"),
    "null": both("giá trị null", "the value null"),
    "between": both("phép so sánh", "a comparison"),
    "in": both("phép so sánh", "a comparison"),
    "is": both("phép so sánh", "a comparison"),
    "like": both("phép so sánh", "a comparison"),
}
NO_COALESCE = both(
    "thiếu số liệu thì giá trị là thiếu, không thay bằng số khác",
    "a missing input makes the value missing; it is never replaced",
)
OTHER_FUNCTIONS = {
    "log": both("dùng ln (logarit tự nhiên)", "use ln, the natural logarithm"),
    "pow": both("dùng power hoặc ^", "use power or ^"),
    "min": both("dùng least", "use least"),
    "max": both("dùng greatest", "use greatest"),
    "coalesce": NO_COALESCE,
    "ifnull": NO_COALESCE,
    "nullif": both("chia cho 0 tự cho kết quả thiếu", "division by zero is missing by itself"),
    "round": both("làm tròn chỉ để hiển thị: presentation.decimals", "rounding is for display: presentation.decimals"),
    "sum": both("tổng theo đơn vị hành chính: roll_up", "sums over units are made by roll_up"),
    "avg": both("viết (a + b) / 2", "write (a + b) / 2"),
}
"""What people write, and what is meant by it here."""
