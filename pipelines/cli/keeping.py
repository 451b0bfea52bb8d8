"""Commands that keep the ledger's house: whether its chronicle is whole, and what need not be kept any longer."""

from typing import Annotated

import typer

from indicator_specs.errors import both
from pipelines.console import out, said, table


def register(group: typer.Typer) -> None:
    """Add the commands of this module."""
    group.command("audit")(audit)
    group.command("prune")(prune)


def audit() -> None:
    """Check that no event of the ledger was altered or taken out, and that kept bytes are what they were."""
    from pipelines.auditing import faults
    from pipelines.installation import Installation

    ledger = Installation.current().ledger
    done = ledger.audit()
    out.print(f"{done.n_events} sự kiện · events; {done.last_hash or '—'}")
    found = faults(Installation.current())
    if done.broken is not None:
        event = done.broken
        what = f"{event.event_no} ({event.kind}, {event.subject}, {event.happened_at:%Y-%m-%d %H:%M} UTC)"
        found.insert(0, both(f"Sự kiện {what} không nối tiếp sự kiện trước", f"Event {what} does not follow"))
    if found:
        said(*found)
        raise typer.Exit(1)
    out.print("Sổ tiếp nhận nguyên vẹn · The ledger is whole.")


def prune(
    now: Annotated[bool, typer.Option("--now", help="Remove; without it only what would go is listed.")] = False,
) -> None:
    """Remove what retention.csv no longer asks to keep, and files that a killed writer has left unfinished.

    Bytes behind an accepted figure are never touched.
    """
    from pipelines import retention
    from pipelines.installation import Installation
    from pipelines.rooms import Troubles
    from pipelines.unfinished import remove_unfinished, unfinished

    here, troubles = Installation.current(), Troubles()
    left = remove_unfinished(here, troubles) if now else unfinished(here.home, troubles)
    gone = retention.prune(here, troubles) if now else retention.prunable(here, troubles)
    sizes = [*((each.store, each.size) for each in gone), *(("tệp ghi dở · unfinished", each.size) for each in left)]
    listing = table("Hết thời hạn lưu, ghi dở · Past their time, unfinished", "Kho", "Tệp", "MB")
    for store in sorted({store for store, _ in sizes}):
        mine = [size for each, size in sizes if each == store]
        listing.add_row(store, str(len(mine)), f"{sum(mine) / 1e6:.1f}")
    out.print(listing)
    if sizes and not now:
        out.print("Thêm --now để xoá · Add --now to remove them.")
    if troubles.sentences:
        said(*dict.fromkeys(troubles.sentences))
        raise typer.Exit(1)
