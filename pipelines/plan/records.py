"""What a plan says: cells, reasons, totals. Frozen values; nothing here reads a file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from indicator_specs.errors import PlainError


class PlanError(PlainError):
    """Nothing can be compared; the text says what is missing."""


class FailOn(StrEnum):
    """Which changes a program that runs the plan wants to be stopped by."""

    LIGHT = "light"
    RANK = "rank"
    VALUE = "value"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, order=True)
class Reason:
    """One fact that explains a change.

    ``kind`` is ``batch``, ``rule``, ``org_unit``, ``event``, ``deadline``, ``period_ended``, ``input_indicator``,
    ``previous_period``, ``peers``, ``indicator_new`` or ``indicator_dropped``. ``subject`` and ``item`` say of what;
    ``before`` and ``after`` what it was and is, where that is one text.
    """

    kind: str
    subject: str
    item: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Cell:
    """One indicator of one unit, period and map, as it is and as it would be."""

    indicator: str
    indicator_name_vi: str
    org_unit_code: str
    org_unit_name_vi: str
    time_period: str
    map: str
    value_from: float | None
    value_to: float | None
    status_from: str | None
    status_to: str | None
    light_from: str | None
    light_to: str | None
    rank_from: int | None
    rank_to: int | None
    reasons: tuple[Reason, ...] = ()
    is_unexplained: bool = False
    """Some part of the change has no reason that either file knows of."""

    @property
    def is_value_changed(self) -> bool:
        """Whether the number or its status changes."""
        return (self.value_from, self.status_from) != (self.value_to, self.status_to)

    @property
    def is_light_changed(self) -> bool:
        """Whether the light changes."""
        return self.light_from != self.light_to

    @property
    def is_rank_changed(self) -> bool:
        """Whether the place among peers changes."""
        return self.rank_from != self.rank_to

    def counts_for(self, fail_on: FailOn) -> bool:
        """Whether this change is of the kind that somebody wants to be stopped by."""
        if fail_on is FailOn.LIGHT:
            return self.is_light_changed
        if fail_on is FailOn.RANK:
            return self.is_rank_changed
        return self.is_value_changed if fail_on is FailOn.VALUE else fail_on is FailOn.ANY

    @property
    def is_moved_by_others(self) -> bool:
        """Whether only its place changes, because others moved."""
        return self.is_rank_changed and not self.is_value_changed


@dataclass(frozen=True)
class Plan:
    """Everything that differs between a release and what would be sealed now."""

    against: int | None
    """Number of the release; None where two files were compared."""
    spec_hash_from: str
    spec_hash_to: str
    day_from: str
    day_to: str
    batches: tuple[Mapping[str, Any], ...]
    """Batches that the release does not know, in order."""
    rules: tuple[Reason, ...]
    """Every rule that differs, also where no cell feels it."""
    cells: tuple[Cell, ...]
    """By indicator, unit, period and map."""

    @property
    def lights(self) -> Counter[tuple[str | None, str | None]]:
        """How many cells go from which light to which."""
        return Counter((cell.light_from, cell.light_to) for cell in self.cells if cell.is_light_changed)

    @property
    def most_affected(self) -> list[tuple[str, str, int]]:
        """The ten units with most changed cells: code, name, count."""
        counted = Counter((cell.org_unit_code, cell.org_unit_name_vi) for cell in self.cells)
        ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(code, name, count) for (code, name), count in ordered[:10]]

    def is_stopped_by(self, fail_on: FailOn) -> bool:
        """Whether a change of this kind is there; what nobody can explain stops everything but ``none``."""
        if fail_on is FailOn.NONE:
            return False
        return any(cell.is_unexplained or cell.counts_for(fail_on) for cell in self.cells)

    def of(self, indicators: tuple[str, ...]) -> "Plan":
        """Only the cells of these indicators."""
        kept = tuple(cell for cell in self.cells if cell.indicator in indicators)
        return Plan(**{**vars(self), "cells": kept})

    @property
    def summary(self) -> dict[str, Any]:
        """The totals, for people and programs."""
        return {
            "n_cells": len(self.cells),
            "n_values": sum(cell.is_value_changed for cell in self.cells),
            "n_lights": sum(cell.is_light_changed for cell in self.cells),
            "n_ranks": sum(cell.is_rank_changed for cell in self.cells),
            "n_moved_by_others": sum(cell.is_moved_by_others for cell in self.cells),
            "n_unexplained": sum(cell.is_unexplained for cell in self.cells),
            "indicators": sorted({cell.indicator for cell in self.cells}),
            "lights": [
                {"from": before, "to": after, "n": count}
                for (before, after), count in sorted(self.lights.items(), key=lambda pair: str(pair[0]))
            ],
            "most_affected": [{"org_unit_code": code, "name_vi": name, "n": n} for code, name, n in self.most_affected],
        }

    def as_json(self) -> dict[str, Any]:
        """The whole plan, for programs; the order is stable."""
        return {
            "against": self.against,
            "spec_hash": {"from": self.spec_hash_from, "to": self.spec_hash_to},
            "day": {"from": self.day_from, "to": self.day_to},
            "summary": self.summary,
            "batches": list(self.batches),
            "rules": [asdict(rule) for rule in self.rules],
            "cells": [asdict(cell) for cell in self.cells],
        }
