"""The whole line in one process: extract, take in, compute, release, show. Dagster runs the same steps as assets."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from connectors.extract import extract
from indicator_specs import drill
from pipelines.admission import Admitted, Candidate, admit
from pipelines.cadence import partitions_due
from pipelines.compute import Computed, compute
from pipelines.installation import Installation
from pipelines.intake import IntakeReport, take_in
from pipelines.release import Release, seal
from pipelines.turns import WAREHOUSE, turn

Step = Callable[[str], AbstractContextManager[None]]


def _quietly(_: str) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass
class LineReport:
    """What one passage along the line did."""

    pulled: list[Admitted] = field(default_factory=list)
    intake: IntakeReport | None = None
    computed: Computed | None = None
    release: Release | None = None


def run_line(installation: Installation, step: Step = _quietly, settle_seconds: float | None = None) -> LineReport:
    """Pull every source, answer every waiting file, compute what changed and seal a release.

    Args:
        installation: where.
        step: wraps each step, to show progress and time it.
        settle_seconds: as for ``take_in``.

    Raises:
        SourceError: a source could not be read; what others brought is committed.
        BuildError: a model or a grain test failed; the release in force stays.
    """
    report = LineReport()
    with step("Kết nối nguồn · Extract"):
        report.pulled = pull_all(installation)
    drill.point("pulled")
    with step("Tiếp nhận tệp báo cáo · Intake"):
        report.intake = take_in(installation, settle_seconds)
    drill.point("taken_in")
    with step("Tính chỉ số · Compute"):
        report.computed = compute(installation)
        report.computed.raise_on_failure()
    drill.point("computed")
    with step("Chốt số liệu · Release"):
        report.release = publish(installation)
    return report


def publish(installation: Installation, *, kind: str = "regular", reason: str = "") -> Release:
    """Seal the marts as a release, while nobody writes to the warehouse.

    Raises:
        ReleaseError: as ``seal``.
    """
    with turn(installation.ledger, WAREHOUSE):
        release = seal(installation.home, installation.registry.spec_hash, kind=kind, reason=reason)
    installation.ledger.event("release_in_force", f"mart@{release.number}", {"sha256": release.file_sha256})
    return release


def pull_all(installation: Installation) -> list[Admitted]:
    """Pull every dataset that a machine can be asked for, all its periods, and admit what came in one judgement."""
    readings = [
        Candidate(extract(source, dataset, installation.home, partition))
        for source in installation.registry.sources.values()
        if source.kind != "workbook"
        for dataset in source.datasets
        for partition in partitions_due(dataset)
    ]
    return admit(installation, readings)
