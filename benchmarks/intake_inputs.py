"""Workbooks for the benchmark ``intake``: real templates with synthetic figures, each different, and huge ones."""

import shutil
from datetime import date
from pathlib import Path

import xlsxwriter

from connectors.intake.folders import open_folder
from connectors.workbook.stamp import stamp_key
from connectors.workbook.template import build_template
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines.demo.run import FORM, OCTOBER
from pipelines.demo.synthetic import commune_figures

BUSY, SHARE = "P79", 0.8
"""The agency that drops most of a heap, and its share."""

LARGEST_FORM = "P79"
"""The province with the most communes: its form has 168 rows."""


def filled(registry: Registry, home: Home, agency: str, path: Path, number: int = 0) -> Path:
    """October's form of a province with its synthetic figures; ``number`` makes it differ from the others."""
    form = registry.dataset(*FORM)
    figures, on = commune_figures(OCTOBER.time_period), date(2026, 10, 31)
    units = sorted(unit.org_unit_code for unit in registry.reference.children(agency, on=on))
    prefill = {
        (unit, measure): value
        for unit in units
        for measure, value in figures.get(unit, {}).items()
        if value is not None
    }
    first = next(key for key in prefill if prefill[key])
    prefill[first] = int(prefill[first]) + number
    return build_template(registry, form, agency, OCTOBER.time_period, path, prefill, key=stamp_key(home.root))


def heap(registry: Registry, home: Home, n: int, folder: Path) -> list[tuple[str, Path]]:
    """``n`` different workbooks beside the folders: most of one agency, the rest shared among the other provinces."""
    folder.mkdir(parents=True, exist_ok=True)
    provinces = sorted(unit.org_unit_code for unit in registry.reference.of_kind("province"))
    others = [code for code in provinces if code != BUSY]
    n_busy = round(SHARE * n)
    agencies = [BUSY] * n_busy + [others[number % len(others)] for number in range(n - n_busy)]
    for agency in set(agencies):
        open_folder(home, agency)
    return [
        (agency, filled(registry, home, agency, folder / f"{agency}_{number:05}.xlsx", number))
        for number, agency in enumerate(agencies)
    ]


def drop(home: Home, agency: str, made: Path) -> Path:
    """Move a workbook into its agency's folder in one step."""
    return made.replace(open_folder(home, agency) / made.name)


def many_rows(path: Path, rows: int, columns: int) -> Path:
    """A workbook with that many cells of figures on one sheet."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Số liệu")
        for row in range(rows):
            for column in range(columns):
                sheet.write_number(row, column, row * columns + column)
    return path


def small_files(folder: Path, n: int) -> None:
    """That many files that are no workbooks."""
    folder.mkdir(parents=True, exist_ok=True)
    first = folder / "00000.txt"
    first.write_text("không phải bảng tính")
    for number in range(1, n):
        shutil.copyfile(first, folder / f"{number:06}.txt")
