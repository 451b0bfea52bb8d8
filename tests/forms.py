"""One small form in every format: the cells of a real template, filled, and written as each program writes them."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from python_calamine import CalamineWorkbook

from connectors.workbook.csv_template import build_csv
from connectors.workbook.template import Filled, build_template
from indicator_specs.source_spec import Dataset
from tests.workbooks import KEY, registry

DATASET = ("commune_report", "administration")
PROVINCE, MONTH = "P04", "2026-10"
FIRST_ROW, FIRST_LINE = 14, 8
"""Where the figures begin in the workbook and in the CSV."""
COLUMNS = "EFGH"
FIGURES = (100, 90, 50, 40)
"""What stands in every row: all documents and the electronic ones, all tasks and the monitored ones."""


def dataset() -> Dataset:
    """The dataset of the form."""
    return registry().dataset(*DATASET)


@lru_cache(maxsize=64)
def communes(province: str = PROVINCE) -> tuple[str, ...]:
    """The units that the form of a province asks about."""
    return tuple(unit.org_unit_code for unit in registry().reference.children(province, on=date(2026, 10, 31)))


def prefill(province: str = PROVINCE, n_rows: int | None = None) -> dict[tuple[str, str], Filled]:
    """The figures of every row, or of the first rows."""
    measures = [measure.id for measure in dataset().measures]
    return {
        (unit, measure): value
        for unit in communes(province)[:n_rows]
        for measure, value in zip(measures, FIGURES, strict=True)
    }


def xlsx(
    path: Path, province: str = PROVINCE, period: str = MONTH, n_rows: int | None = None, key: bytes = KEY
) -> Path:
    """The filled form as the system's own workbook."""
    return build_template(registry(), dataset(), province, period, path, prefill(province, n_rows), key=key)


def csv_form(path: Path, province: str = PROVINCE, period: str = MONTH, key: bytes = KEY) -> Path:
    """The filled form as CSV."""
    return build_csv(registry(), dataset(), province, period, path, prefill(province), key=key)


def grids(path: Path) -> dict[str, list[list[object]]]:
    """The cells of every sheet of a workbook."""
    with CalamineWorkbook.from_path(path) as book:
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
