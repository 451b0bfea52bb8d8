"""Commands on sealed releases: list them, go back to one, correct one."""

from typing import Annotated

import typer

from indicator_specs.home import Home
from pipelines.cli.plan import show
from pipelines.console import err, out, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("releases")(list_releases)
    app.command("rollback")(roll_back)
    app.command("correct")(correct_release)


def list_releases() -> None:
    """List the sealed releases that are kept; the one in force is marked."""
    from pipelines.release import current, releases

    home = Home.current()
    shown = current(home)
    listing = table("Bản chốt số liệu · Releases", "", "Số", "Loại", "Lý do", "Chốt lúc (UTC)", "SHA-256")
    for release in releases(home):
        in_force = shown is not None and shown.number == release.number
        listing.add_row(
            "▶" if in_force else "",
            str(release.number),
            release.kind,
            release.reason,
            release.sealed_at[:19],
            release.file_sha256[:12],
        )
    out.print(listing)


def roll_back(number: Annotated[int, typer.Argument(help="Number of the release to go back to.")]) -> None:
    """Make an earlier release the one that dashboards show, after checking that it is the file that was sealed."""
    from pipelines.installation import Installation
    from pipelines.line import go_back

    release = go_back(Installation.current(), number)
    out.print(f"Bản chốt số liệu số {release.number} đang có hiệu lực · Release {release.number} is in force.")


def correct_release(
    reason: Annotated[str, typer.Option(help="Why; readers see it beside the release.")],
    against: Annotated[int | None, typer.Option(help="Number of the wrong release; the one in force if none.")] = None,
) -> None:
    """Seal what is known now as a correction (đính chính) of a release that people have read; print what changes.

    Nothing is sealed without a reason, or where no number, light or rank differs from the wrong release.
    """
    from pipelines.correction import correct
    from pipelines.installation import Installation

    with err.status("Đính chính · Correct …"):
        made = correct(Installation.current(), reason, against)
    show(made.changes)
    number = made.release.number
    out.print(
        f"Bản đính chính số {number} đang có hiệu lực: {made.release.reason} · Correction {number} is in force.",
        markup=False,
    )
