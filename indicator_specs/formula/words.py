"""A formula in words, for people: the names of its inputs, signs of arithmetic, and each function as a phrase."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from indicator_specs import periods
from indicator_specs.errors import both
from indicator_specs.formula.precedence import LOOSEST, SUM, TIGHTEST, binding, sides
from indicator_specs.formula.tree import (
    Aggregate,
    Bands,
    Binary,
    Call,
    Comparison,
    Input,
    Logic,
    Negation,
    Node,
    Not,
    Number,
    TargetShare,
    Text,
)

Language = Literal["vi", "en"]
SIGNS = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "<>": "≠"}
LEVELS = {
    "ministry": both("bộ, ngành", "ministries"),
    "province": both("tỉnh, thành phố", "provinces"),
    "commune": both("cấp xã", "communes"),
}
BELOW = both("đơn vị cấp dưới trực tiếp", "units directly below")
PHRASES: Mapping[str, str] = {
    "abs": both("giá trị tuyệt đối của {0}", "the absolute value of {0}"),
    "ln": both("logarit tự nhiên của {0}", "the natural logarithm of {0}"),
    "exp": both("e mũ {0}", "e to the power of {0}"),
    "sqrt": both("căn bậc hai của {0}", "the square root of {0}"),
    "power": both("{0} mũ {1}", "{0} to the power of {1}"),
    "least": both("số nhỏ nhất trong {all}", "the least of {all}"),
    "greatest": both("số lớn nhất trong {all}", "the greatest of {all}"),
    "lag": both("{0} của {1} kỳ trước", "{0} {1} periods earlier"),
    "same_period_last_year": both("{0} cùng kỳ năm trước", "{0} in the same period of last year"),
    "change": both("mức tăng, giảm của {0} so với {1} kỳ trước", "the change of {0} against {1} periods earlier"),
    "growth": both("tốc độ tăng (%) của {0} so với {1} kỳ trước", "the growth (%) of {0} against {1} periods earlier"),
    "yoy": both("tốc độ tăng (%) của {0} so với cùng kỳ năm trước", "the growth (%) of {0} against a year earlier"),
    "ytd": both("luỹ kế {0} từ đầu năm", "{0} from the beginning of the year on"),
    "rolling_sum": both("tổng {0} của {1} kỳ gần nhất", "the sum of {0} over the last {1} periods"),
    "rolling_mean": both("trung bình {0} của {1} kỳ gần nhất", "the mean of {0} over the last {1} periods"),
    "at": both("{0} của {1}", "{0} of {1}"),
    "cagr": both(
        "tốc độ tăng bình quân hằng năm (%) của {0} kể từ {1}", "the average yearly growth (%) of {0} since {1}"
    ),
    "index_base": both("{0} so với {1} = 100", "{0}, where {1} is 100"),
    "latest": both("{0} mới nhất trong kỳ này và {1} kỳ trước", "the newest {0} of this and {1} earlier periods"),
    "minmax": both(
        "vị trí của {0} giữa thấp nhất (0) và cao nhất (1) trong nhóm",
        "the place of {0} between the lowest (0) and the highest (1) of the peers",
    ),
    "goalposts": both("vị trí của {0} giữa {1} (0) và {2} (1)", "the place of {0} between {1} (0) and {2} (1)"),
    "zscore": both(
        "số độ lệch chuẩn của {0} so với trung bình nhóm", "the standard deviations of {0} from the peers' mean"
    ),
    "rank": both("thứ hạng của {0} trong nhóm (1 là lớn nhất)", "the rank of {0} among the peers (1 is the largest)"),
    "percentile": both("phân vị của {0} trong nhóm (0–1)", "the percentile of {0} among the peers (0–1)"),
    "share_of_total": both("phần của {0} trong tổng của nhóm (0–1)", "the share of {0} in the peers' total (0–1)"),
    "count_units": both("số {1} có {0}", "the number of {1} with {0}"),
    "share_units": both("tỉ lệ {1} có {0} (0–1)", "the share of {1} with {0} (0–1)"),
}
"""Each function as a phrase. ``{0}`` and on are its arguments, ``{all}`` all of them."""
JOINED = {
    "arithmetic": both("trung bình cộng của", "the mean of"),
    "geometric": both("trung bình nhân của", "the geometric mean of"),
    "harmonic": both("trung bình điều hoà của", "the harmonic mean of"),
    "sum": both("tổng của", "the sum of"),
}


def words(node: Node, names: Mapping[str, str], language: Language) -> str:
    """A formula as people say it.

    Args:
        node: Its tree.
        names: What people call each input, in that language.
        language: Of the text.
    """
    return _Speaker(names, language).said(node, LOOSEST)


class _Speaker:
    def __init__(self, names: Mapping[str, str], language: Language) -> None:
        self.names, self.language = names, language

    def pick(self, text: str) -> str:
        """One language of a text in both."""
        return text.split(" / ")[0 if self.language == "vi" else 1]

    def said(self, node: Node, around: int) -> str:
        """The words of a node, in brackets where it binds less than what is around it."""
        said = self._said(node)
        return f"({said})" if binding(node) < around else said

    def _said(self, node: Node) -> str:
        match node:
            case Number():
                return self.number(node.value)
            case Text() | Input():
                return self._named(node)
            case Negation():
                return f"−{self.said(node.operand, TIGHTEST)}"
            case Binary():
                left, right = sides(node)
                sign = SIGNS.get(node.operator, node.operator)
                return f"{self.said(node.left, left)} {sign} {self.said(node.right, right)}"
            case Call():
                return self._call(node)
        return self._condition(node)

    def _named(self, node: Text | Input) -> str:
        if isinstance(node, Input):
            return f"[{self.names.get(node.name, node.name)}]"
        if node.value in LEVELS:
            return self.pick(LEVELS[node.value])
        period = periods.parse(node.value)
        label = period.label_vi
        return label[0].lower() + label[1:] if self.language == "vi" else period.time_period

    def _condition(self, node: Node) -> str:
        match node:
            case Comparison():
                sign = SIGNS.get(node.operator, node.operator)
                return f"{self.said(node.left, SUM)} {sign} {self.said(node.right, SUM)}"
            case Logic():
                word = self.pick(both("và", "and") if node.operator == "and" else both("hoặc", "or"))
                return f" {word} ".join(self.said(part, binding(node)) for part in node.parts)
            case Not():
                return f"{self.pick(both('không', 'not'))} {self.said(node.operand, TIGHTEST)}"
        return self._of_composite(node)

    def _of_composite(self, node: Node) -> str:
        match node:
            case Bands():
                bands = "; ".join(f"≥ {self.number(floor)}: {self.number(points)}" for floor, points in node.bands)
                phrase = self.pick(both("điểm theo thang của", "points by bands of"))
                return f"{phrase} {self._said(node.operand)} ({bands})"
            case TargetShare():
                phrase = self.pick(both("mức đạt mục tiêu {1} của {0} (0–1)", "how far {0} reaches {1} (0–1)"))
                return phrase.format(self._said(node.operand), self.number(node.goal))
            case Aggregate():
                weight = self.pick(both("trọng số", "weight"))
                parts = [f"{self._said(member)} ({weight} {self.number(by)})" for by, member in node.members]
                return f"{self.pick(JOINED[node.kind])}: {'; '.join(parts)}"
        raise TypeError(f"no words for {type(node).__name__}")

    def _call(self, node: Call) -> str:
        said = [self.said(part, LOOSEST) for part in node.args]
        if node.name in {"change", "growth"} and len(said) == 1:
            said.append("1")
        if node.name in {"count_units", "share_units"} and len(said) == 1:
            said.append(self.pick(BELOW))
        return self.pick(PHRASES[node.name]).format(*said, all=", ".join(said))

    def number(self, value: Fraction) -> str:
        """A constant as that language writes it, to twelve digits."""
        text = f"{value.numerator}" if value.denominator == 1 else f"{float(value):.12g}"
        return text.replace(".", ",") if self.language == "vi" else text
