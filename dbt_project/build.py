"""Running dbt inside this process: which models to build, how it went, and giving the warehouse back afterwards.

Owns nothing of what the models mean. Importing this module does not import dbt, which takes seconds.
"""

import copy
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb

from dbt_project.excerpt import TO_BUILD, excerpt
from dbt_project.layout import MANIFEST, PROJECT_DIR, target_of
from dbt_project.selection import Changed
from indicator_specs.environment import environment
from indicator_specs.errors import PlainError
from indicator_specs.home import Home

__all__ = ["MANIFEST", "BuildError", "BuildResult", "NodeResult", "build", "content_hash", "parse"]


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
    statement: str | None = None
    """What finds the rows that break a data test; None where none does."""

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


def build(
    home: Home,
    select: Sequence[str] | None = None,
    *,
    changed: Changed | None = None,
    unit_tests: bool = True,
    project: Path = PROJECT_DIR,
) -> BuildResult:
    """Build models and run their tests, in this process.

    Each model's tests run before what depends on it; a broken test stops what is below it and shows in the result.

    Args:
        home: the installation; its warehouse must hold the inputs.
        select: what to build, in dbt's words; None for everything.
        changed: build in part, whatever ``select`` says: replace the rows that these changes concern, in a warehouse
            that was once built whole.
        unit_tests: run the specs' examples too.
        project: the dbt project.

    Raises:
        BuildError: dbt could not run at all: a project that does not parse, a warehouse that is held.
    """
    arguments, take = ["build"], copy.deepcopy
    if changed is None:
        # A test that also looks at what this build does not make is for another build.
        arguments += ["--indirect-selection", "buildable", *([] if select is None else ["--select", *select])]
    else:
        arguments += ["--indirect-selection", "empty", "--select", f"tag:{TO_BUILD}"]
        arguments += ["--vars", json.dumps({"changed": changed.slices})]
        take = partial(excerpt, models=frozenset(changed.models), unit_tests=unit_tests)
    if not unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    started = time.perf_counter()
    results = _invoke(home, project, arguments, take)
    nodes = tuple(_node(result) for result in getattr(results, "results", results))
    seconds = time.perf_counter() - started
    return BuildResult(tuple(_with_examples(node, home) for node in nodes), seconds)


def parse(home: Home, project: Path = PROJECT_DIR) -> Path:
    """Read the project and write its manifest; returns where.

    Raises:
        BuildError: the project does not parse.
    """
    path = target_of(project) / MANIFEST.name
    if not path.exists():
        _manifest.cache_clear()
    _invoke(home, project, ["parse"])
    return path


def _node(result: Any) -> NodeResult:
    response = result.adapter_response or {}
    rows = result.failures if result.failures is not None else response.get("rows_affected")
    message = " ".join(str(result.message or "").split())
    statement = result.node.compiled_code if result.node.unique_id.startswith("test.") and rows else None
    return NodeResult(result.node.unique_id, str(result.status), message, float(result.execution_time), rows, statement)


def _with_examples(node: NodeResult, home: Home) -> NodeResult:
    """A broken test tells which rows break it: the first three."""
    if node.statement is None:
        return node
    with duckdb.connect(str(home.warehouse)) as warehouse:  # as it was opened for building
        rows = warehouse.execute(f"select * from ({node.statement}) as broken order by all limit 3").pl().to_dicts()
    told = "; ".join(", ".join(f"{name}={value}" for name, value in row.items()) for row in rows)
    return replace(node, message=f"{node.message} {told}")


@lru_cache(maxsize=4)
def _manifest(project: Path, fingerprint: tuple[tuple[str, int, int], ...]) -> Any:
    """The project as dbt has read it: seconds the first time, nothing while no file of it changes."""
    return _run(None, ["parse"], project)


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


def _invoke(home: Home, project: Path, arguments: list[str], take: Callable[[Any], Any] = copy.deepcopy) -> Any:
    """Run dbt with its own copy of the manifest: it writes into what it is given, and the next build wants it clean."""
    # Without its folder while the project is read: where the profile names another file, dbt reads every model anew.
    with environment(CHISO_HOME=str(home.root), CHISO_WAREHOUSE=home.warehouse.name, DO_NOT_TRACK="1"):
        manifest = _manifest(project, _fingerprint(project))
        if arguments == ["parse"]:
            return manifest
        with environment(CHISO_WAREHOUSE=str(home.warehouse)):
            return _run(take(manifest), [*arguments, "--no-write-json"], project)


def _run(manifest: Any, arguments: list[str], project: Path) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - seconds to import
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    from dbt_project.templates import keep_templates  # noqa: PLC0415
    from dbt_project.unheard import hear_only_what_is_grave  # noqa: PLC0415

    hear_only_what_is_grave()
    keep_templates()
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check"]
    target = target_of(project)
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", target]
    try:
        outcome = dbtRunner(manifest=manifest).invoke([*arguments, *map(str, places), *quiet])
    finally:
        # Otherwise nobody else can open the warehouse, not even to read, while this process lives.
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        raise BuildError(f"dbt {arguments[0]}: {outcome.exception}") from outcome.exception
    return outcome.result
