"""The examples of a spec as a unit test of its model: each is an org unit of its own, worked out by hand beforehand."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dbt_project.example_figures import figures
from dbt_project.examples import worked_out
from dbt_project.examples_of_composites import composed
from dbt_project.render_inputs import Reading, readings
from dbt_project.rows_catalogue import TOTAL
from dbt_project.variants import CodegenError, Variant, variants
from indicator_specs.formula import CompiledFormula
from indicator_specs.keys import stable_key
from indicator_specs.meaning import Example
from indicator_specs.periods import Period, parse
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator

_CLOSE_ENOUGH = Decimal("1e-9")
Row = dict[str, Any]


def unit_test(registry: Registry, spec: Indicator) -> Row:
    """All examples in one test.

    Raises:
        CodegenError: an example does not give what it says.
    """
    return _Examples(registry, spec).test()


class _Examples:
    def __init__(self, registry: Registry, spec: Indicator) -> None:
        self.registry, self.spec, self.found = registry, spec, variants(spec)
        self.given: dict[str, list[Row]] = {}
        self.expected: list[Row] = []
        self.periods: dict[int, Period] = {}

    def test(self) -> Row:
        """The test as dbt reads it."""
        for relation in self._relations():
            self.given[relation] = []
        for unit_key, example in enumerate(self.spec.examples, start=1):
            self._place(unit_key, example)
        level = self.found[0].levels[0]
        units = [{"org_unit_key": number, "level": level} for number in range(1, len(self.spec.examples) + 1)]
        inputs = [{"input": "ref('dim_org_unit')", "rows": units}]
        inputs += [{"input": f"ref('{relation}')", "rows": rows} for relation, rows in self.given.items()]
        inputs += self._reference()
        return {
            "name": f"ind_{self.spec.id}_examples",
            "description": "The examples of the spec, each as an org unit of its own.",
            "model": f"ind_{self.spec.id}",
            "given": inputs,
            "expect": {"rows": self.expected},
        }

    def _relations(self) -> list[str]:
        """Every table of figures that the model reads, whether an example fills it or not."""
        sources = [source for variant in self.found for source in variant.inputs.values()]
        sources += [variant.method.weights for variant in self.found if variant.method.weights]
        relations = [f"ind_{source.indicator}" if source.indicator else "int_measure_values" for source in sources]
        return list(dict.fromkeys(relations))

    def _place(self, unit_key: int, example: Example) -> None:
        variant = self._variant_of(example)
        last = self._last(variant, example)
        values = self._values(variant, example, last)
        for number in range(example.length):
            period = Period(last.frequency, last.period_no - (example.length - 1 - number))
            present = {name: series[number] for name, series in example.series.items()}
            if all(present.get(name) is None for name in variant.inputs):
                continue  # nothing is known of the unit then: the model has no row for it
            self._report(unit_key, variant, period, present, is_series=example.length > 1)
            if period.period_key >= variant.first_key:
                row: Row = {"org_unit_key": unit_key, "period_key": period.period_key}
                self.expected.append(row | {"obs_value": values[number]})

    def _last(self, variant: Variant, example: Example) -> Period:
        """The period of the example's value: its own, or such that its figures begin with the variant."""
        if example.period is None:
            return Period(variant.frequency, variant.first_key % 1_000_000 + example.length - 1)
        last = parse(example.period)
        if last.frequency != variant.frequency or not variant.first_key <= last.period_key <= variant.last_key:
            raise CodegenError(f"{self.spec.file}: example of {example.period}, which is no period of its method")
        return last

    def _report(
        self, unit_key: int, variant: Variant, period: Period, present: Mapping[str, Decimal | None], is_series: bool
    ) -> None:
        """Put the figures of one period into the tables that the model reads."""
        self._note(period)
        for reading in readings(self.registry, variant, "", self._compiled(variant)):
            value = present.get(reading.name)
            if value is None:
                continue
            if is_series and (reading.is_latest or reading.span_length):
                found = f"{reading.name} is a running total or a latest value"
                raise CodegenError(f"{self.spec.file}: {found}; give an example of one period")
            for own, figure in figures(reading, period, value):
                self._note(own)
                self.given[_relation(reading)].append(_row(reading, unit_key, own, figure))

    def _variant_of(self, example: Example) -> Variant:
        wanted = example.method or self.spec.methods[-1].version
        for variant in self.found:
            if variant.method.version == wanted and self.found[0].levels[0] in variant.levels:
                return variant
        raise CodegenError(f"{self.spec.file}: example of method {wanted}, which has no period of its own")

    def _compiled(self, variant: Variant) -> CompiledFormula:
        return self.registry.compiled(self.spec, variant.method, variant.levels[0])

    def _values(self, variant: Variant, example: Example, last: Period) -> list[float | None]:
        """The values of all periods of an example, of which the last must be the one that it expects."""
        given = {name: example.series[name] for name in variant.inputs}
        composite = variant.method.composite
        if composite and variant.formula == composite.formula():
            values = composed(composite, given, self.registry.goals(variant.inputs, variant.levels[0]))
        else:
            values = worked_out(variant.formula, given, last)
        value = values[-1]
        allowed = max(example.tolerance, abs(example.expect or Decimal(0)) * _CLOSE_ENOUGH)
        same = (value is None) == (example.expect is None) and (
            value is None or example.expect is None or abs(Decimal(value) - example.expect) <= allowed
        )
        if not same:
            raise CodegenError(f"{self.spec.file}: example {dict(example.given)} gives {value}, not {example.expect}")
        return values

    def _note(self, period: Period) -> None:
        self.periods[period.period_key] = period

    def _reference(self) -> list[Row]:
        """The periods, the units below and the day, where the model asks for them."""
        compiled = [self._compiled(variant) for variant in self.found]
        given = [source for variant in self.found for source in variant.inputs.values()]
        is_from_below = any(variant.method.roll_up in {"mean", "weighted"} for variant in self.found)
        looks_down = is_from_below or any(step.kind == "children" for each in compiled for step in each.steps)
        is_latest = any(source.period == "latest" for source in given)
        tables: list[Row] = []
        if looks_down or is_latest or any(each.needs_year for each in compiled):
            rows = [_period_row(period) for _, period in sorted(self.periods.items())]
            tables.append({"input": "source('reference', 'period')", "rows": rows})
        if looks_down:
            tables.append({"input": "ref('int_org_child')", "rows": []})
        return tables


def _relation(reading: Reading) -> str:
    return f"ind_{reading.given.indicator}" if reading.given.indicator else "int_measure_values"


def _row(reading: Reading, unit_key: int, period: Period, value: Decimal) -> Row:
    row: Row = {"map": "reported", "org_unit_key": unit_key, "period_key": period.period_key}
    if reading.measure:
        row |= {
            "measure_key": reading.measure.key,
            "breakdown_key": stable_key(TOTAL),
            "is_preferred": True,
            "origin": "reported",
        }
        if reading.given.producer:
            row["producer_key"] = stable_key(reading.given.producer)
    else:
        row["method_version"] = 1
    return row | {
        "obs_value": float(value),
        "obs_status": "A",
        "n_reported": 1,
        "n_expected": 1,
        "coverage": 1.0,
        "unit_set": 0,
        "is_synthetic": False,
    }


def _period_row(period: Period) -> Row:
    return {
        "period_key": period.period_key,
        "frequency": period.frequency,
        "start_date": period.start_date.isoformat(),
        "end_date": period.end_date.isoformat(),
        "period_year": period.year,
        "period_position": period.position,
    }
