"""From what the child found in a foreign form to a reading in the common shape: its period, its units, its reporter.

The form carries no stamp: whose it is is said by its description and by the folder that it lay in, its period by its
title or the name of its file.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from connectors.foreign.table import ForeignTable, ForeignValue
from connectors.workbook.form import counted
from connectors.workbook.reading import WorkbookReading, WorkbookRefused, reading_rows, refused
from connectors.workbook.refusals import Remark, finding_of
from connectors.workbook.stamp import Stamp
from indicator_specs.form_layout import FormLayout
from indicator_specs.names import name_key
from indicator_specs.periods import Frequency, Period, PeriodError, parse

if TYPE_CHECKING:
    from indicator_specs.reference import Reference
    from indicator_specs.registry import Registry
    from indicator_specs.source_spec import Dataset

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SPELT: Mapping[Frequency, str] = {
    "yearly": "{year}",
    "half_yearly": "{year}-S{half}",
    "quarterly": "{year}-Q{quarter}",
    "monthly": "{year}-{month:02}",
}
_MOST_LISTED = 30


def layouts_of(registry: "Registry") -> dict[str, tuple["Dataset", FormLayout]]:
    """Every layout description of the installation: ``source.dataset/layout`` → dataset and description."""
    return {
        f"{dataset.full_id}/{layout.id}": (dataset, layout)
        for dataset in registry.datasets.values()
        for layout in dataset.layouts
    }


def asked_of_child(registry: "Registry") -> dict[str, object]:
    """The descriptions as plain values, with the measures in which a lone dash is a zero."""
    layouts = layouts_of(registry)
    described = {name: layout.model_dump(mode="json", by_alias=True) for name, (_, layout) in layouts.items()}
    counts = {each.id for dataset, _ in layouts.values() for each in dataset.measures if counted(each)}
    return {"layouts": described, "counts": sorted(counts)}


def assemble_foreign(table: ForeignTable, registry: "Registry", file_name: str) -> WorkbookReading | WorkbookRefused:
    """Put what the child found into the common shape."""
    dataset, layout = layouts_of(registry)[table["layout"]]
    period = _period(layout, dataset.frequency, (table["title"], file_name))
    if period is None:
        return refused("E-LAYOUT-PERIOD", found=f"{layout.id}: {layout.period}")
    reporter = layout.reporter or dataset.owner
    form = dataset.form.code if dataset.form else dataset.id
    stamp = Stamp(form, dataset.source_id, dataset.id, reporter, period.time_period)
    named = _name_units(table["values"], registry.reference, layout, period)
    for value in table["values"]:
        value["time_period"] = period.time_period
    told = Remark(code="I-LAYOUT", place="", found=f"{layout.id}: {layout.name.vi}, {period.time_period}")
    remarks = [finding_of(**remark) for remark in (told, *table["remarks"], *named)]
    return WorkbookReading(
        stamp=stamp,
        rows=reading_rows(table["values"], {each.id: each.producer_precedence[0] for each in dataset.measures}, False),
        key_columns={"org_unit": table["key_column"]},
        explanations=(),
        findings=tuple(remarks),
    )


def _period(layout: FormLayout, frequency: Frequency, texts: tuple[str, ...]) -> Period | None:
    for text in texts:
        match = re.search(layout.period, text, re.IGNORECASE)
        if match is None:
            continue
        parts = {name: _ROMAN.get(part.casefold()) or int(part) for name, part in match.groupdict().items() if part}
        try:
            return parse(_SPELT[frequency].format(**parts))
        except (KeyError, PeriodError):
            continue
    return None


def _name_units(
    values: list[ForeignValue], reference: "Reference", layout: FormLayout, period: Period
) -> Iterator[Remark]:
    """Give each value the code of its unit; a name that means none or several stays, for judgement to tell."""
    spelt = {name_key(name): code for name, code in layout.names.items()}
    day = layout.names_on or period.end_date
    known: dict[tuple[str, str], str] = {}
    for value in values:
        if value["org_unit"]:
            continue
        name = (value["org_unit_name"], value["parent"])
        if name not in known:
            known[name] = _code(reference, spelt, name, value["level"], day)
        value["org_unit"] = known[name]
    listed = [f"{name} → {code}" for (name, _), code in known.items() if name != code]
    if listed:
        more = f"; … ({len(listed)} tên)" if len(listed) > _MOST_LISTED else ""
        yield Remark(code="I-UNIT-NAME", place="", found="; ".join(listed[:_MOST_LISTED]) + more)


def _code(reference: "Reference", spelt: Mapping[str, str], name: tuple[str, str], level: str | None, day: date) -> str:
    typed, above = name
    if name_key(typed) in spelt:
        return spelt[name_key(typed)]
    parent = _code(reference, spelt, (above, ""), None, day) if above else None
    found = reference.resolve(typed, day, parent) or reference.resolve(typed, day)
    fitting = [code for code in found if level is None or reference.org_units[code].level == level]
    return fitting[0] if len(fitting) == 1 else typed
