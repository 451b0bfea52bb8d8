"""A spec's methods, apart by what levels do differently, each with the periods that are its own. Reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass

from indicator_specs import periods
from indicator_specs.composites import Composite
from indicator_specs.inputs import InputSpec
from indicator_specs.methods import Method
from indicator_specs.periods import Frequency
from indicator_specs.spec import Indicator
from indicator_specs.typed_text import Level

_OPEN_END = 999_999


class CodegenError(Exception):
    """A spec that is valid but that no model can be written for; names the file and the remedy."""


@dataclass(frozen=True)
class Variant:
    """One method as some levels compute it, for the periods from ``first_key`` to ``last_key``, both included."""

    method: Method
    levels: tuple[Level, ...]
    frequency: Frequency
    formula: str
    inputs: Mapping[str, InputSpec]
    first_key: int
    last_key: int


def variants(spec: Indicator) -> list[Variant]:
    """All of them, oldest method first; a period belongs to the newest method that covers it.

    Raises:
        CodegenError: no method has a period of its own.
    """
    found = []
    for number, method in enumerate(spec.methods):
        for levels in _alike(spec, method):
            frequency = spec.frequency_of(method, levels[0])
            first, last = _span(method, frequency, spec.methods[number + 1 :])
            if first <= last:
                formula, inputs = spec.formula_of(method, levels[0]), spec.inputs_of(method, levels[0])
                found.append(Variant(method, levels, frequency, formula, inputs, first, last))
    if not found:
        raise CodegenError(f"{spec.file}: no method has a period of its own; look at valid_from and valid_to")
    return found


def _alike(spec: Indicator, method: Method) -> list[tuple[Level, ...]]:
    """Levels in groups that share frequency, formula and inputs, and, of a composite, its members and their goals."""
    shared: dict[str, list[Level]] = {}
    for level in spec.levels:
        inputs = {name: given.model_dump() for name, given in spec.inputs_of(method, level).items()}
        own = level if method.composite and _depends_on_level(method.composite) else None
        same = repr((spec.frequency_of(method, level), spec.formula_of(method, level), inputs, own))
        shared.setdefault(same, []).append(level)
    return [tuple(levels) for levels in shared.values()]


def _depends_on_level(composite: Composite) -> bool:
    """Which indicators are assigned, and what their targets are, is a matter of the level."""
    leaves = (leaf for member in composite.members for leaf in member.leaves())
    return composite.assigned is not None or any(leaf.normalise.method == "distance_to_target" for leaf in leaves)


def _span(method: Method, frequency: Frequency, newer: tuple[Method, ...]) -> tuple[int, int]:
    first = periods.containing(periods.parse(method.valid_from).start_date, frequency).period_key
    last = periods.DIGITS[frequency] * 1_000_000 + _OPEN_END
    if method.valid_to:
        last = periods.containing(periods.parse(method.valid_to).end_date, frequency).period_key
    for after in newer:
        last = min(last, periods.containing(periods.parse(after.valid_from).start_date, frequency).period_key - 1)
    return first, last
