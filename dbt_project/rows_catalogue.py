"""Rows of the schema ``spec``: sources, measures, indicators, targets. Says what is; writes nothing."""

from collections.abc import Iterator

from dbt_project.rows_methods import counts_reports
from indicator_specs.keys import stable_key
from indicator_specs.meaning import ROLES, Bearer
from indicator_specs.registry import Registry
from indicator_specs.source_spec import Dataset
from indicator_specs.spec import Indicator
from indicator_specs.sums_of_units import sums
from indicator_specs.targets import Target
from indicator_specs.units import UNITS

Row = tuple[object, ...]
TOTAL = "_T"
"""The breakdown that is no breakdown (SDMX)."""


def sources(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.source``."""
    for source in registry.sources.values():
        yield source.id, source.name.vi, source.name.en, source.kind, source.owner


def datasets(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.dataset``."""
    for source in registry.sources.values():
        for dataset in source.datasets:
            form_code = dataset.form.code if dataset.form else None
            yield (
                source.id,
                dataset.id,
                dataset.name.vi,
                dataset.name.en,
                dataset.frequency,
                dataset.deadline_days,
                form_code,
            )


def reporting_calendars(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.reporting_calendar``: how a dataset's periods are cut and when they are due, for a time."""
    for dataset, *spell in registry.reference.calendars.spells():
        yield (*dataset.split("."), *spell)


def _measured(registry: Registry) -> Iterator[Dataset]:
    for source in registry.sources.values():
        yield from source.datasets


def measures(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.measure``."""
    for dataset in _measured(registry):
        for measure in dataset.measures:
            yield (
                measure.key,
                measure.id,
                dataset.source_id,
                dataset.id,
                measure.name.vi,
                measure.name.en,
                measure.unit,
                measure.nature,
                dataset.frequency,
            )


def producer_precedence(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.producer_precedence``: 1 is the preferred producer."""
    for dataset in _measured(registry):
        for measure in dataset.measures:
            for number, producer in enumerate(measure.producer_precedence, start=1):
                yield measure.key, stable_key(producer), producer, number


def sums_of_units(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.sum_of_units``: a measure, the measure of the units below, how far figure and sum may differ."""
    for measure, units in sums(registry.measures):
        yield measure.key, units.key, measure.checks.tolerance


def indicators(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.indicator``, by id; the method is the newest."""
    for spec in _ordered(registry):
        meaning, method = spec.meaning, spec.method
        verifiers = spec.responsibility.verifies
        yield (
            spec.key,
            spec.id,
            spec.type,
            meaning.name.vi,
            meaning.name.en,
            meaning.concept.vi,
            meaning.concept.en,
            meaning.layer,
            spec.theme,
            registry.themes[spec.theme].vi,
            meaning.unit,
            meaning.direction,
            "; ".join(spec.codes),
            "; ".join(spec.programmes),
            spec.lead,
            _body_name(registry, spec.lead),
            "; ".join(bearer.body for bearer in verifiers),
            _names(registry, verifiers),
            "; ".join(meaning.legal_basis),
            spec.formula_of(method),
            meaning.confidence.definition,
            meaning.confidence.formula,
            meaning.confidence.target,
            spec.presentation.decimals,
            spec.classification,
            method.frequency,
            method.roll_up,
            method.min_coverage,
            counts_reports(registry, spec),
            spec.scoring.ties,
            spec.scoring.peer_group,
        )


def _ordered(registry: Registry) -> list[Indicator]:
    return [registry.indicators[name] for name in sorted(registry.indicators)]


def _names(registry: Registry, bearers: tuple[Bearer, ...]) -> str:
    return "; ".join(_body_name(registry, bearer.body) for bearer in bearers)


def _body_name(registry: Registry, body: str) -> str:
    """A body's name, or the name of a class of bodies."""
    if body in ROLES:
        return ROLES[body][0]
    return registry.reference.unit(body).name_vi


def indicator_levels(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.indicator_level``: whose values an indicator gives, and how often."""
    for spec in _ordered(registry):
        for level in sorted(spec.levels):
            yield spec.key, level, spec.frequency_of(spec.method, level)


def indicator_inputs(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.indicator_input``: what any method, at any level, reads; each once."""
    for spec in _ordered(registry):
        found: dict[Row, None] = {}
        for method in spec.methods:
            for level in sorted(spec.levels):
                for name, given in spec.inputs_of(method, level).items():
                    producer = stable_key(given.producer) if given.producer else None
                    measure = stable_key(given.measure) if given.measure else None
                    indicator = stable_key(given.indicator) if given.indicator else None
                    found[(spec.key, name, measure, indicator, producer)] = None
        yield from found


def targets(registry: Registry) -> Iterator[Row]:
    """Rows of ``spec.target``. The baseline and the trajectory of the indicator are those of each of its targets."""
    for spec in _ordered(registry):
        for target in spec.targets:
            yield _target(registry, spec, target)


def _target(registry: Registry, spec: Indicator, target: Target) -> Row:
    baseline = spec.baseline
    level = target.level or (registry.reference.unit(target.scope).level if target.scope else None)
    return (
        spec.key,
        target.id,
        target.kind,
        target.operator,
        target.value,
        target.value_high,
        target.by,
        level,
        target.scope,
        target.source,
        target.governs,
        baseline.period if baseline else None,
        baseline.value if baseline else None,
        baseline.source if baseline else None,
        spec.trajectory,
        spec.light.on_track,
        spec.light.at_risk,
    )


def units() -> Iterator[Row]:
    """Rows of ``spec.unit``."""
    for unit in UNITS.values():
        yield unit.code, unit.label_vi, unit.label_en, unit.symbol


def breakdowns() -> Iterator[Row]:
    """Rows of ``spec.breakdown``: the total, until a source breaks its figures down."""
    yield stable_key(TOTAL), TOTAL
