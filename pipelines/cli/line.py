"""Commands on the whole line: the demo, a run, and Dagster for development."""

from pathlib import Path
from typing import Annotated

import typer

from indicator_specs.home import PROJECT, Home
from pipelines.console import Steps, out, said


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo")(demo)
    app.command("run")(run)
    app.command("dev")(dev)


def demo(
    serve: Annotated[bool, typer.Option(help="Serve Dagster and Superset afterwards, until Ctrl-C.")] = True,
    folder: Annotated[Path, typer.Option(help="The demo's own folder; emptied first.")] = PROJECT / "data" / "demo",
) -> None:
    """Carry real figures from a database, an API and workbooks to a Vietnamese dashboard."""
    from pipelines.demo.show import play

    play(Home(folder.resolve()), serve=serve)


def run(
    show: Annotated[bool, typer.Option(help="Bring Superset up to date as well.")] = True,
) -> None:
    """Run the line once: pull every source, answer every file, compute what changed, seal, show.

    What cannot be had from one source or folder holds up nothing else; it is told, and the command fails at its end.
    """
    from pipelines.installation import Installation
    from pipelines.line import run_line
    from superset_config import serving

    steps = Steps()
    installation = Installation.current()
    report = run_line(installation, steps.step)
    if report.release is not None:
        out.print(f"Bản chốt số liệu số {report.release.number} · Release {report.release.number}")
    missing = report.missing
    if show:
        with steps.step("Bảng điều hành · Superset"):
            shown = serving.sync(installation.home)
        if shown.returncode != 0:
            missing.append(f"Superset: {(shown.stderr or shown.stdout).strip()[-2000:]}")
    if missing:
        said(*missing)
        raise typer.Exit(1)


def dev(port: Annotated[int, typer.Option(help="Port of the Dagster page; 0 chooses a free one.")] = 3000) -> None:
    """Open Dagster on this installation, with its sensor and schedules, until Ctrl-C."""
    from pipelines.serving import dagster, until_interrupted

    with dagster(Home.current(), port) as address:
        out.print(f"Dagster: {address}")
        until_interrupted()
