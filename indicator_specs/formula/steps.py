"""Collects the columns that a formula needs before its expression: by depth, each once, with names of their own."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from indicator_specs.formula.compiled import Column, Step
from indicator_specs.typed_text import Level

Kind = Literal["window", "before", "children"]
ORDER: tuple[Kind, ...] = ("window", "before", "children")


@dataclass
class _Layer:
    names: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    frames: list[str] = field(default_factory=list)
    fixed_periods: list[int] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


class Steps:
    """The steps of one formula; the same SQL at the same depth is one column."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._layers: dict[tuple[int, Kind, Level | None, int], _Layer] = {}
        self._count = 0

    def window(self, stem: str, sql: str, depth: int, frame: str = "", fixed_period: int | None = None) -> str:
        """Add a column that keeps every row, and return its name.

        Args:
            stem: What it is, the beginning of its name.
            sql: Over what stands before ``depth``.
            depth: How many steps its SQL needs.
            frame: The window over time that it looks through.
            fixed_period: The one period that it looks at, by key.
        """
        layer = self._layers.setdefault((depth, "window", None, 0), _Layer())
        if frame and frame not in layer.frames:
            layer.frames.append(frame)
        if fixed_period is not None and fixed_period not in layer.fixed_periods:
            layer.fixed_periods.append(fixed_period)
        return self._named(layer, stem, sql)

    def before(self, stem: str, sql: str, depth: int, back: int, held_to: Collection[str]) -> str:
        """Add a column of the row ``back`` periods before, where its inputs had the same methods; return its name."""
        layer = self._layers.setdefault((depth, "before", None, back), _Layer())
        return self._named(layer, stem, sql, tuple(sorted(held_to)))

    def children(self, stem: str, sql: str, depth: int, level: Level | None, is_known: bool = False) -> str:
        """Add an aggregate over the rows of the units below, and return its name."""
        layer = self._layers.setdefault((depth, "children", level, 0), _Layer())
        name = self._named(layer, stem, sql)
        if is_known and name not in layer.known:
            layer.known.append(name)
        return name

    def _named(self, layer: _Layer, stem: str, sql: str, held_to: tuple[str, ...] = ()) -> str:
        if (sql, held_to) not in layer.names:
            self._count += 1
            while f"{stem}_{self._count}" in self._taken:
                self._count += 1
            layer.names[sql, held_to] = f"{stem}_{self._count}"
        return layer.names[sql, held_to]

    def collected(self) -> tuple[Step, ...]:
        """All steps, in the order in which they can be computed."""
        order = sorted(self._layers, key=lambda key: (key[0], ORDER.index(key[1]), key[2] or "", key[3]))
        return tuple(
            Step(
                kind,
                tuple(Column(name, sql, held_to) for (sql, held_to), name in layer.names.items()),
                tuple(layer.frames),
                level,
                tuple(layer.fixed_periods),
                tuple(layer.known),
                back,
            )
            for depth, kind, level, back in order
            for layer in (self._layers[depth, kind, level, back],)
        )
