"""Lint checks on sources, measures and reporting duties."""

from collections.abc import Iterator

from indicator_specs import graph
from indicator_specs.errors import both
from indicator_specs.lint_finding import Check, LintFinding
from indicator_specs.registry import Registry
from indicator_specs.units import UNITS


def orphan_measure(registry: Registry) -> Iterator[LintFinding]:
    """A figure that is collected and never used is a burden on whoever reports it."""
    read = {name for spec in registry.indicators.values() for name in graph.inputs_of(spec)[0]}
    for measure in registry.measures.values():
        if measure.id not in read:
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
    """What agencies must send, or what is rolled up, needs a duty: without it nothing is late and coverage unknown."""
    owed = {duty.dataset for duty in registry.reference.duties}
    rolled = {
        registry.measures[name].dataset.full_id
        for spec in registry.indicators.values()
        if any(method.roll_up != "none" for method in spec.methods)
        for name in graph.inputs_of(spec)[0]
    }
    for dataset in registry.datasets.values():
        if dataset.full_id in owed:
            continue
        if dataset.source.kind == "workbook" or dataset.full_id in rolled:
            yield LintFinding(
                "nobody_owes",
                "error",
                dataset.full_id,
                both("không có dòng nào trong assignment.csv", "no row in assignment.csv"),
                both("ghi ai phải báo cáo cho ai", "say who owes it for whom"),
            )


CHECKS: tuple[Check, ...] = (orphan_measure, missing_measure_text, unbounded_measure, calendar_differs, nobody_owes)
