"""From a published value down to the cells and rows it came from, read from a sealed release alone."""

from difflib import get_close_matches

import duckdb

from indicator_specs.errors import both
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines.explain.sealed import Sealed
from pipelines.explain.shapes import Explained, ExplainError, Input, Leaf, UnitFigures
from pipelines.explain.tracer import Tracer
from pipelines.release import CURRENT

__all__ = ["ExplainError", "Explained", "Input", "Leaf", "UnitFigures", "explain"]


def explain(home: Home, registry: Registry, indicator: str, org_unit: str, time_period: str) -> Explained:
    """The whole tree under one value of the current release.

    Args:
        home: the installation.
        registry: the catalogue.
        indicator: indicator id.
        org_unit: org unit code.
        time_period: period as SDMX text.

    Raises:
        ExplainError: no release yet, an unknown indicator, or no such value in the release.
    """
    path = home.published / CURRENT
    if not path.exists():
        raise ExplainError(both("Chưa có bản chốt số liệu nào: chiso run", "There is no release yet: chiso run"))
    if indicator not in registry.indicators:
        near = ", ".join(get_close_matches(indicator, registry.indicators, cutoff=0.5)) or "indicator_specs/catalogue/"
        raise ExplainError(
            both(
                f"Danh mục không có chỉ số {indicator!r}; xem {near}",
                f"The catalogue has no indicator {indicator!r}; see {near}",
            )
        )
    with duckdb.connect(str(path.resolve()), read_only=True) as release:
        return Tracer(registry, Sealed(home, registry, release)).value(indicator, org_unit, time_period)
