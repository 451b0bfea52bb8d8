"""Commands for what agencies send: answer their files, make their forms, keep a worker at it."""

from pathlib import Path
from typing import Annotated

import typer

from indicator_specs.home import Home
from pipelines.console import Steps, err, out, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("intake")(intake)
    app.command("template")(template)
    app.command("worker")(worker)


def intake() -> None:
    """Answer every file that agencies dropped; receipts and marked workbooks appear in their ket_qua folders."""
    from pipelines.installation import Installation
    from pipelines.intake import take_in

    steps = Steps()
    with steps.step("Tiếp nhận tệp báo cáo · Intake"):
        report = take_in(Installation.current())
    listing = table("Phiếu tiếp nhận · Receipts", "Số", "Đơn vị", "Tệp", "Kết quả")
    for submission in report.answers:
        listing.add_row(str(submission.submission_no), submission.agency, submission.file_name, submission.state.value)
    out.print(listing)
    for folder in report.unreachable:
        err.print(f"Không đọc được thư mục · Folder cannot be read: {folder.path} ({folder.reason})", style="red")
    if report.unreachable:
        raise typer.Exit(1)


def template(
    dataset: Annotated[str, typer.Argument(help="source.dataset of a form, such as commune_report.administration.")],
    agency: Annotated[
        str, typer.Argument(help="Org unit code of the reporting agency, such as P79; ALL for every one.")
    ],
    period: Annotated[str, typer.Argument(help="Period, such as 2026-10.")],
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path("templates"),
) -> None:
    """Make the pre-filled form of an agency, or of all that owe it, for one period."""
    from connectors.workbook.stamp import stamp_key
    from connectors.workbook.template import build_template
    from indicator_specs.assignments import owed
    from indicator_specs.registry import load_registry

    registry = load_registry()
    source, _, name = dataset.partition(".")
    declared = registry.dataset(source, name)
    reporters = sorted({duty.reporter for duty in owed(registry, [period]) if duty.dataset == dataset})
    chosen = reporters if agency == "ALL" else [agency]
    if not set(chosen) <= set(reporters):
        err.print(
            f"{agency} không có nghĩa vụ gửi {dataset} · {agency} does not owe {dataset} in {period}", style="red"
        )
        raise typer.Exit(1)
    folder.mkdir(parents=True, exist_ok=True)
    key = stamp_key(Home.current().root)
    code = declared.form.code if declared.form else name
    with typer.progressbar(chosen, label=f"{code} {period}") as units:
        for unit in units:
            build_template(registry, declared, unit, period, folder / f"{code}_{unit}_{period}.xlsx", key=key)
    out.print(f"{len(chosen)} → {folder}")


def worker() -> None:
    """Answer files as they come and keep dashboards up to date, until Ctrl-C."""
    import signal

    from pipelines.worker import work

    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        work(Home.current())
    except KeyboardInterrupt:
        out.print("Đã dừng · Stopped.")
