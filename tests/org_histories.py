"""Made-up countries whose communes, provinces and bodies merge, split, go on, and what became of their figures.

The reckoning here walks each figure through the events by hand, in decimals, and shares nothing with the models.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from indicator_specs.org_history import OrgUnitEvent, Place
from indicator_specs.reference import OrgUnit, Reference

DAYS = (date(2025, 2, 1), date(2025, 4, 1), date(2025, 6, 1), date(2025, 8, 1))
MONTHS = {"2025-01": date(2025, 1, 31), "2025-03": date(2025, 3, 31), "2025-05": date(2025, 5, 31),
          "2025-07": date(2025, 7, 31), "2025-09": date(2025, 9, 30)}  # fmt: skip
LAST_PLACE = Decimal("0.000000001")
KINDS = {
    "C": ("commune", "territory"),
    "P": ("province", "territory"),
    "B": ("ministry", "government"),
    "T": ("party_body", "party"),
}
"""What a code's first letter says: the kind of a unit and the hierarchy to which it belongs."""


@dataclass
class Country:
    """What exists, since when, below what; and what has happened. ``None`` is open."""

    spans: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)
    places: list[tuple[str, str, date | None, date | None]] = field(default_factory=list)
    events: list[tuple[str, str, str, date, Decimal | None]] = field(default_factory=list)
    values: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    n_codes: int = 0

    def begin(self, kind: str, parent: str, day: date | None) -> str:
        """A new unit."""
        self.n_codes += 1
        code = f"{kind}{self.n_codes:02}"
        self.spans[code] = (day, None)
        self.places.append((code, parent, day, None))
        return code

    def end(self, code: str, day: date) -> None:
        """The day is the first without it."""
        last = day - timedelta(days=1)
        self.spans[code] = (self.spans[code][0], last)
        self.places = [(c, p, a, last if c == code and b is None else b) for c, p, a, b in self.places]

    def move(self, code: str, parent: str, day: date) -> None:
        """Another place from that day on."""
        last = day - timedelta(days=1)
        self.places = [
            (c, p, a, last if c == code and b is None else b) for c, p, a, b in self.places if (c, a) != (code, day)
        ]
        self.places.append((code, parent, day, None))

    def of(self, kind: str, day: date | None = None) -> list[str]:
        """Units of a kind that exist on a day; without one, those of today."""
        return [
            code
            for code, (first, last) in sorted(self.spans.items())
            if code[0] == kind and ((day is None and last is None) or (day and (first or day) <= day <= (last or day)))
        ]

    def parent(self, code: str, day: date | None = None) -> str:
        """Where it stands on a day; without one, today."""
        for each, parent, first, last in self.places:
            if each == code and (last is None if day is None else (first or day) <= day <= (last or day)):
                return parent
        raise KeyError(code)

    @property
    def moves(self) -> list[tuple[str, str, str, date, Decimal | None]]:
        """The events that move figures."""
        return [event for event in self.events if event[0] != "rename"]

    def above(self, code: str, day: date) -> list[str]:
        """The units above it on a day, nearest first."""
        found: list[str] = []
        while code in self.spans and (code := self.parent(code, day)):
            found.append(code)
        return found

    def reckoned(self, code: str, day: date, value: Decimal) -> dict[str, Decimal | None]:
        """What each commune of today gets of a figure; ``None`` where a split on the way has no share."""
        later = sorted({when for _, one, _, when, _ in self.moves if one == code and when > day})
        if not later:
            return {code: value}
        parts = sorted((to, share) for _, one, to, when, share in self.moves if one == code and when == later[0])
        got: dict[str, Decimal | None] = {}
        through = Fraction(0)
        for to, share in parts:
            before, through = through, through + Fraction(share or 0)
            part = None if share is None else _part(value, through) - _part(value, before)
            ends = (
                dict.fromkeys(self.reckoned(to, later[0], Decimal(0)))
                if part is None
                else self.reckoned(to, later[0], part)
            )
            for end, amount in ends.items():
                known = [each for each in (got.get(end), amount) if each is not None]
                got[end] = sum(known, Decimal(0)) if known else None
        return got

    def unknown(self, code: str, day: date) -> set[str]:
        """Communes of today that get a part of a unit which nobody knows."""
        later = sorted({when for _, one, _, when, _ in self.moves if one == code and when > day})
        found: set[str] = set()
        for _, one, to, when, share in self.moves:
            if later and one == code and when == later[0]:
                ends = set(self.reckoned(to, when, Decimal(0)))
                found |= ends if share is None else self.unknown(to, when)
        return found

    def reference(self) -> Reference:
        """The same as reference tables."""
        latest = {
            code: (parent, first) for code, parent, first, _ in sorted(self.places, key=lambda p: p[2] or date.min)
        }
        units = {"VN": OrgUnit("VN", "nation", "Việt Nam", "Viet Nam", "", "", "territory", None, None, "x")}
        for code, (first, last) in self.spans.items():
            kind, hierarchy = KINDS[code[0]]
            units[code] = OrgUnit(code, kind, code, code, "", latest[code][0], hierarchy, first, last, "x")
        events = tuple(OrgUnitEvent(kind, one, to, day, share, "x", "x") for kind, one, to, day, share in self.events)
        others = tuple(
            Place(code, KINDS[code[0]][1], parent, first, last, "x")
            for code, parent, first, last in self.places
            if (parent, first) != latest[code]
        )
        return Reference(units, events, (), (), (), others)


def _part(value: Decimal, share: Fraction) -> Decimal:
    exact = Fraction(value) * share / Fraction(LAST_PLACE)
    whole, rest = divmod(abs(exact), 1)
    return (whole + (rest >= Fraction(1, 2))) * (1 if exact >= 0 else -1) * LAST_PLACE


@st.composite
def countries(draw: st.DrawFn) -> Country:
    """A country of two or three provinces, up to four days of change, and what its communes reported each month."""
    country = Country()
    for _ in range(draw(st.integers(2, 3))):
        province = country.begin("P", "VN", None)
        for _ in range(draw(st.integers(1, 3))):
            country.begin("C", province, None)
    for day in DAYS[: draw(st.integers(1, len(DAYS)))]:
        touched: set[str] = set()
        for _ in range(draw(st.integers(1, 3))):
            _happen(draw, country, day, touched)
    for month, day in MONTHS.items():
        for code in country.of("C", day):
            if draw(st.integers(0, 9)):
                country.values[code, month] = draw(st.integers(-(10**15), 10**15)) * LAST_PLACE
    return country


def _happen(draw: st.DrawFn, country: Country, day: date, touched: set[str]) -> None:
    kind = draw(st.sampled_from(["merge", "absorb", "split", "give", "continue", "rename", "provinces"]))
    free = [code for code in country.of("P" if kind == "provinces" else "C") if code not in touched]
    if kind == "rename" and free:
        country.events.append(("rename", free[0], free[0], day, Decimal(1)))
        touched.add(free[0])
    elif kind in ("merge", "absorb", "provinces") and len(free) > 1:
        chosen = draw(st.lists(st.sampled_from(free), min_size=2, max_size=3, unique=True))
        _merge(country, kind, chosen, day, touched)
    elif kind in ("split", "give", "continue") and free:
        _split(draw, country, kind, draw(st.sampled_from(free)), day, touched)


def _merge(country: Country, kind: str, chosen: list[str], day: date, touched: set[str]) -> None:
    keeper = chosen[0] if kind == "absorb" else country.begin(chosen[0][0], country.parent(chosen[0]), day)
    for code in chosen:
        if code != keeper:
            for child in country.of("C") if kind == "provinces" else []:
                if country.parent(child) == code:
                    country.move(child, keeper, day)
            country.end(code, day)
            country.events.append(("merge", code, keeper, day, Decimal(1)))
    touched |= {*chosen, keeper}


def _split(draw: st.DrawFn, country: Country, kind: str, code: str, day: date, touched: set[str]) -> None:
    provinces = country.of("P")
    n_new = 1 if kind == "continue" else draw(st.integers(1 if kind == "give" else 2, 3))
    targets = [country.begin("C", draw(st.sampled_from(provinces)), day) for _ in range(n_new)]
    if kind == "give":
        targets.append(code)
    else:
        country.end(code, day)
    shares = shares_of(draw, len(targets))
    event = "continue" if kind == "continue" else "split"
    country.events += [(event, code, to, day, share) for to, share in zip(targets, shares, strict=True)]
    touched |= {code, *targets}


def shares_of(draw: st.DrawFn, n: int) -> list[Decimal | None]:
    """Parts of a unit that is divided: they add up to it, or some are not known."""
    cuts = sorted(draw(st.lists(st.integers(1, 10**7 - 1), min_size=n - 1, max_size=n - 1, unique=True)))
    ends = [0, *cuts, 10**7]
    shares: list[Decimal | None] = [Decimal(b - a) / 10**7 for a, b in pairwise(ends)]
    if n > 1 and draw(st.booleans()):
        blank = draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=n))
        shares = [None if number in blank else share for number, share in enumerate(shares)]
    return shares
