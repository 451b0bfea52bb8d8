"""compute: bring the warehouse up to what the ledger lists, building only what changed.

Which measures changed is told by the ledger; which models that concerns, by the registry. The warehouse can be
thrown away at any time: the next call builds it whole.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.accepted import accepted_measures
from dbt_project import Changed, load_inputs
from dbt_project.build import BuildError, BuildResult, NodeResult, build
from dbt_project.layout import PROJECT_DIR
from indicator_specs import drill
from indicator_specs.keys import stable_key
from pipelines.built import Mark, at_work, note_begun, note_built, read_mark
from pipelines.installation import Installation
from pipelines.turns import WAREHOUSE, turn


@dataclass(frozen=True)
class Computed:
    """What a computation did."""

    nodes: tuple[NodeResult, ...]
    indicators: tuple[str, ...]
    """Indicators computed anew."""
    is_full: bool
    seconds: float

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
        return f"Computed {what}: {len(self.nodes)} nodes in {self.seconds:.1f} s, {len(self.failures)} failures"


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


@contextmanager
def computing(installation: Installation, *, full: bool = False) -> Iterator[Computed]:
    """As ``compute``, for whoever tells of it: meanwhile the warehouse is closed, which folds its journal, a second.

    Whoever wants the warehouse next has it after the block.

    Raises:
        BuildError, LeaseHeldError: as ``compute``.
    """
    with turn(installation.ledger, WAREHOUSE), ExitStack() as opened, ThreadPoolExecutor(1) as aside:
        computed = _compute(installation, opened.enter_context(at_work(installation.home)), full=full)
        closed = aside.submit(opened.close)
        yield computed
        closed.result()


def compute_in_turn(
    installation: Installation, *, full: bool = False, unit_tests: bool = False, project: Path = PROJECT_DIR
) -> Computed:
    """As ``compute``, for whoever keeps the warehouse already."""
    with at_work(installation.home) as before:
        return _compute(installation, before, full=full, unit_tests=unit_tests, project=project)


def _compute(
    installation: Installation,
    before: Mark | None,
    *,
    full: bool,
    unit_tests: bool = False,
    project: Path = PROJECT_DIR,
) -> Computed:
    """In a warehouse that stays open meanwhile: to open it is to read its whole catalogue, to close it a checkpoint."""
    home, registry, ledger = installation.home, installation.registry, installation.ledger
    now = Mark.of(installation, project)
    with ledger.table_parts() as tables:
        duties = load_inputs(home, registry, tables)
    drill.point("inputs_loaded")
    note_begun(home, before)
    changed = None
    if before is not None and before.has_same_rules(now) and not full:
        changed = _changed(installation, before, now, duties)
    result: BuildResult = build(home, changed=changed, unit_tests=unit_tests, project=project)
    drill.point("models_built")
    indicators = registry.order if changed is None else changed.indicators
    computed = Computed(result.nodes, indicators, changed is None, result.seconds)
    if not computed.failures:
        note_built(home, now, changed)
    return computed


def foreseen(installation: Installation, project: Path = PROJECT_DIR) -> Changed | None:
    """What a computation would build now, as far as that can be told before it; None: everything, or nobody can tell.

    Raises:
        LeaseHeldError: another process keeps the warehouse.
    """
    with turn(installation.ledger, WAREHOUSE):
        before, now = read_mark(installation.home), Mark.of(installation, project)
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
