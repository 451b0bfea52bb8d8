"""What judgement needs to know of one dataset, drawn from the registry once per run.

The one module of this room that reads the registry; rules, frames and wording know only plain values.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from expectations.guesses import Guesser
from expectations.lookups import OwedKey, Unit
from expectations.rendering import Both
from expectations.terms import MeasureTerms, Terms
from indicator_specs.assignments import owed_units
from indicator_specs.periods import parse
from indicator_specs.units import UNITS

if TYPE_CHECKING:
    from indicator_specs.reference import Reference
    from indicator_specs.registry import Registry
    from indicator_specs.source_spec import Dataset, Measure
    from indicator_specs.typed_text import Bilingual

ORDERINGS = frozenset({"rank"})
"""Units of measurement in which ten times as much is no slip."""


@dataclass(frozen=True)
class Knowledge:
    """Terms, org units and duties that the cases of one dataset are held against."""

    registry: "Registry"
    terms: Terms
    units: Mapping[str, Unit]
    owed_by: Mapping[OwedKey, str] | None
    """Who owes the values of a unit and period; None where nobody was given the duty, so that anyone may report."""

    @classmethod
    def of(cls, terms: Terms, rows: pl.DataFrame, registry: "Registry") -> "Knowledge":
        """What the rows that ``frame.gather`` made have to be held against. Duties only where an agency reports."""
        asked = rows.filter(pl.col("agency").is_not_null() & (pl.col("period_frequency") == terms.frequency))
        return cls(registry, terms, _Units.of(registry.reference).existence, _duties(registry, terms.dataset, asked))

    def guesser(self) -> Guesser:
        """Names, and the codes that a wrong one may have been meant for."""
        own: defaultdict[str, set[str]] = defaultdict(set)
        for (unit, _), reporter in (self.owed_by or {}).items():
            own[reporter].add(unit)
        units = _Units.of(self.registry.reference)
        return Guesser(
            terms=self.terms,
            names=units.names,
            # A wrong code is most likely one of today's units; ten thousand former ones would only crowd the guess.
            candidates=tuple(code for code, level in units.of_today.items() if level in self.terms.levels),
            own={reporter: tuple(sorted(codes)) for reporter, codes in own.items()},
            successor_codes=units.successors,
        )


def terms_of(registry: "Registry", dataset: "Dataset") -> Terms:
    """Terms of one dataset as its source declares them, and its indicator groups."""
    groups = registry.groups(dataset)
    return Terms(
        dataset=dataset.full_id,
        name=_both(dataset.name),
        kind=dataset.source.kind,
        frequency=dataset.frequency,
        levels=tuple(dataset.levels),
        producer=dataset.owner,
        measures={
            measure.id: _measure_terms(measure, groups.get(measure.id, measure.id)) for measure in dataset.measures
        },
    )


def _measure_terms(measure: "Measure", group: str) -> MeasureTerms:
    unit = UNITS[measure.unit]
    lows = [bound for bound in (measure.checks.min, unit.low) if bound is not None]
    highs = [bound for bound in (measure.checks.max, unit.high) if bound is not None]
    return MeasureTerms(
        name=_both(measure.name),
        group=group,
        minimum=Decimal(max(lows)) if lows else None,
        maximum=Decimal(min(highs)) if highs else None,
        ceilings=tuple(measure.checks.not_above),
        parts=tuple(measure.checks.sum_of),
        parts_tolerance=measure.checks.tolerance,
        max_change_pct=measure.checks.max_change_pct,
        has_magnitude=measure.unit not in ORDERINGS,
        is_count=unit.is_count,
    )


def _both(text: "Bilingual") -> Both:
    return Both(text.vi, text.en or text.vi)


@dataclass(frozen=True)
class _Units:
    """What judgement wants to know of every org unit. There are thirteen thousand, and a heap has many judgements."""

    reference: "Reference"
    existence: Mapping[str, Unit]
    names: Mapping[str, Both]
    of_today: Mapping[str, str]
    """Level of each unit that there is today."""
    successors: Mapping[str, tuple[str, ...]]

    _last: ClassVar["_Units | None"] = None

    @classmethod
    def of(cls, reference: "Reference") -> "_Units":
        """Of the reference tables that were asked about last, made already."""
        known = cls._last
        if known is None or known.reference is not reference:
            units = reference.org_units
            known = cls._last = cls(
                reference,
                {code: Unit(unit.level, unit.valid_from, unit.valid_to) for code, unit in units.items()},
                {code: Both(unit.name_vi, unit.name_en or unit.name_vi) for code, unit in units.items()},
                {code: unit.level for code, unit in units.items() if unit.is_of_today},
                _successors(reference),
            )
        return known


def _successors(reference: "Reference") -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for event in reference.events:
        if event.to_code != event.from_code:
            found[event.from_code].append(event.to_code)
    return {code: tuple(dict.fromkeys(to)) for code, to in found.items()}


def _duties(registry: "Registry", dataset: str, asked: pl.DataFrame) -> Mapping[OwedKey, str] | None:
    reference = registry.reference
    duties = [duty for duty in reference.duties if duty.dataset == dataset]
    if not duties:
        return None
    last_days = {text: parse(text).end_date for text in asked["period"].drop_nulls().unique().sort()}
    return {
        (unit.org_unit_code, text): reporter
        for text, day in last_days.items()
        for duty in duties
        if duty.holds_on(day)
        for reporter, unit in owed_units(reference, duty, day)
    }
