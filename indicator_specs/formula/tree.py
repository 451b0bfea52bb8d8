"""A formula as a tree of frozen nodes: what the parser reads, what composites are built of, what is compiled.

Trees compare by what they say; ``position``, the offset in the text that a node was read from (-1: none), does not
count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

Comparator = Literal["<", "<=", ">", ">=", "=", "<>"]
Direction = Literal["higher_is_better", "lower_is_better"]


@dataclass(frozen=True)
class Number:
    """An exact constant."""

    value: Fraction
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Text:
    """A quoted word: a period or a level, only ever an argument of a function."""

    value: str
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Input:
    """The value of one input."""

    name: str
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Negation:
    """Minus a value."""

    operand: "Node"
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Binary:
    """Two values joined by an arithmetic sign; ``^`` raises to a power."""

    operator: Literal["+", "-", "*", "/", "^"]
    left: "Node"
    right: "Node"
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Call:
    """A function of ``functions.FUNCTIONS`` with its arguments as written; a default that is not written is absent."""

    name: str
    args: tuple["Node", ...]
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Comparison:
    """Two values compared; unknown where either is missing."""

    operator: Comparator
    left: "Node"
    right: "Node"
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Logic:
    """Conditions joined; unknown only where the known ones leave it open."""

    operator: Literal["and", "or"]
    parts: tuple["Node", ...]
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Not:
    """A condition turned round; unknown stays unknown."""

    operand: "Node"
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Bands:
    """Points by the highest floor that the value reaches, none below the first. ``bands``: floor, points; ascending."""

    operand: "Node"
    bands: tuple[tuple[Fraction, Fraction], ...]
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class TargetShare:
    """How much of a target is reached, from 0 to 1: value over goal, or goal over value where lower is better."""

    operand: "Node"
    goal: Fraction
    direction: Direction
    position: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Aggregate:
    """Members of a composite with their weights, joined.

    ``min_weight`` is None where a missing member makes the whole missing; else missing members leave, and the whole
    is missing where less than that share of the weight is present.
    """

    kind: Literal["arithmetic", "geometric", "harmonic", "sum"]
    members: tuple[tuple[Fraction, "Node"], ...]
    min_weight: Fraction | None = None
    position: int = field(default=-1, compare=False)


Node: TypeAlias = (
    Number | Text | Input | Negation | Binary | Call | Comparison | Logic | Not | Bands | TargetShare | Aggregate
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in order."""
    match node:
        case Negation() | Not() | Bands() | TargetShare():
            return (node.operand,)
        case Binary() | Comparison():
            return (node.left, node.right)
        case Call():
            return node.args
        case Logic():
            return node.parts
        case Aggregate():
            return tuple(member for _, member in node.members)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for below in children(node):
        yield from walk(below)


def inputs(node: Node) -> tuple[str, ...]:
    """Names of the inputs that it reads, sorted."""
    return tuple(sorted({each.name for each in walk(node) if isinstance(each, Input)}))
