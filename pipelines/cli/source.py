"""Commands on sources: whether one does what every source must do."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indicator_specs.errors import PlainError, both
from pipelines.cli import source_contract
from pipelines.console import out, table

if TYPE_CHECKING:
    from indicator_specs.source_spec import Dataset


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


def _partition(dataset: "Dataset", period: str) -> str | None:
    from pipelines.cadence import partitions_due

    return period if period and dataset.partition == "period" else partitions_due(dataset)[-1]
