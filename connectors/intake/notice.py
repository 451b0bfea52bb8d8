"""The notice of a verification (*kết quả thẩm định*) in the reporter's ``ket_qua/``: as text and for machines.

Made of what the ledger knows and of nothing else: written again after a crash it is the same file.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from connectors import durable
from connectors.intake.names import ANSWERS
from connectors.intake.receipt import one_line, receipt_name
from indicator_specs import drill
from indicator_specs.clock import HANOI


@dataclass(frozen=True)
class Notice:
    """What a verifier decided on one report."""

    submission_no: int
    report_vi: str
    is_verified: bool
    verifier_vi: str
    who: str
    reason: str
    decided_at: datetime

    @property
    def summary(self) -> tuple[str, str, str]:
        """Three lines that can be pasted into a message."""
        outcome = "ĐÃ ĐƯỢC THẨM ĐỊNH, số liệu là chính thức" if self.is_verified else "TRẢ LẠI để hoàn thiện"
        moment = f"{self.decided_at.astimezone(HANOI):%H:%M ngày %d/%m/%Y}"
        by = " – ".join(part for part in (self.verifier_vi, self.who) if part)
        next_vi = (
            "Kỳ báo cáo đã đóng; muốn điều chỉnh, đơn vị gửi văn bản đề nghị mở kỳ báo cáo."
            if self.is_verified
            else f"Lý do: {self.reason}. Đề nghị đơn vị hoàn thiện và gửi lại vào thư mục của đơn vị."
        )
        head = f"{receipt_name(self.submission_no)} · {self.report_vi}: {outcome}."
        return one_line(head), one_line(f"{by}, {moment}."), one_line(next_vi)

    @property
    def english(self) -> str:
        """The same in a sentence."""
        if self.is_verified:
            return "The report was verified; its figures are official and the period is closed."
        return one_line(f"The report was returned by its verifier: {self.reason}")


def write_notice(folder: Path, notice: Notice) -> Path:
    """Write text and JSON into ``folder/ket_qua/``; the JSON, written last, says that the notice is whole.

    Raises:
        OSError: the agency's folder cannot be written; call again, nothing is doubled.
    """
    answers = durable.ensure_folder(folder / ANSWERS)
    stem = f"{receipt_name(notice.submission_no)}-tham-dinh"
    lines = ("KẾT QUẢ THẨM ĐỊNH", *notice.summary, "", f"ENGLISH · {notice.english}")
    durable.write_bytes(answers / f"{stem}.txt", ("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))
    drill.point("notice.text")
    content = {
        **asdict(notice),
        "number": receipt_name(notice.submission_no),
        "decided_at": notice.decided_at.astimezone(HANOI).isoformat(timespec="seconds"),
        "summary_vi": list(notice.summary),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
    return durable.write_bytes(answers / f"{stem}.json", text.encode("utf-8", "replace"))
