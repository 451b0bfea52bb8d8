"""Whether a file that could be read may be judged: whose folder it lay in, and of which period it speaks.

The stamp decides; the folder, the visible sheet and the file's name must not contradict it.
"""

import re
from collections.abc import Sequence

from connectors.workbook.reading import WorkbookReading, WorkbookRefused
from connectors.workbook.refusals import finding_of
from expectations import canonical
from indicator_specs import clock, periods
from indicator_specs.findings import Finding
from indicator_specs.names import name_key
from indicator_specs.registry import Registry

_PERIOD_IN_NAME = re.compile(r"(?<!\d)20\d\d-(?:\d\d|Q[1-4]|S[12]|N9|W\d\d)(?!\d)")


def refusal_of(
    registry: Registry, read: WorkbookReading | WorkbookRefused, agency: str, file_name: str
) -> tuple[Finding, ...] | None:
    """Why nothing of the file can be taken: unreadable, not this agency's form, or not of one period that has begun.

    Args:
        registry: Names the periods.
        read: What the file says.
        agency: Whose folder it lay in; empty where that is not known.
        file_name: As the agency named it.
    """
    if isinstance(read, WorkbookRefused):
        return read.findings
    if agency and read.agency != agency:
        return (finding_of("E-STAMP-AGENCY", found=read.agency, expected=agency),)
    period = periods.parse(read.time_period)
    contradiction = _contradiction(registry, file_name, read, period)
    if contradiction:
        return (finding_of("E-PERIOD-CONFLICT", found=contradiction, expected=read.time_period),)
    if period.start_date > clock.now().astimezone(clock.HANOI).date():
        return (finding_of("E-PERIOD-FUTURE", found=read.time_period),)
    return None


def told_apart(findings: Sequence[Finding]) -> bool:
    """Whether a file was refused because it belongs to another agency than its folder."""
    return any(finding.rule == "E-STAMP-AGENCY" for finding in findings)


def _contradiction(registry: Registry, name: str, read: WorkbookReading, period: periods.Period) -> str:
    """The periods of stamp, sheet and file name, where they differ; empty where they do not."""
    dataset = f"{read.source}.{read.dataset}"
    label = registry.reference.calendars.label_vi(dataset, period)
    printed = canonical.period(read.printed_period)
    on_sheet = printed is not None and printed != period and name_key(read.printed_period) != name_key(label)
    named = _PERIOD_IN_NAME.search(name)
    in_name = named is not None and named.group() != read.time_period
    if not on_sheet and not in_name:
        return ""
    said = [f"mã biểu: {read.time_period}"]
    said += [f"trang tính: {read.printed_period}"] if read.printed_period else []
    said += [f"tên tệp: {named.group()}"] if named else []
    return "; ".join(said)
