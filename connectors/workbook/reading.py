"""From what the child found to a reading in the common shape, once the stamp has been believed.

Owns the two outcomes of reading a workbook. Interprets nothing: units, periods and values stay as typed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from connectors.content_address import READING_SCHEMA
from connectors.workbook.form import datasets_by_form, layouts
from connectors.workbook.one_cell import cell_text
from connectors.workbook.refusals import Remark, finding_of, is_hostile
from connectors.workbook.rows import Explanation, Table, Value
from connectors.workbook.stamp import TEMPLATE_VERSION, Stamp, StampError, stamp_key, verify
from connectors.workbook.table import read_table
from connectors.workbook.unit_names import name_units
from indicator_specs.findings import Finding
from indicator_specs.home import Home
from indicator_specs.periods import parse

if TYPE_CHECKING:
    from indicator_specs.registry import Registry

__all__ = ["WorkbookReading", "WorkbookRefused", "assemble", "cell_text", "read_workbook", "refused"]


@dataclass(frozen=True)
class WorkbookReading:
    """What one workbook says. ``rows`` has one row per input cell, columns of ``READING``, in sheet order.

    ``key_columns`` says in which column codes and periods stand: ``{"org_unit": "B", "time_period": "D"}``.
    ``findings`` are remarks about the file: ignored columns, a lost hidden sheet, text that reads in two ways.
    ``printed_period`` is the period as the visible sheet has it, for people; empty where it says none.
    """

    stamp: Stamp
    rows: pl.DataFrame
    key_columns: Mapping[str, str]
    explanations: tuple[Explanation, ...]
    findings: tuple[Finding, ...]
    printed_period: str = ""

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
    """Nothing can be taken from the file. ``stamp`` is set where it could still be believed.

    ``typed`` is what stands in an old form that lacks columns, by org unit and measure: a fresh form is filled with it.
    """

    findings: tuple[Finding, ...]
    is_hostile: bool
    stamp: Stamp | None = None
    typed: Mapping[tuple[str, str], Decimal | str] = field(default_factory=dict)


def refused(code: str, place: str = "", found: str = "", stamp: Stamp | None = None) -> WorkbookRefused:
    """A refusal by one rule of ``refusals``."""
    return WorkbookRefused((finding_of(code, place, found),), is_hostile(code), stamp)


def assemble(table: Table, registry: "Registry", key: bytes | None) -> WorkbookReading | WorkbookRefused:
    """Believe the stamp or not (without a key it is read as it stands); then put the values into the common shape."""
    try:
        stamp = verify(table["hidden_stamp"], table["printed_stamp"], datasets_by_form(registry), key)
    except StampError as reason:
        return refused(reason.code, found=reason.found)
    if table["refused"] is not None:
        refusal = refused(**_in_view_of_its_version(table["refused"], stamp), stamp=stamp)
        return replace(refusal, typed=dict(_typed(table["values"])))
    dataset = registry.dataset(stamp.source, stamp.dataset)
    names = name_units(table["values"], registry.reference, stamp.agency, parse(stamp.time_period).end_date)
    remarks = [finding_of(**remark) for remark in (*_of_the_file(table, stamp), *table["remarks"], *names)]
    producers = {measure.id: measure.producer_precedence[0] for measure in dataset.measures}
    rows = reading_rows(table["values"], producers, stamp.is_synthetic)
    explanations = tuple(table["explanations"])
    return WorkbookReading(stamp, rows, table["key_columns"], explanations, tuple(remarks), table["printed_period"])


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


def _in_view_of_its_version(refusal: Remark, stamp: Stamp) -> Remark:
    """A column that an old template never had is not the officer's fault."""
    if refusal["code"] == "E-FORM-COLUMN" and stamp.template_version != TEMPLATE_VERSION:
        found = f"{stamp.template_version} → {TEMPLATE_VERSION}: {refusal['found']}"
        return Remark(code="E-FORM-VERSION", place=refusal["place"], found=found)
    return refusal


def _typed(values: Sequence[Value]) -> Iterator[tuple[tuple[str, str], Decimal | str]]:
    """Figures as they were read, and what could not be read as it was typed."""
    for value in values:
        number, text = value["obs_value"], value["value_text"]
        if number is not None or text:
            yield (value["org_unit"], value["measure"]), text or "" if number is None else Decimal(number)


def _of_the_file(table: Table, stamp: Stamp) -> Iterator[Remark]:
    """What is to be said of the file as a whole."""
    if table["kind"] != "xlsx":
        yield Remark(code="I-FILE-CONVERTED", place="", found=f".{table['kind']}")
    if not table["hidden_stamp"] and table["kind"] != "csv":
        yield Remark(code="I-STAMP-PRINTED", place="", found="")
    if stamp.template_version != TEMPLATE_VERSION:
        yield Remark(code="I-FORM-VERSION", place="", found=f"{stamp.template_version} → {TEMPLATE_VERSION}")


def reading_rows(values: Sequence[Value], producers: Mapping[str, str], is_synthetic: bool) -> pl.DataFrame:
    """The values in the common shape. A form has no column for it, so a figure's producer is the one declared first."""
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
