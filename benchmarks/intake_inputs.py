"""Workbooks for the benchmark ``intake``: real templates with synthetic figures, each different, and huge ones."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter

from connectors.intake.folders import open_folder
from connectors.workbook.stamp import KEY_FILE, stamp_key
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


@dataclass(frozen=True)
class Heap:
    """Workbooks of many agencies, made once, and the key that signed them: whoever takes them in holds the same."""

    folder: Path
    key: bytes
    workbooks: tuple[tuple[str, str], ...]
    """Agency and name of each."""

    def lay_beside(self, home: Home) -> list[tuple[str, Path]]:
        """Copies of all of them within a home, ready to be dropped, beside its open folders."""
        (home.root / KEY_FILE).write_bytes(self.key)
        laid = home.root / "heap"
        shutil.copytree(self.folder, laid)
        for agency in {agency for agency, _ in self.workbooks}:
            open_folder(home, agency)
        return [(agency, laid / name) for agency, name in self.workbooks]


def heap(registry: Registry, n: int, folder: Path) -> Heap:
    """``n`` different workbooks: most of one agency, the rest shared among the other provinces."""
    home = Home(folder)
    made = folder / "made"
    made.mkdir(parents=True)
    provinces = sorted(unit.org_unit_code for unit in registry.reference.of_kind("province"))
    others = [code for code in provinces if code != BUSY]
    n_busy = round(SHARE * n)
    agencies = [BUSY] * n_busy + [others[number % len(others)] for number in range(n - n_busy)]
    for number, agency in enumerate(agencies):
        filled(registry, home, agency, made / f"{agency}_{number:05}.xlsx", number)
    names = tuple((agency, f"{agency}_{number:05}.xlsx") for number, agency in enumerate(agencies))
    return Heap(made, stamp_key(home.root), names)


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
