"""From a formula's text to its tree: lexed, parsed by sqlglot, taken over node by node through an allow-list."""

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from fractions import Fraction

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from indicator_specs import periods
from indicator_specs.errors import both
from indicator_specs.formula import faults, lexicon
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.functions import FUNCTIONS, MOST_PERIODS, Argument, Function
from indicator_specs.formula.tree import (
    Binary,
    Call,
    Comparison,
    Input,
    Logic,
    Negation,
    Node,
    Not,
    Number,
    Text,
    inputs,
)
from indicator_specs.typed_text import LEVELS

DEEPEST = 80
"""Operators within operators; a sum of so many terms nests as deep."""
COMPARED = both(
    "chỉ so sánh trong count_units(…), share_units(…)", "compare only inside count_units(…), share_units(…)"
)


def parse(text: str, names: Collection[str]) -> Node:
    """Read a formula.

    Args:
        text: The formula.
        names: Inputs that it may use.

    Raises:
        FormulaError: something is not allowed, not an input, or ambiguous; with its position.
    """
    tree = _Reader(text, lexicon.lexed(text, names)).read()
    if not inputs(tree):
        raise FormulaError(
            text,
            -1,
            both("công thức không dùng input nào", "the formula uses no input"),
            both("viết công thức theo tên trong inputs", "write it over the names under inputs"),
        )
    return tree


class _Reader:
    """One pass over the parser's tree: a node without an entry is refused."""

    def __init__(self, text: str, lexed: lexicon.Lexed) -> None:
        self.text, self.lexed = text, lexed
        self.values: Mapping[type[exp.Expression], Callable[[exp.Expression], Node]] = {
            exp.Paren: lambda node: self.value(node.this),
            exp.Column: lambda node: Input(self._name(node), self._position(node)),
            exp.Literal: self._number,
            exp.Neg: lambda node: Negation(self.value(node.this), self._position(node)),
            exp.Add: lambda node: self._binary(node, "+"),
            exp.Sub: lambda node: self._binary(node, "-"),
            exp.Mul: lambda node: self._binary(node, "*"),
            exp.Div: lambda node: self._binary(node, "/"),
            exp.Pow: self._power,
            exp.Anonymous: self._call,
        }
        self.conditions: Mapping[type[exp.Expression], Callable[[exp.Expression], Node]] = {
            exp.Paren: lambda node: self.condition(node.this),
            exp.And: lambda node: self._logic(node, "and"),
            exp.Or: lambda node: self._logic(node, "or"),
            exp.Not: lambda node: Not(self.condition(node.this), self._position(node)),
            exp.LT: lambda node: self._comparison(node, "<"),
            exp.LTE: lambda node: self._comparison(node, "<="),
            exp.GT: lambda node: self._comparison(node, ">"),
            exp.GTE: lambda node: self._comparison(node, ">="),
            exp.EQ: lambda node: self._comparison(node, "="),
            exp.NEQ: lambda node: self._comparison(node, "<>"),
        }

    def read(self) -> Node:
        try:
            parsed = parse_one(self.lexed.marked, read="duckdb")
        except (SqlglotError, RecursionError) as error:
            details = getattr(error, "errors", None) or [{}]
            after = details[0].get("col") or 0
            place = self.lexed.position(max(after - len(details[0].get("highlight") or ""), 0)) if after else -1
            raise self._fault(
                place,
                both("công thức không trọn vẹn", "the formula does not parse"),
                both("kiểm tra ngoặc, dấu phẩy và phép tính tại đây", "check brackets, commas and operators here"),
            ) from error
        if _depth(parsed) > DEEPEST:
            raise self._fault(
                -1,
                both(f"phép tính lồng quá {DEEPEST} tầng", f"nested more than {DEEPEST} deep"),
                both("tách thành nhiều chỉ số", "split it into several indicators"),
            )
        return self.value(parsed)

    def value(self, node: exp.Expression) -> Node:
        handler = self.values.get(type(node))
        if handler is None and type(node) in self.conditions:
            raise self._fault(self._position(node), both("phép so sánh, luận lý", "a comparison"), COMPARED)
        if handler is None:
            raise self._fault(
                self._position(node), both("phép tính không được dùng", "this is not allowed"), faults.ALLOWED
            )
        return handler(node)

    def condition(self, node: exp.Expression) -> Node:
        handler = self.conditions.get(type(node))
        if handler is None:
            raise self._fault(
                self._position(node),
                both("đây phải là một điều kiện", "a condition belongs here"),
                both("viết như: x >= 80 and y < 5", "write it as in: x >= 80 and y < 5"),
            )
        return handler(node)

    def _fault(self, position: int, found: str, remedy: str) -> FormulaError:
        return FormulaError(self.text, position, found, remedy)

    def _position(self, node: exp.Expression) -> int:
        starts = [int(leaf.meta["start"]) for leaf in node.walk() if "start" in leaf.meta]
        return self.lexed.position(min(starts)) if starts else -1

    def _name(self, node: exp.Expression) -> str:
        if node.args.get("table") or not isinstance(node.this, exp.Identifier):
            raise self._fault(self._position(node), both("không phải input", "not an input"), faults.ALLOWED)
        return str(node.name).removeprefix(lexicon.PREFIX)

    def _number(self, node: exp.Expression) -> Node:
        if node.args.get("is_string"):
            raise self._fault(
                self._position(node),
                both("chuỗi ký tự", "a text"),
                both(
                    "chỉ kỳ hoặc cấp đặt trong nháy, như at(x, '2020')",
                    "only a period or a level is quoted, as in at(x, '2020')",
                ),
            )
        return Number(Fraction(node.name), self._position(node))

    def _binary(self, node: exp.Expression, operator: str) -> Node:
        left, right = self.value(node.this), self.value(node.expression)
        return Binary(operator, left, right, self._position(node))  # type: ignore[arg-type]

    def _power(self, node: exp.Expression) -> Node:
        if isinstance(node.this, exp.Neg | exp.Pow):
            raise self._fault(
                self._position(node),
                both("thứ tự tính của ^ không rõ", "the order of ^ can be read in two ways"),
                both("thêm ngoặc: -(x^2) hoặc (-x)^2, (a^b)^c hoặc a^(b^c)", "add brackets, as in -(x^2) or (-x)^2"),
            )
        return self._binary(node, "^")

    def _comparison(self, node: exp.Expression, operator: str) -> Node:
        left, right = self.value(node.this), self.value(node.expression)
        return Comparison(operator, left, right, self._position(node))  # type: ignore[arg-type]

    def _logic(self, node: exp.Expression, operator: str) -> Node:
        parts = (self.condition(node.this), self.condition(node.expression))
        return Logic(operator, parts, self._position(node))  # type: ignore[arg-type]

    def _call(self, node: exp.Expression) -> Node:
        name = str(node.name).removeprefix(lexicon.PREFIX)
        function, given, position = FUNCTIONS[name], node.expressions, self._position(node)
        if not function.required <= len(given) <= function.most:
            raise self._fault(position, *_arity(name, function, len(given)))
        kinds: Mapping[Argument, Callable[[exp.Expression], Node]] = {
            "value": self.value,
            "constant": self._constant,
            "condition": self.condition,
            "count": self._count,
            "period": self._period,
            "level": self._level,
        }
        args = tuple(kinds[kind](part) for kind, part in zip(function.arguments, given, strict=False))
        if function.group != "arithmetic" and not inputs(args[0]):
            raise self._fault(
                position,
                both(f"{name} của một hằng số", f"{name} of a constant"),
                both("đặt input vào trong hàm", "put an input inside"),
            )
        return Call(name, args, position)

    def _constant(self, node: exp.Expression) -> Node:
        value = self.value(node)
        if inputs(value):
            raise self._fault(
                self._position(node),
                both("đây phải là hằng số", "a constant belongs here"),
                both("viết con số", "write the number"),
            )
        return value

    def _count(self, node: exp.Expression) -> Node:
        text = node.name if isinstance(node, exp.Literal) and not node.args.get("is_string") else ""
        if not text.isdigit() or not 1 <= int(text) <= MOST_PERIODS:
            raise self._fault(
                self._position(node),
                both("số kỳ phải là số nguyên từ 1", "the number of periods is a whole number from 1"),
                both(f"viết một số từ 1 đến {MOST_PERIODS}", f"write a number from 1 to {MOST_PERIODS}"),
            )
        return Number(Fraction(int(text)), self._position(node))

    def _quoted(self, node: exp.Expression, example: str) -> str:
        if isinstance(node, exp.Literal) and node.args.get("is_string"):
            return str(node.name)
        raise self._fault(
            self._position(node),
            both("cần một chữ trong nháy đơn", "a quoted word belongs here"),
            both(f"viết như {example!r}", f"write it as {example!r}"),
        )

    def _period(self, node: exp.Expression) -> Node:
        text = self._quoted(node, "2020")
        try:
            periods.parse(text)
        except periods.PeriodError as error:
            raise self._fault(
                self._position(node), str(error), both("sửa kỳ trong nháy", "mend the period in quotes")
            ) from error
        return Text(text, self._position(node))

    def _level(self, node: exp.Expression) -> Node:
        text, below = self._quoted(node, "commune"), LEVELS[1:]
        if text not in below:
            near = get_close_matches(text, below, n=1)
            raise self._fault(
                self._position(node),
                both(f"{text!r} không phải cấp dưới", f"{text!r} is no level below another"),
                both(f"có phải là {near[0]!r}?", f"did you mean {near[0]!r}?")
                if near
                else both(f"viết một trong: {', '.join(below)}", f"write one of: {', '.join(below)}"),
            )
        return Text(text, self._position(node))


def _depth(node: exp.Expression) -> int:
    level, depth = [node], 0
    while level:
        level, depth = [below for each in level for below in each.iter_expressions()], depth + 1
    return depth


def _arity(name: str, function: Function, given: int) -> tuple[str, str]:
    low, high = function.required, function.most
    span = f"{low}" if low == high else f"{low}–{high}"
    written = function.arguments[: min(high, max(low, 2))]
    example = f"{name}({', '.join(_SAMPLES[kind] for kind in written)})".replace("0, 0", "0, 100")
    return (
        both(f"{name} cần {span} đối số, có {given}", f"{name} takes {span} arguments, not {given}"),
        both(f"viết như {example}", f"write it as {example}"),
    )


_SAMPLES: Mapping[Argument, str] = {
    "value": "x",
    "count": "12",
    "period": "'2020'",
    "constant": "0",
    "condition": "x >= 80",
    "level": "'commune'",
}
