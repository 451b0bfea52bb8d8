"""Rows of ``spec.declaration``: the rules behind the numbers, as texts that two releases can be compared by.

Each scalar of a declaration is one row: a formula, a weight, a target's value. Names, citations and what concerns the
screen alone are left out: they change no number, light or rank.
"""

import json
from collections.abc import Iterator, Mapping

from indicator_specs import graph
from indicator_specs.formula.functions import FUNCTIONS
from indicator_specs.formula.tree import Call, walk
from indicator_specs.methods import Method
from indicator_specs.periods import PER_YEAR
from indicator_specs.registry import Registry
from indicator_specs.source_spec import Dataset
from indicator_specs.spec import Indicator
from indicator_specs.typed_text import Level

Row = tuple[object, ...]

_INDICATOR = ("type", "levels", "methods", "targets", "baseline", "trajectory", "light", "scoring", "rank")
_NO_RULE = frozenset({"source", "citation", "name", "checks", "note"})
"""Fields that change nothing that is computed."""
_EVER = 12 * 400
_MEASURE = ("unit", "nature", "reset", "producers")
_DATASET = ("frequency", "level", "deadline_days")


def declarations(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.declaration``: subject_kind, subject, aspect, item, declared_text; in the order of ids."""
    for indicator, spec in sorted(registry.indicators.items()):
        for aspect, item, text in _of_indicator(registry, spec):
            yield "indicator", indicator, aspect, item, text
    for measure, counted in sorted(registry.measures.items()):
        dumped = counted.model_dump(mode="json", include=set(_MEASURE))
        yield "measure", measure, "dataset", "", counted.dataset.full_id
        for aspect in _MEASURE:
            yield from (("measure", measure, aspect, item, text) for item, text in _scalars(dumped.get(aspect)))
    for name, dataset in sorted(registry.datasets.items()):
        for aspect, item, text in _of_dataset(registry, dataset):
            yield "dataset", name, aspect, item, text


def _of_indicator(registry: Registry, spec: Indicator) -> Iterator[tuple[str, str, str]]:
    dumped = spec.model_dump(mode="json", include=set(_INDICATOR))
    yield "direction", "", spec.meaning.direction
    yield "unit", "", spec.meaning.unit
    for aspect in _INDICATOR:
        named = dumped.get(aspect)
        if aspect in {"methods", "targets"} and isinstance(named, list):
            key = "version" if aspect == "methods" else "id"
            named = {str(entry[key]): {k: v for k, v in entry.items() if k != key} for entry in named}
        yield from ((aspect, item, text) for item, text in _scalars(named))
    measures, indicators = graph.inputs_of(spec)
    yield from (("reads_measure", measure, measure) for measure in sorted(measures))
    yield from (("reads_indicator", indicator, indicator) for indicator in sorted(indicators))
    yield from (("levels", level, "declared") for level in sorted(spec.levels))
    yield from (("reach", kind, str(months)) for kind, months in sorted(_reach(registry, spec).items()))


def _scalars(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """A declaration taken apart: path and text of everything in it that says something."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            if name not in _NO_RULE:
                yield from _scalars(below, f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)):
        if value:
            yield path, json.dumps(value, ensure_ascii=False)
    elif value not in (None, ""):
        yield path, str(value)


def _reach(registry: Registry, spec: Indicator) -> dict[str, int]:
    """What beside its own unit and period a value is made of: ``time`` (months back), ``peers``, ``child_units``."""
    found: dict[str, int] = {}
    for method in spec.methods:
        for level in spec.levels:
            calls = (node for node in walk(registry.tree(spec, method, level)) if isinstance(node, Call))
            groups = {FUNCTIONS[call.name].group for call in calls}
            found |= dict.fromkeys(groups & {"peers", "child_units"}, 0)
            months = _months_back(registry, spec, method, level, looks_back="time" in groups)
            if months is not None:
                found["time"] = max(months, found.get("time", 0))
        if method.roll_up in {"sum", "mean", "weighted"}:
            found["child_units"] = 0
    return found


def _months_back(registry: Registry, spec: Indicator, method: Method, level: Level, *, looks_back: bool) -> int | None:
    """How many months before its own period begins a value reads; None where it reads that period alone."""
    frequency = spec.frequency_of(method, level)
    found: list[int] = []
    if looks_back:
        lookback = registry.compiled(spec, method, level).lookback
        found.append(_EVER if lookback is None else lookback * -(-12 // PER_YEAR[frequency]))
    for given in spec.inputs_of(method, level).values():
        measure = registry.measures[given.measure] if given.measure else None
        if given.max_age_months is not None:
            found.append(given.max_age_months)
        if measure and measure.nature == "cumulative":
            found.append(12)
        if measure and measure.dataset.frequency != frequency:
            found.append(0)  # made of the parts of its own period
    return max(found, default=None)


def _of_dataset(registry: Registry, dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    dumped = dataset.model_dump(mode="json", include=set(_DATASET))
    for aspect in _DATASET:
        yield from ((aspect, item, text) for item, text in _scalars(dumped.get(aspect)))
    for name, cut_off, days, first, last in registry.reference.calendars.spells():
        if name == dataset.full_id:
            yield "calendar", f"{first or ''}..{last or ''}", f"{days} days after day {cut_off or 'of the calendar'}"
    for duty in registry.reference.duties:
        if duty.dataset == dataset.full_id:
            who = duty.reporter_code or duty.reporter_kind
            yield (
                "duty",
                f"{who} {duty.subject} {duty.level} {duty.valid_from or ''}",
                f"{duty.valid_from or ''}..{duty.valid_to or ''}",
            )
