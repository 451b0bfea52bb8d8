"""Walks down from a value: its formula with its figures, each input in each period it was read, the units beside it.

The tree is: indicator value → its inputs → observations → batch → file and cell, or query and row. The original text
of every leaf is read again from the bytes as received; nothing is taken from the warehouse.
"""

from collections.abc import Iterator, Mapping

from indicator_specs import periods
from indicator_specs.errors import both
from indicator_specs.formula.reads import Reads, reads
from indicator_specs.inputs import InputSpec
from indicator_specs.methods import Method
from indicator_specs.periods import Period
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from indicator_specs.typed_text import Level
from pipelines.explain.filling import filled
from pipelines.explain.inputs import InputTracer
from pipelines.explain.sealed import Sealed, Value
from pipelines.explain.shapes import Explained, ExplainError, Input, UnitFigures


class Tracer:
    """Walks one release; the release and the evidence are read, never written."""

    def __init__(self, registry: Registry, sealed: Sealed) -> None:
        self._registry, self._sealed = registry, sealed
        self._inputs = InputTracer(registry, sealed)

    def value(self, indicator: str, org_unit: str, time_period: str, on_map: str | None = None) -> Explained:
        """One value and everything under it.

        Raises:
            ExplainError: the release has no such value, or the catalogue no longer has the method that made it.
        """
        row = self._sealed.value(indicator, org_unit, time_period, on_map)
        if row is None:
            raise self._sealed.nothing(indicator, org_unit, time_period)
        spec = self._registry.indicators[indicator]
        method = self._method(spec, row)
        unit = self._registry.reference.org_units.get(org_unit)
        level = unit.level if unit else None
        read = reads(self._registry.tree(spec, method, level), periods.parse(time_period))
        given = spec.inputs_of(method, level)
        # A mean of the values below has no inputs of its own: they are its units'.
        inputs = () if row.is_derived else tuple(self._read(given, read, org_unit, row.map))
        formula = spec.formula_of(method, level)
        return Explained(
            indicator,
            spec.meaning.name.vi,
            spec.meaning.unit,
            org_unit,
            row.org_unit_name_vi,
            time_period,
            row.map,
            row.obs_value,
            row.obs_status,
            row.method_version,
            formula,
            filled(formula, inputs, time_period),
            row.release_no,
            row.spec_hash != self._registry.spec_hash,
            inputs,
            row.is_derived,
            tuple(self._others(spec, row, read, given, org_unit, time_period, level)),
        )

    def _method(self, spec: Indicator, row: Value) -> Method:
        for method in spec.methods:
            if method.version == row.method_version:
                return method
        version, release_no = row.method_version, row.release_no
        raise ExplainError(
            both(
                f"Bản chốt số {release_no} tính {spec.id} theo phương pháp {version}, danh mục nay không còn",
                f"Release {release_no} computed {spec.id} by method {version}, which the catalogue no longer has",
            )
        )

    def _read(self, given: Mapping[str, InputSpec], read: Reads, org_unit: str, on_map: str) -> Iterator[Input]:
        for name, period in read.own:
            source = given[name]
            if source.indicator:
                yield self._of_indicator(name, source, org_unit, period, on_map)
            else:
                yield self._inputs.of_measure(name, source, org_unit, period, on_map)

    def _of_indicator(self, name: str, given: InputSpec, org_unit: str, period: Period, on_map: str) -> Input:
        indicator = given.indicator or ""
        known = self._sealed.periods_of_indicator(indicator, org_unit, on_map)
        at = self._inputs.period_of(given, period, known)
        if at is None or at.time_period not in known:
            return Input(name, indicator, None, "indicator", time_period=period.time_period)
        below = self.value(indicator, org_unit, at.time_period, on_map)
        return Input(name, indicator, below.obs_value, "indicator", indicator=below, time_period=at.time_period)

    def _others(
        self,
        spec: Indicator,
        row: Value,
        read: Reads,
        given: Mapping[str, InputSpec],
        org_unit: str,
        time_period: str,
        level: Level | None,
    ) -> Iterator[UnitFigures]:
        """Units below of which the mean was taken, or peers and child units that the formula looks at."""
        if not (row.is_derived or read.beside or read.below):
            return
        names = {*read.beside, *(name for name, _ in read.below)}
        below = self._sealed.units_below(org_unit, row.map) if row.is_derived or read.below else set()
        for code, name_vi, value in self._sealed.units_of(spec.id, time_period, row.map):
            unit = self._registry.reference.org_units.get(code)
            is_peer = bool(read.beside) and code != org_unit and unit is not None and unit.level == level
            if row.is_derived and code == org_unit and code in below:
                earlier = self._sealed.value(spec.id, code, time_period, "reported")  # Before it took others in.
                if earlier and earlier.obs_value is not None:
                    yield UnitFigures(code, name_vi, ((spec.id, earlier.obs_value),))
            elif row.is_derived and code in below:
                yield UnitFigures(code, name_vi, ((spec.id, value),))
            elif is_peer or (read.below and code in below):
                period = periods.parse(time_period)
                figures = ((name, self._inputs.figure_of(given[name], code, period, row.map)) for name in sorted(names))
                yield UnitFigures(code, name_vi, tuple(figures))
