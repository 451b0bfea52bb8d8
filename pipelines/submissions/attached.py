"""The evidence of a report: required where an indicator's method says so, told file by file, known when re-used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import polars as pl

from connectors.intake.attachments import Attachment, collect, folder_of
from connectors.ledger import NewEvent, Submission, about_submission
from expectations import Verdict
from indicator_specs import periods
from indicator_specs.findings import Finding, Severity
from indicator_specs.methods import Method
from indicator_specs.registry import Registry
from indicator_specs.source_spec import Measure
from pipelines.installation import Installation
from pipelines.submissions.standing import Line

ATTACHED = "evidence_attached"
"""Kind of the event that lists the files of a report, each with its hash."""

_PROBLEMS = {
    "empty": ("tệp rỗng", "is empty"),
    "type": ("nội dung không đúng loại PDF, ảnh, DOCX, XLSX", "is no PDF, picture, DOCX or XLSX"),
    "size": ("lớn hơn 50 MB", "is larger than 50 MB"),
    "changing": ("đang được chép", "is still being written"),
    "many": ("vượt quá 50 tệp", "is one of more than 50"),
    "odd": ("không phải tệp thường", "is no ordinary file"),
}


@dataclass(frozen=True)
class Attached:
    """What a report has for evidence, and the verdict once that is known."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    events: tuple[NewEvent, ...]


def attach(here: Installation, line: Line, submission: Submission, verdict: Verdict) -> Attached:
    """Take the evidence that lies beside a report; groups that need some and have none are returned.

    Raises:
        OSError: the agency's folder or our own store failed.
    """
    dataset = here.registry.datasets[line.dataset]
    form = dataset.form.code if dataset.form else dataset.id
    folder = folder_of(here.home, line.agency, form, line.time_period)
    files = collect(here.home, line.agency, folder)
    taken = [each for each in files if not each.problem]
    findings = [_unusable(each) for each in files if each.problem]
    demanded = frozenset() if taken else needing_evidence(here.registry, line.dataset, line.time_period)
    lacking = [each for each in dataset.measures if each.id in demanded & set(verdict.accepted["measure"])]
    if lacking:
        findings.append(_lacking(lacking, folder.name))
        verdict = _without(verdict, demanded)
    if not taken:
        return Attached(verdict, tuple(findings), ())
    findings += [_taken(taken), *_reused(here, line, submission.submission_no, taken)]
    listed = [{"name": each.name, "sha256": each.sha256, "path": each.path, "size": each.size} for each in taken]
    event = NewEvent(ATTACHED, about_submission(submission.submission_no), {"files": listed})
    return Attached(verdict, tuple(findings), (event,))


@lru_cache(maxsize=256)
def needing_evidence(registry: Registry, dataset: str, time_period: str) -> frozenset[str]:
    """Measures of a dataset whose indicator group holds an indicator that demands evidence in a period."""
    groups, period = registry.groups(registry.datasets[dataset]), periods.parse(time_period)
    demanding = (spec for spec in registry.indicators.values() if any(_demands(method) for method in spec.methods))
    methods = ((spec, spec.method_of(period)) for spec in demanding)
    demanded = {
        groups[given.measure]
        for spec, method in methods
        if method is not None and _demands(method)
        for given in spec.inputs_of(method).values()
        if given.measure is not None and given.measure in groups
    }
    return frozenset(measure for measure, group in groups.items() if group in demanded)


def _demands(method: Method) -> bool:
    return method.checks.evidence == "required"


def attached_to(here: Installation, submission_no: int) -> list[dict[str, object]]:
    """Files that were taken with a report: name, sha256, path, size."""
    events = here.ledger.events(kinds=[ATTACHED], subjects=[about_submission(submission_no)])
    return list(events[-1].detail["files"]) if events else []


def _without(verdict: Verdict, measures: Collection[str]) -> Verdict:
    goes = pl.col("measure").is_in(list(measures))
    return replace(
        verdict,
        accepted=verdict.accepted.filter(~goes),
        returned=pl.concat([verdict.returned, verdict.accepted.filter(goes)]).sort("row_no"),
        unanswered=verdict.unanswered.filter(~goes) if verdict.unanswered.width else verdict.unanswered,
    )


def _lacking(measures: Sequence[Measure], folder: str) -> Finding:
    vi, en = (", ".join(getattr(each.name, lang) or "" for each in measures) for lang in ("vi", "en"))
    return Finding(
        "evidence_missing",
        Severity.ERROR,
        "",
        "",
        f"minh_chung/{folder}/",
        f"Thiếu minh chứng cho: {vi}. Đề nghị đơn vị chép tệp minh chứng (PDF, ảnh) vào thư mục minh_chung/{folder}/ "
        "rồi gửi lại báo cáo.",
        f"Evidence is missing for: {en}. Please put the files into minh_chung/{folder}/ and send the report again.",
    )


def _unusable(file: Attachment) -> Finding:
    vi, en = _PROBLEMS[file.problem]
    return Finding(
        "evidence_unusable",
        Severity.WARNING,
        "",
        file.name,
        "",
        f"Tệp minh chứng {file.name} không dùng được: {vi}.",
        f"The evidence {file.name} {en} and was not taken.",
    )


def _taken(files: Sequence[Attachment]) -> Finding:
    told = "; ".join(f"{each.name} ({each.sha256[:12]}…)" for each in files)
    return Finding(
        "evidence_taken",
        Severity.INFO,
        "",
        str(len(files)),
        "",
        f"Đã nhận {len(files)} tệp minh chứng: {told}.",
        f"{len(files)} file(s) of evidence were taken: {told}.",
    )


def _reused(here: Installation, line: Line, submission_no: int, files: Sequence[Attachment]) -> list[Finding]:
    """Files that stand behind another report already: nothing forbids it, whoever verifies should know."""
    mine = {each.sha256: each.name for each in files}
    elsewhere: dict[str, set[str]] = {}
    for event in here.ledger.events(kinds=[ATTACHED]):
        number = int(event.subject.removeprefix("submission "))
        if mine.keys().isdisjoint(file["sha256"] for file in event.detail["files"]):
            continue
        other = here.ledger.submission(number)
        is_same_report = Line(f"{other.source}.{other.dataset}", other.time_period or "", other.agency) == line
        for file in event.detail["files"]:
            if file["sha256"] in mine and number != submission_no and not is_same_report:
                elsewhere.setdefault(file["sha256"], set()).add(f"PTN-{number:06d}")
    return [
        Finding(
            "evidence_reused",
            Severity.WARNING,
            "",
            mine[digest],
            "",
            f"Tệp minh chứng {mine[digest]} đã dùng cho báo cáo khác: {', '.join(sorted(numbers))}.",
            f"The evidence {mine[digest]} stands behind other reports too: {', '.join(sorted(numbers))}.",
        )
        for digest, numbers in elsewhere.items()
    ]
