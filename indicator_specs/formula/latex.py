"""A formula as LaTeX, for the documentation site."""

from collections.abc import Mapping
from fractions import Fraction

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

SIGNS = {"*": r"\times", "<=": r"\le", ">=": r"\ge", "<>": r"\ne"}
_ESCAPED = {sign: f"\\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def latex(node: Node, names: Mapping[str, str]) -> str:
    """LaTeX of a formula, without the dollar signs.

    Args:
        node: Its tree.
        names: What people call each input.
    """
    return _Writer(names).written(node, LOOSEST)


class _Writer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def written(self, node: Node, around: int = LOOSEST) -> str:
        """A node, in brackets where it binds less than what is around it."""
        text = self._written(node)
        return rf"\left({text}\right)" if binding(node) < around and not _is_fraction(node) else text

    def _written(self, node: Node) -> str:
        match node:
            case Number():
                return _number(node.value)
            case Text() | Input():
                return _upright(node.value if isinstance(node, Text) else self.names.get(node.name, node.name))
            case Negation():
                return f"-{self.written(node.operand, TIGHTEST)}"
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
        return self._condition(node)

    def _binary(self, node: Binary) -> str:
        if node.operator == "/":
            return rf"\frac{{{self.written(node.left)}}}{{{self.written(node.right)}}}"
        if node.operator == "^":
            base = self._written(node.left)
            base = base if binding(node.left) == TIGHTEST else rf"\left({base}\right)"
            return f"{base}^{{{self.written(node.right)}}}"
        left, right = sides(node)
        sign = SIGNS.get(node.operator, node.operator)
        return f"{self.written(node.left, left)} {sign} {self.written(node.right, right)}"

    def _call(self, node: Call) -> str:
        args = [self.written(part) for part in node.args]
        match node.name:
            case "abs":
                return rf"\left|{args[0]}\right|"
            case "sqrt":
                return rf"\sqrt{{{args[0]}}}"
            case "ln" | "exp":
                return rf"\{node.name}\left({args[0]}\right)"
            case "power":
                return self._binary(Binary("^", node.args[0], node.args[1]))
            case "least" | "greatest":
                name = r"\min" if node.name == "least" else r"\max"
                return rf"{name}\left({', '.join(args)}\right)"
        return rf"{_operator(node.name)}\left({', '.join(args)}\right)"

    def _condition(self, node: Node) -> str:
        match node:
            case Comparison():
                sign = SIGNS.get(node.operator, node.operator)
                return f"{self.written(node.left, SUM)} {sign} {self.written(node.right, SUM)}"
            case Logic():
                sign = r"\land" if node.operator == "and" else r"\lor"
                return f" {sign} ".join(self.written(part, binding(node)) for part in node.parts)
            case Not():
                return rf"\lnot {self.written(node.operand, TIGHTEST)}"
        return self._of_composite(node)

    def _of_composite(self, node: Node) -> str:
        match node:
            case Bands():
                value = self.written(node.operand, SUM)
                rows = [rf"{_number(points)}, & {value} \ge {_number(floor)}" for floor, points in node.bands[::-1]]
                rows.append(rf"0, & {value} < {_number(node.bands[0][0])}")
                return r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}"
            case TargetShare():
                return rf"{_operator('target share')}\left({self.written(node.operand)}, {_number(node.goal)}\right)"
            case Aggregate():
                return self._aggregate(node)
        raise TypeError(f"no LaTeX for {type(node).__name__}")

    def _aggregate(self, node: Aggregate) -> str:
        members = [(_number(weight), self.written(member, TIGHTEST)) for weight, member in node.members]
        total = _number(sum((weight for weight, _ in node.members), Fraction(0)))
        match node.kind:
            case "geometric":
                factors = r" \times ".join(rf"{member}^{{{weight}}}" for weight, member in members)
                return rf"\left({factors}\right)^{{1 / {total}}}"
            case "harmonic":
                parts = " + ".join(rf"\frac{{{weight}}}{{{member}}}" for weight, member in members)
                return rf"\frac{{{total}}}{{{parts}}}"
        terms = " + ".join(rf"{weight} \times {member}" for weight, member in members)
        return terms if node.kind == "sum" else rf"\frac{{{terms}}}{{{total}}}"


def _is_fraction(node: Node) -> bool:
    return isinstance(node, Binary) and node.operator == "/"


def _number(value: Fraction) -> str:
    return f"{value.numerator}" if value.denominator == 1 else f"{float(value):.12g}"


def _upright(text: str) -> str:
    escaped = "".join(_ESCAPED.get(sign, sign) for sign in text)
    return rf"\text{{{escaped}}}"


def _operator(name: str) -> str:
    escaped = name.replace("_", r"\_")
    return rf"\operatorname{{{escaped}}}"
