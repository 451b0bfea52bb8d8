"""Commands on sources: whether one does what every source must do."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indicator_specs.errors import PlainError, both
from pipelines.cli import source_contract
from pipelines.console import out, table

if TYPE_CHECKING:
    from indicator_specs.source_spec import Dataset, Source


def register(app: typer.Typer) -> None:
    """Add the commands of this module under ``source``."""
    group = typer.Typer(no_args_is_help=True, help="Ask about sources.")
    group.callback()(lambda: None)
    group.command("check")(check)
    source_contract.register(group)
    app.add_typer(group, name="source")


def check(
    name: Annotated[str, typer.Argument(help="Id of the source: the name of its folder.")],
    period: Annotated[str, typer.Option(help="Period to ask for, such as 2026-10; the last that has ended.")] = "",
) -> None:
    """Hold a source against what every source must do, as it answers now; nothing is admitted. Fails if it does not."""
    from connectors.acceptance import CHECKS, accept
    from connectors.extracted import Before
    from connectors.kinds import KINDS
    from indicator_specs.home import Home
    from indicator_specs.registry import load_registry
    from pipelines.conduct import conduct_of
    from pipelines.installation import Installation

    source = load_registry().sources.get(name)
    if source is None or KINDS[source.kind].pull is None:
        raise PlainError(
            both(f"Không có nguồn nào tên {name} để kết nối lấy số liệu", f"There is no source {name} that is pulled")
        )
    if period:
        _check_period(source, period)
    with tempfile.TemporaryDirectory(prefix="chiso-") as folder:
        before = Before(conduct=conduct_of(Installation.current()))
        outcomes = list(accept(source, Home(Path(folder)), lambda dataset: _partition(dataset, period), before))
    listing = table(f"{source.name.vi} · {source.name.en}", "Bộ số liệu", "Kiểm tra", "Kết quả", "Ghi chú")
    for each in outcomes:
        result = {True: "đạt · met", False: "KHÔNG ĐẠT · NOT MET", None: "—"}[each.is_met]
        listing.add_row(each.dataset, CHECKS[each.check], result, each.note)
    out.print(listing)
    if not all(each.is_met for each in outcomes):
        raise typer.Exit(1)


def _check_period(source: "Source", text: str) -> None:
    from indicator_specs import periods

    try:
        period = periods.parse(text)
    except periods.PeriodError as error:
        raise PlainError(str(error)) from None
    asked = [dataset for dataset in source.datasets if dataset.partition == "period"]
    if all(dataset.frequency != period.frequency for dataset in asked):
        named = ", ".join(sorted({dataset.frequency for dataset in asked})) or "—"
        raise PlainError(
            both(
                f"{source.id}: không có bộ số liệu nào lấy theo kỳ {text}; lấy theo: {named}",
                f"{source.id}: no dataset is pulled by a period such as {text}; they go by {named}",
            )
        )


def _partition(dataset: "Dataset", period: str) -> str | None:
    """The period that was named, for datasets that go by such a period; for the others the last that has ended."""
    from indicator_specs import periods
    from pipelines.cadence import partitions_due

    is_asked = period and dataset.partition == "period" and periods.parse(period).frequency == dataset.frequency
    return period if is_asked else partitions_due(dataset)[-1]
