"""Commands that ask the ledger about reports: who has sent, what became of a file, one receipt with its events."""

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from indicator_specs.clock import HANOI
from indicator_specs.errors import PlainError, both
from pipelines.console import out, table

if TYPE_CHECKING:
    from connectors.ledger import Submission
    from pipelines.installation import Installation


def register(group: typer.Typer) -> None:
    """Add the commands of this module."""
    group.command("status")(status)
    group.command("history")(history)
    group.command("show")(show)


def status(
    period: Annotated[str, typer.Argument(help="Period, such as 2026-10.")],
    dataset: Annotated[str, typer.Option(help="One form: source.dataset.")] = "",
    agency: Annotated[str, typer.Option(help="One agency: its org unit code.")] = "",
    paste: Annotated[bool, typer.Option(help="Only a text that can be pasted into a message.")] = False,
) -> None:
    """Say how each agency stands with each form that it owes: received, returned, late, not yet."""
    from indicator_specs.periods import PeriodError
    from pipelines.installation import Installation
    from pipelines.submissions.status import WORDS, message, statuses

    here = Installation.current()
    try:
        found = statuses(here, period, dataset, agency)
    except PeriodError as error:
        raise PlainError(str(error)) from error
    names = {code: unit.short_name_vi or unit.name_vi for code, unit in here.registry.reference.org_units.items()}
    if paste:
        out.print(message(found, names), markup=False, highlight=False, soft_wrap=True)
        return
    listing = table(
        f"Tình hình báo cáo kỳ {period} · Reports",
        "Đơn vị",
        "Biểu",
        "Tình trạng",
        "Số liệu",
        "Thời hạn",
        "Phiếu",
        "Lúc",
    )
    for each in found:
        declared = here.registry.datasets[each.line.dataset]
        last = each.last
        listing.add_row(
            f"{each.line.agency} {names.get(each.line.agency, '')}",
            declared.form.code if declared.form else each.line.dataset,
            " · ".join(WORDS[each.state]),
            f"{each.n_given}/{each.n_owed}",
            f"{each.deadline:%d/%m/%Y}",
            f"PTN-{last.submission_no:06d}" if last else "",
            _moment(last.received_at) if last else "",
        )
    out.print(listing)
    counts = {state: sum(each.state == state for each in found) for state in WORDS}
    out.print("; ".join(f"{WORDS[state][0]}: {count}" for state, count in counts.items() if count) or "—")


def history(
    whose: Annotated[str, typer.Argument(help="An agency's code, or a file: all submissions of these bytes.")],
) -> None:
    """List what an agency has sent, or what became of one file, oldest first."""
    from connectors.durable import sha256_of
    from connectors.intake.receipt import STATES
    from pipelines.installation import Installation

    ledger = Installation.current().ledger
    path = Path(whose)
    if path.is_file():
        digest = sha256_of(path)
        found = [each for each in ledger.submissions() if each.sha256 == digest]
    else:
        found = ledger.submissions(agency=whose)
    if not found:
        raise PlainError(both(f"Chưa có tệp nào của {whose}", f"Nothing of {whose} in the ledger"))
    listing = table(f"Các tệp của {whose} · Submissions", "Phiếu", "Nhận lúc", "Đơn vị", "Tệp", "Biểu", "Kỳ", "Kết quả")
    for each in found:
        listing.add_row(
            f"PTN-{each.submission_no:06d}",
            _moment(each.received_at),
            each.agency,
            Text(each.file_name),
            f"{each.source}.{each.dataset}" if each.source else "",
            each.time_period or "",
            " · ".join(STATES[each.state]),
        )
    out.print(listing)


def show(
    receipt: Annotated[str, typer.Argument(help="Number of a receipt: PTN-000012 or 12.")],
    as_json: Annotated[bool, typer.Option("--json", help="The receipt for machines.")] = False,
) -> None:
    """Show one receipt as its agency has it, and every event of that file."""
    from connectors.intake.receipt import receipt_json, receipt_lines
    from connectors.ledger import about_submission
    from pipelines.answering import receipt_of
    from pipelines.installation import Installation

    here = Installation.current()
    number = receipt_number(receipt)
    made = receipt_of(here, _submission(here, number))
    if as_json:
        typer.echo(receipt_json(made).decode(), nl=False)
        return
    for line in receipt_lines(made):
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    listing = table("Sự kiện · Events", "Số", "Lúc", "Sự kiện", "Chi tiết")
    for event in here.ledger.events(subjects=[about_submission(number)]):
        detail = "; ".join(f"{name}={value}" for name, value in event.detail.items() if value and name != "changes")
        listing.add_row(str(event.event_no), _moment(event.happened_at), event.kind, Text(detail))
    out.print(listing)


def receipt_number(text: str) -> int:
    """``PTN-000012`` or ``12``.

    Raises:
        PlainError: neither.
    """
    match = re.fullmatch(r"(?:PTN-)?0*(\d{1,9})", text.strip(), re.IGNORECASE)
    if match is None:
        raise PlainError(both(f"{text!r} không phải số phiếu; viết PTN-000012", "not the number of a receipt"))
    return int(match[1])


def _submission(here: "Installation", number: int) -> "Submission":
    try:
        return here.ledger.submission(number)
    except LookupError as error:
        raise PlainError(both(f"Không có phiếu PTN-{number:06d}", f"There is no receipt {number}")) from error


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(HANOI):%d/%m/%Y %H:%M}"
