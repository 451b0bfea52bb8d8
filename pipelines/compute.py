"""compute: bring the warehouse up to what the ledger lists, building only what changed.

Which measures changed is told by the ledger; which models that concerns, by the registry. The warehouse can be
thrown away at any time: the next call builds it whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.accepted import accepted_measures
from dbt_project import Changed, load_inputs
from dbt_project.build import BuildError, BuildResult, NodeResult, build
from dbt_project.layout import PROJECT_DIR
from indicator_specs import drill
from indicator_specs.keys import stable_key
from pipelines.built import Mark, at_work, note_begun, note_built, noted_mark
from pipelines.installation import Installation
from pipelines.turns import WAREHOUSE, turn


@dataclass(frozen=True)
class Computed:
    """What a computation did."""

    nodes: tuple[NodeResult, ...]
    indicators: tuple[str, ...]
    """Indicators computed anew."""
    changed: Changed | None
    """What was new; None where everything was built."""
    seconds: float
    is_ahead: bool = False
    """Whether it was done before the run that tells of it."""

    @property
    def is_full(self) -> bool:
        """Whether everything was built, whatever was new."""
        return self.changed is None

    @classmethod
    def joined(cls, computed: Sequence["Computed"]) -> "Computed":
        """Some computations as one: of a node that several of them built, how it went the last time."""
        nodes = {node.unique_id: node for each in computed for node in each.nodes}
        indicators = dict.fromkeys(indicator for each in computed for indicator in each.indicators)
        changed = None if any(each.is_full for each in computed) else computed[-1].changed
        seconds, is_ahead = sum(each.seconds for each in computed), any(each.is_ahead for each in computed)
        return cls(tuple(nodes.values()), tuple(indicators), changed, seconds, is_ahead)

    @property
    def failures(self) -> list[str]:
        """Models and tests that failed, each in a sentence."""
        return [f"{node.unique_id}: {node.message}" for node in self.nodes if node.failed]

    def raise_on_failure(self) -> None:
        """Stop the line where a model or a test failed.

        Raises:
            BuildError: names every failure.
        """
        if self.failures:
            raise BuildError("\n".join(self.failures))

    @property
    def summary(self) -> str:
        """One line for a log."""
        what = "everything" if self.is_full else f"{len(self.indicators)} indicators"
        when = " before this run began" if self.is_ahead else ""
        return f"Computed {what}{when}: {len(self.nodes)} nodes in {self.seconds:.1f} s, {len(self.failures)} failures"


def compute(
    installation: Installation, *, full: bool = False, unit_tests: bool = False, project: Path = PROJECT_DIR
) -> Computed:
    """Load the inputs, build the models that changed, test their grain.

    What changed is told by the accepted rows of new batches and by duties that have fallen due; all else stays as it
    stands, and the result is that of a full build, table by table.

    Args:
        installation: where.
        full: build every model, whatever changed.
        unit_tests: run the specs' examples as dbt unit tests too.
        project: the dbt project.

    Raises:
        BuildError: dbt could not run at all. A model or test that fails is in the result instead.
        LeaseHeldError: another process keeps the warehouse.
    """
    with turn(installation.ledger, WAREHOUSE):
        return compute_in_turn(installation, full=full, unit_tests=unit_tests, project=project)


def compute_in_turn(
    installation: Installation, *, full: bool = False, unit_tests: bool = False, project: Path = PROJECT_DIR
) -> Computed:
    """As ``compute``, for whoever keeps the warehouse already."""
    with at_work(installation.home) as warehouse:
        return compute_in(warehouse, installation, full=full, unit_tests=unit_tests, project=project)


def compute_in(
    warehouse: duckdb.DuckDBPyConnection,
    installation: Installation,
    *,
    full: bool = False,
    unit_tests: bool = False,
    project: Path = PROJECT_DIR,
) -> Computed:
    """As ``compute_in_turn``, for whoever has it open ``at_work`` and goes on with it."""
    home, registry, ledger = installation.home, installation.registry, installation.ledger
    before, now = noted_mark(warehouse), Mark.of(installation, project)
    with ledger.table_parts() as tables:
        duties = load_inputs(home, registry, tables)
    drill.point("inputs_loaded")
    note_begun(warehouse, before)
    changed = None
    if before is not None and before.has_same_rules(now) and not full:
        changed = _changed(installation, before, now, duties)
    result: BuildResult = build(home, changed=changed, unit_tests=unit_tests, project=project)
    drill.point("models_built")
    indicators = registry.order if changed is None else changed.indicators
    computed = Computed(result.nodes, indicators, changed, result.seconds)
    if not computed.failures:
        note_built(warehouse, now, changed)
    return computed


def foreseen(warehouse: duckdb.DuckDBPyConnection, installation: Installation) -> Changed | None:
    """What a computation would build now; None: everything, or nobody can tell: on another day more falls due."""
    before, now = noted_mark(warehouse), Mark.of(installation, PROJECT_DIR)
    if before is None or not before.has_same_rules(now) or before.as_of != now.as_of:
        return None
    return _changed(installation, before, now, frozenset())


def _changed(installation: Installation, before: Mark, now: Mark, duties: frozenset[int]) -> Changed:
    """Measures of which batches since the mark bring values, and those of which other values are owed now."""
    home, registry = installation.home, installation.registry
    new = installation.ledger.batches(after=before.last_batch)
    measures = {measure for measure in registry.measures if stable_key(measure) in duties}
    # A code that nobody declares is found by the tests of staging.
    measures |= accepted_measures(home, installation.ledger, new) & registry.measures.keys()
    # A dataset of which files were merged since has no new values, but its rows are read elsewhere.
    datasets = installation.ledger.compactions.datasets_since(before.last_compaction) & registry.datasets.keys()
    return Changed.of(
        registry,
        measures,
        datasets | {f"{batch.source}.{batch.dataset}" for batch in new if batch.accepted_path},
        since_batch=before.last_batch,
        is_new_day=before.as_of != now.as_of,
    )
