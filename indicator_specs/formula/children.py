"""SQL of the functions over child units: aggregates over their rows, of those whose condition is known."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from indicator_specs.errors import both
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.pieces import Piece, bare, piece
from indicator_specs.formula.quantity import Quantity, UnitMismatchError
from indicator_specs.formula.series import RATIO
from indicator_specs.formula.steps import Steps
from indicator_specs.formula.tree import Call, Comparison, Logic, Node, Not, Text
from indicator_specs.typed_text import LEVELS, Level

COUNT = Quantity({}, frozenset({Fraction(1)}), is_plain=True, is_count=True)


class Children:
    """Functions over child units of one formula; ``value`` compiles what conditions compare."""

    def __init__(self, steps: Steps, value: Callable[[Node], Piece]) -> None:
        self.steps, self.value = steps, value

    def piece(self, call: Call) -> Piece:
        """The SQL of a call."""
        condition, level = self._condition(call.args[0]), _level(call.args[1:])
        holds = bare(condition.sql)
        known = self.steps.children("known", f"cast(count({holds}) as double)", condition.depth, level, is_known=True)
        counted = f"sum(case when {holds} then 1e0 when not {condition.sql} then 0e0 end)"
        count = self.steps.children("count", counted, condition.depth, level)
        share = call.name == "share_units"
        return Piece(
            f"({count} / nullif({known}, 0e0))" if share else count,
            RATIO if share else COUNT,
            is_column=not share,
            depth=condition.depth + 1,
            lookback=condition.lookback,
            methods=condition.methods,
        )

    def _condition(self, node: Node) -> Piece:
        """Three-valued: null where what is known leaves it open."""
        match node:
            case Comparison():
                left, right = self.value(node.left), self.value(node.right)
                _meet(left, right, node.position)
                sides = [
                    side.usable if side.is_column or side.value is not None else f"({side.usable})"
                    for side in (left, right)
                ]
                return _made(f"({sides[0]} {node.operator} {sides[1]})", [left, right])
            case Logic():
                parts = [self._condition(part) for part in node.parts]
                return _made(f"({f' {node.operator} '.join(part.sql for part in parts)})", parts)
            case Not():
                inner = self._condition(node.operand)
                return _made(f"(not {inner.sql})", [inner])
        raise TypeError(f"{type(node).__name__} is no condition")


def _made(sql: str, parts: Iterable[Piece]) -> Piece:
    return piece(sql, RATIO, parts)


def _meet(left: Piece, right: Piece, position: int) -> None:
    try:
        left.unit.meet(right.unit)
    except UnitMismatchError as error:
        remedy = both("chỉ so sánh cùng đơn vị đo", "compare amounts of one unit only")
        raise FormulaError("", position, str(error), remedy) from error


def _level(rest: tuple[Node, ...]) -> Level | None:
    if not rest:
        return None
    assert isinstance(rest[0], Text)  # noqa: S101  (the parser lets nothing else through)
    return next(level for level in LEVELS if level == rest[0].value)
