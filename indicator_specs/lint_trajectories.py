"""Lint checks on the way from the baseline to the targets: time, order, what is asked of one unit by several."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from indicator_specs import clock, periods
from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from indicator_specs.targets import Target
from indicator_specs.units import UNITS


def _by_scope(spec: Indicator) -> dict[str, list[Target]]:
    """Targets to reach, of one unit or level each, by deadline."""
    found: dict[str, list[Target]] = defaultdict(list)
    for target in spec.targets:
        if target.kind == "reach" and target.by and target.value is not None:
            found[target.scope or target.level or ""].append(target)
    for targets in found.values():
        targets.sort(key=lambda target: periods.parse(target.by or "").end_date)
    return found


@check(
    "error",
    "Lộ trình đi từ kỳ gốc tới thời hạn ở phía sau.",
    "sửa by, hoặc baseline.period",
    "mend 'by', or baseline.period",
)
def target_before_baseline(registry: Registry) -> Iterator[Hit]:
    """A trajectory runs from the baseline to a later deadline."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            if spec.baseline and target.by:
                start, end = periods.parse(spec.baseline.period).end_date, periods.parse(target.by).end_date
                if end < start or (end == start and target.governs):
                    message = both(
                        f"thời hạn {target.by} không sau {spec.baseline.period}", f"{target.by} is not after it"
                    )
                    yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "info",
    "Không có số gốc thì trước thời hạn chưa đánh giá được tiến độ.",
    "ghi baseline, hoặc trajectory: step",
    "give a baseline, or trajectory: step",
)
def no_baseline(registry: Registry) -> Iterator[Hit]:
    """Without a baseline, progress towards a deadline cannot be assessed on the way."""
    for spec in registry.indicators.values():
        waiting = [target for target in spec.targets if target.governs and target.kind == "reach"]
        if waiting and spec.baseline is None and spec.trajectory == "linear":
            yield Hit(spec.id, both("mục tiêu quyết định không có số gốc", "a governing target without a baseline"))


@check("error", "Số gốc phải là giá trị mà chỉ số có thể có.", "sửa baseline.value", "mend baseline.value")
def baseline_out_of_range(registry: Registry) -> Iterator[Hit]:
    """A baseline is a value that the indicator can have."""
    for spec in registry.indicators.values():
        unit = UNITS[spec.meaning.unit]
        bounds = [(unit.low, unit.high), *(m.checks.range for m in spec.methods if m.checks.range)]
        value = spec.baseline.value if spec.baseline else None
        if value is not None and any(
            (lo is not None and value < lo) or (hi is not None and value > hi) for lo, hi in bounds
        ):
            yield Hit(spec.id, both(f"số gốc {value} ngoài khoảng có thể", f"baseline {value} cannot be"))


@check(
    "warning",
    "Mục tiêu đã hết thời hạn không còn định hướng được.",
    "cho mục tiêu kế tiếp governs: true",
    "let the next target govern",
)
def target_is_past(registry: Registry) -> Iterator[Hit]:
    """A governing target whose deadline has passed guides nothing."""
    today = clock.now().astimezone(clock.HANOI).date()
    for spec in registry.indicators.values():
        for target in spec.targets:
            if target.governs and target.by and periods.parse(target.by).end_date < today:
                yield Hit(f"{spec.id}/{target.id}", both(f"đã hết thời hạn {target.by}", f"{target.by} has passed"))


@check(
    "warning",
    "Mục tiêu sau thấp hơn mục tiêu trước thường là gõ nhầm.",
    "đối chiếu lại với văn bản",
    "compare with the document",
)
def later_target_is_weaker(registry: Registry) -> Iterator[Hit]:
    """A later target that asks less than an earlier one is mostly a slip of the pen."""
    for spec in registry.indicators.values():
        sign = {"higher_is_better": 1, "lower_is_better": -1, "none": 0}[spec.meaning.direction]
        for targets in _by_scope(spec).values():
            for old, new in pairwise(targets):
                if old.by != new.by and ((new.value or 0) - (old.value or 0)) * sign < 0:
                    message = both(f"{new.by}: {new.value}, {old.by}: {old.value}", f"{new.value} after {old.value}")
                    yield Hit(f"{spec.id}/{new.id}", message)


@check(
    "info",
    "Hai văn bản đòi khác nhau cùng một thời hạn: đúng tại ngưỡng, hai mức đánh giá trái nhau.",
    "xác nhận mục tiêu nào quyết định",
    "confirm which of them governs",
)
def targets_disagree(registry: Registry) -> Iterator[Hit]:
    """Two documents that ask different things by one deadline disagree at the threshold: only one can govern."""
    for spec in registry.indicators.values():
        for targets in _by_scope(spec).values():
            for one, other in pairwise(targets):
                same = (one.operator, one.value, one.value_high) == (other.operator, other.value, other.value_high)
                if one.by == other.by and not same:
                    asked = (
                        f"{one.operator} {one.value} ({one.source}); {other.operator} {other.value} ({other.source})"
                    )
                    yield Hit(spec.id, both(f"đến {one.by}: {asked}", f"by {one.by}: {asked}"))


CHECKS: tuple[Check, ...] = (
    target_before_baseline,
    no_baseline,
    baseline_out_of_range,
    target_is_past,
    later_target_is_weaker,
    targets_disagree,
)
