"""A plan in words, Vietnamese first: what each reason says, and what a cell goes from and to."""

from collections.abc import Mapping
from typing import Any

from pipelines.plan.records import Plan, Reason

LIGHTS = {
    "on_track": "Đạt tiến độ",
    "at_risk": "Có nguy cơ chậm",
    "behind": "Chậm tiến độ",
    "not_assessable": "Chưa đủ cơ sở đánh giá",
    "no_data": "Chưa có số liệu",
    "watch": "Theo dõi xu hướng",
    None: "không có",
}
MAPS = {"current": "hiện hành", "reported": "tại kỳ báo cáo"}
_ASPECTS = {
    "methods": "phương pháp tính",
    "targets": "chỉ tiêu",
    "baseline": "mốc so sánh",
    "trajectory": "lộ trình",
    "light": "ngưỡng đánh giá",
    "levels": "cấp áp dụng",
    "direction": "chiều tốt",
    "scoring": "cách chấm điểm",
    "type": "loại chỉ số",
    "unit": "đơn vị tính",
    "nature": "tính chất cộng gộp",
    "reset": "kỳ luỹ kế",
    "producers": "thứ tự cơ quan công bố",
    "dataset": "bộ số liệu",
    "duty": "nghĩa vụ báo cáo",
    "calendar": "lịch báo cáo",
    "deadline_days": "thời hạn gửi",
    "declared": "khai báo",
}

_CLAUSES = {
    "deadline": "đã hết hạn gửi {subject} kỳ {item} ({after})",
    "period_ended": "kỳ {item} đã kết thúc ({after})",
    "input_indicator": "chỉ số đầu vào {subject} ({item}): {change}",
    "previous_period": "kỳ trước {item} thay đổi: {change}",
    "peers": "giá trị không đổi; đơn vị khác thay đổi: {after}",
    "org_unit": "đổi danh mục đơn vị {subject}: {change}",
    "event": "đổi dữ liệu sắp xếp đơn vị {subject}: {change}",
    "indicator_new": "chỉ số mới",
    "indicator_dropped": "chỉ số không còn trong danh mục",
}


def arrow(before: object, after: object) -> str:
    """``before → after``; a gap where there is nothing."""
    return f"{_text(before)} → {_text(after)}"


def told(reason: Reason, plan: Plan) -> str:
    """One reason as a clause in Vietnamese."""
    if reason.kind == "batch":
        return f"lô {reason.subject} ({_origin(plan, reason.subject)}): {reason.item} {_brought(reason)}"
    if reason.kind == "rule":
        aspect, _, item = reason.item.partition(" ")
        what = " ".join(filter(None, (_ASPECTS.get(aspect, aspect), item)))
        return f"đổi {what} của {reason.subject}: {arrow(reason.before, reason.after)}"
    change = arrow(reason.before, reason.after)
    return _CLAUSES[reason.kind].format(subject=reason.subject, item=reason.item, after=reason.after, change=change)


def _brought(reason: Reason) -> str:
    if reason.before is None and (reason.after or "").endswith("observations"):
        return f"({(reason.after or '').split()[0]} số liệu)"
    return arrow(reason.before, reason.after)


def _origin(plan: Plan, batch_no: str) -> str:
    batch: Mapping[str, Any] = next((b for b in plan.batches if str(b["batch_no"]) == batch_no), {})
    parts = (batch.get("file_name") or f"{batch.get('source')}.{batch.get('dataset')}", batch.get("agency"))
    return ", ".join(str(part) for part in parts if part)


def _text(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
