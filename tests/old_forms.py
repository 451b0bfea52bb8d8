"""The form of one row as an earlier version of the system made it, filled by an officer."""

from dataclasses import replace
from pathlib import Path

from connectors.workbook.form import blank_form
from connectors.workbook.template import draw
from tests.reporting import ONE_ROW
from tests.workbooks import KEY, PERIOD, edited, registry

FIGURES = (100, 90, 50, 40)


def old_form(path: Path, agency: str, without: str = "") -> Path:
    """The filled form of version 0; ``without`` names the cell of a column's code that it did not have yet."""
    dataset = registry().datasets[ONE_ROW]
    form = blank_form(registry(), dataset, agency, PERIOD)
    prefill = {(agency, each.id): figure for each, figure in zip(dataset.measures, FIGURES, strict=True)}
    draw(replace(form, stamp=replace(form.stamp, template_version="0")), path, KEY, prefill)
    return edited(path, lambda book: book["Số liệu"].__setitem__(without, None)) if without else path
