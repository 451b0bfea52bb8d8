"""Commands on sources: freeze what they look like, and say that one has really changed."""

from typing import Annotated

import typer

from indicator_specs.errors import PlainError, both
from pipelines.console import out


def register(group: typer.Typer) -> None:
    """Add the commands of this module."""
    group.command("freeze")(freeze)
    group.command("accept")(accept)


def freeze(source: Annotated[str, typer.Argument(help="Source id, such as online_services.")]) -> None:
    """Ask the source for its columns and types and write them to contract.yml beside source.yml."""
    from indicator_specs.home import Home
    from indicator_specs.registry import load_registry
    from pipelines.freezing import freeze_source

    registry = load_registry()
    if source not in registry.sources:
        known = ", ".join(sorted(registry.sources))
        raise PlainError(both(f"không có nguồn {source}; có: {known}", f"no source {source}; there are: {known}"))
    out.print(f"→ {freeze_source(registry.sources[source], Home.current())}", markup=False, soft_wrap=True)


def accept(
    dataset: Annotated[str, typer.Argument(help="Source and dataset, such as online_services.dossiers.")],
    reason: Annotated[str, typer.Option(help="Why: what the owner of the source has said.")],
) -> None:
    """Say that a source has really changed: what it gave before is no measure of its rows and units any more."""
    from pipelines.installation import Installation
    from pipelines.pulling import accept_as_it_is

    installation = Installation.current()
    if dataset not in installation.registry.datasets:
        raise PlainError(both(f"không có bộ số liệu {dataset}", f"no dataset {dataset}"))
    accept_as_it_is(installation, installation.registry.datasets[dataset], reason)
    out.print(
        both(f"{dataset}: lần lấy sau được nhận như nguồn đang có", "the next pull is taken as the source is now")
    )
