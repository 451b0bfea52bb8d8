"""Tells on the screen what an import made, what it passed over and what it asks."""

import re
from collections import Counter

from rich.text import Text

from pipelines.annex.importing import ImportReport
from pipelines.console import out, table


def tell(report: ImportReport) -> None:
    """Print the decisions, the rows that exist already, what was not read, and the count."""
    if report.existing:
        listing = table("Đã có trong danh mục, giữ nguyên · Exists already", "Ô", "Mã", "Tên trong phụ lục", "Chỉ số")
        for each in report.existing:
            listing.add_row(each.place, each.code, Text(each.name), each.indicator)
        out.print(listing)
    needed = [asked for asked in report.decisions if asked.is_needed]
    if needed:
        listing = table("Cần quyết định · To decide", "Tệp: trường", "Trong phụ lục", "Lựa chọn", "Lý do")
        for asked in needed:
            file = report.files.get(asked.subject, asked.subject)
            found = f"{asked.found or '—'} ({asked.place})"
            listing.add_row(*map(Text, (f"{file}: {asked.field}", found, _some(asked.choices), asked.reason)))
        out.print(listing)
    taken = Counter((re.sub(r"\[.*?\]", "", asked.field), asked.reason) for asked in report.decisions if asked.taken)
    if taken:
        listing = table("Đã tạm lấy, cần xác nhận · Taken, to confirm", "Trường", "Số chỗ", "Lý do")
        for (field, reason), count in taken.most_common():
            listing.add_row(field, str(count), Text(reason))
        out.print(listing)
    _lines("Cột không dùng · Columns not used", [f"{place}: {text}" for text, place in report.unknown_headings.items()])
    _lines("Dòng không phải chỉ số · Lines that are no indicator", report.passed_over)
    _lines("Quyết định chưa dùng tới · Answers not used", report.unused_answers)
    _lines("Tệp đã có người sửa, giữ nguyên · Files that somebody has changed, kept", report.kept)
    out.print(
        f"{len(report.specs)} chỉ số, {len(report.drafts)} bản nháp, {len(report.decisions)} quyết định "
        f"({len(needed)} bắt buộc) · {len(report.specs)} specs, {len(report.drafts)} drafts, "
        f"{len(report.decisions)} decisions ({len(needed)} needed) → {report.workbook}",
        markup=False,
        soft_wrap=True,
    )


def _some(choices: tuple[str, ...]) -> str:
    return "; ".join(choices[:4]) + ("; …" if len(choices) > 4 else "")


def _lines(title: str, lines: list[str] | tuple[str, ...]) -> None:
    if lines:
        out.print(title, style="bold")
        for line in lines:
            out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
