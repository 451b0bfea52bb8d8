"""Lint checks on sources, measures and reporting duties."""

from collections.abc import Iterator

from indicator_specs import clock, graph, strict_yaml
from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.registry import Registry
from indicator_specs.source_spec import CONTRACT_FILE
from indicator_specs.units import UNITS


@check(
    "warning",
    "Số liệu không ai dùng là gánh nặng cho đơn vị báo cáo.",
    "thêm chỉ số, hoặc thôi thu thập",
    "add an indicator, or stop collecting it",
)
def orphan_measure(registry: Registry) -> Iterator[Hit]:
    """A figure that no indicator reads and no check needs is a burden on whoever reports it."""
    specs = registry.indicators.values()
    read = {name for spec in specs for name in graph.inputs_of(spec)[0]}
    read |= {m.checks.published.measure for spec in specs for m in spec.methods if m.checks.published}
    checks = [registry.measures[name].checks for name in read]
    held_against = {name for check in checks for name in (*check.not_above, *check.sum_of, check.sum_of_units)}
    for measure in registry.measures.values():
        if measure.id not in read | held_against:
            yield Hit(measure.id, both("không chỉ số nào dùng số liệu này", "no indicator reads it"))


@check("warning", "Tên cần bằng hai thứ tiếng.", "viết cả vi và en", "write vi and en")
def missing_measure_text(registry: Registry) -> Iterator[Hit]:
    """Names are needed in both languages."""
    named = [(measure.id, measure.name) for measure in registry.measures.values()]
    named += [(dataset.full_id, dataset.name) for dataset in registry.datasets.values()]
    named += [(source.id, source.name) for source in registry.sources.values()]
    for subject, name in named:
        if not name.en.strip() or not name.vi.strip():
            yield Hit(subject, both("tên thiếu một ngôn ngữ", "the name lacks a language"))


@check(
    "warning",
    "Số đếm không âm, tỉ lệ có điểm cuối: không khai thì không kiểm tra được.",
    "thêm checks: min, max",
    "add checks: min, max",
)
def unbounded_measure(registry: Registry) -> Iterator[Hit]:
    """Counts are never negative and shares have an end: say so, that judgement can hold values against it."""
    for measure in registry.measures.values():
        unit = UNITS[measure.unit]
        if (unit.is_count and measure.checks.min is None) or (unit.high is not None and measure.checks.max is None):
            yield Hit(measure.id, both(f"{unit.code} mà không có chặn", f"{unit.code} without bounds"))


@check("error", "Thời hạn ở nguồn và ở lịch báo cáo phải là một.", "sửa cho khớp", "make them agree")
def calendar_differs(registry: Registry) -> Iterator[Hit]:
    """The deadline in the source and in the reporting calendar is one."""
    for entry in registry.reference.calendars.entries:
        dataset = registry.datasets[entry.dataset]
        if entry.valid_to is None and entry.deadline_days != dataset.deadline_days:
            message = both(
                f"deadline_days {dataset.deadline_days}, lịch báo cáo {entry.deadline_days}",
                f"deadline_days {dataset.deadline_days}, calendar {entry.deadline_days}",
            )
            yield Hit(entry.dataset, message)
        if entry.frequency != dataset.frequency:
            message = both(
                f"{dataset.frequency}, lịch: {entry.frequency}", f"{dataset.frequency} against {entry.frequency}"
            )
            yield Hit(entry.dataset, message)


@check(
    "warning",
    "Không giao ai báo cáo thì không bao giờ có ai chậm.",
    "ghi vào assignment.csv ai báo cáo cho ai",
    "say in assignment.csv who owes it for whom",
)
def nobody_owes(registry: Registry) -> Iterator[Hit]:
    """What agencies must send needs a duty: without one nothing is ever late, and the form is sent at will."""
    owed = {duty.dataset for duty in registry.reference.duties}
    for dataset in registry.datasets.values():
        if dataset.source.kind == "workbook" and dataset.full_id not in owed:
            yield Hit(dataset.full_id, both("không có dòng nào trong assignment.csv", "no row in assignment.csv"))


@check(
    "warning",
    "Biểu mẫu mà mọi nghĩa vụ đã hết hiệu lực thì không còn ai gửi.",
    "thêm dòng mới vào assignment.csv, hoặc bỏ biểu mẫu",
    "add a row to assignment.csv, or drop the form",
)
def duties_have_ended(registry: Registry) -> Iterator[Hit]:
    """A form whose duties have all ended is sent by nobody."""
    today = clock.now().astimezone(clock.HANOI).date()
    for dataset in registry.datasets.values():
        ends = [duty.valid_to for duty in registry.reference.duties if duty.dataset == dataset.full_id]
        over = [end for end in ends if end is not None and end < today]
        if dataset.source.kind == "workbook" and ends and len(over) == len(ends):
            yield Hit(dataset.full_id, both(f"hết hiệu lực từ {max(over)}", f"ended {max(over)}"))


@check(
    "warning",
    "Có nghĩa vụ báo cáo mà không có thời hạn trong lịch thì không rõ lúc nào là chậm.",
    "thêm dòng vào reporting_calendar.csv",
    "add a row to reporting_calendar.csv",
)
def owed_without_calendar(registry: Registry) -> Iterator[Hit]:
    """What is owed has a deadline in the reporting calendar, with the document that sets it."""
    listed = {entry.dataset for entry in registry.reference.calendars.entries}
    for name in sorted({duty.dataset for duty in registry.reference.duties} - listed):
        yield Hit(name, both("không có trong lịch báo cáo", "not in the reporting calendar"))


@check(
    "info",
    "Giá trị tổng hợp không khai nghĩa vụ thì mọi đơn vị cùng cấp được tính là phải báo cáo.",
    "ghi vào assignment.csv nếu chỉ một số đơn vị phải báo cáo",
    "fill assignment.csv if only some units owe it",
)
def coverage_by_default(registry: Registry) -> Iterator[Hit]:
    """A rolled-up value without a duty counts every unit of the level as expected."""
    owed = {duty.dataset for duty in registry.reference.duties}
    for spec in registry.indicators.values():
        read = {registry.measures[name].dataset.full_id for name in graph.inputs_of(spec)[0]}
        for dataset in sorted(read - owed):
            if spec.method.roll_up != "none":
                message = both(f"{dataset}: chưa ghi ai phải báo cáo", f"{dataset}: nobody is declared to owe it")
                yield Hit(spec.id, message)


@check(
    "warning",
    "Nguồn chưa chốt cấu trúc thì đổi cột, đổi kiểu mà không ai biết.",
    "chạy `chiso source freeze` với nguồn này rồi đưa contract.yml vào kho mã",
    "run `chiso source freeze` on this source and commit contract.yml",
)
def not_frozen(registry: Registry) -> Iterator[Hit]:
    """Where no contract says what a source looked like, its columns and types change without anybody being told."""
    for source in registry.sources.values():
        if source.kind in {"workbook", "ledger"}:
            continue
        file = source.folder / CONTRACT_FILE
        frozen = strict_yaml.read(file).value if file.is_file() else {}
        for dataset in source.datasets:
            if dataset.id not in frozen:
                yield Hit(dataset.full_id, both(f"không có trong {CONTRACT_FILE}", f"not in {CONTRACT_FILE}"))


CHECKS: tuple[Check, ...] = (
    orphan_measure,
    missing_measure_text,
    unbounded_measure,
    calendar_differs,
    nobody_owes,
    duties_have_ended,
    owed_without_calendar,
    coverage_by_default,
    not_frozen,
)
