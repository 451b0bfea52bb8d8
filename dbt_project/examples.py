"""The examples of a spec, worked out by hand: exact fractions over Python's own reading of the formula.

Independent of the SQL compiler on purpose: what it gives is what the generated model is tested against.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

Number = Fraction | float


class UnreadableFormulaError(Exception):
    """Something that is not of the arithmetic group."""


_BINARY: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_CALLS: Mapping[str, Callable[..., Number]] = {
    "abs": abs,
    "ln": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "power": operator.pow,
    "least": min,
    "greatest": max,
}


def worked_out(formula: str, given: Mapping[str, Decimal | None]) -> float | None:
    """The value of a formula, or None where an input is missing or it has no finite real value.

    Raises:
        UnreadableFormulaError: something that is not of the arithmetic group.
    """
    tree = ast.parse(formula.replace("^", "**"), mode="eval").body
    if any(given.get(node.id) is None for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in given):
        return None
    try:
        value = _value(tree, given)
    except (ArithmeticError, ValueError):
        return None
    if isinstance(value, complex) or not math.isfinite(value):
        return None
    return float(value)


def _value(node: ast.expr, given: Mapping[str, Decimal | None]) -> Number:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        value = given[node.id]
        assert value is not None  # noqa: S101  (missing inputs were looked for before)
        return Fraction(value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, given)
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _BINARY[type(node.op)](_value(node.left, given), _value(node.right, given))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        return _CALLS[node.func.id](*(_value(part, given) for part in node.args))
    raise UnreadableFormulaError(f"not of the arithmetic group: {ast.unparse(node)}")
