"""Lint checks on targets: scope, governance, direction, bounds, time."""

from collections import defaultdict
from collections.abc import Iterator

from indicator_specs import periods
from indicator_specs.errors import both
from indicator_specs.lint_finding import Check, LintFinding
from indicator_specs.registry import Registry
from indicator_specs.units import UNITS

UPWARD, DOWNWARD = {">", ">="}, {"<", "<="}


def target_without_scope(registry: Registry) -> Iterator[LintFinding]:
    """A target is somebody's."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            if target.scope is None and target.level is None:
                yield LintFinding(
                    "target_without_scope",
                    "error",
                    f"{spec.id}/{target.id}",
                    both("mục tiêu không nói của ai", "a target of nobody"),
                    both("ghi scope (mã đơn vị) hoặc level", "name a scope (a unit's code) or a level"),
                )


def several_governing(registry: Registry) -> Iterator[LintFinding]:
    """One target governs the light of one unit."""
    for spec in registry.indicators.values():
        governing: dict[str, list[str]] = defaultdict(list)
        for target in spec.targets:
            if target.governs:
                governing[target.scope or target.level or ""].append(target.id)
        for scope, ids in governing.items():
            if len(ids) > 1:
                yield LintFinding(
                    "several_governing",
                    "error",
                    spec.id,
                    both(
                        f"{scope}: nhiều mục tiêu quyết định: {', '.join(ids)}", f"{scope}: {', '.join(ids)} all govern"
                    ),
                    both("chỉ một mục tiêu có governs: true", "let one govern"),
                )


def none_governs(registry: Registry) -> Iterator[LintFinding]:
    """Targets without a governing one give no light."""
    for spec in registry.indicators.values():
        if spec.targets and not any(target.governs for target in spec.targets):
            yield LintFinding(
                "none_governs",
                "warning",
                spec.id,
                both("có mục tiêu nhưng không mục tiêu nào quyết định", "targets, but none governs"),
                both("thêm governs: true vào một mục tiêu", "add governs: true to one"),
            )


def target_out_of_range(registry: Registry) -> Iterator[LintFinding]:
    """A target can be reached: it lies within what the unit, and the indicator's own checks, allow."""
    for spec in registry.indicators.values():
        unit = UNITS[spec.meaning.unit]
        low, high = (0, 100) if unit.code == "percent" else (unit.low, unit.high)
        bounds = [(low, high), *(m.checks.range for m in spec.methods if m.checks.range)]
        for target in spec.targets:
            values = [value for value in (target.value, target.value_high) if value is not None]
            off = [v for v in values for lo, hi in bounds if (lo is not None and v < lo) or (hi is not None and v > hi)]
            if off and target.kind != "added_since":
                yield LintFinding(
                    "target_out_of_range",
                    "error",
                    f"{spec.id}/{target.id}",
                    both(f"mục tiêu {off[0]} ngoài khoảng có thể ({unit.code})", f"{off[0]} cannot be ({unit.code})"),
                    both("sửa value, hoặc checks.range", "mend the value, or checks.range"),
                )


def target_without_direction(registry: Registry) -> Iterator[LintFinding]:
    """What has no better side cannot be reached."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            if spec.meaning.direction == "none" and target.kind == "reach":
                yield LintFinding(
                    "target_without_direction",
                    "error",
                    f"{spec.id}/{target.id}",
                    both("direction: none mà có mục tiêu phải đạt", "direction: none, with a target to reach"),
                    both("ghi direction, hoặc bỏ mục tiêu", "give it a direction, or drop the target"),
                )


def target_against_direction(registry: Registry) -> Iterator[LintFinding]:
    """A floor for what should be low, or a ceiling for what should be high, is a slip."""
    against = {"higher_is_better": DOWNWARD, "lower_is_better": UPWARD, "none": set[str]()}
    for spec in registry.indicators.values():
        for target in spec.targets:
            if target.operator in against[spec.meaning.direction]:
                yield LintFinding(
                    "target_against_direction",
                    "error",
                    f"{spec.id}/{target.id}",
                    both(f"{target.operator} ngược với {spec.meaning.direction}", f"{target.operator} is against it"),
                    both("sửa operator hoặc direction", "mend the operator or the direction"),
                )


def target_before_baseline(registry: Registry) -> Iterator[LintFinding]:
    """A trajectory runs from the baseline to a later deadline."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            if spec.baseline and target.by:
                start, end = periods.parse(spec.baseline.period).end_date, periods.parse(target.by).end_date
                if end < start or (end == start and target.governs):
                    yield LintFinding(
                        "target_before_baseline",
                        "error",
                        f"{spec.id}/{target.id}",
                        both(f"thời hạn {target.by} không sau {spec.baseline.period}", f"{target.by} is not after it"),
                        both("sửa by, hoặc baseline.period", "mend 'by', or baseline.period"),
                    )


CHECKS: tuple[Check, ...] = (
    target_without_scope,
    several_governing,
    none_governs,
    target_out_of_range,
    target_without_direction,
    target_against_direction,
    target_before_baseline,
)
