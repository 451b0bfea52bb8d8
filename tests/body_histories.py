"""Made-up administrations: bodies of State and Party, with departments, that merge, split and change places.

A body stands below others of its own tree and, unlike a commune in its province, is no part of them: they are peers,
and its figure is contained in that of the body above.
"""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.org_histories import DAYS, LAST_PLACE, MONTHS, Country, shares_of

TREES = "BT"
"""Bodies of the State, and of the Party."""


@st.composite
def administrations(draw: st.DrawFn) -> Country:
    """A country of one commune and two trees of bodies, up to four days of change, and what all reported each month."""
    country = Country()
    country.begin("C", country.begin("P", "VN", None), None)
    for tree in TREES:
        for _ in range(draw(st.integers(1, 3))):
            country.begin(tree, draw(st.sampled_from(["", *country.of(tree)])), None)
    for day in DAYS[: draw(st.integers(1, len(DAYS)))]:
        touched: set[str] = set()
        for _ in range(draw(st.integers(1, 3))):
            _happen(draw, country, draw(st.sampled_from(TREES)), day, touched)
    for month, day in MONTHS.items():
        for code in [each for kind in ("C", *TREES) for each in country.of(kind, day)]:
            if draw(st.integers(0, 3)):
                country.values[code, month] = draw(st.integers(-(10**15), 10**15)) * LAST_PLACE
    return country


def _happen(draw: st.DrawFn, country: Country, tree: str, day: date, touched: set[str]) -> None:
    kind = draw(st.sampled_from(["merge", "absorb", "absorb", "split", "give", "continue", "rename", "move"]))
    free = [code for code in country.of(tree) if code not in touched]
    if not free:
        return
    code = draw(st.sampled_from(free))
    if kind == "rename":
        country.events.append(("rename", code, code, day, Decimal(1)))
        touched.add(code)
    elif kind == "move":
        above = [other for other in free if not _ever_below(country, other, code)]
        country.move(code, draw(st.sampled_from(["", *above])), day)
    elif kind in ("merge", "absorb"):
        if len(free) > 1:
            chosen = draw(st.lists(st.sampled_from(free), min_size=2, max_size=3, unique=True))
            _merge(country, kind, chosen, day, touched)
    else:
        _split(draw, country, kind, code, day, touched)


def _ever_below(country: Country, code: str, upper: str) -> bool:
    return code == upper or any(
        each == code and parent and _ever_below(country, parent, upper) for each, parent, _, _ in country.places
    )


def _merge(country: Country, kind: str, chosen: list[str], day: date, touched: set[str]) -> None:
    """Into the one of them that stands below no other, or into a new body in its place."""
    (top, *_) = [code for code in chosen if not {*country.above(code, day)} & {*chosen}]
    keeper = top if kind == "absorb" else country.begin(top[0], country.parent(top), day)
    for code in chosen:
        if code != keeper:
            _dissolve(country, code, keeper, day)
            country.events.append(("merge", code, keeper, day, Decimal(1)))
    touched |= {*chosen, keeper}


def _dissolve(country: Country, code: str, heir: str, day: date) -> None:
    """A body ends; those below it go on below its heir."""
    for each in country.of(code[0]):
        if each != heir and country.parent(each) == code:
            country.move(each, heir, day)
    country.end(code, day)


def _split(draw: st.DrawFn, country: Country, kind: str, code: str, day: date, touched: set[str]) -> None:
    n_new = 1 if kind == "continue" else draw(st.integers(1 if kind == "give" else 2, 3))
    targets = [country.begin(code[0], country.parent(code), day) for _ in range(n_new)]
    if kind == "give":
        targets.append(code)
    else:
        _dissolve(country, code, targets[0], day)
    event = "continue" if kind == "continue" else "split"
    shares = shares_of(draw, len(targets))
    country.events += [(event, code, to, day, share) for to, share in zip(targets, shares, strict=True)]
    touched |= {code, *targets}
