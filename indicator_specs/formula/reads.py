"""Which periods of which inputs one value reads, and whether it looks at other units: for explaining, not computing."""

from collections.abc import Iterator
from dataclasses import dataclass

from indicator_specs import periods
from indicator_specs.formula import tree
from indicator_specs.formula.functions import FUNCTIONS
from indicator_specs.formula.tree import Call, Input, Node
from indicator_specs.periods import Period


@dataclass(frozen=True)
class Reads:
    """What a value reads.

    ``own``: input and period, for the unit itself, in the order of the text; ``beside`` and ``below``: inputs read of
    the unit's peers and of its child units, with the level of these where the formula names it.
    """

    own: tuple[tuple[str, Period], ...]
    beside: tuple[str, ...]
    below: tuple[tuple[str, str], ...]


def reads(node: Node, period: Period) -> Reads:
    """Everything that a value of ``period`` reads."""
    own = dict.fromkeys(_own(node, period))
    calls = [each for each in tree.walk(node) if isinstance(each, Call)]
    beside = [n for c in calls if FUNCTIONS[c.name].group == "peers" and c.name != "goalposts" for n in tree.inputs(c)]
    below = [(n, _level(c)) for c in calls if FUNCTIONS[c.name].group == "child_units" for n in tree.inputs(c)]
    return Reads(tuple(own), tuple(dict.fromkeys(beside)), tuple(dict.fromkeys(below)))


def _level(call: Call) -> str:
    return next((part.value for part in call.args if isinstance(part, tree.Text)), "")


def _own(node: Node, period: Period) -> Iterator[tuple[str, Period]]:
    if isinstance(node, Input):
        yield node.name, period
    elif isinstance(node, Call) and FUNCTIONS[node.name].group == "child_units":
        return
    elif isinstance(node, Call) and FUNCTIONS[node.name].group == "time":
        for each in _times(node, period):
            yield from _own(node.args[0], each)
    else:
        for below in tree.children(node):
            yield from _own(below, period)


def _times(call: Call, period: Period) -> Iterator[Period]:
    """The periods at which a function of time takes its value, the newest first."""
    back = _count(call)
    match call.name:
        case "lag":
            yield _before(period, back)
        case "same_period_last_year":
            yield period.last_year
        case "change" | "growth":
            yield from (period, _before(period, back))
        case "yoy":
            yield from (period, period.last_year)
        case "ytd":
            yield from (_before(period, number) for number in range(period.position))
        case "rolling_sum" | "rolling_mean":
            yield from (_before(period, number) for number in range(back))
        case "latest":
            yield from (_before(period, number) for number in range(back + 1))
        case "at":
            yield _named(call)
        case "cagr" | "index_base":
            yield from (period, _named(call))


def _count(call: Call) -> int:
    return next((int(part.value) for part in call.args[1:] if isinstance(part, tree.Number)), 1)


def _named(call: Call) -> Period:
    return next(periods.parse(part.value) for part in call.args if isinstance(part, tree.Text))


def _before(period: Period, count: int) -> Period:
    return Period(period.frequency, period.period_no - count)
