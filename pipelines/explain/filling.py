"""A formula with its figures in place of its names."""

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipelines.explain.shapes import Input


def filled(formula: str, inputs: Sequence[Input], time_period: str) -> str:
    """The formula with its figures; where a name is read in several periods, each with its period."""
    figures: dict[str, list[Input]] = defaultdict(list)
    for given in inputs:
        figures[given.name].append(given)

    def figure(name: re.Match[str]) -> str:
        found = figures.get(name[0])
        if found is None:
            return name[0]
        if len(found) == 1 and found[0].time_period in {"", time_period}:
            return _plain(found[0].obs_value)
        return "{" + "; ".join(f"{each.time_period}: {_plain(each.obs_value)}" for each in found) + "}"

    return re.sub(r"[A-Za-z_]\w*", figure, " ".join(formula.split()))


def _plain(value: Decimal | float | None) -> str:
    if value is None:
        return "?"
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return f"({text})" if text.startswith("-") else text
