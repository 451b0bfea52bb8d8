"""A form as it is printed for one agency and one period: plain values, drawn from the registry once.

The only module of this folder that knows the kernel's models; the template, the reader and the annotator work
with what it hands out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from connectors.workbook.layout import Layouts, MeasureColumn
from connectors.workbook.stamp import Stamp
from indicator_specs.periods import parse
from indicator_specs.typed_text import LEVELS
from indicator_specs.units import UNITS

if TYPE_CHECKING:
    from indicator_specs.reference import OrgUnit, Reference
    from indicator_specs.registry import Registry
    from indicator_specs.source_spec import Dataset, Measure


@dataclass(frozen=True)
class FormColumn:
    """One column of figures. ``not_above`` names columns of the same form, by code."""

    code: str
    measure: str
    name_vi: str
    name_en: str
    note_vi: str
    unit_vi: str
    minimum: Decimal | None
    not_above: tuple[str, ...]
    count: bool


@dataclass(frozen=True)
class FormRow:
    """One unit that the form asks about."""

    org_unit: str
    name_vi: str


@dataclass(frozen=True)
class BlankForm:
    """Everything that is printed on one template."""

    stamp: Stamp
    title_vi: str
    title_en: str
    agency_name_vi: str
    receiver_name_vi: str
    period_label_vi: str
    sheet: str
    legal_basis: str
    note_vi: str
    deadline_vi: str
    has_explanation: bool
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]


def blank_form(
    registry: "Registry", dataset: "Dataset", agency: str, time_period: str, *, is_synthetic: bool = False
) -> BlankForm:
    """The form of one dataset for one agency and period, one row per unit that existed in that period.

    Raises:
        KeyError: the agency is not in the reference.
        ValueError: ``time_period`` is no period of the dataset's frequency, the dataset has no form, or the
            agency has no units to report on.
    """
    period = parse(time_period)
    if dataset.form is None or period.frequency != dataset.frequency:
        raise ValueError(f"{dataset.full_id} has no {dataset.frequency} form for {time_period}")
    units, calendars = registry.reference.org_units, registry.reference.calendars
    reporter = units[agency]
    rows = _rows(registry.reference, dataset, dataset.form.rows, reporter, period.end_date)
    if not rows:
        raise ValueError(f"{agency} has no units to report on in {time_period}")
    title = dataset.form.title or dataset.name
    return BlankForm(
        stamp=Stamp(
            form=dataset.form.code,
            source=dataset.source_id,
            dataset=dataset.id,
            agency=agency,
            time_period=time_period,
            is_synthetic=is_synthetic,
            spec_hash=registry.spec_hash,
        ),
        title_vi=title.vi,
        title_en=title.en,
        agency_name_vi=reporter.name_vi,
        receiver_name_vi=units[dataset.owner].name_vi,
        period_label_vi=calendars.label_vi(dataset.full_id, period),
        sheet=dataset.form.sheet,
        legal_basis="; ".join(dataset.form.legal_basis),
        note_vi=dataset.form.note.vi if dataset.form.note else "",
        deadline_vi=f"{calendars.due(dataset.full_id, period, dataset.deadline_days):%d/%m/%Y}",
        has_explanation=bool(dataset.form.explanation),
        columns=tuple(_column(measure, dataset) for measure in dataset.measures),
        rows=tuple(FormRow(unit.org_unit_code, unit.name_vi) for unit in rows),
    )


def _rows(reference: "Reference", dataset: "Dataset", whose: str, reporter: "OrgUnit", day: date) -> list["OrgUnit"]:
    """The units that a form asks about, as they were on a day; wider levels first, then by code."""
    if whose == "self":
        return [reporter]
    if whose == "children":
        return sorted(reference.children(reporter.org_unit_code, day), key=lambda unit: unit.org_unit_code)
    levels = [level for level in LEVELS if level in dataset.levels]
    by_code = (sorted(reference.of_level(level, day), key=lambda unit: unit.org_unit_code) for level in levels)
    return [unit for units in by_code for unit in units]


@lru_cache(maxsize=4)
def layouts(registry: "Registry") -> Layouts:
    """What the reader looks for in every form of the installation."""
    return {
        dataset.form.code: {
            measure.column: MeasureColumn(measure=measure.id, count=counted(measure)) for measure in dataset.measures
        }
        for dataset in _forms(registry)
        if dataset.form is not None
    }


@lru_cache(maxsize=4)
def datasets_by_form(registry: "Registry") -> Mapping[str, tuple[str, str]]:
    """Form code → (source, dataset)."""
    return {dataset.form.code: (dataset.source_id, dataset.id) for dataset in _forms(registry) if dataset.form}


def _forms(registry: "Registry") -> list["Dataset"]:
    return [dataset for source in registry.sources.values() for dataset in source.datasets if dataset.form]


def _column(measure: "Measure", dataset: "Dataset") -> FormColumn:
    codes = {other.id: other.column for other in dataset.measures}
    return FormColumn(
        code=measure.column,
        measure=measure.id,
        name_vi=measure.name.vi,
        name_en=measure.name.en,
        note_vi=measure.definition.vi if measure.definition else "",
        unit_vi=UNITS[measure.unit].label_vi,
        minimum=measure.checks.min,
        not_above=tuple(codes[other] for other in measure.checks.not_above if other in codes),
        count=counted(measure),
    )


def counted(measure: "Measure") -> bool:
    """Whether a lone dash is a zero: only where things are counted, not in a rate or a rank."""
    return UNITS[measure.unit].is_count
