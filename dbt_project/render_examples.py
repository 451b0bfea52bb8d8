"""The examples of a spec as a unit test of its model: each is an org unit of its own, worked out by hand beforehand."""

from decimal import Decimal
from typing import Any

from dbt_project.example_figures import figures
from dbt_project.examples import worked_out
from dbt_project.render_inputs import Reading, readings
from dbt_project.rows_catalogue import TOTAL
from dbt_project.variants import CodegenError, Variant, variants
from indicator_specs.keys import stable_key
from indicator_specs.meaning import Example
from indicator_specs.periods import Period
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
        if all(example.given.get(name) is None for name in variant.inputs):
            return  # nothing is known of such a unit: the model has no row for it
        period = Period(variant.frequency, variant.first_key % 1_000_000)
        self._note(period)
        for reading in readings(self.registry, variant, "", 0):
            value = example.given.get(reading.name)
            if value is not None:
                for own, figure in figures(reading, period, value):
                    self._note(own)
                    self.given[_relation(reading)].append(_row(reading, unit_key, own, figure))
        row: Row = {"org_unit_key": unit_key, "period_key": period.period_key}
        self.expected.append(row | {"obs_value": _expected(self.spec, variant, example)})

    def _variant_of(self, example: Example) -> Variant:
        wanted = example.method or self.spec.methods[-1].version
        for variant in self.found:
            if variant.method.version == wanted and self.found[0].levels[0] in variant.levels:
                return variant
        raise CodegenError(f"{self.spec.file}: example of method {wanted}, which has no period of its own")

    def _note(self, period: Period) -> None:
        self.periods[period.period_key] = period

    def _reference(self) -> list[Row]:
        """The periods, the units below and the day, where the model asks for them."""
        compiled = [self.registry.compiled(self.spec, each.method, each.levels[0]) for each in self.found]
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


def _expected(spec: Indicator, variant: Variant, example: Example) -> float | None:
    value = worked_out(variant.formula, {name: example.given.get(name) for name in variant.inputs})
    if (value is None) != (example.expect is None):
        raise CodegenError(f"{spec.file}: example {dict(example.given)} gives {value}, not {example.expect}")
    if value is None or example.expect is None:
        return None
    allowed = max(example.tolerance, abs(example.expect) * _CLOSE_ENOUGH)
    if abs(Decimal(value) - example.expect) > allowed:
        raise CodegenError(f"{spec.file}: example {dict(example.given)} gives {value}, not {example.expect}")
    return value
