"""Lint checks on single targets: whose they are, which governs, their direction, bounds and documents."""

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from indicator_specs import clock
from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.registry import Registry
from indicator_specs.units import UNITS

UPWARD, DOWNWARD = {">", ">="}, {"<", "<="}
_DOCUMENT = re.compile(r"\d+(?:/\d{4})?[-/][A-ZĐ][\w-]*(?:/[A-ZĐ]\w*)?")


@check(
    "error",
    "Mục tiêu phải là của một đơn vị hoặc một cấp.",
    "ghi scope (mã đơn vị) hoặc level",
    "name a scope (a unit's code) or a level",
)
def target_without_scope(registry: Registry) -> Iterator[Hit]:
    """A target is somebody's."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            if target.scope is None and target.level is None:
                yield Hit(f"{spec.id}/{target.id}", both("mục tiêu không nói của ai", "a target of nobody"))


@check(
    "error",
    "Mục tiêu của đơn vị ở cấp không tính chỉ số thì không bao giờ được đánh giá.",
    "thêm cấp đó vào levels, hoặc sửa scope",
    "add that level, or mend the scope",
)
def scope_off_level(registry: Registry) -> Iterator[Hit]:
    """A target of a unit whose level has no values is never assessed."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            unit = registry.reference.org_units.get(target.scope or "")
            if unit and unit.level not in spec.levels:
                message = both(f"{target.scope} ở cấp {unit.level}", f"{target.scope} is of level {unit.level}")
                yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "error",
    "Đơn vị đã thôi hoạt động không đạt được mục tiêu nữa.",
    "giao mục tiêu cho đơn vị kế thừa",
    "give the target to its successor",
)
def retired_scope(registry: Registry) -> Iterator[Hit]:
    """A unit that has ended can reach nothing."""
    today = clock.now().astimezone(clock.HANOI).date()
    for spec in registry.indicators.values():
        for target in spec.targets:
            unit = registry.reference.org_units.get(target.scope or "")
            if unit and unit.valid_to and unit.valid_to < today:
                message = both(f"{target.scope} đã thôi hoạt động", f"{target.scope} has ended")
                yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "error",
    "Mỗi đơn vị chỉ một mục tiêu quyết định mức đánh giá.",
    "chỉ một mục tiêu có governs: true",
    "let one govern",
)
def several_governing(registry: Registry) -> Iterator[Hit]:
    """One target governs the light of one unit."""
    for spec in registry.indicators.values():
        governing: dict[str, list[str]] = defaultdict(list)
        for target in spec.targets:
            if target.governs:
                governing[target.scope or target.level or ""].append(target.id)
        for scope, ids in governing.items():
            if len(ids) > 1:
                names = ", ".join(ids)
                yield Hit(spec.id, both(f"{scope}: nhiều mục tiêu quyết định: {names}", f"{scope}: {names} all govern"))


@check(
    "warning",
    "Có mục tiêu mà không mục tiêu nào quyết định thì không có mức đánh giá.",
    "thêm governs: true vào một mục tiêu",
    "add governs: true to one",
)
def none_governs(registry: Registry) -> Iterator[Hit]:
    """Targets without a governing one give no light."""
    for spec in registry.indicators.values():
        if spec.targets and not any(target.governs for target in spec.targets):
            yield Hit(spec.id, both("có mục tiêu nhưng không mục tiêu nào quyết định", "targets, but none governs"))


@check(
    "error",
    "Mục tiêu phải nằm trong khoảng mà đơn vị đo và phép kiểm tra cho phép.",
    "sửa value, hoặc checks.range",
    "mend the value, or checks.range",
)
def target_out_of_range(registry: Registry) -> Iterator[Hit]:
    """A target can be reached: it lies within what the unit, and the indicator's own checks, allow."""
    for spec in registry.indicators.values():
        unit = UNITS[spec.meaning.unit]
        low, high = (0, 100) if unit.code == "percent" else (unit.low, unit.high)
        bounds = [(low, high), *(m.checks.range for m in spec.methods if m.checks.range)]
        for target in spec.targets:
            values = [value for value in (target.value, target.value_high) if value is not None]
            off = [v for v in values for lo, hi in bounds if (lo is not None and v < lo) or (hi is not None and v > hi)]
            if off and target.kind != "added_since":
                message = both(
                    f"mục tiêu {off[0]} ngoài khoảng có thể ({unit.code})", f"{off[0]} cannot be ({unit.code})"
                )
                yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "error",
    "Chỉ số không có chiều tốt, xấu thì không có gì để đạt.",
    "ghi direction, hoặc bỏ mục tiêu",
    "give a direction, or drop the target",
)
def target_without_direction(registry: Registry) -> Iterator[Hit]:
    """What has no better side cannot be reached."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            if spec.meaning.direction == "none" and target.kind == "reach":
                message = both("direction: none mà có mục tiêu phải đạt", "direction: none, with a target to reach")
                yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "error",
    "Mức sàn cho cái cần thấp, mức trần cho cái cần cao là viết nhầm.",
    "sửa operator hoặc direction",
    "mend the operator or the direction",
)
def target_against_direction(registry: Registry) -> Iterator[Hit]:
    """A floor for what should be low, or a ceiling for what should be high, is a slip."""
    against = {"higher_is_better": DOWNWARD, "lower_is_better": UPWARD, "none": set[str]()}
    for spec in registry.indicators.values():
        for target in spec.targets:
            if target.operator in against[spec.meaning.direction]:
                message = both(
                    f"{target.operator} ngược với {spec.meaning.direction}", f"{target.operator} is against it"
                )
                yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "warning",
    "Mục tiêu lấy từ văn bản nào thì căn cứ pháp lý nêu văn bản đó.",
    "thêm văn bản vào meaning.legal_basis",
    "add the document to meaning.legal_basis",
)
def target_of_unnamed_document(registry: Registry) -> Iterator[Hit]:
    """A target comes from a document that the legal basis names."""
    for spec in registry.indicators.values():
        basis = " ".join(spec.meaning.legal_basis)
        for target in spec.targets:
            document = _DOCUMENT.search(target.source)
            if document and document[0] not in basis:
                message = both(f"{document[0]} không có trong căn cứ", f"{document[0]} is not in the legal basis")
                yield Hit(f"{spec.id}/{target.id}", message)


@check(
    "warning",
    "Làm tròn quá mức thì không thấy mục tiêu đã đạt hay chưa.",
    "tăng presentation.decimals",
    "raise presentation.decimals",
)
def decimals_hide_target(registry: Registry) -> Iterator[Hit]:
    """Rounded further than its target, a value cannot be seen to reach it."""
    for spec in registry.indicators.values():
        for target in spec.targets:
            digits = -int((target.value or Decimal(0)).normalize().as_tuple().exponent)
            if digits > spec.presentation.decimals:
                shown = spec.presentation.decimals
                message = both(f"mục tiêu {target.value}, hiển thị {shown} số lẻ", f"{target.value}, {shown} decimals")
                yield Hit(f"{spec.id}/{target.id}", message)


CHECKS: tuple[Check, ...] = (
    target_without_scope,
    scope_off_level,
    retired_scope,
    several_governing,
    none_governs,
    target_out_of_range,
    target_without_direction,
    target_against_direction,
    target_of_unnamed_document,
    decimals_hide_target,
)
