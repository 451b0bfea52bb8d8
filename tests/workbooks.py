"""Workbooks for tests: real templates, changed as officers and programs change them."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook

from connectors.workbook.template import build_template
from indicator_specs.registry import Registry
from indicator_specs.source_spec import Dataset
from tests.whole_catalogue import whole_catalogue

KEY = b"the key of a test installation"
AGENCY, PERIOD = "P01", "2026-10"
FIRST_ROW = 14
PROCESSED, ELECTRONIC, ASSIGNED, MONITORED = (
    f"administration.{name}"
    for name in ("documents_processed", "documents_full_electronic", "tasks_assigned", "tasks_monitored_electronically")
)


def registry() -> Registry:
    """The registry of the repository."""
    return whole_catalogue()


def dataset() -> Dataset:
    """The dataset of the form."""
    return registry().dataset("commune_report", "administration")


def filled(path: Path, **changes: object) -> Path:
    """The template of one province with 100, 90, 50, 40 in every row; ``E15="x"`` puts ``x`` in that cell."""
    units = registry().reference.children(AGENCY, on=date(2026, 10, 31))
    figures = {PROCESSED: 100, ELECTRONIC: 90, ASSIGNED: 50, MONITORED: 40}
    prefill = {(unit.org_unit_code, measure): value for unit in units for measure, value in figures.items()}
    build_template(registry(), dataset(), AGENCY, PERIOD, path, prefill, key=KEY)
    return edited(path, lambda book: _put(book, changes)) if changes else path


def edited(path: Path, change: Callable[[Workbook], None]) -> Path:
    """The workbook after an officer's change, saved in place."""
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def with_parts(path: Path, out: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The workbook with parts of its zip changed, as a program could write it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    change(parts)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out


def sheet_with_cells(template: Path, out: Path, cells: str) -> Path:
    """The workbook with its data sheet replaced by ``cells`` (rows of SpreadsheetML)."""
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )
    return with_parts(template, out, lambda parts: parts.update({"xl/worksheets/sheet1.xml": xml.encode()}))


def copied(path: Path, out: Path) -> Path:
    """A copy, for a change that must not touch the original."""
    shutil.copyfile(path, out)
    return out


def _put(book: Workbook, changes: dict[str, object]) -> None:
    sheet = book["Số liệu"]
    for address, value in changes.items():
        sheet[address] = value
