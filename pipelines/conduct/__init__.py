"""The system's own conduct, counted from catalogue and ledger: what the source kind ``ledger`` is handed.

Counts only. Deadlines and what counts as in time are those of ``pipelines.submissions.status``.
"""

from collections.abc import Callable, Mapping, Sequence

from connectors.extracted import Conduct, Counted
from indicator_specs import periods
from indicator_specs.periods import Period
from indicator_specs.source_spec import Dataset
from pipelines.conduct.sourcing import sourcing
from pipelines.conduct.updates import updates
from pipelines.installation import Installation

COUNTS: Mapping[str, Callable[[Installation, Period], Sequence[Counted]]] = {"updates": updates, "sourcing": sourcing}
"""By the ``conduct`` of a dataset."""


def conduct_of(here: Installation) -> Conduct:
    """What counts the conduct of an installation as its ledger has it at the moment of asking."""

    def count(dataset: Dataset, time_period: str) -> Sequence[Counted]:
        found = COUNTS[dataset.conduct or ""](here, periods.parse(time_period))
        return [each for each in found if here.registry.reference.unit(each.org_unit).level in dataset.levels]

    return count
