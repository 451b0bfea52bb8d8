"""What to build when figures changed: models by name and the slices of them, told by the registry.

dbt's own selection would rebuild everything, since everything hangs on one observations table. Runs nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dbt_project.layout import PROJECT_DIR
from indicator_specs.keys import stable_key
from indicator_specs.registry import Registry

FROM_CATALOGUE = frozenset(
    {"dim_indicator", "dim_measure", "dim_org_unit", "dim_period", "int_calendar", "int_deadline"}
    | {
        "int_indicator_measure",
        "int_indicator_words",
        "int_org_ancestor",
        "int_org_child",
        "int_target",
        "mart_indicator_card",
    }
    | {"int_org_hierarchy", "int_org_move", "int_org_way", "int_org_part", "int_org_era", "int_org_group"}
    | {"int_org_group_pair", "dim_org_unit_name", "dim_org_hierarchy"}
)
"""Models that read the catalogue and the reference tables alone: no new figure changes them."""

FROM_SUBMISSIONS = (
    "int_verification",
    "int_submission",
    "int_owed_unit",
    "int_submission_state",
    "mart_submission_status",
)
"""Models that a submission changes even where every figure of it was returned."""


@dataclass(frozen=True)
class Changed:
    """What is not yet in a warehouse that was once built whole from the same catalogue and models."""

    measures: tuple[str, ...]
    """Measures that have new values, or other duties."""
    indicators: tuple[str, ...]
    """Indicators that read them, directly or not, or are held against them, in computing order."""
    datasets: tuple[str, ...]
    """Ids of the datasets of these measures, for what is told by dataset."""
    staging: tuple[str, ...]
    """Staging models that have batches after ``since_batch``."""
    since_batch: int
    """The last batch that the warehouse holds."""
    is_new_day: bool = False
    """Deadlines are read anew: a light may change where no figure has."""

    @classmethod
    def of(
        cls,
        registry: Registry,
        measures: Iterable[str],
        datasets: Iterable[str] = (),
        *,
        since_batch: int = 0,
        is_new_day: bool = False,
    ) -> "Changed":
        """What follows from changed measures, and from new batches of datasets (``source.dataset``).

        Raises:
            KeyError: a measure or a dataset that no source declares.
        """
        known = tuple(sorted(registry.measures[measure].id for measure in set(measures)))
        found = (registry.datasets[name] for name in sorted(set(datasets)))
        staging = tuple(f"stg_{dataset.source_id}__{dataset.id}" for dataset in found)
        giving = {each.id for each in registry.datasets.values() if not {m.id for m in each.measures}.isdisjoint(known)}
        concerned = {*registry.dependents(known), *registry.held_against(known)}
        indicators = tuple(name for name in registry.order if name in concerned)
        return cls(known, indicators, tuple(sorted(giving)), staging, since_batch, is_new_day)

    @property
    def models(self) -> list[str]:
        """An explicit selection, in dbt's words."""
        if not self.measures and not self.is_new_day:
            return [*self.staging, *FROM_SUBMISSIONS]
        indicators = (f"ind_{indicator}" for indicator in self.indicators)
        return [*self.staging, *_from_observations(), *indicators, "fct_indicator_value"]

    @property
    def slices(self) -> Mapping[str, object]:
        """The variable ``changed`` of the models (``macros/slices.sql``)."""
        of_indicators = {"indicator": self.indicators, "indicator_key": [stable_key(name) for name in self.indicators]}
        return {
            "measure_key": [stable_key(measure) for measure in self.measures],
            "dataset": self.datasets,
            **({} if self.is_new_day else of_indicators),
            "staging": self.staging,
            "since_batch": self.since_batch,
        }


def _from_observations() -> list[str]:
    """Tables that hang on the observations and are no indicators. Views stand: what they read has changed, not they."""
    models = (path for room in ("intermediate", "marts") for path in (PROJECT_DIR / "models" / room).glob("*.sql"))
    tables = {path.stem for path in models if "materialized='view'" not in path.read_text(encoding="utf-8")}
    return sorted(tables - FROM_CATALOGUE)
