"""Building what a release would contain now, beside the warehouse, and comparing it with a sealed release."""

import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

from dbt_project.layout import PROJECT_DIR
from indicator_specs.errors import both
from indicator_specs.home import Home
from pipelines.beside import beside, project_for
from pipelines.compute import compute
from pipelines.installation import Installation
from pipelines.plan.changes import find_changes
from pipelines.plan.figures import explain_by_figures
from pipelines.plan.passage import explain_by_passage
from pipelines.plan.records import Cell, Plan, PlanError, Reason
from pipelines.plan.rules import explain_by_rules
from pipelines.release import Release, current, releases, verify
from pipelines.turns import WAREHOUSE, turn

_CELL = """indicator, indicator_name_vi, org_unit_code, org_unit_name_vi, time_period, map, value_from, value_to,
    status_from, status_to, light_from, light_to, rank_from, rank_to"""


def plan(installation: Installation, against: int | None = None, *, project: Path = PROJECT_DIR) -> Plan:
    """What would change if the marts were computed and sealed now, from today's specs and all batches.

    Args:
        installation: where; its warehouse and releases are only read.
        against: number of the release to compare with; None for the one in force.
        project: the dbt project.

    Raises:
        PlanError: no such release, or one that was sealed before reasons were kept.
        ReleaseError: the release's file is not the one that was sealed.
        BuildError: a model or a test of the grain failed: such a release would not be sealed.
    """
    home, registry = installation.home, installation.registry
    release = release_to_compare(home, against)
    verify(home, release)
    with beside(home) as apart, project_for(registry, project) as fitting:
        with turn(installation.ledger, WAREHOUSE):
            if home.warehouse.exists():
                shutil.copyfile(home.warehouse, apart.warehouse)
        compute(Installation(apart, registry), project=fitting).raise_on_failure()
        return compare(
            release.file_in(home.published),
            apart.warehouse,
            against=release.number,
            spec_hashes=(release.spec_hash, registry.spec_hash),
        )


def compare(old: Path, new: Path, *, against: int | None = None, spec_hashes: tuple[str, str] = ("", "")) -> Plan:
    """Every cell that differs between two files of marts, with its reasons.

    Args:
        old: a sealed release.
        new: a later release, or a warehouse.
        against: number of ``old``, to be told.
        spec_hashes: of the two catalogues, to be told.

    Raises:
        PlanError: one of them does not keep what reasons are found by.
    """
    with duckdb.connect() as connection:
        # The views of a warehouse know it by this name.
        for name, path in (("old", old), ("warehouse", new)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
            _require_facts(connection, name, path)
        find_changes(connection)
        explain_by_rules(connection)
        explain_by_figures(connection)
        explain_by_passage(connection)
        day_from, day_to = connection.execute("select cast(columns(*) as varchar) from clock").fetchall()[0]
        return Plan(
            against, *spec_hashes, day_from, day_to, _batches(connection), _rules(connection), _cells(connection)
        )


def release_to_compare(home: Home, number: int | None) -> Release:
    """The release of a number, or the one in force.

    Raises:
        PlanError: there is none.
    """
    kept = {release.number: release for release in releases(home)}
    found = current(home) if number is None else kept.get(number)
    if found is None:
        listed = ", ".join(map(str, kept)) or "—"
        raise PlanError(
            both(
                f"Không có bản chốt số liệu để so sánh; còn lưu: {listed}",
                f"There is no release to compare with; kept: {listed}",
            )
        )
    return found


def _require_facts(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    held = connection.execute(
        "select 1 from information_schema.tables where table_catalog = ? and table_name = 'lineage_declaration'", [name]
    ).fetchone()
    if held is None:
        raise PlanError(
            both(
                f"{path.name} được chốt khi chưa lưu căn cứ để so sánh; đề nghị chốt một bản mới trước",
                f"{path.name} was sealed before the rules behind numbers were kept; seal a new one first",
            )
        )


def _batches(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, Any], ...]:
    found = connection.execute(
        """select batch_no, source, dataset, agency, file_name, cast(accepted_at as varchar) as accepted_at
        from warehouse.lineage.lineage_batch
        where batch_no > (select coalesce(max(batch_no), 0) from old.lineage.lineage_batch) order by batch_no"""
    )
    names = [column[0] for column in found.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())


def _rules(connection: duckdb.DuckDBPyConnection) -> tuple[Reason, ...]:
    rows = connection.execute(
        "select 'rule', subject, trim(aspect || ' ' || item), text_from, text_to from rule order by all"
    ).fetchall()
    return tuple(Reason(*row) for row in rows)


def _cells(connection: duckdb.DuckDBPyConnection) -> tuple[Cell, ...]:
    reasons: defaultdict[int, dict[Reason, None]] = defaultdict(dict)
    explained: defaultdict[int, set[str]] = defaultdict(set)
    rows = connection.execute(
        """select cell_no, explains, kind, subject, item, text_from, text_to from reason
        order by cell_no, kind, try_cast(subject as bigint), subject, item, text_from, text_to"""
    ).fetchall()
    for cell_no, explains, *reason in rows:
        reasons[cell_no][Reason(*reason)] = None
        explained[cell_no].add(explains)
    found = connection.execute(
        f"select cell_no, is_value, is_light, is_rank, {_CELL} from changed order by cell_no"
    ).fetchall()
    cells = []
    names = [name.strip() for name in _CELL.split(",")]
    for cell_no, is_value, is_light, is_rank, *cell in found:
        is_whole = _is_explained(is_value, is_light, is_rank, explained[cell_no])
        told = dict(zip(names, cell, strict=True))
        cells.append(Cell(**told, reasons=tuple(reasons[cell_no]), is_unexplained=not is_whole))
    return tuple(cells)


def _is_explained(is_value: bool, is_light: bool, is_rank: bool, explained: set[str]) -> bool:
    """Whether each part of a change has a reason: a light and a rank follow from a value that changed."""
    if "all" in explained:
        return True
    if is_value:
        return "value" in explained
    return (not is_light or bool({"light", "value"} & explained)) and (
        not is_rank or bool({"rank", "value"} & explained)
    )
