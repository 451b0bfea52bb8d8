"""Commands of those who verify: decide on a report, close a period, open it again."""

from typing import TYPE_CHECKING, Annotated

import typer

from indicator_specs.errors import PlainError, both
from pipelines.cli.reports import receipt_number
from pipelines.console import out, table

if TYPE_CHECKING:
    from pipelines.installation import Installation
    from pipelines.submissions.standing import Line

Dataset = Annotated[str, typer.Argument(help="source.dataset of a form, such as commune_report.administration.")]
Period = Annotated[str, typer.Argument(help="Period, such as 2026-10.")]
Agency = Annotated[str, typer.Option(help="One agency; all of them where none is named.")]
Who = Annotated[str, typer.Option(help="Who decides: name and position.")]
Why = Annotated[str, typer.Option(help="Why: the decision or the official letter.")]


def register(group: typer.Typer) -> None:
    """Add the commands of this module."""
    group.command("verify")(verify)
    group.command("lock")(lock)
    group.command("unlock")(unlock)


def verify(
    receipt: Annotated[str, typer.Argument(help="Number of a receipt; none: list what awaits.")] = "",
    verifier: Annotated[str, typer.Option(help="Org unit code of the body that verifies.")] = "",
    who: Who = "",
    send_back: Annotated[bool, typer.Option("--return", help="Send the report back instead of taking it.")] = False,
    reason: Annotated[str, typer.Option(help="What is to be completed; needed with --return.")] = "",
) -> None:
    """Take a report, so that its figures are official, or send it back; without a number, list what awaits."""
    from connectors.ledger import Outcome
    from pipelines.installation import Installation
    from pipelines.submissions import decisions, verification
    from pipelines.submissions.awaiting import awaiting
    from pipelines.turns import INTAKE, turn

    here = Installation.current()
    if not receipt:
        listing = table("Chờ thẩm định · Awaits verification", "Phiếu", "Đơn vị", "Biểu, kỳ", "Thẩm định")
        for each in awaiting(here, verifier):
            number = f"PTN-{each.submission.submission_no:06d}"
            listing.add_row(number, each.line.agency, decisions.report_vi(here, each.line), each.verifier)
        out.print(listing)
        return
    if not verifier or not who:
        raise PlainError(both("Cần --verifier và --who", "--verifier and --who say who decides"))
    outcome = Outcome.RETURNED if send_back else Outcome.VERIFIED
    given = verification.Given(receipt_number(receipt), outcome, verifier, who, reason)
    with turn(here.ledger, INTAKE) as lease:
        verification.verify(here, given, lease)
        decisions.give_notices(here)
        decisions.offer(here)
    done = ("Đã trả lại", "Returned") if send_back else ("Đã thẩm định", "Verified")
    out.print(f"{' · '.join(done)}: PTN-{given.submission_no:06d}")


def lock(dataset: Dataset, period: Period, who: Who, why: Why, agency: Agency = "") -> None:
    """Close a period of a form to changes; files that come later wait."""
    from pipelines.submissions import locks
    from pipelines.turns import INTAKE, turn

    here, line = _line(dataset, period, agency)
    with turn(here.ledger, INTAKE):  # never between the look at a file and its commit
        locks.lock(here.ledger, line, who, why)
    out.print(f"Đã khoá · Locked: {dataset} {period} {agency or 'mọi đơn vị'}")


def unlock(dataset: Dataset, period: Period, who: Who, why: Why, agency: Agency = "") -> None:
    """Open a period again; files that have waited are judged by the next intake."""
    from pipelines.submissions import locks
    from pipelines.turns import INTAKE, turn

    here, line = _line(dataset, period, agency)
    with turn(here.ledger, INTAKE):
        taken = locks.unlock(here.ledger, line, who, why)
    waited = ", ".join(f"PTN-{number:06d}" for number in taken) or "không có tệp chờ · none waited"
    out.print(f"Đã mở · Opened: {dataset} {period} {agency or 'mọi đơn vị'}; xét tiếp · to be judged: {waited}")


def _line(dataset: str, period: str, agency: str) -> tuple["Installation", "Line"]:
    from indicator_specs.periods import PeriodError, parse
    from pipelines.installation import Installation
    from pipelines.submissions.standing import Line

    here = Installation.current()
    if dataset not in here.registry.datasets or here.registry.datasets[dataset].form is None:
        raise PlainError(both(f"{dataset} không có biểu mẫu", f"{dataset} has no form"))
    if agency and agency not in here.registry.reference.org_units:
        raise PlainError(both(f"Không có đơn vị {agency}", f"There is no org unit {agency}"))
    try:
        parse(period)
    except PeriodError as error:
        raise PlainError(str(error)) from error
    return here, Line(dataset, period, agency)
