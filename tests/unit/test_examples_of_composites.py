"""Examples of composites are worked out from their declaration, and give what the compiled models give."""

from decimal import Decimal
from typing import Any

import pytest

from dbt_project.examples import UnreadableFormulaError
from dbt_project.examples_of_composites import composed
from indicator_specs.composites import Composite

BANDS = [{"floor": "10", "points": "1"}, {"floor": "50", "points": "4"}]


def of(aggregation: str, first: dict[str, Any] | None = None, **policy: str) -> Composite:
    members = [
        {"name": "a", "measure": "theme.a", "weight": "1", "normalise": first or {}},
        {"name": "b", "measure": "theme.b", "weight": "3"},
    ]
    return Composite.model_validate({"members": members, "aggregation": aggregation} | policy)


REWEIGHT = {"missing": "reweight", "min_weight": "0.5"}
TARGET = "distance_to_target"
LOWER = "lower_is_better"


@pytest.mark.parametrize(
    ("composite", "a", "b", "value"),
    [
        (of("arithmetic"), 2, 6, 5),
        (of("geometric"), 16, 1, 2),
        (of("geometric"), 0, 5, 0),
        (of("geometric"), -1, 5, None),
        (of("harmonic"), 1, 3, 2),
        (of("harmonic"), 0, 3, 0),
        (of("sum"), 2, 6, 20),
        (of("arithmetic"), None, 6, None),
        (of("arithmetic", **REWEIGHT), None, 6, 6),
        (of("arithmetic", **REWEIGHT), 2, None, None),
        (of("sum", **REWEIGHT), None, 6, 24),
        (of("geometric", **REWEIGHT), None, 0, 0),
        (of("sum", {"method": "bands", "bands": BANDS}), 50, 0, 4),
        (of("sum", {"method": "bands", "bands": BANDS}), 49, 0, 1),
        (of("sum", {"method": "bands", "bands": BANDS}), 9, 0, 0),
        (of("sum", {"method": TARGET}), 20, 0, 0.5),
        (of("sum", {"method": TARGET}), 60, 0, 1),
        (of("sum", {"method": TARGET}), -3, 0, 0),
        (of("sum", {"method": TARGET, "direction": LOWER}), 80, 0, 0.5),
        (of("sum", {"method": TARGET, "direction": LOWER}), 0, 0, 1),
        (of("sum", {"method": "goalposts", "low": "0", "high": "10", "direction": LOWER}), 4, 0, 0.6),
        (of("sum", {"method": "goalposts", "low": "10", "high": "0"}), 4, 0, 0.6),
    ],
)
def test_a_composite_is_worked_out(composite: Composite, a: int | None, b: int | None, value: float | None) -> None:
    given = {name: [None if figure is None else Decimal(figure)] for name, figure in (("a", a), ("b", b))}
    (found,) = composed(composite, given, {"a": Decimal(40)})
    assert found == (None if value is None else pytest.approx(value, rel=1e-12))


@pytest.mark.parametrize("method", ["minmax", "zscore", "rank", "percentile"])
def test_what_looks_at_peers_is_not_worked_out(method: str) -> None:
    with pytest.raises(UnreadableFormulaError, match="more than one unit"):
        composed(of("sum", {"method": method}), {"a": [Decimal(1)], "b": [Decimal(1)]}, {})
