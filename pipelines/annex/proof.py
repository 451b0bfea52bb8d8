"""Whether a staged catalogue loads: the same checks as the registry's, on reference tables that are already read."""

from dataclasses import replace
from pathlib import Path

from indicator_specs import cross_checks, declarations
from indicator_specs.errors import SpecProblem
from indicator_specs.reference import Reference
from indicator_specs.registry import SOURCES
from pipelines.annex.places import Places


def problems_of(stage: Path, reference: Reference, places: Places) -> tuple[SpecProblem, ...]:
    """Every problem of ``stage/catalogue`` and ``stage/sources``.

    Duties and deadlines name the checkout's own datasets: they are left out where the sources are others.
    """
    if places.sources != SOURCES:
        reference = replace(reference, duties=(), calendars=replace(reference.calendars, entries=()))
    found = declarations.read_all(stage / "catalogue", stage / "sources")
    cross_checks.check(found, reference)
    return tuple(sorted(set(found.problems)))
