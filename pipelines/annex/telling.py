"""Tells on the screen what an import made, what it passed over and what it asks."""

from rich.text import Text

from pipelines.annex.decisions_book import NEEDED, TO_CONFIRM
from pipelines.annex.importing import ImportReport
from pipelines.console import out, table


def tell(report: ImportReport) -> None:
    """Print the decisions, the rows that exist already, what was not read, and the count."""
    if report.existing:
        listing = table("Đã có trong danh mục, giữ nguyên · Exists already", "Ô", "Mã", "Tên trong phụ lục", "Chỉ số")
        for each in report.existing:
            listing.add_row(each.place, each.code, Text(each.name), each.indicator)
        out.print(listing)
    if report.decisions:
        listing = table(
            "Nội dung cần quyết định · Decisions", "Mức", "Tệp: trường", "Trong phụ lục", "Tạm lấy", "Lý do"
        )
        for asked in sorted(report.decisions, key=lambda each: not each.is_needed):
            file = report.files.get(asked.subject, asked.subject)
            listing.add_row(
                NEEDED if asked.is_needed else TO_CONFIRM,
                Text(f"{file}: {asked.field}"),
                Text(f"{asked.found} ({asked.place})"),
                Text(asked.taken or ("; ".join(asked.choices[:4]) + ("; …" if len(asked.choices) > 4 else ""))),
                Text(asked.reason),
            )
        out.print(listing)
    _lines("Cột không dùng · Columns not used", [f"{place}: {text}" for text, place in report.unknown_headings.items()])
    _lines("Dòng không phải chỉ số · Lines that are no indicator", report.passed_over)
    _lines("Quyết định chưa dùng tới · Answers not used", report.unused_answers)
    _lines("Tệp đã có người sửa, giữ nguyên · Files that somebody has changed, kept", report.kept)
    needed = sum(each.is_needed for each in report.decisions)
    out.print(
        f"{len(report.specs)} chỉ số, {len(report.drafts)} bản nháp, {len(report.decisions)} quyết định "
        f"({needed} bắt buộc) · {len(report.specs)} specs, {len(report.drafts)} drafts, "
        f"{len(report.decisions)} decisions ({needed} needed) → {report.workbook}",
        markup=False,
        soft_wrap=True,
    )


def _lines(title: str, lines: list[str] | tuple[str, ...]) -> None:
    if lines:
        out.print(title, style="bold")
        for line in lines:
            out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
