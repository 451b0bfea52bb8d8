"""From what the child found to a reading in the common shape, once the stamp has been believed.

Owns the two outcomes of reading a workbook. Interprets nothing: units, periods and values stay as typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from connectors.landing import READING_SCHEMA
from connectors.workbook.cells import cell_text
from connectors.workbook.form import datasets_by_form, layouts
from connectors.workbook.refusals import finding_of, is_hostile
from connectors.workbook.rows import Explanation, Table
from connectors.workbook.stamp import Stamp, StampError, stamp_key, verify
from connectors.workbook.table import read_table
from indicator_specs.findings import Finding
from indicator_specs.home import Home

if TYPE_CHECKING:
    from indicator_specs.registry import Registry

__all__ = ["WorkbookReading", "WorkbookRefused", "assemble", "cell_text", "read_workbook", "refused"]


@dataclass(frozen=True)
class WorkbookReading:
    """What one workbook says. ``rows`` has one row per input cell, columns of ``READING``, in sheet order.

    ``key_columns`` says in which column codes and periods stand: ``{"org_unit": "B", "time_period": "D"}``.
    ``findings`` are remarks about the file (ignored columns, a lost hidden sheet), none of them errors.
    """

    stamp: Stamp
    rows: pl.DataFrame
    key_columns: Mapping[str, str]
    explanations: tuple[Explanation, ...]
    findings: tuple[Finding, ...]

    @property
    def source(self) -> str:
        """Source of the form."""
        return self.stamp.source

    @property
    def dataset(self) -> str:
        """Dataset of the form."""
        return self.stamp.dataset

    @property
    def agency(self) -> str:
        """Code of the reporter that the template was made for."""
        return self.stamp.agency

    @property
    def time_period(self) -> str:
        """Period that the template was made for."""
        return self.stamp.time_period


@dataclass(frozen=True)
class WorkbookRefused:
    """Nothing can be taken from the file. ``stamp`` is set where it could still be believed."""

    findings: tuple[Finding, ...]
    is_hostile: bool
    stamp: Stamp | None = None


def refused(code: str, place: str = "", found: str = "", stamp: Stamp | None = None) -> WorkbookRefused:
    """A refusal by one rule of ``refusals``."""
    return WorkbookRefused((finding_of(code, place, found),), is_hostile(code), stamp)


def assemble(table: Table, registry: "Registry", key: bytes | None) -> WorkbookReading | WorkbookRefused:
    """Believe the stamp or not (without a key it is read as it stands); then put the values into the common shape."""
    try:
        stamp = verify(table["hidden_stamp"], table["printed_stamp"], dict(datasets_by_form(registry)), key)
    except StampError as reason:
        return refused(reason.code, found=reason.found)
    if table["refused"] is not None:
        return refused(**table["refused"], stamp=stamp)
    dataset = registry.dataset(stamp.source, stamp.dataset)
    remarks = [finding_of(**remark) for remark in table["remarks"]]
    if not table["hidden_stamp"]:
        remarks.insert(0, finding_of("I-STAMP-PRINTED"))
    producers = {measure.id: measure.producer_precedence[0] for measure in dataset.measures}
    rows = _rows(table, producers, stamp.is_synthetic)
    return WorkbookReading(stamp, rows, table["key_columns"], tuple(table["explanations"]), tuple(remarks))


def read_workbook(path: Path, registry: "Registry", key: bytes | None = None) -> WorkbookReading | WorkbookRefused:
    """Read in this process: for files that this installation made itself, and for tests.

    Args:
        path: The workbook.
        registry: Which forms there are.
        key: Checks the stamp; the installation's own if none is given.

    Raises:
        FileRefusedError: the file as a whole cannot be opened.
        OSError: the file cannot be read.
    """
    return assemble(read_table(path, layouts(registry)), registry, key or stamp_key(Home.current().root))


def _rows(table: Table, producers: Mapping[str, str], is_synthetic: bool) -> pl.DataFrame:
    """The values in the common shape. A form has no column for it, so a figure's producer is the one declared first."""
    values = table["values"]
    copied = ("place", "measure", "org_unit", "time_period", "value_text", "obs_value", "obs_status", "problem")
    columns: Mapping[str, object] = {
        "row_no": range(1, len(values) + 1),
        **{name: [value[name] for value in values] for name in copied},  # type: ignore[literal-required]
        "conversion": [value["conversion"] for value in values],
        "breakdown": ["_T"] * len(values),
        "producer": [producers[value["measure"]] for value in values],
        "published_date": [None] * len(values),
        "is_synthetic": [is_synthetic] * len(values),
        "citation": [None] * len(values),
    }
    return pl.DataFrame({name: columns[name] for name in READING_SCHEMA}, schema=READING_SCHEMA)
