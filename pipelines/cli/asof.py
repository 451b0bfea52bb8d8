"""Commands on the past: the marts of a moment, and the versions of one value."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import Steps, out


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("as-of")(as_of_moment)


def as_of_moment(
    moment: Annotated[str, typer.Argument(help="2026-10-05T17:00:00+07:00, 2026-10-05 (its end), or mart@3.")],
    output: Annotated[
        Path | None, typer.Option(help="The DuckDB file to write; as_of_<moment>.duckdb if none.")
    ] = None,
) -> None:
    """Build the marts as they would have been from what was known then, in a file of their own."""
    from pipelines.asof import as_of
    from pipelines.installation import Installation

    with Steps().step("Dựng lại số liệu · As of"):
        built = as_of(Installation.current(), moment, output)
    at = built.moment
    out.print(
        f"{at.label}: {built.n_batches} lô số liệu, đến lô {at.last_batch}; thời hạn xét theo ngày {at.day:%d/%m/%Y}"
    )
    out.print(f"{at.label}: {built.n_batches} batches, up to {at.last_batch}; deadlines read on {at.day.isoformat()}")
    out.print(built.catalogue_note, markup=False)
    out.print(f"→ {built.file}", markup=False)
