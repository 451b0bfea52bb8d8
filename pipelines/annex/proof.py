"""Whether a staged catalogue loads, by the loader that everything else uses."""

from pathlib import Path

from indicator_specs.errors import SpecError, SpecProblem
from indicator_specs.registry import REFERENCE, SOURCES, load_registry
from pipelines.annex.places import Places

_OF_DATASETS = ("assignment.csv", "reporting_calendar.csv")


def problems_of(stage: Path, places: Places) -> tuple[SpecProblem, ...]:
    """Every problem of ``stage/catalogue`` and ``stage/sources`` against the reference tables.

    Duties and deadlines name the checkout's own datasets: they are left out where the sources are others.
    """
    reference = REFERENCE
    if places.sources != SOURCES:
        reference = stage / "reference"
        if not reference.is_dir():
            _without_datasets(reference)
    try:
        load_registry(stage / "catalogue", stage / "sources", reference)
    except SpecError as error:
        return error.problems
    return ()


def _without_datasets(folder: Path) -> None:
    folder.mkdir()
    for table in sorted(REFERENCE.glob("*.csv")):
        text = table.read_text(encoding="utf-8")
        kept = text.splitlines(keepends=True)[0] if table.name in _OF_DATASETS else text
        (folder / table.name).write_text(kept, encoding="utf-8")
