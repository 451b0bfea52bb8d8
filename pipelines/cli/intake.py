"""Commands for what agencies send: answer their files, make their forms, keep a worker at it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from pipelines.cli import keeping, reports, stores, verifying
from pipelines.console import Steps, out, said, table

if TYPE_CHECKING:
    import threading

    from indicator_specs.registry import Registry
    from pipelines.intake_report import IntakeReport


def register(app: typer.Typer) -> None:
    """Add the commands of this module, and those about reports under ``intake``."""
    group = typer.Typer(invoke_without_command=True, help="Answer what agencies dropped; ask about reports.")
    group.callback()(intake)
    group.command("run")(run)
    group.command("watch")(watch)
    reports.register(group)
    keeping.register(group)
    verifying.register(group)
    stores.register(group)
    app.add_typer(group, name="intake")
    app.command("template")(template)
    app.command("worker")(worker)


def intake(context: typer.Context) -> None:
    """Answer every file that agencies dropped; receipts and marked workbooks appear in their ket_qua folders."""
    if context.invoked_subcommand is None:
        run()


def run() -> None:
    """Answer every file that agencies dropped, once."""
    from pipelines.installation import Installation
    from pipelines.stores.exchange import take_in_everywhere

    steps = Steps()
    with steps.step("Tiếp nhận tệp báo cáo · Intake"):
        report = take_in_everywhere(Installation.current())
    _tell(report)
    if report.unreachable:
        raise typer.Exit(1)


def watch() -> None:
    """Answer files as they come, within seconds, until Ctrl-C. Figures are computed by chiso run or chiso worker."""
    from pipelines.installation import Installation
    from pipelines.watching import keep_answering

    ended = _until_told()
    out.print("Đang theo dõi thư mục của các đơn vị, Ctrl-C để dừng · Watching the agencies' folders, Ctrl-C to stop.")
    for report in keep_answering(Installation.current(), ended):
        _tell(report)
    out.print("Đã dừng · Stopped.")


def _tell(report: "IntakeReport") -> None:
    from connectors.intake.receipt import STATES

    listing = table("Phiếu tiếp nhận · Receipts", "Số", "Đơn vị", "Tệp", "Kết quả")
    for submission in report.answers:
        ended = " · ".join(STATES[submission.state])
        listing.add_row(str(submission.submission_no), submission.agency, Text(submission.file_name), ended)
    out.print(listing)
    if report.waiting:
        out.print(
            f"{report.waiting} tệp đang được chép, sẽ đọc ở lần sau · still being written, left for the next look"
        )
    said(*report.troubles)


def _until_told() -> "threading.Event":
    """Set when this process is asked to end."""
    import signal
    import threading

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended


def template(
    dataset: Annotated[str, typer.Argument(help="source.dataset of a form, such as commune_report.administration.")],
    agency: Annotated[
        str, typer.Argument(help="Org unit code of the reporting agency, such as P79; ALL for every one.")
    ],
    period: Annotated[str, typer.Argument(help="Period, such as 2026-10.")],
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path("templates"),
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, for those who fill forms by program.")] = False,
) -> None:
    """Make the pre-filled form of an agency, or of all that owe it, for one period, and open the agency's folder."""
    from connectors.intake.folders import open_folder
    from connectors.workbook.csv_template import build_csv
    from connectors.workbook.stamp import stamp_key
    from connectors.workbook.template import build_template
    from indicator_specs.registry import load_registry

    registry, home = load_registry(), Home.current()
    declared = registry.datasets.get(dataset)
    if declared is None or declared.form is None:
        forms = ", ".join(name for name, each in registry.datasets.items() if each.form)
        raise PlainError(
            both(f"{dataset} không có biểu mẫu; có: {forms}", f"{dataset} has no form; there are: {forms}")
        )
    reporters = _reporters(registry, dataset, period)
    chosen = reporters if agency == "ALL" else [agency]
    if not chosen or not set(chosen) <= set(reporters):
        raise PlainError(
            both(
                f"{agency} không có nghĩa vụ gửi {dataset} kỳ {period}",
                f"{agency} does not owe {dataset} in {period}",
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    key, code = stamp_key(home.root), declared.form.code
    with typer.progressbar(chosen, label=f"{code} {period}") as units:
        for unit in units:
            build, suffix = (build_csv, "csv") if csv else (build_template, "xlsx")
            build(registry, declared, unit, period, folder / f"{code}_{unit}_{period}.{suffix}", key=key)
            open_folder(home, unit)
    out.print(f"{len(chosen)} → {folder}")


def _reporters(registry: "Registry", dataset: str, period: str) -> list[str]:
    from indicator_specs.assignments import owed
    from indicator_specs.periods import PeriodError

    try:
        return sorted({duty.reporter for duty in owed(registry, [period]) if duty.dataset == dataset})
    except PeriodError as error:
        raise PlainError(str(error)) from error


def worker() -> None:
    """Answer files as they come and keep dashboards up to date, until Ctrl-C."""
    from pipelines.worker import work

    ended = _until_told()
    work(Home.current(), until=ended.is_set)
    out.print("Đã dừng · Stopped.")
