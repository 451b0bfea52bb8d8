"""The registry: every declaration, checked against every other, ready to be asked.

Loads once, fails with all mistakes at once, and then only answers. It opens no database and knows no other room.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from indicator_specs import cross_checks, declarations, graph
from indicator_specs.errors import SpecError
from indicator_specs.formula import CompiledFormula, InputColumn, Node, compile_tree
from indicator_specs.formula_trees import formula_tree, governing_target
from indicator_specs.home import PROJECT
from indicator_specs.inputs import InputSpec
from indicator_specs.methods import Method
from indicator_specs.programmes import Programme
from indicator_specs.reference import Reference
from indicator_specs.reference_files import load_reference
from indicator_specs.source_spec import Dataset, Measure, Source
from indicator_specs.spec import Indicator
from indicator_specs.typed_text import Bilingual, Level
from indicator_specs.units import UNITS, Unit

CATALOGUE = PROJECT / "indicator_specs" / "catalogue"
SOURCES = PROJECT / "connectors" / "sources"
REFERENCE = PROJECT / "indicator_specs" / "reference"


@dataclass(frozen=True, eq=False)
class Registry:
    """Everything that is declared. Mappings are by id, in the order of ids."""

    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    programmes: Mapping[str, Programme]
    themes: Mapping[str, Bilingual]
    reference: Reference
    spec_hash: str

    @cached_property
    def datasets(self) -> Mapping[str, Dataset]:
        """Datasets by ``source.dataset``."""
        return {each.full_id: each for source in self.sources.values() for each in source.datasets}

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """Measures by id."""
        found = {each.id: each for dataset in self.datasets.values() for each in dataset.measures}
        return dict(sorted(found.items()))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Indicators, inputs before users."""
        return graph.computing_order(self.indicators)

    def dataset(self, source: str, dataset: str) -> Dataset:
        """One dataset of one source.

        Raises:
            KeyError: there is none.
        """
        return self.datasets[f"{source}.{dataset}"]

    def dependents(self, measures: Iterable[str]) -> tuple[str, ...]:
        """Indicators that read any of the measures, directly or through another indicator, in computing order."""
        return graph.dependents(self.order, self.indicators, measures)

    def held_against(self, measures: Iterable[str]) -> tuple[str, ...]:
        """Indicators whose values are held against any of these published figures, by id; they need not read them."""
        figures = set(measures)

        def published(spec: Indicator) -> set[str]:
            return {method.checks.published.measure for method in spec.methods if method.checks.published}

        return tuple(name for name in sorted(self.indicators) if published(self.indicators[name]) & figures)

    def readers(self, measure: str) -> tuple[str, ...]:
        """Indicators that read a measure directly, by id."""
        return tuple(name for name in sorted(self.indicators) if measure in graph.inputs_of(self.indicators[name])[0])

    def groups(self, dataset: Dataset) -> Mapping[str, str]:
        """The indicator group of each measure of a dataset: the unit of acceptance.

        Measures belong together where a formula reads them together or a check compares them. A group is named
        after the first indicator, by id, that reads one of its measures; else after its first measure.
        """
        if self.datasets.get(dataset.full_id) is not dataset:
            return self._groups_of(dataset)
        if dataset.full_id not in self._groups:
            self._groups[dataset.full_id] = self._groups_of(dataset)
        return self._groups[dataset.full_id]

    @cached_property
    def _groups(self) -> dict[str, Mapping[str, str]]:
        """Groups of datasets that were asked for: every report asks again."""
        return {}

    def _groups_of(self, dataset: Dataset) -> Mapping[str, str]:
        mine = {measure.id for measure in dataset.measures}
        reads = {name: graph.inputs_of(spec)[0] & mine for name, spec in self.indicators.items()}
        compared = [{m.id, *m.checks.not_above, *m.checks.sum_of} for m in dataset.measures]
        tied = graph.components(sorted(mine), [*reads.values(), *compared])
        names = {
            group: min((name for name, measures in reads.items() if measures & group), default=min(group))
            for group in set(tied.values())
        }
        return {measure.id: names[tied[measure.id]] for measure in dataset.measures}

    def unit_of_input(self, spec: Indicator, method: Method, name: str, level: Level | None = None) -> Unit:
        """Unit of one input of a formula."""
        given = spec.inputs_of(method, level)[name]
        if given.measure:
            return UNITS[self.measures[given.measure].unit]
        assert given.indicator is not None  # noqa: S101  (an input names a measure or an indicator)
        return UNITS[self.indicators[given.indicator].meaning.unit]

    def tree(self, spec: Indicator, method: Method, level: Level | None = None) -> Node:
        """The formula of a method as a tree, as a level computes it.

        Raises:
            FormulaError: it does not read as a formula, or a member of a composite has no place on its scale.
        """
        return formula_tree(spec, method, level, self.indicators, self._level_of)

    def goals(self, inputs: Mapping[str, InputSpec], level: Level) -> Mapping[str, Decimal]:
        """Of each input that is an indicator with a target for a level, that target's value."""
        targets = {
            name: governing_target(self.indicators[given.indicator], level, self._level_of)
            for name, given in inputs.items()
            if given.indicator
        }
        return {name: target.value for name, target in targets.items() if target and target.value is not None}

    def _level_of(self, code: str) -> str:
        return self.reference.unit(code).level

    def compiled(self, spec: Indicator, method: Method, level: Level | None = None) -> CompiledFormula:
        """The SQL of a method, as a level computes it."""
        columns = {
            name: InputColumn(self.unit_of_input(spec, method, name, level), given.indicator is not None)
            for name, given in spec.inputs_of(method, level).items()
        }
        frequency = spec.frequency_of(method, level) if level else method.frequency
        return compile_tree(self.tree(spec, method, level), columns, frequency)


def load_registry(catalogue: Path = CATALOGUE, sources: Path = SOURCES, reference: Path = REFERENCE) -> Registry:
    """Read and check everything that is declared.

    Raises:
        SpecError: with every problem of every file.
    """
    found = declarations.read_all(catalogue, sources)
    tables, faults = load_reference(reference, declarations.shown)
    found.problems.extend(faults)
    if tables.org_units:
        cross_checks.check(found, tables)
    if found.problems:
        raise SpecError(found.problems)
    return Registry(
        dict(sorted(found.indicators.items())),
        dict(sorted(found.sources.items())),
        found.programmes,
        found.themes,
        tables,
        declarations.fingerprint(catalogue, sources, reference),
    )
