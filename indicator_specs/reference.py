"""Org units, their history, who owes what, and the reporting calendar: the tables under ``reference/``.

Holds them indexed and answers who, where and when; reading the files is ``reference_files``. Knows no indicator and
no source.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from indicator_specs.errors import both
from indicator_specs.keys import stable_key
from indicator_specs.names import name_key
from indicator_specs.typed_text import Level

KINDS: Mapping[str, Level] = {
    "nation": "nation",
    "province": "province",
    "former_province": "province",
    "commune": "commune",
    "ministry": "ministry",
    "agency": "ministry",
    "party_body": "ministry",
}
"""Level of each kind of org unit; a body of central rank reports beside the ministries."""


@dataclass(frozen=True)
class OrgUnit:
    """An area or a body. It exists from ``valid_from`` to ``valid_to``, both included; ``None`` is open."""

    org_unit_code: str
    kind: str
    name_vi: str
    name_en: str
    short_name_vi: str
    parent_code: str
    hierarchy: str
    valid_from: date | None
    valid_to: date | None
    source: str

    @cached_property
    def org_unit_key(self) -> int:
        """The integer that facts carry."""
        return stable_key(self.org_unit_code)

    @property
    def level(self) -> Level:
        """Its level."""
        return KINDS[self.kind]

    def exists_on(self, day: date) -> bool:
        """Whether it exists on that day."""
        return _within(day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class OrgUnitEvent:
    """One arrow of succession: ``share`` of ``from_code`` went to ``to_code``; ``None`` where it is not known."""

    event: str
    from_code: str
    to_code: str
    effective_date: date
    share: Decimal | None
    legal_basis: str
    source: str


@dataclass(frozen=True)
class Duty:
    """Who owes a dataset for whom: one row of ``assignment.csv``.

    ``dataset`` is ``source.dataset``. Reporters are the unit ``reporter_code``, or every unit of ``reporter_kind``.
    ``subject`` is ``self``, the reporter's ``children``, ``all`` units of the level, or one unit's code.
    """

    dataset: str
    reporter_kind: str
    reporter_code: str
    subject: str
    level: Level
    valid_from: date | None
    valid_to: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether it is owed on that day."""
        return _within(day, self.valid_from, self.valid_to)


@dataclass(frozen=True)
class CalendarEntry:
    """Deadline of a dataset, for a time: days after the period ends."""

    dataset: str
    frequency: str
    period_basis: str
    deadline_days: int
    valid_from: date | None
    valid_to: date | None
    legal_basis: str
    source: str


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True)
class Reference:
    """The reference tables, indexed."""

    org_units: Mapping[str, OrgUnit]
    events: tuple[OrgUnitEvent, ...]
    duties: tuple[Duty, ...]
    calendars: tuple[CalendarEntry, ...]

    def unit(self, code: str) -> OrgUnit:
        """The unit with that code.

        Raises:
            KeyError: there is none; the message names near ones.
        """
        try:
            return self.org_units[code]
        except KeyError:
            near = ", ".join(get_close_matches(code, self.org_units, n=3)) or "—"
            raise KeyError(both(f"không có đơn vị {code!r}; gần nhất: {near}", f"no org unit {code!r}")) from None

    def of_kind(self, kind: str, on: date | None = None) -> tuple[OrgUnit, ...]:
        """All units of a kind, by code; only those that exist on a day, if one is given."""
        return tuple(unit for unit in self._by_kind.get(kind, ()) if on is None or unit.exists_on(on))

    def of_level(self, level: Level, on: date) -> tuple[OrgUnit, ...]:
        """All units of a level that exist on a day, by code."""
        return tuple(u for kind, of in KINDS.items() if of == level for u in self.of_kind(kind, on))

    def children(self, code: str, on: date) -> tuple[OrgUnit, ...]:
        """Units directly below ``code`` on a day, by code."""
        return tuple(unit for unit in self._by_parent.get(code, ()) if unit.exists_on(on))

    def resolve(self, name: str, on: date | None = None, parent: str | None = None) -> tuple[str, ...]:
        """Codes of the units that a name can mean, by code: none, one, or several that the caller must not choose from.

        A name is compared in composed form, without regard to case, spaces, dashes and the place of the tone mark.
        A code resolves to itself.
        """
        if name.strip() in self.org_units:
            return (name.strip(),)
        found = [self.org_units[code] for code in self._by_name.get(name_key(name), ())]
        return tuple(
            unit.org_unit_code
            for unit in found
            if (on is None or unit.exists_on(on)) and (parent is None or unit.parent_code == parent)
        )

    def suggest(self, name: str, count: int = 3) -> tuple[str, ...]:
        """Codes of the units whose names look most like ``name``, best first; for messages only."""
        keys = get_close_matches(name_key(name), self._by_name, n=count, cutoff=0.7)
        return tuple(dict.fromkeys(code for key in keys for code in self._by_name[key]))[:count]

    def deadline_days(self, dataset: str, period_end: date) -> int | None:
        """Days after a period's end within which ``source.dataset`` is due, by the calendar; ``None`` if unsaid."""
        entries = [
            entry
            for entry in self.calendars
            if entry.dataset == dataset and _within(period_end, entry.valid_from, entry.valid_to)
        ]
        return entries[-1].deadline_days if entries else None

    @cached_property
    def _by_kind(self) -> Mapping[str, list[OrgUnit]]:
        return _grouped(self.org_units.values(), lambda unit: [unit.kind])

    @cached_property
    def _by_parent(self) -> Mapping[str, list[OrgUnit]]:
        return _grouped(self.org_units.values(), lambda unit: [unit.parent_code])

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        grouped = _grouped(
            self.org_units.values(),
            lambda unit: {name_key(name) for name in (unit.name_vi, unit.short_name_vi, unit.name_en) if name},
        )
        return {key: [unit.org_unit_code for unit in units] for key, units in grouped.items()}


def _grouped(units: Iterable[OrgUnit], keys: Callable[[OrgUnit], Iterable[str]]) -> dict[str, list[OrgUnit]]:
    found: dict[str, list[OrgUnit]] = defaultdict(list)
    for unit in sorted(units, key=lambda each: each.org_unit_code):
        for key in keys(unit):
            found[key].append(unit)
    return dict(found)
