"""Small readings for tests of judgement: a form with two totals and their parts, for communes of one province."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

import polars as pl

from expectations.cases import Case
from expectations.comparison import with_kin
from expectations.digits import with_digits
from expectations.frame import gather
from expectations.lookups import Unit, with_declarations, with_reference
from expectations.past import with_past
from expectations.peers import with_peers
from expectations.rendering import Both
from expectations.swaps import with_swaps
from expectations.terms import MeasureTerms, Terms
from indicator_specs.reading import READING

SCHEMA = {column: {"row_no": pl.Int64(), "is_synthetic": pl.Boolean()}.get(column, pl.String()) for column in READING}
TODAY = date(2026, 10, 9)
PERIOD = "2026-09"
COLUMNS = {"docs.all": "E", "docs.online": "F", "tasks.all": "G", "tasks.online": "H"}


def terms(kind: str = "workbook", **changes: MeasureTerms) -> Terms:
    """Two indicator groups, each a part that must not exceed its total."""
    zero = Decimal(0)
    measures = {
        "docs.all": MeasureTerms(Both("Tổng số văn bản", "Documents"), "docs", zero, max_change_pct=Decimal(60)),
        "docs.online": MeasureTerms(Both("Văn bản điện tử", "Online documents"), "docs", zero, ceilings=("docs.all",)),
        "tasks.all": MeasureTerms(Both("Tổng số nhiệm vụ", "Tasks"), "tasks", zero, max_change_pct=Decimal(60)),
        "tasks.online": MeasureTerms(Both("Nhiệm vụ điện tử", "Online tasks"), "tasks", zero, ceilings=("tasks.all",)),
    }
    measures |= {name.replace("__", "."): changed for name, changed in changes.items()}
    return Terms("report.form", Both("Biểu thử", "Test form"), kind, "monthly", ("commune",), "VPTW", measures)


def units(n: int = 30) -> dict[str, Unit]:
    """Communes of today, one that was dissolved, one that is to come, and a province."""
    known = {f"C{number:05d}": Unit("commune", date(2025, 7, 1), None) for number in range(1, n + 1)}
    known["C99998"] = Unit("commune", date(2025, 7, 1), date(2026, 5, 31))
    known["C99999"] = Unit("commune", date(2027, 1, 1), None)
    known["P01"] = Unit("province", date(2025, 7, 1), None)
    return known


def reading(n_units: int = 5, **changed: Mapping[str, Any]) -> pl.DataFrame:
    """A correct reading; ``changed`` overrides columns by cell: ``F6={"obs_value": "9"}``."""
    rows = []
    for line in range(n_units):
        values = {"docs.all": 100 + line, "docs.online": 80 + line, "tasks.all": 40 + line, "tasks.online": 30 + line}
        for measure, column in COLUMNS.items():
            cell = f"{column}{line + 5}"
            text = str(values[measure])
            row = dict.fromkeys(READING) | {
                "row_no": len(rows) + 1,
                "place": f"Số liệu!{cell}",
                "measure": measure,
                "org_unit": f"C{line + 1:05d}",
                "time_period": PERIOD,
                "breakdown": "_T",
                "value_text": text,
                "obs_value": text,
                "obs_status": "A",
                "is_synthetic": False,
            }
            rows.append({**row, **changed.get(cell, {})})
    return pl.DataFrame(rows, schema=SCHEMA)


def with_rows(rows: pl.DataFrame, more: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Append copies of rows: each mapping names the ``row_no`` to copy as ``of`` and what differs."""
    copies = []
    for number, change in enumerate(more, rows.height + 1):
        original = rows.row(int(change["of"]) - 1, named=True)
        copies.append({**original, "row_no": number, **{key: value for key, value in change.items() if key != "of"}})
    return pl.concat([rows, pl.DataFrame(copies, schema=SCHEMA)])


def case(rows: pl.DataFrame, case_id: str = "one", agency: str | None = "P01", period: str | None = PERIOD) -> Case:
    """A workbook's case; the dataset itself is not asked by the rule layer."""
    return Case(case_id, cast(Any, None), rows, agency, period, {"org_unit": "B", "time_period": "D"})


def frame(
    rows: pl.DataFrame | Case,
    of: Terms | None = None,
    history: pl.DataFrame | None = None,
    owed_by: Mapping[tuple[str, str], str] | None = None,
) -> pl.DataFrame:
    """The judged frame of one case, everything owed by P01 unless said otherwise."""
    of = of or terms()
    known = units()
    duties = {(code, PERIOD): "P01" for code in known} if owed_by is None else owed_by
    facts = gather([rows if isinstance(rows, Case) else case(rows)], of)
    facts = with_reference(facts, of, known, duties, TODAY)
    facts = with_swaps(with_past(with_kin(with_declarations(facts, of), of), of, history), of)
    return with_digits(with_peers(facts, of, history), of)


def history(*values: tuple[str, str, str, str]) -> pl.DataFrame:
    """Published values: measure, org unit, period, value."""
    rows = [(measure, unit, period, "_T", "VPTW", value) for measure, unit, period, value in values]
    return pl.DataFrame(
        rows, schema=["measure", "org_unit", "time_period", "breakdown", "producer", "obs_value"], orient="row"
    )
