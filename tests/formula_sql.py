"""Runs compiled formulas on DuckDB over a panel, one CTE for each step, as models do."""

import duckdb

from indicator_specs.formula import CompiledFormula, Step
from indicator_specs.periods import DIGITS, Frequency
from tests.formula_making import PARENTS
from tests.formula_oracle import Panel, Place

NEAREST = {"nation": "province", "province": "commune"}


def load(connection: duckdb.DuckDBPyConnection, panel: Panel, frequency: Frequency) -> None:
    """Create ``spine`` (grain map × org unit × period, in no order) and ``below`` (each unit with all below it)."""
    names = sorted({name for row in panel.rows.values() for name in row.values})
    methods = sorted({name for row in panel.rows.values() for name in row.methods})
    columns = [*(f"{name} double" for name in names), *(f"method_of_{name} integer" for name in methods)]
    connection.execute(
        "create or replace table spine (map varchar, org_unit_key varchar, period_key bigint, period_year bigint,"
        f" period_position bigint, level varchar, peer_group varchar, {', '.join(columns)})"
    )
    digit = DIGITS[frequency] * 1_000_000
    rows = [
        (
            *place[:2],
            digit + place[2],
            place[2] // panel.per_year,
            place[2] % panel.per_year + 1,
            row.level,
            row.peer_group,
            *(None if row.values[name] is None else float(row.values[name] or 0) for name in names),
            *(row.methods.get(name) for name in methods),
        )
        for place, row in sorted(panel.rows.items(), key=lambda item: hash(item[0]))
    ]
    shown = ", ".join(f"({', '.join('null' if cell is None else repr(cell) for cell in row)})" for row in rows)
    connection.execute(f"insert into spine values {shown}")
    connection.execute("create or replace table below (upper varchar, org_unit_key varchar)")
    pairs = []
    for unit in PARENTS:
        upper = unit
        while upper in PARENTS:
            upper = PARENTS[upper]
            pairs.append((upper, unit))
    connection.executemany("insert into below values (?, ?)", pairs)


def query(compiled: CompiledFormula) -> str:
    """The whole statement: place, value."""
    ctes, relation = [], "spine"
    for number, step in enumerate(compiled.steps, start=1):
        ctes.append(f"step_{number} as ({_step(step, relation)})")
        relation = f"step_{number}"
    before = f"with {', '.join(ctes)} " if ctes else ""
    return f"{before}select map, org_unit_key, period_key, {compiled.expression_sql} as obs_value from {relation}"


def _step(step: Step, relation: str) -> str:
    columns = ", ".join(f"{column.sql} as {column.name}" for column in step.columns)
    if step.kind == "window":
        return f"select *, {columns} from {relation}"
    if step.kind == "before":
        return _before(step, columns, relation)
    whens = " ".join(f"when '{upper}' then '{lower}'" for upper, lower in NEAREST.items())
    wanted = f"'{step.child_level}'" if step.child_level else f"case upper_level {whens} end"
    pairs = (
        f"select child.*, below.upper, (select any_value(level) from spine as above"
        f" where above.org_unit_key = below.upper) as upper_level"
        f" from {relation} as child inner join below using (org_unit_key)"
    )
    counted = (
        f"select map, upper as org_unit_key, period_key, {columns}"
        f" from ({pairs}) as pairs where level = {wanted} group by map, upper, period_key"
    )
    names = ", ".join(f"counted.{column.name}" for column in step.columns)
    return f"select {relation}.*, {names} from {relation} left join ({counted}) as counted using ({', '.join(KEYS)})"


def _before(step: Step, columns: str, relation: str) -> str:
    methods = sorted({f"method_of_{name}" for column in step.columns for name in column.held_to})
    moved = ", ".join([f"map, org_unit_key, period_key + {step.back} as period_key", columns, *methods])
    shown = []
    for column in step.columns:
        held = [f"earlier.method_of_{name} = now.method_of_{name}" for name in column.held_to]
        shown.append(f"case when {' and '.join(held) or 'true'} then earlier.{column.name} end as {column.name}")
    same = " and ".join(f"now.{key} = earlier.{key}" for key in KEYS)
    return (
        f"select now.*, {', '.join(shown)} from {relation} as now left join (select {moved} from {relation}) as earlier"
        f" on {same}"
    )


KEYS = ("map", "org_unit_key", "period_key")


def values(
    connection: duckdb.DuckDBPyConnection, compiled: CompiledFormula, frequency: Frequency
) -> dict[Place, float | None]:
    """Values by place."""
    digit = DIGITS[frequency] * 1_000_000
    found = connection.execute(query(compiled)).fetchall()
    return {(shown, unit, key - digit): value for shown, unit, key, value in found}
