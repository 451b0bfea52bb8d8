"""Commands that keep accepted rows and the warehouse: merging small files, and making the warehouse anew."""

from typing import Annotated

import typer

from indicator_specs.errors import both
from pipelines.console import Steps, out, said, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("compact")(compact)
    app.command("rebuild")(rebuild)


def compact(
    least: Annotated[int, typer.Option(min=1, help="Merge where at least so many files lie loose.")] = 2,
) -> None:
    """Merge the small accepted files of each dataset and period into few; what reads them goes on meanwhile."""
    from pipelines.compaction import compact_loose
    from pipelines.installation import Installation

    done = compact_loose(Installation.current(), least)
    listing = table("Đã gộp · Merged", "Bộ số liệu, kỳ", "Tệp", "Tệp gộp", "Dòng", "MB")
    for each in done.made:
        size = f"{each.size / 1e6:.1f}"
        listing.add_row(str(each.group), str(each.n_files), str(each.n_parts), str(each.n_rows), size)
    out.print(listing)
    if done.faults:
        said(*done.faults)
        raise typer.Exit(1)


def rebuild() -> None:
    """Make the warehouse anew from the ledger and the accepted rows, and compare it with the one that stood."""
    from pipelines.installation import Installation
    from pipelines.rebuild import rebuild as make_anew

    with Steps().step("Dựng lại kho số liệu · Rebuild"):
        rebuilt = make_anew(Installation.current())
    listing = table("Mã băm nội dung · Content hashes", "Bảng", "Mã băm", "So với trước")
    for name, content_hash in rebuilt.tables.items():
        listing.add_row(name, content_hash[:16], _compared(rebuilt.before, name, content_hash))
    out.print(listing)
    if rebuilt.before is None:
        out.print("Trước đó chưa có kho số liệu · There was no warehouse before.")
        return
    if rebuilt.differing:
        named = ", ".join(rebuilt.differing)
        said(both(f"Khác với kho số liệu trước đó: {named}", f"Not equal to the warehouse that stood: {named}"))
        raise typer.Exit(1)
    out.print(f"{len(rebuilt.tables)} bảng giống hệt · tables are equal.")


def _compared(before: dict[str, str] | None, name: str, content_hash: str) -> str:
    if before is None or name not in before:
        return "mới · new"
    return "giống · equal" if before[name] == content_hash else "khác · differs"
