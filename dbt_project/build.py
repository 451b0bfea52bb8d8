"""Running dbt inside this process: which models to build, how it went, and giving the warehouse back afterwards.

Owns nothing of what the models mean. Importing this module does not import dbt, which takes seconds.
"""

import copy
import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dbt_project.layout import MANIFEST, PROJECT_DIR, TARGET
from indicator_specs.environment import environment
from indicator_specs.errors import PlainError
from indicator_specs.home import Home
from indicator_specs.registry import Registry

__all__ = ["MANIFEST", "BuildError", "BuildResult", "NodeResult", "build", "content_hash", "models_for", "parse"]

FROM_CATALOGUE = frozenset(
    {
        "dim_indicator",
        "dim_measure",
        "dim_org_unit",
        "dim_period",
        "int_calendar",
        "int_deadline",
        "int_indicator_measure",
    }
    | {"int_indicator_words", "int_org_ancestor", "int_target", "mart_indicator_card"}
)
"""Models that read the catalogue and the reference tables alone: no new figure changes them."""


class BuildError(PlainError):
    """dbt could not run, or a model or test failed; the text says which and why."""


@dataclass(frozen=True)
class NodeResult:
    """How one model or test went. ``status`` is dbt's own word."""

    unique_id: str
    status: str
    message: str
    seconds: float
    rows: int | None = None
    """Rows affected where the engine says so; for a test, the rows that break it."""

    @property
    def is_model(self) -> bool:
        """Whether it is a model."""
        return self.unique_id.startswith("model.")

    @property
    def is_test(self) -> bool:
        """Whether it is a data test or a unit test."""
        return self.unique_id.startswith(("test.", "unit_test."))

    @property
    def ran(self) -> bool:
        """Whether it was not skipped."""
        return self.status != "skipped"

    @property
    def succeeded(self) -> bool:
        """Whether it was built or held."""
        return self.status in {"success", "pass"}

    @property
    def failed(self) -> bool:
        """Whether it could not be built, or was broken."""
        return self.status in {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class BuildResult:
    """One run of dbt."""

    nodes: tuple[NodeResult, ...]
    seconds: float

    @property
    def failures(self) -> tuple[str, ...]:
        """Each failed model or test in a sentence."""
        return tuple(f"{node.unique_id}: {node.message}" for node in self.nodes if node.failed)

    @property
    def succeeded(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def models_for(registry: Registry, measures: Iterable[str]) -> list[str]:
    """What to build when these measures changed: an explicit selection, in dbt's words.

    dbt's own selection would rebuild every indicator, since all read one table. What hangs on that table but is no
    indicator is always built: a light can change because a day has passed. Holds for a warehouse that was once built
    whole from this catalogue; after a change of the catalogue, build everything.

    Raises:
        KeyError: a measure that no source declares.
    """
    changed = sorted(set(measures))
    datasets = [registry.measures[measure].dataset for measure in changed]
    staging = {f"stg_{dataset.source_id}__{dataset.id}" for dataset in datasets}
    return [
        *sorted(staging),
        *_from_observations(),
        *(f"ind_{indicator}" for indicator in registry.dependents(changed)),
    ]


def _from_observations() -> list[str]:
    folders = (PROJECT_DIR / "models" / room for room in ("intermediate", "marts", "lineage"))
    models = {path.stem for folder in folders for path in folder.glob("*.sql")}
    return sorted(models - FROM_CATALOGUE)


def build(
    home: Home, select: Sequence[str] | None = None, *, unit_tests: bool = True, project: Path = PROJECT_DIR
) -> BuildResult:
    """Build models and run their tests, in this process.

    Each model's tests run before what depends on it; a broken test stops what is below it and shows in the result.

    Args:
        home: the installation; its warehouse must hold the inputs.
        select: what to build, as ``models_for`` says; None for everything.
        unit_tests: run the specs' examples too.
        project: the dbt project.

    Raises:
        BuildError: dbt could not run at all: a project that does not parse, a warehouse that is held.
    """
    arguments = ["build", *([] if select is None else ["--select", *select])]
    if not unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    started = time.perf_counter()
    results = _invoke(home, project, arguments)
    nodes = tuple(_node(result) for result in getattr(results, "results", results))
    return BuildResult(nodes, time.perf_counter() - started)


def parse(home: Home, project: Path = PROJECT_DIR) -> Path:
    """Read the project and write its manifest; returns where.

    Raises:
        BuildError: the project does not parse.
    """
    path = _target(project) / MANIFEST.name
    if not path.exists():
        _manifest.cache_clear()
    _invoke(home, project, ["parse"])
    return path


def _node(result: Any) -> NodeResult:
    response = result.adapter_response or {}
    rows = result.failures if result.failures is not None else response.get("rows_affected")
    message = " ".join(str(result.message or "").split())
    return NodeResult(result.node.unique_id, str(result.status), message, float(result.execution_time), rows)


@lru_cache(maxsize=4)
def _manifest(project: Path, fingerprint: tuple[tuple[str, int, int], ...]) -> Any:
    """The project as dbt has read it: seconds the first time, nothing while no file of it changes."""
    return _run(None, ["parse"], project)


def _target(project: Path) -> Path:
    return TARGET if project == PROJECT_DIR else project / "target"


def content_hash(project: Path = PROJECT_DIR) -> str:
    """SHA-256 of everything that dbt reads: a warehouse built by other models is to be built anew."""
    digest = hashlib.sha256()
    for path in _files(project):
        digest.update(f"{path.relative_to(project)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(project: Path) -> list[Path]:
    files = [path for folder in ("models", "macros", "tests") for path in (project / folder).rglob("*")]
    return sorted(path for path in (*files, *project.glob("*.yml")) if path.is_file())


def _fingerprint(project: Path) -> tuple[tuple[str, int, int], ...]:
    stats = ((str(path.relative_to(project)), path.stat()) for path in _files(project))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _invoke(home: Home, project: Path, arguments: list[str]) -> Any:
    with environment(CHISO_HOME=str(home.root), CHISO_WAREHOUSE=str(home.warehouse), DO_NOT_TRACK="1"):
        manifest = _manifest(project, _fingerprint(project))
        if arguments == ["parse"]:
            return manifest
        # dbt writes into what it is given; the next build wants it clean.
        return _run(copy.deepcopy(manifest), [*arguments, "--no-write-json"], project)


def _run(manifest: Any, arguments: list[str], project: Path) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - seconds to import
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check"]
    target = _target(project)
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", target]
    try:
        outcome = dbtRunner(manifest=manifest).invoke([*arguments, *map(str, places), *quiet])
    finally:
        # Otherwise nobody else can open the warehouse, not even to read, while this process lives.
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        raise BuildError(f"dbt {arguments[0]}: {outcome.exception}") from outcome.exception
    return outcome.result
