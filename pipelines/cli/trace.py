"""``chiso explain``: from a published value down to the cell or row that it came from."""

import dataclasses
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.tree import Tree

from indicator_specs.home import Home
from indicator_specs.units import UNITS
from pipelines.console import out

if TYPE_CHECKING:
    from pipelines.explain import Explained, Input, Leaf

MADE = {
    "parts": ", gộp từ các kỳ · made of finer periods",
    "difference": ", hiệu của hai số luỹ kế · difference of two running totals",
}
SHOWN_LEAVES = 6
"""A sum over a province's communes has a hundred leaves: a screen shows the first, ``--json`` all."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("explain")(explain_value)


def explain_value(
    indicator: Annotated[str, typer.Argument(help="Indicator id, such as online_service_usage.")],
    unit: Annotated[str, typer.Option(help="Org unit code, such as P79 or VN.")],
    period: Annotated[str, typer.Option(help="Period, such as 2026-10.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole tree as JSON.")] = False,
) -> None:
    """Show where a published value comes from: inputs, batches, files and cells, queries and rows."""
    from indicator_specs.registry import load_registry
    from pipelines.explain import explain

    tree = explain(Home.current(), load_registry(), indicator, unit, period)
    if as_json:
        out.print_json(json.dumps(dataclasses.asdict(tree), ensure_ascii=False, default=str))
    else:
        out.print(_drawn(tree))


def _drawn(value: "Explained") -> Tree:
    shown = "chưa có giá trị" if value.obs_value is None else f"{_plain(value.obs_value)} {UNITS[value.unit].symbol}"
    head = f"[bold]{value.name_vi}[/] · {value.org_unit_name_vi} · {value.time_period} = [bold]{shown}[/]"
    made = f"(bản chốt số {value.release_no}, phương pháp {value.method_version}, trạng thái {value.obs_status})"
    tree = Tree(f"{head} [dim]{made}[/]")
    if value.is_catalogue_changed:
        tree.add("[yellow]Danh mục đã thay đổi sau bản chốt này · The catalogue has changed since this release[/]")
    tree.add(f"{value.formula}  →  {value.filled_formula}")
    for given in value.inputs:
        _draw_input(tree, given, value.time_period)
    _draw_others(tree, value)
    return tree


def _draw_others(tree: Tree, value: "Explained") -> None:
    if not value.others:
        return
    what = (
        "trung bình của các đơn vị · mean of the units" if value.is_derived else "so với các đơn vị · beside the units"
    )
    branch = tree.add(f"{what}: {len(value.others)}")
    for other in value.others[:SHOWN_LEAVES]:
        figures = ", ".join(f"{name} = {'?' if figure is None else _plain(figure)}" for name, figure in other.figures)
        branch.add(f"{other.org_unit} {other.org_unit_name_vi}: {figures}")
    if len(value.others) > SHOWN_LEAVES:
        branch.add(f"[dim]… và {len(value.others) - SHOWN_LEAVES} đơn vị nữa (--json)[/]")


def _draw_input(tree: Tree, given: "Input", time_period: str) -> None:
    at = f" [dim]{given.time_period}[/]" if given.time_period not in {"", time_period} else ""
    if given.indicator is not None:
        tree.add(f"[cyan]{given.name}[/]{at} =").add(_drawn(given.indicator))
        return
    figure = "chưa có" if given.obs_value is None else _plain(given.obs_value)
    count = f", tổng của {given.n_reported}/{given.n_expected} đơn vị" if given.how == "rolled" else ""
    branch = tree.add(f"[cyan]{given.name}[/]{at} = {figure} [dim]({given.subject}{count}{MADE.get(given.how, '')})[/]")
    for part in given.parts:
        _draw_input(branch, part, time_period)
    for leaf in given.leaves[:SHOWN_LEAVES]:
        branch.add(_leaf(leaf))
    if len(given.leaves) > SHOWN_LEAVES:
        branch.add(f"[dim]… và {len(given.leaves) - SHOWN_LEAVES} số liệu nữa (--json)[/]")


def _leaf(leaf: "Leaf") -> str:
    where = escape(leaf.file_name or f"{leaf.source}.{leaf.dataset}")
    origin = "" if leaf.file_name else f" [dim]{escape(_asked(leaf.origin))}[/]"
    mark = " [yellow]số liệu giả lập[/]" if leaf.is_synthetic else f" [dim]{escape(leaf.citation)}[/]"
    text, place = escape(str(leaf.original_text)), escape(leaf.place)
    return f"{leaf.org_unit} «{text}» ← {where} [bold]{place}[/], lô {leaf.batch_no}{mark}{origin}"


def _asked(origin: str) -> str:
    """What was asked of which machine: a query of the source's folder, or a request."""
    told = json.loads(origin)
    return f"{told.get('query_file') or told.get('request')} @ {told.get('database') or told.get('service')}"


def _plain(value: Decimal | float) -> str:
    text = f"{value:.9f}" if isinstance(value, Decimal) else f"{value:.6f}"
    return text.rstrip("0").rstrip(".")
