"""Lint checks on examples: what is computed is proved, with what it does when a figure is missing."""

from collections.abc import Iterator

from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.registry import Registry


@check(
    "warning",
    "Công thức chưa có ví dụ là công thức chưa được chứng minh.",
    "thêm examples: given, expect",
    "add examples: given, expect",
)
def no_example(registry: Registry) -> Iterator[Hit]:
    """What is computed is proved by an example; a score of whatever is assigned has no fixed inputs to prove it by."""
    for spec in registry.indicators.values():
        if spec.method.composite and spec.method.composite.assigned:
            continue
        if spec.type in {"computed", "composite"} and not any(each.expect is not None for each in spec.examples):
            yield Hit(spec.id, both("không có ví dụ cho công thức", "no example for its formula"))


@check(
    "info",
    "Tỉ số phải nói rõ khi mẫu số bằng 0 hoặc thiếu số liệu thì ra gì.",
    "thêm ví dụ với expect: null",
    "add an example with expect: null",
)
def no_missing_example(registry: Registry) -> Iterator[Hit]:
    """A ratio shows what becomes of it when a figure is missing, or its denominator 0."""
    for spec in registry.indicators.values():
        ratio = spec.type == "computed" and "/" in spec.formula_of(spec.method)
        if ratio and spec.examples and all(each.expect is not None for each in spec.examples):
            yield Hit(spec.id, both("không có ví dụ thiếu số liệu", "no example with a figure missing"))


@check(
    "error",
    "Ví dụ cho giá trị mà chính phép kiểm tra sẽ không cho qua.",
    "sửa expect, hoặc checks.range",
    "mend expect, or checks.range",
)
def example_out_of_range(registry: Registry) -> Iterator[Hit]:
    """An example must be a value that the indicator's own checks let pass."""
    for spec in registry.indicators.values():
        methods = {method.version: method for method in spec.methods}
        for example in spec.examples:
            bounds = methods[example.method or spec.method.version].checks.range
            if bounds and example.expect is not None and not bounds[0] <= example.expect <= bounds[1]:
                yield Hit(spec.id, both(f"expect {example.expect} ngoài {bounds[0]}–{bounds[1]}", f"{example.expect}"))


CHECKS: tuple[Check, ...] = (no_example, no_missing_example, example_out_of_range)
