"""A file checked before it is sent: the same reader, the same judge, without network, server or ledger.

Says also what it could not see from there, so that a clean check is not mistaken for an acceptance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors.ledger import State
from connectors.workbook.reading import WorkbookReading, WorkbookRefused
from connectors.workbook.sandbox import read_before_sending, read_in_sandbox
from expectations import Case, Verdict, judge
from indicator_specs import periods
from indicator_specs.findings import Finding, Severity
from indicator_specs.registry import Registry
from indicator_specs.verification import verifier_of
from pipelines.authority import refusal_of
from pipelines.candidates import concluding_state
from pipelines.history import observations_of
from pipelines.submissions.absent import missing_units
from pipelines.submissions.explanations import with_explanations
from pipelines.submissions.standing import Line

NEEDS_LEDGER = {
    "duplicate": ("tệp đã gửi trước hay chưa", "whether the same bytes were sent before"),
    "resubmitted": ("số liệu thay đổi, số liệu rút so với lần gửi trước", "what changes from what was sent before"),
    "evidence_missing": (
        "minh chứng đã được chép vào thư mục hay chưa",
        "whether required evidence lies in the folder",
    ),
    "period_closed": ("kỳ báo cáo còn mở hay đã đóng", "whether the period is still open"),
}
NEEDS_KEY = {"E-STAMP-INVALID": ("chữ ký của mã biểu", "the signature of the form code")}
NEEDS_AGENCY = {"E-STAMP-AGENCY": ("tệp có đúng thư mục của đơn vị hay không", "whether it is this agency's folder")}
NEEDS_HISTORY = {
    "scale_slip": ("số liệu lệch 10, 100, 1.000 lần so với các kỳ trước", "slips of 10, 100, 1,000 times"),
    "large_change": ("biến động lớn so với kỳ trước", "large changes from the period before"),
    "copy_of_previous": ("trùng hoàn toàn với kỳ trước", "a copy of the period before"),
    "swapped_columns": ("hai cột đổi chỗ cho nhau", "two columns in each other's place"),
}
"""Rules that need more than the file, each with what it asks, in Vietnamese and English."""


WORDS = {
    State.ACCEPTED: ("sẽ được tiếp nhận", "would be accepted"),
    State.PARTLY_ACCEPTED: ("sẽ được tiếp nhận một phần", "would be partly accepted"),
    State.RETURNED: ("sẽ được trả lại để hoàn thiện", "would be returned to be completed"),
    State.QUARANTINED: ("sẽ được tạm giữ để kiểm tra", "would be held for inspection"),
}
"""What would become of the file, in Vietnamese and English."""


@dataclass(frozen=True)
class Checked:
    """What would become of a file. ``unseen`` are rules that could not be evaluated, with what each asks."""

    state: State
    read: WorkbookReading | WorkbookRefused
    n_read: int
    n_accepted: int
    findings: tuple[Finding, ...]
    unseen: dict[str, tuple[str, str]]
    verifier: str
    """Whose verification the figures will await; empty where nobody's."""


def check(
    path: Path, registry: Registry, *, key: bytes | None = None, agency: str = "", release: Path | None = None
) -> Checked:
    """Read and judge one file; nothing is written.

    Args:
        path: the workbook.
        registry: the catalogue.
        key: the installation's stamp key, where it is at hand.
        agency: whose folder it will be put into, where known.
        release: a release file (``mart@N.duckdb``) to take the history of figures from.

    Raises:
        OSError: the file cannot be read.
    """
    history = observations_of(release) if release else None
    return check_all([path], registry, key=key, agency=agency, history=history)[0]


def check_all(
    paths: Sequence[Path],
    registry: Registry,
    *,
    key: bytes | None = None,
    agency: str = "",
    history: pl.DataFrame | None = None,
) -> list[Checked]:
    """Read files one by one and judge them together, which costs little more than one; in the order of ``paths``.

    Arguments as for ``check``; ``history`` are the figures that were published before.

    Raises:
        OSError: a file cannot be read.
    """
    unseen = {
        **NEEDS_LEDGER,
        **({} if key else NEEDS_KEY),
        **({} if agency else NEEDS_AGENCY),
        **({} if history is not None else NEEDS_HISTORY),
    }
    answers: dict[int, Checked] = {}
    cases: list[Case] = []
    readings: dict[int, WorkbookReading] = {}
    for number, path in enumerate(paths):
        read = read_in_sandbox(path, registry, key) if key else read_before_sending(path, registry)
        refusal = refusal_of(registry, read, agency, path.name)
        if isinstance(read, WorkbookRefused) or refusal is not None:
            hostile = isinstance(read, WorkbookRefused) and read.is_hostile
            state = State.QUARANTINED if hostile else State.RETURNED
            answers[number] = Checked(state, read, 0, 0, refusal or (), unseen, "")
        else:
            readings[number] = read
            dataset = registry.dataset(read.source, read.dataset)
            cases.append(Case(str(number), dataset, read.rows, read.agency, read.time_period, read.key_columns))
    for verdict in judge(cases, registry, history):
        number = int(verdict.case_id)
        answers[number] = _judged(readings[number], verdict, registry, unseen)
    return [answers[number] for number in range(len(paths))]


def _judged(read: WorkbookReading, verdict: Verdict, registry: Registry, unseen: dict[str, tuple[str, str]]) -> Checked:
    line = Line(f"{read.source}.{read.dataset}", read.time_period, read.agency)
    missing = missing_units(registry.reference, line, verdict)
    findings = with_explanations((*read.findings, *verdict.findings, *missing), read.explanations)
    last_day = periods.parse(read.time_period).end_date
    return Checked(
        concluding_state(verdict.accepted.height, findings),
        read,
        verdict.n_read,
        verdict.accepted.height,
        findings,
        unseen,
        verifier_of(registry.reference, line.dataset, line.agency, last_day),
    )


def lines(checked: Checked) -> list[str]:
    """What is said of it: the verdict, each finding with its place, then what could not be seen."""
    vi, en = WORDS[checked.state]
    count = {severity: sum(each.severity is severity for each in checked.findings) for severity in Severity}
    told = [
        f"KIỂM TRA TRƯỚC KHI GỬI: {vi} · {en}",
        f"Đọc {checked.n_read} số liệu, sẽ tiếp nhận {checked.n_accepted}; cần hoàn thiện {count[Severity.ERROR]}, "
        f"cảnh báo {count[Severity.WARNING]}.",
    ]
    for finding in sorted(checked.findings, key=lambda each: list(Severity).index(each.severity)):
        told.append(f"  [{finding.severity.value}] {finding.place or 'cả tệp'} {finding.rule}: {finding.message_vi}")
        told.append(f"      {finding.message_en}")
    if checked.verifier:
        told.append(f"Sau khi tiếp nhận, số liệu chờ {checked.verifier} thẩm định · awaits verification")
    told.append("Chưa kiểm tra được tại đây · not evaluated here:")
    told += [f"  {rule}: {asks_vi} · {asks_en}" for rule, (asks_vi, asks_en) in checked.unseen.items()]
    return told
