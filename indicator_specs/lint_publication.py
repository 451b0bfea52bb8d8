"""Lint checks on what may be shown to whom: nothing internal leaks through a public indicator."""

from collections.abc import Iterator

from indicator_specs import clock, graph
from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.registry import Registry


@check(
    "error",
    "Số liệu nội bộ suy ngược được từ chỉ số công khai.",
    "ghi classification: internal cho chỉ số, hoặc xin phép công khai nguồn",
    "make the indicator internal, or have the source cleared",
)
def public_from_internal(registry: Registry) -> Iterator[Hit]:
    """What is internal must not be readable from a public indicator."""
    for spec in registry.indicators.values():
        if spec.classification != "public":
            continue
        measures, indicators = graph.inputs_of(spec)
        held = {name for name in measures if registry.measures[name].dataset.source.classification == "internal"}
        held |= {name for name in indicators if registry.indicators[name].classification == "internal"}
        for name in sorted(held):
            yield Hit(spec.id, both(f"{name} là số liệu nội bộ", f"{name} is internal"))


@check("warning", "Ngày hoãn công bố chỉ có nghĩa với chỉ số công khai.", "bỏ embargo_until", "drop embargo_until")
def embargo_on_internal(registry: Registry) -> Iterator[Hit]:
    """An embargo delays a publication; what is internal is never published."""
    for spec in registry.indicators.values():
        if spec.embargo_until and spec.classification == "internal":
            yield Hit(spec.id, both("chỉ số nội bộ có embargo_until", "internal, with embargo_until"))


@check("info", "Ngày hoãn công bố đã qua không còn tác dụng.", "bỏ embargo_until", "drop embargo_until")
def embargo_is_over(registry: Registry) -> Iterator[Hit]:
    """An embargo that has passed holds nothing back."""
    today = clock.now().astimezone(clock.HANOI).date()
    for spec in registry.indicators.values():
        if spec.embargo_until and spec.embargo_until < today:
            yield Hit(spec.id, both(f"đã hết từ {spec.embargo_until}", f"over since {spec.embargo_until}"))


CHECKS: tuple[Check, ...] = (public_from_internal, embargo_on_internal, embargo_is_over)
