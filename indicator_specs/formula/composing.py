"""SQL of what only composites hold: points by bands, the share of a target that is reached, members joined.

Weights are brought to whole numbers, so that their sums, and the comparison with the weight that must be present, are
exact in doubles.
"""

from fractions import Fraction
from math import lcm

from indicator_specs.errors import both
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.pieces import Piece, literal, piece
from indicator_specs.formula.quantity import UNSURE, Quantity
from indicator_specs.formula.series import RATIO
from indicator_specs.formula.steps import Steps
from indicator_specs.formula.tree import Aggregate, Bands, TargetShare


def as_column(steps: Steps, part: Piece, stem: str) -> Piece:
    """The same value as a column, so that it can be named more than once."""
    if part.is_column:
        return part
    name = steps.window(stem, part.usable, part.depth)
    return Piece(name, part.unit, is_column=True, depth=part.depth + 1, lookback=part.lookback, methods=part.methods)


def banded(node: Bands, x: Piece) -> Piece:
    """Points by the highest floor that is reached; none below the first."""
    whens = " ".join(f"when {x.sql} >= {literal(floor)} then {literal(points)}" for floor, points in node.bands[::-1])
    return piece(f"(case {whens} when {x.known()} then 0e0 end)", Quantity({}, UNSURE), [x])


def target_share(node: TargetShare, x: Piece) -> Piece:
    """How much of a target is reached, from 0 to 1.

    Raises:
        FormulaError: a goal below 0, or of 0 where more is better, has no share.
    """
    lower = node.direction == "lower_is_better"
    if node.goal < 0 or (node.goal == 0 and not lower):
        raise FormulaError(
            "",
            node.position,
            both(f"mục tiêu {float(node.goal):g} không chia tỉ lệ được", f"no share of a target {float(node.goal):g}"),
            both("chọn cách chuẩn hoá khác, ví dụ goalposts", "normalise otherwise, by goalposts for example"),
        )
    goal = literal(node.goal)
    if lower:
        sql = f"(case when {x.sql} <= {goal} then 1e0 when {x.known()} then {goal} / {x.sql} end)"
    else:
        sql = f"(case when {x.known()} then greatest(0e0, least(1e0, {x.sql} / {goal})) end)"
    return piece(sql, RATIO, [x])


def aggregate(steps: Steps, node: Aggregate, members: list[Piece]) -> Piece:
    """Members joined by their weights."""
    units = [member.unit for member in members]
    if any(unit.dimensions != units[0].dimensions for unit in units):
        units = [_points(unit) for unit in units]
    unit = units[0]
    for other in units[1:]:
        unit = unit.meet(other)
    if node.kind == "sum":
        unit = Quantity(unit.dimensions, UNSURE)
    named = [as_column(steps, member, "member") for member in members]
    weights = _whole([weight for weight, _ in node.members])
    everything = sum(weights)
    factors = [weight for weight, _ in node.members] if node.kind == "sum" else [Fraction(each) for each in weights]
    terms = " + ".join(_term(node, literal(by), part.sql) for by, part in zip(factors, named, strict=True))
    if node.min_weight is None:
        lacking, present, total = " or ".join(f"{part.sql} is null" for part in named), f"{everything}e0", f"({terms})"
        depth = 0
    else:
        depth = max(part.depth for part in named)
        there = " + ".join(
            f"case when {part.sql} is not null then {weight}e0 else 0e0 end"
            for weight, part in zip(weights, named, strict=True)
        )
        present, total = steps.window("present", there, depth), steps.window("sum", terms, depth)
        least = node.min_weight * everything
        lacking = f"{present} * {least.denominator}e0 < {least.numerator}e0"
        depth += 1
    sql = _joined(node, lacking, present, total, f"{everything}e0", [part.sql for part in named])
    made = piece(sql, unit, named)
    return Piece(made.sql, unit, depth=max(depth, made.depth), lookback=made.lookback, methods=made.methods)


def _points(unit: Quantity) -> Quantity:
    """Scores, ranks and pure numbers stand beside each other in a composite: all are points there."""
    return Quantity({}, UNSURE) if set(unit.dimensions) <= {"score", "rank"} else unit


def _whole(weights: list[Fraction]) -> list[int]:
    scale = lcm(*(weight.denominator for weight in weights))
    return [int(weight * scale) for weight in weights]


def _term(node: Aggregate, weight: str, name: str) -> str:
    if node.kind == "geometric":
        return f"case when {name} > 0e0 then {weight} * ln({name}) else 0e0 end"
    if node.kind == "harmonic":
        return f"case when {name} > 0e0 then {weight} / {name} else 0e0 end"
    if node.min_weight is None:
        return f"{weight} * {name}"
    return f"case when {name} is not null then {weight} * {name} else 0e0 end"


def _joined(node: Aggregate, lacking: str, present: str, total: str, everything: str, names: list[str]) -> str:
    """A negative member has no geometric or harmonic mean; a zero makes it zero."""
    if node.kind in {"geometric", "harmonic"}:
        mean = f"exp({total} / {present})" if node.kind == "geometric" else f"{present} / {total}"
        negative = " or ".join(f"{name} < 0e0" for name in names)
        zero = " or ".join(f"{name} = 0e0" for name in names)
        return f"(case when {lacking} then null when {negative} then null when {zero} then 0e0 else {mean} end)"
    value = f"{total} / {present}" if node.kind == "arithmetic" else total
    if node.min_weight is None:
        return f"({value})"
    if node.kind == "sum":
        value = f"{total} * ({everything} / {present})"
    return f"(case when {lacking} then null else {value} end)"
