"""Lint checks on what an indicator means and how it is computed."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from indicator_specs import clock, graph, periods
from indicator_specs.errors import both
from indicator_specs.lint_finding import Check, LintFinding
from indicator_specs.registry import Registry
from indicator_specs.typed_text import LEVELS
from indicator_specs.units import RETIRED, UNITS


def verifier_is_judged(registry: Registry) -> Iterator[LintFinding]:
    """Nobody verifies their own figures."""
    for spec in registry.indicators.values():
        duty = spec.responsibility
        own = {bearer.body for bearer in (*duty.lead, *duty.updates)}
        for body in sorted({bearer.body for bearer in duty.verifies} & own):
            yield LintFinding(
                "verifier_is_judged",
                "error",
                spec.id,
                both(f"{body} vừa thẩm định vừa chủ trì hoặc cập nhật", f"{body} verifies what it leads or updates"),
                both("giao cơ quan khác thẩm định", "let another body verify"),
            )


def retired_body(registry: Registry) -> Iterator[LintFinding]:
    """A duty lies with a body that no longer exists."""
    today = clock.now().astimezone(clock.HANOI).date()
    for spec in registry.indicators.values():
        duty = spec.responsibility
        for bearer in duty.lead[-1:] + duty.updates + duty.verifies:
            unit = registry.reference.org_units.get(bearer.body)
            if unit and unit.valid_to and unit.valid_to < today and bearer.valid_to is None:
                yield LintFinding(
                    "retired_body",
                    "error",
                    spec.id,
                    both(f"{bearer.body} đã thôi hoạt động từ {unit.valid_to}", f"{bearer.body} ended {unit.valid_to}"),
                    both("ghi cơ quan kế thừa, hoặc valid_to", "name its successor, or a valid_to"),
                )


def missing_text(registry: Registry) -> Iterator[LintFinding]:
    """Names and concepts are needed in both languages."""
    for spec in registry.indicators.values():
        for part, text in (("name", spec.meaning.name), ("concept", spec.meaning.concept)):
            if not text.en.strip() or not text.vi.strip():
                yield LintFinding(
                    "missing_text",
                    "warning",
                    spec.id,
                    both(f"meaning.{part} thiếu một ngôn ngữ", f"meaning.{part} lacks a language"),
                    both("viết cả vi và en", "write vi and en"),
                )


def no_legal_basis(registry: Registry) -> Iterator[LintFinding]:
    """An indicator stands on a document."""
    for spec in registry.indicators.values():
        if not any(text.strip() for text in spec.meaning.legal_basis):
            yield LintFinding(
                "no_legal_basis",
                "warning",
                spec.id,
                both("không có căn cứ pháp lý", "no legal basis"),
                both("ghi số hiệu văn bản vào meaning.legal_basis", "cite the document under meaning.legal_basis"),
            )


def no_example(registry: Registry) -> Iterator[LintFinding]:
    """What is computed is proved by an example, and so is what it does with a missing or zero input."""
    for spec in registry.indicators.values():
        if spec.type in {"computed", "composite"} and not any(each.expect is not None for each in spec.examples):
            yield LintFinding(
                "no_example",
                "warning",
                spec.id,
                both("không có ví dụ cho công thức", "no example for its formula"),
                both("thêm examples: given, expect", "add examples: given, expect"),
            )


def unused_input(registry: Registry) -> Iterator[LintFinding]:
    """Every declared input is read by the formula."""
    for spec in registry.indicators.values():
        for method in spec.methods:
            used = registry.compiled(spec, method).inputs
            for name in sorted(set(spec.inputs_of(method)) - set(used)):
                yield LintFinding(
                    "unused_input",
                    "error",
                    spec.id,
                    both(f"input {name} không có trong công thức", f"input {name} is not in the formula"),
                    both("bỏ input hoặc sửa công thức", "drop it, or mend the formula"),
                )


def same_formula(registry: Registry) -> Iterator[LintFinding]:
    """Two indicators that compute the same thing are one, or one of them is wrong."""
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for spec in registry.indicators.values():
        inputs = {
            name: f"<{given.measure or given.indicator}@{given.producer or ''}>"
            for name, given in spec.inputs_of(spec.method).items()
        }
        sql = registry.compiled(spec, spec.method).expression_sql
        words = re.split(r"(\w+)", sql)
        resolved = "".join(inputs.get(word, word) for word in words)
        seen[resolved, *sorted(spec.levels)].append(spec.id)
    for names in seen.values():
        for name in names[1:]:
            yield LintFinding(
                "same_formula",
                "warning",
                name,
                both(f"cùng công thức với {names[0]}", f"the same formula as {names[0]}"),
                both("gộp hai chỉ số, hoặc sửa", "merge the two, or mend one"),
            )


def same_code(registry: Registry) -> Iterator[LintFinding]:
    """An official code belongs to one indicator, and so does a name."""
    for part, key in (("codes", lambda spec: spec.codes), ("name", lambda spec: (spec.name.vi.casefold(),))):
        seen: dict[str, str] = {}
        for spec in registry.indicators.values():
            for text in key(spec):
                first = seen.setdefault(text, spec.id)
                if first != spec.id:
                    yield LintFinding(
                        "same_code",
                        "error",
                        spec.id,
                        both(f"{part} {text!r} đã dùng cho {first}", f"{part} {text!r} is that of {first}"),
                        both("mỗi mã, mỗi tên một chỉ số", "one indicator a code and a name"),
                    )


def coverage_out_of_range(registry: Registry) -> Iterator[LintFinding]:
    """A share of units lies between 0 and 1."""
    for spec in registry.indicators.values():
        for method in spec.methods:
            if not 0 <= method.min_coverage <= 1:
                yield LintFinding(
                    "coverage_out_of_range",
                    "error",
                    spec.id,
                    both(f"min_coverage {method.min_coverage} ngoài 0–1", f"min_coverage {method.min_coverage}"),
                    both('viết tỉ lệ, ví dụ "0.95"', 'write a share, e.g. "0.95"'),
                )


def sum_of_ratio(registry: Registry) -> Iterator[LintFinding]:
    """Only amounts can be summed over units."""
    for spec in registry.indicators.values():
        unit = UNITS[spec.meaning.unit]
        amount = len(unit.dimensions) == 1 and not set(unit.dimensions) & {"score", "rank"}
        if any(method.roll_up == "sum" for method in spec.methods) and not amount:
            yield LintFinding(
                "sum_of_ratio",
                "error",
                spec.id,
                both(f"{unit.code} không cộng được giữa các đơn vị", f"{unit.code} cannot be summed over units"),
                both("roll_up: recompute", "roll_up: recompute"),
            )


def retired_unit(registry: Registry) -> Iterator[LintFinding]:
    """Units of measurement that new declarations should not use."""
    used = [(spec.id, spec.meaning.unit) for spec in registry.indicators.values()]
    used += [(measure.id, measure.unit) for measure in registry.measures.values()]
    for subject, unit in used:
        if unit in RETIRED:
            yield LintFinding(
                "retired_unit",
                "warning",
                subject,
                both(f"đơn vị đo {unit} không còn dùng", f"unit {unit} is retired"),
                both(f"dùng {RETIRED[unit]}", f"use {RETIRED[unit]}"),
            )


def overlapping_methods(registry: Registry) -> Iterator[LintFinding]:
    """Each period is computed by one method."""
    for spec in registry.indicators.values():
        for old, new in pairwise(spec.methods):
            begins = periods.parse(new.valid_from).start_date
            if old.valid_to is None or periods.parse(old.valid_to).end_date >= begins:
                yield LintFinding(
                    "overlapping_methods",
                    "error",
                    spec.id,
                    both(
                        f"method {old.version} và {new.version} chồng kỳ",
                        f"methods {old.version} and {new.version} overlap",
                    ),
                    both(f"kết thúc method {old.version} trước {new.valid_from}", f"end {old.version} before that"),
                )


def level_without_data(registry: Registry) -> Iterator[LintFinding]:
    """A level has values if its measures are reported there, or are rolled up from below."""
    for spec in registry.indicators.values():
        measures = [registry.measures[name] for name in graph.inputs_of(spec)[0]]
        for level in spec.levels:
            below = set(LEVELS[LEVELS.index(level) + 1 :])
            rolls = spec.method.roll_up != "none" and level != "ministry"
            absent = [m.id for m in measures if level not in m.levels and not (rolls and below & set(m.levels))]
            if absent:
                names = ", ".join(sorted(absent))
                yield LintFinding(
                    "level_without_data",
                    "warning",
                    spec.id,
                    both(f"cấp {level}: không có {names}", f"level {level}: {names} not reported"),
                    both("bỏ cấp này, hoặc thêm nguồn, hoặc roll_up", "drop the level, add a source, or roll_up"),
                )


CHECKS: tuple[Check, ...] = (
    verifier_is_judged,
    retired_body,
    missing_text,
    no_legal_basis,
    no_example,
    unused_input,
    same_formula,
    same_code,
    coverage_out_of_range,
    sum_of_ratio,
    retired_unit,
    overlapping_methods,
    level_without_data,
)
