"""One filtered CTE for each input of a method: a measure or an indicator, brought to the periods of the value.

A measure of the same frequency is read as it is; a finer one is made of its parts by its nature; ``latest`` takes the
newest value that is not too old; a cumulative one is read as the difference within its reset span. Reads no file.
"""

from dataclasses import dataclass
from itertools import pairwise

from dbt_project.rows_catalogue import TOTAL
from dbt_project.variants import CodegenError, Variant
from indicator_specs import periods
from indicator_specs.formula import CompiledFormula
from indicator_specs.inputs import InputSpec
from indicator_specs.keys import stable_key
from indicator_specs.periods import Frequency, Period
from indicator_specs.registry import Registry
from indicator_specs.source_spec import Measure

ROLLED_UP = ("recompute", "sum")
"""Inputs are summed over units and the formula is applied to the sums; for a total that is its sum."""
OPEN_END = 999_999


@dataclass(frozen=True)
class Reading:
    """One input as one variant reads it; ``lookback`` counts the periods before its own that the formula asks for."""

    name: str
    given: InputSpec
    variant: Variant
    mark: str
    measure: Measure | None
    lookback: int | None = 0
    is_alone: bool = False
    """Every input is the latest: none of them says by itself which periods have a value."""

    @property
    def cte(self) -> str:
        """Name of the CTE that holds it."""
        return f"in_{self.name}{self.mark}"

    @property
    def is_latest(self) -> bool:
        """Whether it stands until it is too old, and so makes no row by itself."""
        return self.given.period == "latest"

    @property
    def takes_last_part(self) -> bool:
        """Whether a longer period stands where its last part stands."""
        return self.given.reading == "as_reported" or (self.measure is not None and self.measure.nature == "stock")

    @property
    def frequency(self) -> Frequency:
        """How often it is given; an indicator that is read in its own period, as often as the value."""
        return self.measure.frequency if self.measure else self.variant.frequency

    @property
    def ctes(self) -> list[str]:
        """The CTEs, the one named ``cte`` last; of inputs that are all the latest, that is left to ``side_by_side``."""
        stages = [stage for stage in (self._difference(), "" if self.is_alone else self._brought()) if stage]
        if not stages:
            return [self._taken(self.cte, plain=True)]
        names = [*(f"{prefix}_{self.name}{self.mark}" for prefix in ("raw", "period")[: len(stages)]), self.cte]
        texts = [self._taken(names[0], plain=False)]
        for number, (before, name) in enumerate(pairwise(names)):
            texts.append(f"{name} as (\n    {{{{ {stages[number].format(before=before)} }}}}\n)")
        return texts

    def _taken(self, name: str, plain: bool) -> str:
        """The rows of the figure; the last stage gives doubles, those before it exact decimals."""
        value, method = "obs_value", ""
        relation = f"ind_{self.given.indicator}"
        if self.measure:
            relation = "int_measure_values"
            value = "cast(obs_value as double) as obs_value" if plain else value
            where = [
                f"measure_key = {self.measure.key}",
                f"breakdown_key = {stable_key(TOTAL)}",
                f"producer_key = {stable_key(self.given.producer)}" if self.given.producer else "is_preferred",
                *([] if self.variant.method.roll_up in ROLLED_UP else ["origin = 'reported'"]),
                self._span(),
            ]
        else:
            method = ", method_version"
            where = [] if self.is_latest else [self._span()]
        clause = ""
        if where:
            clause = (
                "\n    where " + where[0] if len(where) == 1 else "\n    where\n        " + "\n        and ".join(where)
            )
        by = f", by {self.given.producer}" if self.given.producer else ""
        return (
            f"{name} as (\n"
            f"    -- {self.given.indicator or self.given.measure}{by}\n"
            f"    select\n"
            f"        map, org_unit_key, period_key, {value}, obs_status,\n"
            f"        n_reported, n_expected, coverage, unit_set, is_synthetic{method}\n"
            f"    from {{{{ ref('{relation}') }}}}{clause}\n)"
        )

    def _span(self) -> str:
        first, last = self._first(), self._last()
        return f"period_key between {first} and {last}"

    def _first(self) -> int:
        """Key of the first of its own periods that a value may need."""
        variant = self.variant
        if self.lookback is None:
            return _base(self.frequency)
        first = Period(variant.frequency, variant.first_key % 1_000_000 - self.lookback)
        if self.is_latest:
            years = -(-(self.given.max_age_months or 0) // 12)
            oldest = first.end_date.replace(year=first.end_date.year - years, day=1)
            found = periods.containing(oldest, self.frequency).previous
        else:
            found = first if self.frequency == variant.frequency else first.parts(self.frequency)[0]
        return found.period_key - (1 if self.span_length else 0)

    def _last(self) -> int:
        """Key of the last of them."""
        variant = self.variant
        if variant.last_key % 1_000_000 == OPEN_END:
            return _base(self.frequency) + OPEN_END
        last = Period(variant.frequency, variant.last_key % 1_000_000)
        if self.frequency == variant.frequency:
            return last.period_key
        return periods.containing(last.end_date, self.frequency).period_key

    @property
    def span_length(self) -> int:
        """Periods in a reset span of a running total that is read as differences; 0: nothing is to be subtracted."""
        measure = self.measure
        if measure is None or measure.reset is None or self.given.reading == "as_reported":
            return 0
        if measure.frequency == "weekly":
            raise CodegenError(
                f"{measure.dataset.source.file}: {measure.id} is a weekly running total; report what the week brought, "
                "or read it as_reported"
            )
        length = periods.PER_YEAR[measure.frequency] // periods.PER_YEAR[measure.reset]
        return length if length > 1 else 0

    def _difference(self) -> str:
        length = self.span_length
        if not length:
            return ""
        return f"difference_within('{{before}}', {_base(self.frequency)}, {length})"

    @property
    def has_method(self) -> str:
        """Whether its rows tell the version of the method that made them."""
        return "true" if self.given.indicator else "false"

    @property
    def wanted(self) -> str:
        """The periods in which its latest value is asked for: frequency, first and last key."""
        frequency = self.variant.frequency
        first = _base(frequency) if self.lookback is None else self.variant.first_key - self.lookback
        return f"'{frequency}', {first}, {self.variant.last_key}"

    @property
    def least(self) -> str:
        """The coverage below which a sum is no value."""
        return f"{self.variant.method.min_coverage.normalize():f}"

    def _brought(self) -> str:
        """How values of its own periods become those of the value's periods; empty where they are the same."""
        wanted = self.variant.frequency
        if self.is_latest:
            months = self.given.max_age_months
            return f"latest_before('{{before}}', {self.wanted}, {months}, {self.least}, {self.has_method})"
        if self.frequency == wanted or self.measure is None:
            return "in_doubles('{before}')" if self.span_length else ""
        step = periods.PER_YEAR[self.frequency] // periods.PER_YEAR[wanted]
        count = periods.MONTHS[wanted] // periods.MONTHS[self.frequency]
        keys = f"{_base(self.frequency)}, {_base(wanted)}, {step}, {count}"
        return f"{'last_part' if self.takes_last_part else 'sum_of_parts'}('{{before}}', {keys})"


def readings(registry: Registry, variant: Variant, mark: str, compiled: CompiledFormula) -> list[Reading]:
    """How a variant reads each input that its formula uses, in the order of the spec."""
    used = {name: given for name, given in variant.inputs.items() if name in compiled.inputs}
    alone = all(given.period == "latest" for given in used.values())
    return [
        Reading(name, given, variant, mark, registry.measures.get(given.measure or ""), compiled.lookback, alone)
        for name, given in used.items()
    ]


def side_by_side(inputs: list[Reading], mark: str) -> list[str]:
    """Of inputs that are all the latest: each one's value in each period, and the periods that there are."""
    first, given, latest = inputs[0], f"given{mark}", f"latest{mark}"
    relations = ", ".join(f"('{each.cte}', {each.given.max_age_months}, {each.has_method})" for each in inputs)
    names = [each.name for each in inputs]
    stages = {
        given: f"each_given([{relations}])",
        f"newest{mark}": f"newest_given('{given}', {first.wanted}, {first.least})",
        latest: f"latest_of_each('{given}', 'units{mark}', {first.wanted}, {first.least})",
        f"beside{mark}": f"beside_each_other('{latest}', {names})",
    }
    return [f"{name} as (\n    {{{{ {stage} }}}}\n)" for name, stage in stages.items()]


def weights(registry: Registry, variant: Variant, mark: str) -> Reading | None:
    """What the values below a unit weigh, if its method weighs them."""
    given = variant.method.weights
    if given is None:
        return None
    return Reading("weights", given, variant, mark, registry.measures.get(given.measure or ""))


def _base(frequency: Frequency) -> int:
    """Key of the period 0 of a frequency."""
    return periods.DIGITS[frequency] * 1_000_000
