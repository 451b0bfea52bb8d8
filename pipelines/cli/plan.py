"""``chiso plan``: what a release would change, and why, before anything is sealed."""

import json
from typing import Annotated

import typer
from rich.markup import escape

from pipelines.console import err, out, table
from pipelines.plan.records import Cell, FailOn, Plan
from pipelines.plan.wording import LIGHTS, MAPS, arrow, told

STOPPED = 3
"""Exit code where ``--fail-on`` is met: neither success nor a failure of the program."""
SHOWN_CELLS = 60
"""A formula of a commune's indicator changes thousands of cells: a screen shows the first, ``--json`` all."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("plan")(plan_release)


def plan_release(
    against: Annotated[int | None, typer.Option(help="Number of a release; the one in force if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole plan as JSON.")] = False,
    fail_on: Annotated[FailOn, typer.Option(help="Exit with code 3 where such a change is there.")] = FailOn.NONE,
    indicator: Annotated[list[str] | None, typer.Option(help="Only these indicators; may be repeated.")] = None,
) -> None:
    """Show which numbers, lights and ranks a release would change now, from what to what, and why.

    Exit code 0: nothing that --fail-on names; 3: there is, or a change that nobody can explain; 1: there is no plan.
    """
    from pipelines.installation import Installation
    from pipelines.plan.running import plan

    with err.status("Lập phương án · Plan …"):
        made = plan(Installation.current(), against)
    made = made.of(tuple(indicator)) if indicator else made
    if as_json:
        out.print_json(json.dumps(made.as_json(), ensure_ascii=False))
    else:
        show(made)
    if made.is_stopped_by(fail_on):
        raise typer.Exit(STOPPED)


def show(plan: Plan) -> None:
    """Print what changes, the totals first."""
    totals = plan.summary
    out.print(f"So với bản chốt số liệu số {plan.against} · Against release {plan.against}", style="bold")
    if not plan.cells:
        out.print("Không có giá trị, đánh giá hay thứ hạng nào thay đổi · No number, light or rank changes")
    else:
        out.print(
            f"{totals['n_cells']} ô: {totals['n_values']} giá trị, {totals['n_lights']} đánh giá, {totals['n_ranks']} "
            f"thứ hạng ({totals['n_moved_by_others']} do đơn vị khác), {totals['n_unexplained']} chưa rõ lý do · "
            f"{totals['n_cells']} cells: {totals['n_values']} values, {totals['n_lights']} lights, {totals['n_ranks']} "
            f"ranks ({totals['n_moved_by_others']} moved by others), {totals['n_unexplained']} unexplained"
        )
    for (before, after), count in sorted(plan.lights.items(), key=lambda pair: -pair[1]):
        out.print(f"  {count} × {LIGHTS[before]} → {LIGHTS[after]}")
    if plan.most_affected:
        named = ", ".join(f"{name} ({count})" for _, name, count in plan.most_affected)
        out.print(f"Đơn vị thay đổi nhiều nhất · Most affected: {named}", markup=False)
    for rule in plan.rules:
        out.print(f"  • {told(rule, plan)}", markup=False)
    _list(plan)


def _list(plan: Plan) -> None:
    listing = table("Thay đổi · Changes", "Chỉ số", "Đơn vị", "Kỳ", "Giá trị", "Đánh giá", "Hạng", "Vì sao")
    for cell in plan.cells[:SHOWN_CELLS]:
        unit = cell.org_unit_name_vi if cell.map == "current" else f"{cell.org_unit_name_vi} ({MAPS[cell.map]})"
        why = [told(reason, plan) for reason in cell.reasons] + (["CHƯA RÕ LÝ DO"] if cell.is_unexplained else [])
        listing.add_row(
            cell.indicator,
            escape(unit),
            cell.time_period,
            _value(cell),
            arrow(LIGHTS[cell.light_from], LIGHTS[cell.light_to]) if cell.is_light_changed else "",
            arrow(cell.rank_from, cell.rank_to) if cell.is_rank_changed else "",
            escape("; ".join(why)),
        )
    if plan.cells:
        out.print(listing)
    if len(plan.cells) > SHOWN_CELLS:
        out.print(f"… và {len(plan.cells) - SHOWN_CELLS} ô nữa (--json)")


def _value(cell: Cell) -> str:
    if not cell.is_value_changed:
        return ""
    if cell.value_from == cell.value_to:
        return f"trạng thái {arrow(cell.status_from, cell.status_to)}"
    return arrow(cell.value_from, cell.value_to)
