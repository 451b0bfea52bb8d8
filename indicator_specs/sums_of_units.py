"""Which figures are held against the sum of what the units below reported. Says what is declared; adds nothing up."""

from collections.abc import Iterator, Mapping

from indicator_specs.errors import both
from indicator_specs.source_spec import Measure
from indicator_specs.typed_text import Level

AREAS: tuple[Level, ...] = ("nation", "province", "commune")
"""Levels that lie in one another, the highest first; a ministry lies in none of them."""


def sums(measures: Mapping[str, Measure]) -> Iterator[tuple[Measure, Measure]]:
    """Each measure with the measure of the units below: itself where it is additive, and the one that it declares."""
    for name in sorted(measures):
        measure, declared = measures[name], measures[name].checks.sum_of_units
        of_units = {name} if measure.nature != "non_additive" else set()
        yield from ((measure, measures[other]) for other in sorted(of_units | ({declared} if declared else set())))


def misfits(measure: Measure, units: Measure) -> Iterator[tuple[str, str]]:
    """Why a measure cannot be held against the sum of another over units: what was found and what to do, bilingual."""
    if units.unit != measure.unit:
        yield (
            both(f"{measure.unit} so với {units.unit}", f"{measure.unit} against {units.unit}"),
            both("chỉ so sánh cùng đơn vị đo", "compare measures of one unit only"),
        )
    if units.frequency != measure.frequency:
        yield (
            both(f"kỳ {measure.frequency} so với {units.frequency}", f"{measure.frequency} against {units.frequency}"),
            both("chỉ so sánh cùng loại kỳ báo cáo", "compare measures of one kind of period only"),
        )
    if units.nature == "non_additive" or units.nature != measure.nature:
        yield (
            both(f"{measure.nature} so với {units.nature}", f"{measure.nature} against {units.nature}"),
            both(
                "chỉ cộng được số liệu cùng nature, không phải non_additive",
                "only additive measures of one nature add up",
            ),
        )
    if not any(_lies_below(low, high) for low in units.levels for high in measure.levels):
        yield (
            both(f"{', '.join(units.levels)} không thuộc cấp nào của số liệu này", "no units of it lie below"),
            both("chọn số liệu của cấp dưới", "name a measure of a level below"),
        )


def _lies_below(low: Level, high: Level) -> bool:
    return low in AREAS and high in AREAS and AREAS.index(low) > AREAS.index(high)
