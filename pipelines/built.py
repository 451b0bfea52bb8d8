"""What the warehouse remembers of its builds: what it was made from, and which slices were built since a release.

Kept in the warehouse itself, so that it can never outlive what it speaks of.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dbt_project import Changed, duties_met, rules_hash, today
from dbt_project.build import BuildError, content_hash
from indicator_specs.errors import both
from indicator_specs.home import Home
from pipelines.installation import Installation

Slices = Mapping[str, frozenset[str] | None]
"""``indicator`` and ``measure`` → those that were built; None: all of them."""


@dataclass(frozen=True)
class Mark:
    """What the warehouse was last built from."""

    rules_hash: str
    models_hash: str
    home: str
    """Staging reads the accepted files by their full path: a warehouse that was moved is built anew."""
    last_batch: int
    as_of: str
    last_compaction: int = 0
    """Staging names the files that it reads: of a dataset that was compacted since, it is made again."""

    @classmethod
    def of(cls, installation: Installation, project: Path) -> "Mark":
        """What a build would be made from now."""
        ledger, root = installation.ledger, str(installation.home.root)
        rules, models = rules_hash(installation.registry), content_hash(project)
        return cls(rules, models, root, ledger.last_batch(), today().isoformat(), ledger.compactions.last())

    def has_same_rules(self, other: "Mark") -> bool:
        """Whether only figures and the day can have changed between the two."""
        mine, theirs = (self.rules_hash, self.models_hash, self.home), (other.rules_hash, other.models_hash, other.home)
        return mine == theirs


@contextmanager
def at_work(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, opened to be built in: to read its whole catalogue takes time, and to close it is a checkpoint.

    One that cannot be opened is thrown away: all of it comes from the ledger and the accepted rows.
    """
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with _opened(home.warehouse) as warehouse:
        yield warehouse


@contextmanager
def to_read(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, opened to be read."""
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        yield warehouse


def noted_mark(warehouse: duckdb.DuckDBPyConnection) -> Mark | None:
    """What the warehouse was last built from; None where nothing is noted that this program can build on."""
    row = warehouse.execute("select mark from main.built_from").fetchone() if _has(warehouse, "built_from") else None
    noted = json.loads(row[0]) if row else {}
    return Mark(**noted) if noted.keys() == Mark.__dataclass_fields__.keys() else None


def note_begun(warehouse: duckdb.DuckDBPyConnection, before: Mark | None) -> None:
    """A build has begun: until it ends, nothing may be released."""
    _note(warehouse, before, is_whole=False)


def note_built(warehouse: duckdb.DuckDBPyConnection, mark: Mark, changed: Changed | None) -> None:
    """A build has succeeded, of everything or of what ``changed`` says."""
    warehouse.begin()
    if changed is None or not _has(warehouse, "built_slice"):
        warehouse.execute(
            "create or replace table main.built_slice "
            "(generation varchar, build_no integer, slice varchar, value varchar)"
        )
        warehouse.execute("insert into main.built_slice values (?, 0, null, null)", [uuid.uuid4().hex])
    else:
        _note_slices(warehouse, changed)
    duties_met(warehouse)
    _note(warehouse, mark, is_whole=True)
    warehouse.commit()


def _note_slices(warehouse: duckdb.DuckDBPyConnection, changed: Changed) -> None:
    generation, build_no = _last_build(warehouse)
    rows: list[tuple[str, str | None]] = [("measure", measure) for measure in changed.measures]
    rows += [("indicator", None)] if changed.is_new_day else [("indicator", name) for name in changed.indicators]
    # The first row says that there was a build, whatever it concerned.
    slices, values = zip((None, None), *rows, strict=True)
    warehouse.execute(
        "insert into main.built_slice select ?, ?, unnest(?::varchar[]), unnest(?::varchar[])",
        [generation, build_no + 1, list(slices), list(values)],
    )


def build_stamp(warehouse: duckdb.DuckDBPyConnection) -> str:
    """Names the build that the warehouse holds; blank where none is noted."""
    return "/".join(map(str, _last_build(warehouse))) if _has(warehouse, "built_slice") else ""


def _last_build(warehouse: duckdb.DuckDBPyConnection) -> tuple[str, int]:
    """The warehouse's generation, which begins with each whole build, and the number of the last build in it."""
    generation, build_no = warehouse.execute(
        "select generation, max(build_no) from main.built_slice group by generation"
    ).fetchall()[0]
    return str(generation), int(build_no)


def built_since(warehouse: duckdb.DuckDBPyConnection, stamp: str) -> Slices | None:
    """What was built after the build that ``stamp`` names; None where that is not known, so that all may differ."""
    generation, _, build_no = stamp.partition("/")
    if not build_no or not _has(warehouse, "built_slice"):
        return None
    rows = warehouse.execute(
        "select slice, value, build_no from main.built_slice where generation = ? and build_no >= ?",
        [generation, int(build_no)],
    ).fetchall()
    if not any(number == int(build_no) for _, _, number in rows):
        return None
    found: dict[str, frozenset[str] | None] = {}
    for slice_ in ("indicator", "measure"):
        values = [value for name, value, number in rows if name == slice_ and number > int(build_no)]
        found[slice_] = None if None in values else frozenset(values)
    return found


def require_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Refuse a warehouse in which a computation was begun and has not succeeded.

    Raises:
        BuildError: some of its models are newer than others.
    """
    if _has(warehouse, "built_from") and not warehouse.execute("select is_whole from main.built_from").fetchall()[0][0]:
        raise BuildError(
            both(
                "Lần tính gần nhất chưa hoàn thành nên chưa thể chốt số liệu; đề nghị tính lại",
                "The last computation did not succeed, so there is nothing whole to release; compute again",
            )
        )


def _opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(warehouse))
    except duckdb.Error as error:
        if not warehouse.exists() or "lock" in str(error):
            raise  # somebody works in it
        for path in (warehouse, warehouse.with_name(f"{warehouse.name}.wal")):
            path.unlink(missing_ok=True)
        return duckdb.connect(str(warehouse))


def _has(warehouse: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = warehouse.execute("select 1 from information_schema.tables where table_name = ?", [table]).fetchone()
    return found is not None


def _note(warehouse: duckdb.DuckDBPyConnection, mark: Mark | None, *, is_whole: bool) -> None:
    noted = json.dumps(vars(mark) if mark else {})
    warehouse.execute("create or replace table main.built_from as select ? as mark, ? as is_whole", [noted, is_whole])
