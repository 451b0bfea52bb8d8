"""Commands on sealed releases: list them, go back to one."""

from typing import Annotated

import typer

from indicator_specs.home import Home
from pipelines.console import out, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("releases")(list_releases)
    app.command("rollback")(roll_back)


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
