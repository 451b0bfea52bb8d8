"""Corrections after publication: a release of its own kind (*đính chính*), with its reason and with what it changes.

What is told is what is sealed: both are of one warehouse, which nobody else may write to in between.
"""

from dataclasses import dataclass
from pathlib import Path

from dbt_project.layout import PROJECT_DIR
from indicator_specs.errors import both
from pipelines.built import require_whole, to_read
from pipelines.compute import compute
from pipelines.installation import Installation
from pipelines.plan.records import Plan
from pipelines.plan.running import compare, release_to_compare
from pipelines.release import Release, ReleaseError, require_reason, seal, verify
from pipelines.turns import WAREHOUSE, turn


@dataclass(frozen=True)
class Correction:
    """A release that corrects an earlier one, and what it changes of it."""

    release: Release
    changes: Plan


def correct(
    installation: Installation, reason: str, against: int | None = None, *, project: Path = PROJECT_DIR
) -> Correction:
    """Compute what has come in, and seal it as a correction of a release that people have read.

    Args:
        installation: where.
        reason: why, for the readers.
        against: number of the release that is corrected; None for the one in force.
        project: the dbt project.

    Raises:
        ReleaseError: no reason, or nothing differs from that release.
        PlanError: no such release, or one that was sealed before reasons were kept.
        BuildError: a model or a test of the grain failed; the release in force stays.
    """
    require_reason(reason)
    home, registry = installation.home, installation.registry
    wrong = release_to_compare(home, against)
    verify(home, wrong)
    compute(installation, project=project).raise_on_failure()
    with turn(installation.ledger, WAREHOUSE):
        with to_read(home) as warehouse:
            require_whole(warehouse)
        changes = compare(
            wrong.file_in(home.published),
            home.warehouse,
            against=wrong.number,
            spec_hashes=(wrong.spec_hash, registry.spec_hash),
        )
        if not changes.cells:
            raise ReleaseError(
                both(
                    f"Không có giá trị, đánh giá hay thứ hạng nào khác bản chốt số {wrong.number}: không có gì để đính "
                    "chính. Nếu số liệu đúng đã được chốt ở bản sau, nêu bản bị sai bằng --against",
                    f"No number, light or rank differs from release {wrong.number}: there is nothing to correct. If a "
                    "later release already holds the right figures, name the wrong one by --against",
                )
            )
        release = seal(home, registry.spec_hash, kind="correction", reason=reason.strip())
    found = {"sha256": release.file_sha256, "corrects": wrong.number, "n_cells": len(changes.cells)}
    installation.ledger.event("release_in_force", f"mart@{release.number}", found)
    return Correction(release, changes)
