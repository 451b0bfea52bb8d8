"""The tree of each formula that is declared: read from its text, or built of the members of a composite."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
LevelOf = Callable[[str], str]
"""The level of an org unit, by its code."""


def formula_tree(
    spec: Indicator, method: Method, level: Level | None, indicators: Indicators, level_of: LevelOf
) -> Node:
    """The formula of a method as a level computes it; ``level`` None: as the method says, or as its first level.

    Raises:
        FormulaError: the text does not read as a formula, or a member of a composite has no place on its scale.
    """
    override = spec.levels[level] if level else None
    if method.composite and not (override and override.formula):
        first: Level = next(iter(spec.levels))
        return composite_tree(spec, method, level or first, indicators, level_of)
    return parse(spec.formula_of(method, level), spec.inputs_of(method, level))


def composite_tree(spec: Indicator, method: Method, level: Level, indicators: Indicators, level_of: LevelOf) -> Node:
    """The members of a composite as one tree; of assigned indicators, those that apply to the level.

    Raises:
        FormulaError: no indicator is assigned at the level, or a member has no target to be measured by.
    """
    composite = method.composite
    assert composite is not None  # noqa: S101  (only asked of a composite)
    builder = _Builder(level, indicators, level_of, _least(composite))
    if composite.assigned:
        members = tuple(builder.assigned(spec.inputs_of(method, level)))
    else:
        members = tuple(builder.weighted(member) for member in composite.members)
    if not members:
        raise _unplaced(
            both(f"không chỉ số nào được giao cho cấp {level}", f"no indicator is assigned at level {level}"),
            both("sửa assigned, hoặc bỏ cấp này", "mend 'assigned', or drop the level"),
        )
    return Aggregate(composite.aggregation, members, builder.least)


def _least(composite: Composite) -> Fraction | None:
    """The share of the weight that must be there; None where every member must."""
    return Fraction(composite.min_weight) if composite.missing == "reweight" else None


@dataclass(frozen=True)
class _Builder:
    """Members at one level, on their scales."""

    level: Level
    indicators: Indicators
    level_of: LevelOf
    least: Fraction | None

    def weighted(self, member: Member) -> tuple[Fraction, Node]:
        node: Node = Input(member.input_name)
        if member.members:
            inner = tuple(self.weighted(each) for each in member.members)
            node = Aggregate(member.aggregation, inner, self.least)
        given = self.indicators.get(member.indicator or "")
        return Fraction(member.weight), self._scaled(node, member.normalise, given)

    def assigned(self, names: Iterable[str]) -> Iterator[tuple[Fraction, Node]]:
        for name in names:
            given = self.indicators[name]
            if not self._measures(given):
                continue
            low, high = given.scoring.goalposts or (None, None)
            turned = given.meaning.direction == "lower_is_better"
            scale = Normalise(
                method=given.scoring.normalise,
                low=low,
                high=high,
                direction="lower_is_better" if turned else "higher_is_better",
            )
            yield Fraction(given.scoring.weight or 1), self._scaled(Input(name), scale, given)

    def _measures(self, given: Indicator) -> bool:
        """Whether an assigned indicator counts at this level: it has values there, and a target if it needs one."""
        if given.scoring.normalise == "distance_to_target" and not governing_target(given, self.level, self.level_of):
            return False
        return self.level in given.levels

    def _scaled(self, node: Node, scale: Normalise, given: Indicator | None) -> Node:
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
                node = TargetShare(node, self._goal(given), scale.direction)
        return node

    def _goal(self, given: Indicator | None) -> Fraction:
        target = governing_target(given, self.level, self.level_of) if given else None
        if target is None or target.value is None:
            subject = given.id if given else both("nhóm hoặc số liệu thành phần", "a group or a measure")
            raise _unplaced(
                both(f"{subject} không có mục tiêu ở cấp {self.level}", f"{subject} has no target at {self.level}"),
                both("thêm mục tiêu governs, hoặc chuẩn hoá cách khác", "add a governing one, or normalise otherwise"),
            )
        return Fraction(target.value)


def governing_target(given: Indicator, level: Level, level_of: LevelOf) -> Target | None:
    """The target that every unit of a level is held to: the level's own, the nation's, or one for all.

    A target of a single unit below the nation holds for that unit only. None where there is none with a value.
    """

    def nearness(target: Target) -> int:
        if target.scope:
            return 1 if level == level_of(target.scope) == "nation" else -1
        return 2 if target.level == level else -1 if target.level else 0

    found = [each for each in given.targets if each.governs and each.value is not None and nearness(each) >= 0]
    return max(found, key=nearness, default=None)


def _unplaced(found: str, remedy: str) -> FormulaError:
    return FormulaError("", -1, found, remedy)
