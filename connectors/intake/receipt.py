"""The receipt (*phiếu tiếp nhận*): what was received, what was read, what is to be completed, what happens next.

Owns the words and the files of the answer in ``ket_qua/``. A receipt is made of what the ledger knows and of
nothing else, no clock and no chance: written again after a crash it is the same file, byte for byte.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from connectors import durable
from connectors.intake.names import ANSWERS
from connectors.intake.next_step import next_step_en, next_step_vi
from indicator_specs import drill
from indicator_specs.clock import HANOI
from indicator_specs.findings import Finding, Severity

STATES = {
    "received": ("đang xử lí", "received, not judged yet"),
    "accepted": ("đã tiếp nhận", "accepted"),
    "partly_accepted": ("đã tiếp nhận một phần", "partly accepted"),
    "returned": ("trả lại để hoàn thiện", "returned to be completed"),
    "duplicate": ("trùng với tệp đã gửi, không thay đổi số liệu", "duplicate, no effect"),
    "quarantined": ("tạm giữ để kiểm tra", "held for inspection"),
}
"""State of a submission in Vietnamese and English."""

_SECTIONS = (
    (Severity.ERROR, "NỘI DUNG CẦN HOÀN THIỆN", "TO BE COMPLETED"),
    (Severity.WARNING, "CẢNH BÁO, ĐỀ NGHỊ KIỂM TRA HOẶC GIẢI TRÌNH", "WARNINGS, PLEASE CHECK OR EXPLAIN"),
    (Severity.INFO, "GHI NHẬN", "FOR THE RECORD"),
)
_RULE = "─" * 78
_MOST_CHANGES = 200


@dataclass(frozen=True)
class Receipt:
    """What one submission is answered with.

    ``state`` is a state of the ledger. ``form``, ``time_period`` and their labels are empty where the file did not
    tell. ``n_read = n_accepted + n_returned``, in values. ``annotated`` is the name of the workbook that is handed
    back, empty where there is none. ``deadline_vi`` is ``dd/mm/yyyy``, empty where none is known. ``changes`` are the
    cells that differ from what was sent before (``place``, ``measure``, ``org_unit``, ``before``, ``after``), and
    ``replaces`` the receipts that said so.
    """

    submission_no: int
    agency: str
    agency_name_vi: str
    file_name: str
    sha256: str
    size: int
    received_at: datetime
    state: str
    form: str = ""
    form_title_vi: str = ""
    time_period: str = ""
    period_label_vi: str = ""
    n_read: int = 0
    n_accepted: int = 0
    n_returned: int = 0
    findings: tuple[Finding, ...] = ()
    duplicate_of: int | None = None
    annotated: str = ""
    deadline_vi: str = ""
    changes: tuple[Mapping[str, str], ...] = ()
    replaces: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """``PTN-000012``."""
        return receipt_name(self.submission_no)

    def count(self, severity: Severity) -> int:
        """Findings of one severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def has(self, rule: str) -> bool:
        """Whether a rule has a finding."""
        return any(finding.rule == rule for finding in self.findings)


def receipt_name(submission_no: int) -> str:
    """Number and file name stem of a receipt: ``PTN-000012``."""
    return f"PTN-{submission_no:06d}"


def write_receipt(folder: Path, receipt: Receipt) -> tuple[Path, Path]:
    """Write text and JSON into ``folder/ket_qua/``; the JSON, written last, says that the receipt is whole.

    Returns:
        Paths of the text and of the JSON.

    Raises:
        OSError: the agency's folder cannot be written; call again, nothing is doubled.
    """
    answers = durable.ensure_folder(folder / ANSWERS)
    # With a byte order mark and CRLF: old Notepad shows Vietnamese only so.
    content = ("\r\n".join(receipt_lines(receipt)) + "\r\n").encode("utf-8-sig")
    text = durable.write_bytes(answers / f"{receipt.number}.txt", content)
    drill.point("receipt.text")
    return text, durable.write_bytes(answers / f"{receipt.number}.json", receipt_json(receipt))


def receipt_json(receipt: Receipt) -> bytes:
    """The receipt for machines: sorted keys, UTF-8, one line feed at its end."""
    content = asdict(receipt)
    content["number"] = receipt.number
    content["received_at"] = _local(receipt.received_at).isoformat(timespec="seconds")
    content["summary_vi"] = list(summary(receipt))
    content["next_step_vi"], content["next_step_en"] = next_step_vi(receipt), next_step_en(receipt)
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode("utf-8", "replace")


def summary(receipt: Receipt) -> tuple[str, str, str]:
    """Three lines in Vietnamese that can be pasted into a message."""
    about = [part for part in (receipt.form, receipt.period_label_vi) if part]
    head = " · ".join([receipt.number, *about, one_line(receipt.agency_name_vi or receipt.agency)])
    counts = (
        f"Đã đọc {receipt.n_read} số liệu: tiếp nhận {receipt.n_accepted}, không tiếp nhận {receipt.n_returned}; "
        f"nội dung cần hoàn thiện: {receipt.count(Severity.ERROR)}, cảnh báo: {receipt.count(Severity.WARNING)}."
    )
    taken, refused = (sum(each.rule == f"decision_{how}" for each in receipt.findings) for how in ("taken", "refused"))
    if taken or refused:
        counts = f"Ý kiến thẩm định: đã ghi nhận {taken}, chưa ghi nhận {refused}."
    return f"{head}: {STATES[receipt.state][0]}.", counts, next_step_vi(receipt)


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """The receipt for people: the summary, the facts, then every finding; Vietnamese, then English."""
    yield f"PHIẾU TIẾP NHẬN SỐ {receipt.number}"
    yield _RULE
    yield from summary(receipt)
    yield _RULE
    yield from _facts(receipt)
    for severity, title, _ in _SECTIONS:
        yield from _section(receipt, severity, title, is_english=False)
    yield from _changes(receipt)
    yield ""
    yield _RULE
    yield f"ENGLISH · Receipt {receipt.number}: {STATES[receipt.state][1]}."
    yield f"{receipt.n_read} values read: {receipt.n_accepted} accepted, {receipt.n_returned} not accepted."
    yield next_step_en(receipt)
    for severity, _, title in _SECTIONS:
        yield from _section(receipt, severity, title, is_english=True)


def _facts(receipt: Receipt) -> Iterator[str]:
    facts = (
        ("Đơn vị báo cáo", f"{receipt.agency_name_vi} ({receipt.agency})"),
        ("Tệp báo cáo", f"{receipt.file_name} ({receipt.size} byte)"),
        ("Mã băm SHA-256", receipt.sha256),
        ("Nhận lúc", f"{_local(receipt.received_at):%H:%M:%S ngày %d/%m/%Y} (giờ Hà Nội)"),
        ("Biểu mẫu", " – ".join(part for part in (receipt.form, receipt.form_title_vi) if part)),
        ("Kỳ báo cáo", receipt.period_label_vi or receipt.time_period),
        ("Thời hạn gửi", receipt.deadline_vi),
        ("Tệp trả lại", receipt.annotated),
    )
    for label, value in facts:
        if value:
            yield f"{label + ':':<16} {one_line(value)}"


def _changes(receipt: Receipt) -> Iterator[str]:
    if not receipt.changes:
        return
    yield ""
    yield f"SỐ LIỆU THAY ĐỔI SO VỚI {', '.join(receipt.replaces)} ({len(receipt.changes)}) · CHANGED FIGURES"
    for number, change in enumerate(receipt.changes[:_MOST_CHANGES], 1):
        yield one_line(f"{number:>4}. {change['place']} {change['org_unit']}: {change['before']} → {change['after']}")
    if len(receipt.changes) > _MOST_CHANGES:
        yield f"      … và {len(receipt.changes) - _MOST_CHANGES} ô khác, có đủ trong {receipt.number}.json"


def _section(receipt: Receipt, severity: Severity, title: str, *, is_english: bool) -> Iterator[str]:
    findings = [finding for finding in receipt.findings if finding.severity is severity]
    if not findings:
        return
    yield ""
    yield f"{title} ({len(findings)})"
    whole = "the whole file" if is_english else "cả tệp"
    for number, finding in enumerate(findings, 1):
        yield f"{number:>4}. {one_line(finding.place) or whole} [{finding.rule}]"
        yield f"      {one_line(finding.message_en if is_english else finding.message_vi)}"
        if not is_english:
            for label, value in (("Đã nhập", finding.found), ("Yêu cầu", finding.expected)):
                if value:
                    yield f"      {label}: {one_line(value)}"


def one_line(text: str) -> str:
    """A stranger's text on one line, without characters that hide or turn what follows."""
    if text.isprintable():
        return text.strip()
    shown = "".join(" " if mark in "\r\n\t\v\f\u2028\u2029" else mark for mark in text)
    return "".join(mark for mark in shown if unicodedata.category(mark) not in {"Cc", "Cf", "Cs"}).strip()


def _local(moment: datetime) -> datetime:
    return moment.astimezone(HANOI)
