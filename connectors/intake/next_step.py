"""What an agency does next: the last line of every receipt, in Vietnamese and in English."""

from datetime import date
from typing import TYPE_CHECKING

from indicator_specs.clock import HANOI
from indicator_specs.findings import Severity

if TYPE_CHECKING:
    from connectors.intake.receipt import Receipt

CLOSED, AWAITS = "period_closed", "awaits_verification"
"""Rules whose finding says that others act next."""

_STEPS = {
    "received": (
        "Tệp đang được xử lí; kết quả sẽ có trong thư mục này.",
        "The file is being processed; the result will stand in this folder.",
    ),
    "duplicate": (
        "Tệp trùng hoàn toàn với tệp đã gửi trước{first}; đơn vị không phải làm gì thêm.",
        "The file equals one that was sent before{first}; there is nothing to do.",
    ),
    "quarantined": (
        "Tệp được tạm giữ; đề nghị liên hệ bộ phận quản trị hệ thống trước khi gửi lại.",
        "The file is held for inspection; please contact the administrators before sending it again.",
    ),
    CLOSED: (
        "Kỳ báo cáo đã đóng; tệp được giữ trong hàng chờ, đề nghị đơn vị gửi văn bản đề nghị mở kỳ báo cáo.",
        "The period is closed; the file waits. Please ask in writing for the period to be opened.",
    ),
    "returned": (
        "Đề nghị đơn vị hoàn thiện {place_vi} rồi gửi lại vào thư mục của đơn vị{before}.",
        "Please complete {place_en} and put the file into the unit's folder again.",
    ),
    "warned": (
        "Số liệu đã được tiếp nhận; đề nghị đơn vị kiểm tra, hoặc ghi giải trình vào cột Giải trình rồi gửi lại.",
        "The figures were accepted; please check them, or write an explanation into its column and send again.",
    ),
    AWAITS: (
        "Số liệu đã được tiếp nhận, chờ thẩm định; đơn vị không phải làm gì thêm.",
        "The figures were accepted and await verification; there is nothing to do.",
    ),
    "accepted": (
        "Số liệu đã được tiếp nhận; đơn vị không phải làm gì thêm.",
        "The figures were accepted; there is nothing to do.",
    ),
}


def next_step_vi(receipt: "Receipt") -> str:
    """What the agency does next, in Vietnamese."""
    before = f", chậm nhất ngày {receipt.deadline_vi}" if _is_before_deadline(receipt) else ""
    place = f"các ô màu đỏ trong tệp {receipt.annotated}" if receipt.annotated else "theo các nội dung nêu dưới đây"
    return _STEPS[_situation(receipt)][0].format(first=_first(receipt), place_vi=place, before=before)


def next_step_en(receipt: "Receipt") -> str:
    """What the agency does next, in English."""
    place = f"the red cells of {receipt.annotated}" if receipt.annotated else "what is listed below"
    return _STEPS[_situation(receipt)][1].format(first=_first(receipt), place_en=place)


def _situation(receipt: "Receipt") -> str:
    if receipt.state in {"received", "duplicate", "quarantined"}:
        return receipt.state
    if receipt.has(CLOSED):
        return CLOSED
    if receipt.state in {"partly_accepted", "returned"}:
        return "returned"
    if receipt.count(Severity.WARNING):
        return "warned"
    return AWAITS if receipt.has(AWAITS) else "accepted"


def _first(receipt: "Receipt") -> str:
    return f" (PTN-{receipt.duplicate_of:06d})" if receipt.duplicate_of else ""


def _is_before_deadline(receipt: "Receipt") -> bool:
    if not receipt.deadline_vi:
        return False
    day, month, year = map(int, receipt.deadline_vi.split("/"))
    return receipt.received_at.astimezone(HANOI).date() <= date(year, month, day)
