"""Lint checks on sources, measures and reporting duties."""

from collections.abc import Iterator

from indicator_specs import graph
from indicator_specs.errors import both
from indicator_specs.lint_finding import Check, LintFinding
from indicator_specs.registry import Registry
from indicator_specs.units import UNITS


def orphan_measure(registry: Registry) -> Iterator[LintFinding]:
    """A figure that no indicator reads and no check needs is a burden on whoever reports it."""
    read = {name for spec in registry.indicators.values() for name in graph.inputs_of(spec)[0]}
    checks = [registry.measures[name].checks for name in read]
    held_against = {name for check in checks for name in (*check.not_above, *check.sum_of)}
    for measure in registry.measures.values():
        if measure.id not in read | held_against:
            yield LintFinding(
                "orphan_measure",
                "warning",
                measure.id,
                both("không chỉ số nào dùng số liệu này", "no indicator reads it"),
                both("thêm chỉ số, hoặc thôi thu thập", "add an indicator, or stop collecting it"),
            )


def missing_measure_text(registry: Registry) -> Iterator[LintFinding]:
    """Names are needed in both languages."""
    named = [(measure.id, measure.name) for measure in registry.measures.values()]
    named += [(dataset.full_id, dataset.name) for dataset in registry.datasets.values()]
    named += [(source.id, source.name) for source in registry.sources.values()]
    for subject, name in named:
        if not name.en.strip() or not name.vi.strip():
            yield LintFinding(
                "missing_measure_text",
                "warning",
                subject,
                both("tên thiếu một ngôn ngữ", "the name lacks a language"),
                both("viết cả vi và en", "write vi and en"),
            )


def unbounded_measure(registry: Registry) -> Iterator[LintFinding]:
    """Counts are never negative and shares have an end: say so, that judgement can hold values against it."""
    for measure in registry.measures.values():
        unit = UNITS[measure.unit]
        if (unit.is_count and measure.checks.min is None) or (unit.high is not None and measure.checks.max is None):
            yield LintFinding(
                "unbounded_measure",
                "warning",
                measure.id,
                both(f"{unit.code} mà không có chặn", f"{unit.code} without bounds"),
                both("thêm checks: min, max", "add checks: min, max"),
            )


def calendar_differs(registry: Registry) -> Iterator[LintFinding]:
    """The deadline in the source and in the reporting calendar is one."""
    for entry in registry.reference.calendars:
        dataset = registry.datasets[entry.dataset]
        if entry.valid_to is None and entry.deadline_days != dataset.deadline_days:
            yield LintFinding(
                "calendar_differs",
                "error",
                entry.dataset,
                both(
                    f"deadline_days {dataset.deadline_days}, lịch báo cáo {entry.deadline_days}",
                    f"deadline_days {dataset.deadline_days}, calendar {entry.deadline_days}",
                ),
                both("sửa cho khớp", "make them agree"),
            )
        if entry.frequency != dataset.frequency:
            yield LintFinding(
                "calendar_differs",
                "error",
                entry.dataset,
                both(f"{dataset.frequency}, lịch: {entry.frequency}", f"{dataset.frequency} against {entry.frequency}"),
                both("sửa cho khớp", "make them agree"),
            )


def nobody_owes(registry: Registry) -> Iterator[LintFinding]:
    """What agencies must send needs a duty: without one nothing is ever late."""
    owed = {duty.dataset for duty in registry.reference.duties}
    for dataset in registry.datasets.values():
        if dataset.source.kind == "workbook" and dataset.full_id not in owed:
            yield LintFinding(
                "nobody_owes",
                "error",
                dataset.full_id,
                both("không có dòng nào trong assignment.csv", "no row in assignment.csv"),
                both("ghi ai phải báo cáo cho ai", "say who owes it for whom"),
            )


def coverage_by_default(registry: Registry) -> Iterator[LintFinding]:
    """A rolled-up value without a duty counts every unit of the level as expected."""
    owed = {duty.dataset for duty in registry.reference.duties}
    for spec in registry.indicators.values():
        read = {registry.measures[name].dataset.full_id for name in graph.inputs_of(spec)[0]}
        for dataset in sorted(read - owed):
            if spec.method.roll_up != "none":
                yield LintFinding(
                    "coverage_by_default",
                    "info",
                    spec.id,
                    both(f"{dataset}: chưa ghi ai phải báo cáo", f"{dataset}: nobody is declared to owe it"),
                    both("mọi đơn vị cùng cấp được tính là phải báo cáo", "every unit of the level counts as expected"),
                )


CHECKS: tuple[Check, ...] = (
    orphan_measure,
    missing_measure_text,
    unbounded_measure,
    calendar_differs,
    nobody_owes,
    coverage_by_default,
)
