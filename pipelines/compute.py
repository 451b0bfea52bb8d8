"""compute: bring the warehouse up to what the ledger lists, building only what changed.

Which measures changed is told by the ledger; which models that concerns, by the registry. The warehouse can be
thrown away at any time: the next call builds it whole.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dbt_project import Changed, duties_met, load_inputs, rules_hash, today
from dbt_project.build import BuildError, BuildResult, NodeResult, build, content_hash
from dbt_project.layout import PROJECT_DIR
from indicator_specs import drill
from indicator_specs.errors import both
from indicator_specs.home import Home
from indicator_specs.keys import stable_key
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


@dataclass(frozen=True)
class _Mark:
    """What the warehouse was last built from."""

    rules_hash: str
    models_hash: str
    home: str
    """Staging reads the accepted files by their full path: a warehouse that was moved is built anew."""
    last_batch: int
    as_of: str

    @classmethod
    def of(cls, installation: Installation, project: Path) -> "_Mark":
        last = max((batch.batch_no for batch in installation.ledger.batches()), default=0)
        root = str(installation.home.root)
        return cls(rules_hash(installation.registry), content_hash(project), root, last, today().isoformat())

    def has_same_rules(self, other: "_Mark") -> bool:
        """Whether only figures and the day can have changed between the two."""
        mine, theirs = (self.rules_hash, self.models_hash, self.home), (other.rules_hash, other.models_hash, other.home)
        return mine == theirs


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
        return _compute(installation, full, unit_tests, project)


def _compute(installation: Installation, full: bool, unit_tests: bool, project: Path) -> Computed:
    home, registry, ledger = installation.home, installation.registry, installation.ledger
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    before, now = _read_mark(installation), _Mark.of(installation, project)
    duties = load_inputs(home, registry, ledger.tables())
    drill.point("inputs_loaded")
    _note(home, before, is_whole=False)
    changed = None
    if before is not None and before.has_same_rules(now) and not full:
        changed = _changed(installation, before, now, duties)
    result: BuildResult = build(home, changed=changed, unit_tests=unit_tests, project=project)
    drill.point("models_built")
    indicators = registry.order if changed is None else changed.indicators
    computed = Computed(result.nodes, indicators, changed is None, result.seconds)
    if not computed.failures:
        _note(home, now, is_whole=True)
    return computed


def require_whole(home: Home) -> None:
    """Refuse a warehouse in which a computation was begun and has not succeeded.

    Raises:
        BuildError: some of its models are newer than others.
    """
    if not home.warehouse.exists():
        return
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        if _has_mark(warehouse) and not warehouse.execute("select is_whole from main.built_from").fetchall()[0][0]:
            raise BuildError(
                both(
                    "Lần tính gần nhất chưa hoàn thành nên chưa thể chốt số liệu; đề nghị tính lại",
                    "The last computation did not succeed, so there is nothing whole to release; compute again",
                )
            )


def _changed(installation: Installation, before: _Mark, now: _Mark, duties: frozenset[int]) -> Changed:
    """Measures of which batches since the mark bring values, and those of which other values are owed now."""
    home, registry = installation.home, installation.registry
    new = [batch for batch in installation.ledger.batches() if batch.batch_no > before.last_batch]
    paths = sorted({str(home.root / batch.accepted_path) for batch in new if batch.accepted_path})
    measures = {measure for measure in registry.measures if stable_key(measure) in duties}
    if paths:
        rows = duckdb.execute("select distinct measure from read_parquet(?)", [paths]).fetchall()
        # A code that nobody declares is found by the tests of staging.
        measures |= {str(measure) for (measure,) in rows} & registry.measures.keys()
    return Changed.of(
        registry,
        measures,
        {f"{batch.source}.{batch.dataset}" for batch in new if batch.accepted_path},
        since_batch=before.last_batch,
        is_new_day=before.as_of != now.as_of,
    )


def _read_mark(installation: Installation) -> _Mark | None:
    _drop_if_broken(installation.home.warehouse)
    if not installation.home.warehouse.exists():
        return None
    with duckdb.connect(str(installation.home.warehouse), read_only=True) as warehouse:
        if not _has_mark(warehouse):
            return None
        row = warehouse.execute("select mark from main.built_from").fetchone()
    noted = json.loads(row[0]) if row else {}
    return _Mark(**noted) if noted.keys() == _Mark.__dataclass_fields__.keys() else None


def _drop_if_broken(warehouse: Path) -> None:
    """A warehouse that cannot be opened is thrown away: all of it comes from the ledger and the accepted rows."""
    if not warehouse.exists():
        return
    try:
        duckdb.connect(str(warehouse), read_only=True).close()
    except duckdb.Error as error:
        if "lock" in str(error):
            raise  # somebody works in it
        for path in (warehouse, warehouse.with_name(f"{warehouse.name}.wal")):
            path.unlink(missing_ok=True)


def _has_mark(warehouse: duckdb.DuckDBPyConnection) -> bool:
    found = warehouse.execute("select 1 from information_schema.tables where table_name = 'built_from'").fetchone()
    return found is not None


def _note(home: Home, mark: _Mark | None, *, is_whole: bool) -> None:
    """In the warehouse itself, so that the mark can never outlive what it speaks of."""
    noted = json.dumps(vars(mark) if mark else {})
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute(
            "create or replace table main.built_from as select ? as mark, ? as is_whole", [noted, is_whole]
        )
        if is_whole:
            duties_met(warehouse)
