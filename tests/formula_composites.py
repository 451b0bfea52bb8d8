"""Random composites as they are declared, and what they must give, by exact fractions and without the compiler."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from random import Random
from typing import Any

from indicator_specs.composites import Composite, Member
from tests import exact_numbers as n
from tests import formula_peers
from tests.exact_numbers import MISSING, Number
from tests.formula_making import NAMES
from tests.formula_oracle import Panel, Place

Declared = dict[str, Any]
"""A composite, or a member, as its YAML says it."""
SCALES = ("none", "minmax", "goalposts", "zscore", "rank", "percentile", "distance_to_target", "bands")


class Composites:
    """Random declarations over the inputs of a panel."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def composite(self) -> Declared:
        names = self.random.sample(NAMES, self.random.choice((2, 3, 4)))
        members = [self.leaf(name) for name in names]
        if len(members) == 4 and self.random.random() < 0.6:
            members = [members[0], self.group(members[1:])]
        return {"members": members, "aggregation": self.kind()} | self.policy()

    def kind(self) -> str:
        return self.random.choice(("arithmetic", "geometric", "harmonic", "sum"))

    def policy(self) -> Declared:
        if self.random.random() < 0.4:
            return {"missing": "refuse"}
        return {"missing": "reweight", "min_weight": self.random.choice(("0.5", "0.3", "1", "0.7"))}

    def weight(self) -> str:
        return self.random.choice(("1", "1", "2", "0.1", "0.2", "0.3", "12.5"))

    def group(self, members: list[Declared]) -> Declared:
        scale = {"method": self.random.choice(("none", "minmax", "zscore"))}
        return {
            "name": "several",
            "members": members,
            "aggregation": self.kind(),
            "weight": self.weight(),
            "normalise": scale,
        }

    def leaf(self, name: str) -> Declared:
        method = self.random.choice(SCALES)
        direction = self.random.choice(("higher_is_better", "lower_is_better"))
        scale: Declared = {"method": method, "direction": direction}
        if method == "goalposts":
            scale |= dict(zip(("low", "high"), self.random.choice((("0", "10"), ("5", "-2.5"))), strict=True))
        if method == "bands":
            scale["bands"] = [{"floor": floor, "points": points} for floor, points in BANDS]
        return {"name": name, "indicator": f"of_{name}", "weight": self.weight(), "normalise": scale}


def as_declared(composite: Composite) -> Declared:
    """A composite of the catalogue as plain data, every part named."""
    return composite.model_dump(mode="json") | {"members": _named(composite.members)}


def _named(members: Iterable[Member]) -> list[Declared]:
    found = []
    for member in members:
        told = member.model_dump(mode="json") | {"name": member.input_name}
        found.append(told | {"members": _named(member.members)} if member.members else told)
        if not member.members:
            del found[-1]["members"]
    return found


BANDS = (("-1", "2.5"), ("0", "5"), ("3", "10"), ("7.5", "0"))
GOALS = {"a": "4", "b": "10", "c": "0.5", "d": "7"}
"""The target of the indicator behind each input."""


class Expected:
    """What a declared composite must give on a panel; ``goals`` are the targets of its members."""

    def __init__(self, panel: Panel, composite: Declared, goals: Mapping[str, str] = GOALS) -> None:
        self.panel, self.composite, self.goals = panel, composite, goals
        self.known: dict[tuple[int, Place], Number] = {}

    def value(self, place: Place) -> Number:
        """Its value in one place."""
        return self._joined(self.composite, place)

    def _joined(self, group: Declared, place: Place) -> Number:
        parts = [(Fraction(member.get("weight", "1")), self._scaled(member, place)) for member in group["members"]]
        there = [(weight, part) for weight, part in parts if part.value is not None]
        present, whole = sum(weight for weight, _ in there), sum(weight for weight, _ in parts)
        least = Fraction(self.composite.get("min_weight", "1"))
        if self.composite["missing"] == "refuse":
            least = Fraction(1)
        if present < least * whole:
            return MISSING
        kind = group["aggregation"]
        if kind in {"geometric", "harmonic"}:
            signs = [n.compared(part, Number(Fraction(0))) for _, part in there]
            if min(signs) <= 0:
                return Number(Fraction(0)) if min(signs) == 0 else MISSING
            return self._mean(kind, there, present)
        total = Number(Fraction(0))
        for weight, part in there:
            total = n.add(total, n.multiply(Number(weight, weight * n.EPSILON), part))
        return n.divide(total, Number(present if kind == "arithmetic" else present / whole))

    @staticmethod
    def _mean(kind: str, there: list[tuple[Fraction, Number]], present: Fraction) -> Number:
        total = Number(Fraction(0))
        for weight, part in there:
            term = n.ln(part) if kind == "geometric" else n.divide(Number(Fraction(1)), part)
            total = n.add(total, n.multiply(Number(weight, weight * n.EPSILON), term))
        if kind == "geometric":
            return n.exp(n.divide(total, Number(present)))
        return n.divide(Number(present), total)

    def _own(self, member: Declared, place: Place) -> Number:
        key = (id(member), place)
        if key not in self.known:
            if "members" in member:
                self.known[key] = self._joined(member, place)
            else:
                given = self.panel.rows[place].values[member["name"]]
                self.known[key] = MISSING if given is None else Number(given)
        return self.known[key]

    def _scaled(self, member: Declared, place: Place) -> Number:
        own, scale = self._own(member, place), member["normalise"]
        if own.value is None or scale["method"] == "none":
            return own
        lower = scale.get("direction") == "lower_is_better"
        fixed: dict[str, Callable[[Number, Declared, bool], Number]] = {
            "goalposts": _goalposts,
            "bands": _banded,
            "distance_to_target": lambda x, _, turned: _reached(x, Fraction(self.goals[member["name"]]), turned),
        }
        if scale["method"] in fixed:
            return fixed[scale["method"]](own, scale, lower)
        peers = [self._own(member, other) for other in self.panel.beside(place)]
        if lower and scale["method"] == "rank":
            own, peers = _opposite(own), [_opposite(peer) for peer in peers]
        found = formula_peers.among(scale["method"], own, peers)
        return _turned(scale["method"], found) if lower and found.value is not None else found


def _opposite(number: Number) -> Number:
    return number if number.value is None else n.negate(number)


def _turned(method: str, found: Number) -> Number:
    if method in {"minmax", "percentile"}:
        return n.add(Number(Fraction(1)), found, -1)
    return n.negate(found) if method == "zscore" else found


def _goalposts(x: Number, scale: Declared, lower: bool) -> Number:
    low, high = Fraction(scale["low"]), Fraction(scale["high"])
    if lower:
        low, high = max(low, high), min(low, high)
    part = n.divide(n.add(x, Number(low), -1), Number(high - low))
    return n.extreme([Number(Fraction(0)), n.extreme([Number(Fraction(1)), part], -1)], 1)


def _banded(x: Number, scale: Declared, _: bool) -> Number:
    reached = [band for band in scale["bands"] if n.compared(x, Number(Fraction(band["floor"]))) >= 0]
    return Number(Fraction(reached[-1]["points"]) if reached else Fraction(0))


def _reached(x: Number, goal: Fraction, lower: bool) -> Number:
    if lower:
        return Number(Fraction(1)) if n.compared(x, Number(goal)) <= 0 else n.divide(Number(goal), x)
    part = n.divide(x, Number(goal))
    return n.extreme([Number(Fraction(0)), n.extreme([Number(Fraction(1)), part], -1)], 1)
