"""Command about the stores on which agencies have their folders: are they reached, and opening folders there."""

from typing import Annotated

import typer

from pipelines.console import out, said, table


def register(group: typer.Typer) -> None:
    """Add the commands of this module."""
    group.command("stores")(stores)


def stores(
    open_folders: Annotated[
        bool, typer.Option("--open", help="Make the folders of the agencies declared there.")
    ] = False,
) -> None:
    """Say of each store in stores.yml whether it is reached, and how many folders and waiting files it has."""
    from connectors.errors import SourceError
    from connectors.stores.declared import declared_stores
    from connectors.stores.opening import StoreAddressError
    from connectors.stores.remote import FarStore
    from indicator_specs.home import Home

    listing, failed = table("Kho thư mục báo cáo · Stores", "Kho", "Địa chỉ", "Thư mục", "Tệp"), []
    for spec in declared_stores(Home.current()):
        try:
            with FarStore(spec) as store:
                for agency in spec.agencies if open_folders else ():
                    store.open_folder(agency)
                folders = store.agencies()
                listing.add_row(
                    spec.id, store.label, str(len(folders)), str(sum(len(store.reports(each)) for each in folders))
                )
        except (OSError, SourceError, StoreAddressError) as reason:
            failed.append(f"{spec.id}: không kết nối được / cannot be reached: {reason}")
    out.print(listing)
    said(*failed)
    if failed:
        raise typer.Exit(1)
