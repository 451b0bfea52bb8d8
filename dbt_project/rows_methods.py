"""Rows of the schema ``spec`` that tell how values are shown and checked. Says what is; writes nothing."""

from collections.abc import Iterator

from indicator_specs.keys import stable_key
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator

Row = tuple[object, ...]


def scales(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.scale``: the words of milestones and assessed values, by their place from 1."""
    for name in sorted(registry.indicators):
        spec = registry.indicators[name]
        if spec.assessment:
            for place, word in enumerate(spec.assessment.scale, start=1):
                yield spec.key, place, word


def published(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.published``: the figure that a method's values are held against, and how far they may differ."""
    for name in sorted(registry.indicators):
        spec = registry.indicators[name]
        for method in spec.methods:
            figure = method.checks.published
            if figure:
                producer = stable_key(figure.producer) if figure.producer else None
                yield spec.key, method.version, stable_key(figure.measure), producer, figure.tolerance


def counts_reports(registry: Registry, spec: Indicator) -> bool:
    """Whether a value is made of several reports of one unit: months of a quarter."""
    return any(
        given.measure is not None
        and given.period == "same"
        and registry.measures[given.measure].nature != "stock"
        and registry.measures[given.measure].frequency != spec.frequency_of(spec.method, level)
        for level in spec.levels
        for given in spec.inputs_of(spec.method, level).values()
    )
