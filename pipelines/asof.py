"""as-of: the marts as they would have been from what was known at a moment, in a file of their own.

Input figures, statuses and deadlines are those of the moment; the rules are today's, and the answer says so where the
catalogue has changed. The installation's warehouse and releases are read at most.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dbt_project import load_inputs
from dbt_project.build import BuildError, build
from dbt_project.layout import PROJECT_DIR
from indicator_specs import clock
from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from pipelines.beside import beside, project_for
from pipelines.built import to_read
from pipelines.installation import Installation
from pipelines.moments import Moment, known_at, resolve
from pipelines.release import Note, write_marts

_SHOWN = 5
"""Missing files named in a refusal."""


class AsOfError(PlainError):
    """The marts of that moment cannot be built or written; the text says why."""


@dataclass(frozen=True)
class AsOf:
    """What was built."""

    moment: Moment
    file: Path
    n_batches: int
    spec_hash: str
    """Of the catalogue that the marts were computed by: today's."""
    tables: dict[str, str]
    """``schema.table`` → content hash, as in a release's manifest."""

    @property
    def is_same_catalogue(self) -> bool:
        """Whether the rules are those of the moment too."""
        return self.spec_hash == self.moment.spec_hash

    @property
    def catalogue_note(self) -> str:
        """Which rules the figures were computed by, and what that means."""
        today, then = self.spec_hash[:12], self.moment.spec_hash[:12]
        if self.is_same_catalogue:
            return both(
                f"Tính theo danh mục hôm nay ({today}), cũng là danh mục của thời điểm đó",
                f"Computed by today's catalogue ({today}), which is also that of the moment",
            )
        return both(
            f"Tính theo danh mục hôm nay ({today}); thời điểm đó dùng danh mục khác ({then}). Đây là số liệu đầu vào "
            "của thời điểm đó tính theo công thức, chỉ tiêu và đơn vị hôm nay, không phải con số đã trình bày khi đó; "
            "con số đã chốt nằm trong tệp của bản chốt số liệu",
            f"Computed by today's catalogue ({today}); the moment had another ({then}). These are the inputs of then "
            "under the formulas, targets and units of today, not the numbers shown then; those stand in the "
            "release's own file",
        )


def as_of(installation: Installation, text: str, output: Path | None = None, *, project: Path = PROJECT_DIR) -> AsOf:
    """Build the marts from exactly the batches that were committed by a moment.

    Args:
        installation: where.
        text: a moment, as ``moments.resolve`` reads it.
        output: the DuckDB file to write; by default ``as_of_<moment>.duckdb`` in the working folder.
        project: the dbt project.

    Raises:
        MomentError: no such moment.
        AsOfError: an accepted file is gone, or ``output`` exists or belongs to the installation.
        BuildError: a model or a test of the grain failed.
    """
    home, registry = installation.home, installation.registry
    moment = resolve(home, installation.ledger, text)
    file = (output or Path(f"as_of_{moment.label}.duckdb")).resolve()
    _refuse_place(home, file)
    tables = known_at(installation.ledger.tables(), moment)
    loose = tables["batch"].filter(pl.col("compaction_no").is_null()).select("accepted_path", "accepted_sha256")
    _require_accepted(home, loose.drop_nulls().rows() + tables["part"].select("path", "sha256").rows())
    with beside(home) as apart, project_for(registry, project) as fitting:
        load_inputs(apart, registry, tables, moment.day)
        result = build(apart, unit_tests=False, project=fitting)
        if result.failures:
            raise BuildError("\n".join(result.failures))
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.draft")
        with to_read(apart) as warehouse:
            hashes = write_marts(warehouse, draft, _note(moment, registry.spec_hash))
        draft.rename(file)
    return AsOf(moment, file, tables["batch"].height, registry.spec_hash, hashes)


def _note(moment: Moment, spec_hash: str) -> Note:
    if moment.release:
        return Note.of(moment.release.number, moment.release.kind, moment.release.reason, spec_hash)
    until = f"{moment.instant.astimezone(clock.HANOI):%H:%M:%S ngày %d/%m/%Y}"
    return Note(None, "as_of", "", spec_hash, f"Số liệu đã tiếp nhận đến {until}")


def _require_accepted(home: Home, listed: list[tuple[str, str]]) -> None:
    missing = sorted({sha256 for path, sha256 in listed if not (home.root / path).is_file()})
    if missing:
        named = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        raise AsOfError(
            both(
                f"Thiếu {len(missing)} tệp số liệu đã tiếp nhận (mã băm {named}); đề nghị khôi phục từ bản sao lưu",
                f"{len(missing)} accepted file(s) are missing (hash {named}); restore them from a copy",
            )
        )


def _refuse_place(home: Home, file: Path) -> None:
    if file.is_relative_to(home.published) or file.is_relative_to(home.warehouse.parent):
        raise AsOfError(
            both(
                f"{file} thuộc kho số liệu; chọn nơi khác bằng --output",
                f"{file} is the installation's own place; choose another with --output",
            )
        )
    if file.exists():
        raise AsOfError(both(f"{file} đã có; chọn tên khác bằng --output", f"{file} exists; choose another --output"))
