"""The receipt (*phiếu tiếp nhận*): what was received, what was read, what is to be completed, what happens next.

Owns the words and the files of the answer in ``ket_qua/``. A receipt is made of what the ledger knows and of
nothing else, no clock and no chance: written again after a crash it is the same file, byte for byte.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from connectors import durable
from connectors.intake.names import ANSWERS
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


@dataclass(frozen=True)
class Receipt:
    """What one submission is answered with.

    ``state`` is a state of the ledger. ``form``, ``time_period`` and their labels are empty where the file did not
    tell. ``n_read = n_accepted + n_returned``, in values. ``annotated`` is the name of the workbook that is handed
    back, empty where there is none. ``deadline_vi`` is ``dd/mm/yyyy``, empty where
    none is known.
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

    @property
    def number(self) -> str:
        """``PTN-000012``."""
        return receipt_name(self.submission_no)

    def count(self, severity: Severity) -> int:
        """Findings of one severity."""
        return sum(finding.severity is severity for finding in self.findings)


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
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode("utf-8", "replace")


def summary(receipt: Receipt) -> tuple[str, str, str]:
    """Three lines in Vietnamese that can be pasted into a message."""
    about = [part for part in (receipt.form, receipt.period_label_vi) if part]
    head = " · ".join([receipt.number, *about, one_line(receipt.agency_name_vi or receipt.agency)])
    counts = (
        f"Đã đọc {receipt.n_read} số liệu: tiếp nhận {receipt.n_accepted}, không tiếp nhận {receipt.n_returned}; "
        f"nội dung cần hoàn thiện: {receipt.count(Severity.ERROR)}, cảnh báo: {receipt.count(Severity.WARNING)}."
    )
    return f"{head}: {STATES[receipt.state][0]}.", counts, next_step_vi(receipt)


def next_step_vi(receipt: Receipt) -> str:
    """What the agency does next, in Vietnamese."""
    before = f", chậm nhất ngày {receipt.deadline_vi}" if _is_before_deadline(receipt) else ""
    if receipt.state == "received":
        return "Tệp đang được xử lí; kết quả sẽ có trong thư mục này."
    if receipt.state == "duplicate":
        first = f" ({receipt_name(receipt.duplicate_of)})" if receipt.duplicate_of else ""
        return f"Tệp trùng hoàn toàn với tệp đã gửi trước{first}; đơn vị không phải làm gì thêm."
    if receipt.state == "quarantined":
        return "Tệp được tạm giữ; đề nghị liên hệ bộ phận quản trị hệ thống trước khi gửi lại."
    if receipt.state in {"partly_accepted", "returned"}:
        place = f"các ô màu đỏ trong tệp {receipt.annotated}" if receipt.annotated else "theo các nội dung nêu dưới đây"
        return f"Đề nghị đơn vị hoàn thiện {place} rồi gửi lại vào thư mục của đơn vị{before}."
    if receipt.count(Severity.WARNING):
        return "Số liệu đã được tiếp nhận; đề nghị đơn vị kiểm tra hoặc giải trình các cảnh báo."
    return "Số liệu đã được tiếp nhận; đơn vị không phải làm gì thêm."


def next_step_en(receipt: Receipt) -> str:
    """What the agency does next, in English."""
    if receipt.state == "received":
        return "The file is being processed; the result will stand in this folder."
    if receipt.state == "duplicate":
        return "The file equals one that was sent before; there is nothing to do."
    if receipt.state == "quarantined":
        return "The file is held for inspection; please contact the administrators before sending it again."
    if receipt.state in {"partly_accepted", "returned"}:
        place = f"the red cells of {receipt.annotated}" if receipt.annotated else "what is listed below"
        return f"Please complete {place} and put the file into the unit's folder again."
    if receipt.count(Severity.WARNING):
        return "The figures were accepted; please check or explain the warnings."
    return "The figures were accepted; there is nothing to do."


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """The receipt for people: the summary, the facts, then every finding; Vietnamese, then English."""
    yield f"PHIẾU TIẾP NHẬN SỐ {receipt.number}"
    yield _RULE
    yield from summary(receipt)
    yield _RULE
    yield from _facts(receipt)
    for severity, title, _ in _SECTIONS:
        yield from _section(receipt, severity, title, is_english=False)
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
    shown = "".join(" " if mark in "\r\n\t\v\f\u2028\u2029" else mark for mark in text)
    return "".join(mark for mark in shown if unicodedata.category(mark) not in {"Cc", "Cf", "Cs"}).strip()


def _is_before_deadline(receipt: Receipt) -> bool:
    if not receipt.deadline_vi:
        return False
    day, month, year = map(int, receipt.deadline_vi.split("/"))
    return _local(receipt.received_at).date() <= date(year, month, day)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(HANOI)
