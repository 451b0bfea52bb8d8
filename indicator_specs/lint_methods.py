"""Lint checks on how an indicator is computed: inputs, formulas, roll-up, the periods of each method."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from indicator_specs import clock, graph, periods
from indicator_specs.errors import both
from indicator_specs.formula import words
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.registry import Registry
from indicator_specs.typed_text import LEVELS
from indicator_specs.units import UNITS

_SHARE = re.compile(r"100(?:\.0)?\s*\*\s*([a-z]\w*)\s*/\s*([a-z]\w*)")


@check(
    "error",
    "Số liệu khai mà công thức không dùng là gánh nặng vô ích.",
    "bỏ input hoặc sửa công thức",
    "drop it, or mend the formula",
)
def unused_input(registry: Registry) -> Iterator[Hit]:
    """Every declared input is read by the formula."""
    for spec in registry.indicators.values():
        for method in spec.methods:
            levels = (None, *spec.levels)
            used = {name for level in levels for name in registry.compiled(spec, method, level).inputs}
            for name in sorted(set(spec.inputs_of(method)) - used):
                yield Hit(
                    spec.id, both(f"input {name} không có trong công thức", f"input {name} is not in the formula")
                )


@check(
    "warning",
    "Hai chỉ số tính như nhau là một, hoặc một trong hai sai.",
    "gộp hai chỉ số, hoặc sửa",
    "merge the two, or mend one",
)
def same_formula(registry: Registry) -> Iterator[Hit]:
    """Two indicators that compute the same thing are one, or one of them is wrong."""
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for spec in registry.indicators.values():
        inputs = {
            name: f"<{given.measure or given.indicator}@{given.producer or ''}>"
            for name, given in spec.inputs_of(spec.method).items()
        }
        resolved = words(registry.tree(spec, spec.method), inputs, "en")
        seen[resolved, *sorted(spec.levels)].append(spec.id)
    for names in seen.values():
        for name in names[1:]:
            yield Hit(name, both(f"cùng công thức với {names[0]}", f"the same formula as {names[0]}"))


@check(
    "error", "Tỉ lệ đơn vị đã báo cáo nằm trong khoảng 0–1.", 'viết tỉ lệ, ví dụ "0.95"', 'write a share, e.g. "0.95"'
)
def coverage_out_of_range(registry: Registry) -> Iterator[Hit]:
    """A share of units lies between 0 and 1."""
    for spec in registry.indicators.values():
        for method in spec.methods:
            if not 0 <= method.min_coverage <= 1:
                yield Hit(
                    spec.id,
                    both(f"min_coverage {method.min_coverage} ngoài 0–1", f"min_coverage {method.min_coverage}"),
                )


@check(
    "error", "Chỉ cộng được số lượng, không cộng được tỉ lệ hay thứ hạng.", "roll_up: recompute", "roll_up: recompute"
)
def sum_of_ratio(registry: Registry) -> Iterator[Hit]:
    """Only amounts can be summed over units."""
    for spec in registry.indicators.values():
        unit = UNITS[spec.meaning.unit]
        amount = len(unit.dimensions) == 1 and not set(unit.dimensions) & {"score", "rank"}
        if any(method.roll_up == "sum" for method in spec.methods) and not amount:
            yield Hit(
                spec.id,
                both(f"{unit.code} không cộng được giữa các đơn vị", f"{unit.code} cannot be summed over units"),
            )


@check(
    "warning",
    "Trung bình cộng của tỉ lệ không phải là tỉ lệ của cả vùng.",
    "roll_up: recompute từ tử số và mẫu số, nếu có",
    "roll_up: recompute, from numerator and denominator where there are",
)
def mean_of_ratio(registry: Registry) -> Iterator[Hit]:
    """A mean of ratios is not the ratio of the whole."""
    for spec in registry.indicators.values():
        ratio = "/" in spec.formula_of(spec.method) and spec.type == "computed"
        if ratio and any(method.roll_up == "mean" for method in spec.methods):
            yield Hit(spec.id, both("roll_up: mean trên một tỉ số", "roll_up: mean of a ratio"))


@check("error", "Mỗi kỳ chỉ tính theo một phương pháp.", "kết thúc phương pháp cũ trước", "end the older method before")
def overlapping_methods(registry: Registry) -> Iterator[Hit]:
    """Each period is computed by one method."""
    for spec in registry.indicators.values():
        for old, new in pairwise(spec.methods):
            begins = periods.parse(new.valid_from).start_date
            if old.valid_to is None or periods.parse(old.valid_to).end_date >= begins:
                message = both(
                    f"method {old.version} và {new.version} chồng kỳ",
                    f"methods {old.version} and {new.version} overlap",
                )
                remedy = both(f"kết thúc method {old.version} trước {new.valid_from}", f"end {old.version} before that")
                yield Hit(spec.id, message, remedy)


@check(
    "warning",
    "Kỳ nằm giữa hai phương pháp sẽ không bao giờ có giá trị.",
    "nối valid_to của phương pháp trước với valid_from của phương pháp sau",
    "let one method begin where the other ends",
)
def gap_between_methods(registry: Registry) -> Iterator[Hit]:
    """Periods between two methods would never have a value."""
    for spec in registry.indicators.values():
        for old, new in pairwise(spec.methods):
            begins = periods.parse(new.valid_from).start_date
            if old.valid_to and (begins - periods.parse(old.valid_to).end_date).days > 1:
                yield Hit(
                    spec.id, both(f"từ {old.valid_to} đến {new.valid_from}", f"{old.valid_to} to {new.valid_from}")
                )


@check(
    "info",
    "Phương pháp mới nhất đã hết hiệu lực thì chỉ số không có kỳ mới.",
    "thêm phương pháp mới, hoặc bỏ valid_to; nếu chuỗi số đã dừng thì để nguyên",
    "add a method, or drop valid_to; leave it where the series has ended",
)
def method_has_ended(registry: Registry) -> Iterator[Hit]:
    """With its newest method ended, an indicator gets no further values."""
    today = clock.now().astimezone(clock.HANOI).date()
    for spec in registry.indicators.values():
        last = spec.method.valid_to
        if last and periods.parse(last).end_date < today:
            yield Hit(spec.id, both(f"chỉ tính đến {last}", f"computed up to {last} only"))


@check(
    "warning",
    "Một cấp chỉ có giá trị khi số liệu được báo cáo ở đó hoặc tổng hợp từ cấp dưới.",
    "bỏ cấp này, hoặc thêm nguồn, hoặc roll_up",
    "drop the level, add a source, or roll_up",
)
def level_without_data(registry: Registry) -> Iterator[Hit]:
    """A level has values if its measures are reported there, or are rolled up from below."""
    for spec in registry.indicators.values():
        measures = [registry.measures[name] for name in graph.inputs_of(spec)[0]]
        for level in spec.levels:
            below = set(LEVELS[LEVELS.index(level) + 1 :])
            rolls = spec.method.roll_up != "none" and level != "ministry"
            absent = [m.id for m in measures if level not in m.levels and not (rolls and below & set(m.levels))]
            if absent:
                names = ", ".join(sorted(absent))
                yield Hit(spec.id, both(f"cấp {level}: không có {names}", f"level {level}: {names} not reported"))


@check(
    "warning",
    "Tử số lớn hơn mẫu số cho tỉ lệ trên 100% mà không ai thấy.",
    "ghi checks.not_above ở tử số trong source.yml",
    "declare checks.not_above of the numerator in source.yml",
)
def numerator_unchecked(registry: Registry) -> Iterator[Hit]:
    """A share above 100 per cent is caught where figures come in, if the numerator is held against its denominator."""
    for spec in registry.indicators.values():
        bounds = spec.method.checks.range
        match = _SHARE.fullmatch(spec.formula_of(spec.method).strip())
        if not match or not bounds or bounds[1] > 100:
            continue
        given = spec.inputs_of(spec.method)
        part, whole = (registry.measures.get(given[name].measure or "") for name in match.groups())
        if part and whole and part.dataset is whole.dataset and whole.id not in part.checks.not_above:
            yield Hit(spec.id, both(f"{part.id} chưa so với {whole.id}", f"{part.id} is not held against {whole.id}"))


@check(
    "error",
    "Khoảng kiểm tra rộng hơn đơn vị đo cho phép thì không kiểm tra được gì.",
    "thu hẹp checks.range",
    "narrow checks.range",
)
def range_beyond_unit(registry: Registry) -> Iterator[Hit]:
    """Bounds wider than what the unit allows hold nothing."""
    for spec in registry.indicators.values():
        unit = UNITS[spec.meaning.unit]
        for low, high in (method.checks.range for method in spec.methods if method.checks.range):
            if (unit.low is not None and low < unit.low) or (unit.high is not None and high > unit.high):
                yield Hit(spec.id, both(f"range {low}–{high}, đơn vị {unit.code}", f"{low}–{high} of {unit.code}"))


CHECKS: tuple[Check, ...] = (
    unused_input,
    same_formula,
    coverage_out_of_range,
    sum_of_ratio,
    mean_of_ratio,
    overlapping_methods,
    gap_between_methods,
    method_has_ended,
    level_without_data,
    numerator_unchecked,
    range_beyond_unit,
)
