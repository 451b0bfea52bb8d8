"""The tree of each formula that is declared: read from its text, or built of the members of a composite."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from indicator_specs.composites import Composite, Member, Normalise
from indicator_specs.errors import both
from indicator_specs.formula import FormulaError, Node, parse
from indicator_specs.formula.tree import Aggregate, Bands, Binary, Call, Input, Negation, Number, TargetShare
from indicator_specs.methods import Method
from indicator_specs.spec import Indicator
from indicator_specs.targets import Target
from indicator_specs.typed_text import Level

Indicators = Mapping[str, Indicator]


def formula_tree(spec: Indicator, method: Method, level: Level | None, indicators: Indicators) -> Node:
    """The formula of a method as a level computes it; ``level`` None: as the method says, or as its first level.

    Raises:
        FormulaError: the text does not read as a formula, or a member of a composite has no place on its scale.
    """
    override = spec.levels[level] if level else None
    if method.composite and not (override and override.formula):
        first: Level = next(iter(spec.levels))
        return composite_tree(spec, method, level or first, indicators)
    return parse(spec.formula_of(method, level), spec.inputs_of(method, level))


def composite_tree(spec: Indicator, method: Method, level: Level, indicators: Indicators) -> Node:
    """The members of a composite as one tree; of assigned indicators, those that apply to the level.

    Raises:
        FormulaError: no indicator is assigned at the level, or a member has no target to be measured by.
    """
    composite = method.composite
    assert composite is not None  # noqa: S101  (only asked of a composite)
    kept = Fraction(composite.min_weight) if composite.missing == "reweight" else None
    if composite.assigned:
        members = tuple(_assigned(spec, method, level, indicators))
        if not members:
            raise _unplaced(
                both(f"không chỉ số nào được giao cho cấp {level}", f"no indicator is assigned at level {level}"),
                both("sửa assigned, hoặc bỏ cấp này", "mend 'assigned', or drop the level"),
            )
    else:
        members = tuple(_weighted(composite, each, level, indicators, kept) for each in composite.members)
    return Aggregate(composite.aggregation, members, kept)


def _weighted(
    composite: Composite, member: Member, level: Level, indicators: Indicators, kept: Fraction | None
) -> tuple[Fraction, Node]:
    if member.members:
        inner = tuple(_weighted(composite, each, level, indicators, kept) for each in member.members)
        node: Node = Aggregate(member.aggregation, inner, kept)
    else:
        node = Input(member.input_name)
    return Fraction(member.weight), _scaled(node, member.normalise, level, indicators.get(member.indicator or ""))


def _assigned(spec: Indicator, method: Method, level: Level, indicators: Indicators) -> Iterator[tuple[Fraction, Node]]:
    for name in spec.inputs_of(method, level):
        given = indicators[name]
        if level not in given.levels:
            continue
        low, high = given.scoring.goalposts or (None, None)
        turned = given.meaning.direction == "lower_is_better"
        scale = Normalise(
            method=given.scoring.normalise,
            low=low,
            high=high,
            direction="lower_is_better" if turned else "higher_is_better",
        )
        yield Fraction(given.scoring.weight or 1), _scaled(Input(name), scale, level, given)


def _scaled(node: Node, scale: Normalise, level: Level, given: Indicator | None) -> Node:
    """A member on the composite's scale, where more is better."""
    turned = scale.direction == "lower_is_better"
    match scale.method:
        case "minmax" | "percentile":
            call = Call(scale.method, (node,))
            node = Binary("-", Number(Fraction(1)), call) if turned else call
        case "zscore" | "rank":
            node = Call(scale.method, (Negation(node) if turned else node,))
        case "goalposts":
            ends = [Fraction(end) for end in (scale.low, scale.high) if end is not None]
            if turned:
                ends.sort(reverse=True)
            node = Call("goalposts", (node, *(Number(end) for end in ends)))
        case "bands":
            node = Bands(node, tuple((Fraction(band.floor), Fraction(band.points)) for band in scale.bands))
        case "distance_to_target":
            node = TargetShare(node, _goal(given, level), scale.direction)
    return node


def _goal(given: Indicator | None, level: Level) -> Fraction:
    target = governing_target(given, level) if given else None
    if target is None or target.value is None:
        subject = given.id if given else both("nhóm hoặc số liệu thành phần", "a group or a measure")
        raise _unplaced(
            both(f"{subject} không có mục tiêu ở cấp {level}", f"{subject} has no target at level {level}"),
            both("thêm mục tiêu governs, hoặc chuẩn hoá cách khác", "add a governing target, or normalise otherwise"),
        )
    return Fraction(target.value)


def governing_target(given: Indicator, level: Level) -> Target | None:
    """The target that governs a level: its own before one for every level; None where there is none with a value."""
    found = [each for each in given.targets if each.governs and each.value is not None and each.level in {None, level}]
    return next((each for each in found if each.level == level), found[0] if found else None)


def _unplaced(found: str, remedy: str) -> FormulaError:
    return FormulaError("", -1, found, remedy)
