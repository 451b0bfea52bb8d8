"""Commands on the past: the marts of a moment, and the versions of one value."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from indicator_specs import clock
from indicator_specs.home import Home
from pipelines.console import Steps, out, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("as-of")(as_of_moment)
    app.command("history")(history_of_value)


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


def history_of_value(
    indicator: Annotated[str, typer.Argument(help="Indicator id, such as digital_economy_share.")],
    unit: Annotated[str, typer.Option(help="Org unit code, such as P79 or VN.")],
    period: Annotated[str, typer.Option(help="Period, such as 2026-10.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print every version as JSON.")] = False,
) -> None:
    """Show every version of the figures behind one value: who stated it, when it came, until when it was current."""
    from indicator_specs.registry import load_registry
    from pipelines.versions import versions

    found = versions(Home.current(), load_registry(), indicator, unit, period)
    if as_json:
        told = [dataclasses.asdict(version) | {"status_vi": version.status_vi} for version in found]
        out.print_json(json.dumps(told, ensure_ascii=False, default=str))
        return
    columns = (
        "Số liệu",
        "Đơn vị",
        "Cơ quan công bố",
        "Giá trị",
        "Trạng thái",
        "Công bố",
        "Tiếp nhận",
        "Hiện hành",
        "Lô",
        "Tệp",
    )
    listing = table(f"Các lần báo cáo · Versions: {indicator} {unit} {period}", "", *columns)
    for each in found:
        current = (
            f"{_day(each.current_from)} – {_day(each.current_to) or 'nay'}" if each.current_from else "chưa bao giờ"
        )
        listing.add_row(
            "▶" if each.is_preferred else "",
            each.measure,
            each.org_unit,
            each.producer,
            "" if each.obs_value is None else f"{each.obs_value:.9f}".rstrip("0").rstrip("."),
            each.status_vi,
            each.published_date.isoformat() if each.published_date else "",
            _day(each.accepted_at),
            current,
            str(each.batch_no),
            escape(f"{each.file} {each.place}"),
        )
    out.print(listing)


def _day(instant: datetime | None) -> str:
    """A naive instant is UTC, as the release keeps it; people read it in Việt Nam's time."""
    return "" if instant is None else f"{instant.replace(tzinfo=UTC).astimezone(clock.HANOI):%d/%m/%Y %H:%M}"
