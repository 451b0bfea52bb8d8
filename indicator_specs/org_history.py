"""How org units change: the names they bore, the places they held in each hierarchy, and what became of them.

Rows of the tables under ``reference/`` as plain values, and the questions that need a day. ``org_unit.csv`` says what
holds now, or held last; the tables of history say what held before. Reads no file.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

HIERARCHIES = ("territory", "government", "party", "field", "international")
"""Trees that a unit may stand in, several at once: areas; State administration; Party; a field (*ngành*); others."""
MOVING = ("merge", "split", "continue")
"""Events that move figures: all of a unit goes into another, a unit is divided, a unit goes on under a new code."""
RENAMING = ("rename", "upgrade")
"""Events that change a name or a status and move nothing."""
TYPES_VI = ("thành phố", "tỉnh", "phường", "xã", "thị trấn", "đặc khu", "huyện")
SHARE_DECIMALS = 7
"""Of a share; a figure of up to 20 digits and 9 decimals times a share then fits 38 digits on every engine."""


@dataclass(frozen=True, slots=True)
class OrgUnitEvent:
    """One arrow of succession: ``share`` of ``from_code`` went to ``to_code``; ``None`` where it is not known."""

    event: str
    from_code: str
    to_code: str
    effective_date: date
    share: Decimal | None
    legal_basis: str
    source: str

    @property
    def moves(self) -> bool:
        """Whether figures move with it."""
        return self.event in MOVING


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name that a unit bore before the one in ``org_unit.csv``."""

    org_unit_code: str
    name_vi: str
    name_en: str
    short_name_vi: str
    valid_from: date | None
    valid_to: date | None
    legal_basis: str
    source: str

    @property
    def type_vi(self) -> str:
        """What the name says that the unit is: ``tỉnh``, ``thành phố``, ``xã``, ``phường`` …; empty for a body."""
        return type_of(self.name_vi)


@dataclass(frozen=True, slots=True)
class Place:
    """Below which unit a unit stands in a hierarchy, and when; at its top where ``parent_code`` is empty."""

    org_unit_code: str
    hierarchy: str
    parent_code: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A Party body beside the State body or the area that it leads."""

    org_unit_code: str
    counterpart_code: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A commune, or an island district without communes, of before 1/7/2025; ``successors`` apart by a space.

    One successor received it whole; of several nobody has published the shares.
    """

    org_unit_code: str
    name_vi: str
    name_en: str
    district_vi: str
    parent_code: str
    successors: str
    source: str


def type_of(name_vi: str) -> str:
    """What a name says that a unit is; empty where it does not say."""
    plain = name_vi.casefold()
    return next((each for each in TYPES_VI if plain.startswith(each + " ")), "")


def within(day: date, first: date | None, last: date | None) -> bool:
    """Whether a span, both ends included and ``None`` open, holds a day."""
    return (first is None or first <= day) and (last is None or day <= last)


def contains(outer: tuple[date | None, date | None], inner: tuple[date | None, date | None]) -> bool:
    """Whether one span holds all of another."""
    starts = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    return starts and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def day_after(day: date | None) -> date | None:
    """The next day; of no day, none."""
    return None if day is None else day + timedelta(days=1)
