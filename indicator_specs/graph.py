"""What depends on what among indicators: cycles, a computing order, dependents, groups. Pure graph work."""

from collections.abc import Iterable, Mapping

from indicator_specs.spec import Indicator


def inputs_of(spec: Indicator) -> tuple[set[str], set[str]]:
    """Measures and indicators that any method of ``spec``, at any level, reads, what it weighs by included."""
    given = [
        one
        for method in spec.methods
        for level in (None, *spec.levels)
        for one in spec.inputs_of(method, level).values()
    ]
    given += [method.weights for method in spec.methods if method.weights]
    return {one.measure for one in given if one.measure}, {one.indicator for one in given if one.indicator}


def cycles(indicators: Mapping[str, Indicator]) -> list[tuple[str, ...]]:
    """Each circle once, beginning and ending at its alphabetically first member."""
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            circle = path[path.index(name) :]
            first = circle.index(min(circle))
            found.add((*circle[first:], *circle[:first], circle[first]))
            return
        if name in done or name not in indicators:
            return
        for below in sorted(inputs_of(indicators[name])[1]):
            visit(below, [*path, name])
        done.add(name)

    for name in sorted(indicators):
        visit(name, [])
    return sorted(found)


def computing_order(indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """Indicators, inputs before users, otherwise by id. Assumes no cycle."""
    order: dict[str, None] = {}

    def place(name: str) -> None:
        if name in order or name not in indicators:
            return
        for below in sorted(inputs_of(indicators[name])[1]):
            place(below)
        order[name] = None

    for name in sorted(indicators):
        place(name)
    return tuple(order)


def dependents(order: Iterable[str], indicators: Mapping[str, Indicator], measures: Iterable[str]) -> tuple[str, ...]:
    """Indicators of ``order`` that read any of ``measures``, directly or through another indicator."""
    changed, reached = set(measures), dict[str, None]()
    for name in order:
        reads, uses = inputs_of(indicators[name])
        if reads & changed or uses & set(reached):
            reached[name] = None
    return tuple(reached)


def components(members: Iterable[str], ties: Iterable[Iterable[str]]) -> dict[str, frozenset[str]]:
    """For each member, the members that it is tied to, directly or not, itself included."""
    group = {name: frozenset({name}) for name in members}
    for tie in ties:
        tied = [name for name in tie if name in group]
        merged = frozenset().union(*(group[name] for name in tied)) if tied else frozenset()
        for name in merged:
            group[name] = merged
    return group
