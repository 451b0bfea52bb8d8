"""Org units, their history, who owes what, and the reporting calendar: the tables under ``reference/``.

Holds them indexed and answers who, where and when; reading the files is ``reference_files``. Knows no indicator and
no source.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from indicator_specs.calendars import Calendars
from indicator_specs.errors import both
from indicator_specs.keys import stable_key
from indicator_specs.names import name_key
from indicator_specs.org_history import Counterpart, OrgUnitEvent, Place, UnitName, day_after, within
from indicator_specs.retention import RetentionRule
from indicator_specs.typed_text import Level
from indicator_specs.verification import VerificationRule

KINDS: Mapping[str, Level] = {
    "nation": "nation",
    "province": "province",
    "former_province": "province",
    "commune": "commune",
    "former_commune": "commune",
    "former_district": "commune",
    "ministry": "ministry",
    "agency": "ministry",
    "party_body": "ministry",
}
"""Level of each kind of org unit. A body of central rank reports beside the ministries; a former district is an island
without communes, and reported as one."""


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
        return within(day, self.valid_from, self.valid_to)

    @property
    def is_of_today(self) -> bool:
        """Whether nothing has ended it."""
        return self.valid_to is None

    @property
    def last_name(self) -> UnitName:
        """The name that it bears, or bore last, for as long as it exists."""
        return UnitName(
            self.org_unit_code,
            self.name_vi,
            self.name_en,
            self.short_name_vi,
            self.valid_from,
            self.valid_to,
            "",
            self.source,
        )


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
        return within(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference tables, indexed. One is itself alone, so that what follows from it can be kept by it."""

    org_units: Mapping[str, OrgUnit]
    events: tuple[OrgUnitEvent, ...]
    duties: tuple[Duty, ...]
    calendars: Calendars
    former_names: tuple[UnitName, ...] = ()
    other_places: tuple[Place, ...] = ()
    counterparts: tuple[Counterpart, ...] = ()
    verifications: tuple[VerificationRule, ...] = ()
    retention: tuple[RetentionRule, ...] = ()

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

    def children(self, code: str, on: date, hierarchy: str = "territory") -> tuple[OrgUnit, ...]:
        """Units directly below ``code`` in a hierarchy on a day, by code."""
        below = self._places_below.get((hierarchy, code), ())
        codes = sorted(place.org_unit_code for place in below if within(on, place.valid_from, place.valid_to))
        return tuple(unit for unit in map(self.org_units.__getitem__, codes) if unit.exists_on(on))

    def parent(self, code: str, on: date, hierarchy: str = "territory") -> str:
        """The unit directly above in a hierarchy on a day; empty at its top and outside it."""
        held = [place for place in self.places(code) if place.hierarchy == hierarchy]
        return next((each.parent_code for each in held if within(on, each.valid_from, each.valid_to)), "")

    def places(self, code: str) -> tuple[Place, ...]:
        """Every place that a unit has held in any hierarchy; the one of ``org_unit.csv`` follows its earlier ones."""
        unit = self.org_units[code]
        others = self._other_places.get(code)
        if not others:
            return (Place(code, unit.hierarchy, unit.parent_code, unit.valid_from, unit.valid_to, unit.source),)
        before = [place.valid_to for place in others if place.hierarchy == unit.hierarchy and place.valid_to]
        start = day_after(max(before)) if before else unit.valid_from
        own = Place(code, unit.hierarchy, unit.parent_code, start, unit.valid_to, unit.source)
        return (*others, own)

    def names(self, code: str) -> tuple[UnitName, ...]:
        """Every name that a unit has borne, oldest first, each with its days."""
        last = self.org_units[code].last_name
        former = sorted(self._former_names.get(code, []), key=lambda name: name.valid_from or date.min)
        return (*former, replace(last, valid_from=day_after(former[-1].valid_to)) if former else last)

    def name_on(self, code: str, day: date) -> UnitName:
        """The name that a unit bore on a day; outside its lifetime the nearest one."""
        names = self.names(code)
        return next((name for name in names if name.valid_to is None or day <= name.valid_to), names[-1])

    def territory_from(self, code: str) -> date | None:
        """Since when a unit is the area that it is now: its first day, or the last on which it took in or gave away."""
        days = [day for day in (self.org_units[code].valid_from, *self._moves.get(code, ())) if day]
        return max(days, default=None)

    def counterparts_of(self, code: str, on: date) -> tuple[str, ...]:
        """Codes of the bodies that stand beside a unit on a day, from whichever side it is asked."""
        found = {
            other
            for each in self.counterparts
            for one, other in (
                (each.org_unit_code, each.counterpart_code),
                (each.counterpart_code, each.org_unit_code),
            )
            if one == code and within(on, each.valid_from, each.valid_to)
        }
        return tuple(sorted(found))

    def resolve(self, name: str, on: date | None = None, parent: str | None = None) -> tuple[str, ...]:
        """Codes of the units that a name can mean: none, one, or several that the caller must not choose from.

        Today's units first, then by code. A name is compared in composed form, without regard to case, spaces, dashes
        and the place of the tone mark; with a day it is a name that the unit bore then, without the mark that tells it
        from today's unit of the same name. A code resolves to itself.
        """
        if name.strip() in self.org_units:
            return (name.strip(),)
        key = name_key(name)
        keys = {key, name_key(f"{name} {FORMER}")} if on else {key}
        found = [self.org_units[code] for each in sorted(keys) for code in self._by_name.get(each, ())]
        return tuple(
            unit.org_unit_code
            for unit in found
            if (on is None or (unit.exists_on(on) and keys & _keys_of(self.name_on(unit.org_unit_code, on))))
            and (parent is None or unit.parent_code == parent)
        )

    def suggest(self, name: str, count: int = 3) -> tuple[str, ...]:
        """Codes of the units whose names look most like ``name``; for messages only.

        Today's units, best first; the former ones only where those are too few.
        """
        found: dict[str, None] = {}
        for is_of_today in (True, False):
            if len(found) < count:
                for key in get_close_matches(name_key(name), self._keys_of_time[is_of_today], n=count, cutoff=0.7):
                    codes = self._by_name[key]
                    found |= dict.fromkeys(c for c in codes if self.org_units[c].is_of_today is is_of_today)
        return tuple(found)[:count]

    @cached_property
    def _by_kind(self) -> Mapping[str, list[OrgUnit]]:
        return _grouped(self.org_units.values(), lambda unit: [unit.kind])

    @cached_property
    def _places_below(self) -> Mapping[tuple[str, str], list[Place]]:
        below: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for code in self.org_units:
            for place in self.places(code):
                below[place.hierarchy, place.parent_code].append(place)
        return dict(below)

    @cached_property
    def _moves(self) -> Mapping[str, list[date]]:
        """Days on which a unit that went on existing took in or gave away."""
        found: dict[str, list[date]] = defaultdict(list)
        for event in self.events:
            for code in (event.from_code, event.to_code):
                if event.moves and self.org_units[code].exists_on(event.effective_date):
                    found[code].append(event.effective_date)
        return dict(found)

    @cached_property
    def _other_places(self) -> Mapping[str, list[Place]]:
        return _by_unit(self.other_places)

    @cached_property
    def _former_names(self) -> Mapping[str, list[UnitName]]:
        return _by_unit(self.former_names)

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        codes = sorted(self.org_units, key=lambda code: (not self.org_units[code].is_of_today, code))
        found: dict[str, list[str]] = defaultdict(list)
        for code in codes:
            for key in {key for name in self.names(code) for key in _keys_of(name)}:
                found[key].append(code)
        return dict(found)

    @cached_property
    def _keys_of_time(self) -> Mapping[bool, list[str]]:
        today = {key: any(self.org_units[code].is_of_today for code in codes) for key, codes in self._by_name.items()}
        former = {k: any(not self.org_units[code].is_of_today for code in c) for k, c in self._by_name.items()}
        return {True: [key for key in today if today[key]], False: [key for key in former if former[key]]}


FORMER = "(cũ)"
"""Stands after the name of a former unit where a unit of today bears the same."""


def _keys_of(name: UnitName) -> set[str]:
    return {name_key(each) for each in (name.name_vi, name.short_name_vi, name.name_en) if each}


Dated = TypeVar("Dated", Place, UnitName)


def _by_unit(rows: Iterable[Dated]) -> dict[str, list[Dated]]:
    found: dict[str, list[Dated]] = defaultdict(list)
    for row in rows:
        found[row.org_unit_code].append(row)
    return dict(found)


def _grouped(units: Iterable[OrgUnit], keys: Callable[[OrgUnit], Iterable[str]]) -> dict[str, list[OrgUnit]]:
    found: dict[str, list[OrgUnit]] = defaultdict(list)
    for unit in sorted(units, key=lambda each: each.org_unit_code):
        for key in keys(unit):
            found[key].append(unit)
    return dict(found)
