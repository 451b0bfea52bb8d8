"""The whole line in one process: extract, take in, compute, release. Dagster runs the same steps as assets.

What cannot be had from one source or one agency holds up nobody else: the rest is computed and sealed, and the report
says what is missing.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from connectors.errors import SourceError
from connectors.kinds import KINDS
from dbt_project import Changed
from indicator_specs import drill
from indicator_specs.source_spec import Source
from pipelines.admission import admit
from pipelines.built import at_work, require_whole, to_read
from pipelines.cadence import partitions_due
from pipelines.candidates import Admitted, Candidate
from pipelines.compaction import Compactions, compact_loose
from pipelines.compute import Computed, compute, compute_in, foreseen
from pipelines.installation import Installation
from pipelines.intake_report import IntakeReport
from pipelines.pulling import pull
from pipelines.release import Release, rollback, seal_from
from pipelines.stores.exchange import take_in_everywhere
from pipelines.turns import WAREHOUSE, turn

Step = Callable[[str], AbstractContextManager[None]]


def _quietly(_: str) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass
class LineReport:
    """What one passage along the line did."""

    pulled: list[Admitted] = field(default_factory=list)
    failures: list[SourceError] = field(default_factory=list)
    """What sources did not give."""
    intake: IntakeReport | None = None
    computed: Computed | None = None
    release: Release | None = None
    compactions: Compactions = field(default_factory=Compactions)

    @property
    def missing(self) -> list[str]:
        """Everything that could not be had, each in a sentence for people; empty after a whole passage."""
        troubles = self.intake.troubles if self.intake else ()
        return [*map(str, self.failures), *troubles, *self.compactions.faults]


def run_line(installation: Installation, step: Step = _quietly, settle_seconds: float | None = None) -> LineReport:
    """Pull every source, answer every waiting file, compute what changed and seal a release.

    Args:
        installation: where.
        step: wraps each step, to show progress and time it.
        settle_seconds: as for ``take_in``.

    Raises:
        BuildError: a model or a grain test failed; the release in force stays.
    """
    report = LineReport()
    with step("Kết nối nguồn · Extract"):
        report.pulled = pull_all(installation, report.failures)
    drill.point("pulled")
    with step("Tiếp nhận tệp báo cáo · Intake"):
        report.intake = take_in_everywhere(installation, settle_seconds)
        report.pulled += pull_all(installation, report.failures, of_ourselves=True)
    drill.point("taken_in")
    with step("Tính chỉ số · Compute"):
        report.computed = compute(installation)
        report.computed.raise_on_failure()
    drill.point("computed")
    with step("Chốt số liệu · Release"):
        report.release = publish(installation)
    with step("Gộp tệp số liệu · Compaction"):
        report.compactions = compact_loose(installation)
    return report


def publish(installation: Installation, *, kind: str = "regular", reason: str = "") -> Release:
    """Seal the marts as a release, while nobody writes to the warehouse.

    Raises:
        BuildError: the last computation was begun and has not succeeded.
        ReleaseError: as ``seal``.
    """
    home, spec_hash = installation.home, installation.registry.spec_hash
    with turn(installation.ledger, WAREHOUSE), to_read(home) as warehouse:
        require_whole(warehouse)
        release = seal_from(warehouse, home, spec_hash, kind=kind, reason=reason)
    _note_in_force(installation, release)
    return release


def compute_and_publish(
    installation: Installation, gate: Callable[[Changed | None], None]
) -> tuple[Computed, Release | None]:
    """Compute what changed and seal it in one go: nobody opens the warehouse in between, and it is closed after it.

    Args:
        installation: where.
        gate: is told what will be built (None: everything) before anything is written, and raises where it must not be.

    Returns:
        What was computed, and the release in force; None where a model or a test failed, so that nothing was sealed.

    Raises:
        BuildError, LeaseHeldError: as ``compute``.
        ReleaseError: as ``seal``.
    """
    home, release = installation.home, None
    with turn(installation.ledger, WAREHOUSE), at_work(home) as warehouse:
        gate(foreseen(warehouse, installation))
        computed = compute_in(warehouse, installation)
        if not computed.failures:
            drill.point("computed")
            release = seal_from(warehouse, home, installation.registry.spec_hash)
    if release is not None:
        _note_in_force(installation, release)
    return computed, release


def _note_in_force(installation: Installation, release: Release) -> None:
    """Once: whoever finds nothing new to seal has nothing to tell."""
    kind, subject = "release_in_force", f"mart@{release.number}"
    if not installation.ledger.events(kinds=(kind,), subjects=(subject,)):
        installation.ledger.event(kind, subject, {"sha256": release.file_sha256})


def go_back(installation: Installation, number: int) -> Release:
    """Make an earlier release the one in force, until figures change again.

    Raises:
        ReleaseError: no such release is kept, or its file is not the one that was sealed.
    """
    with turn(installation.ledger, WAREHOUSE):
        release = rollback(installation.home, number)
    installation.ledger.event("release_gone_back_to", f"mart@{release.number}", {"sha256": release.file_sha256})
    return release


def pull_all(
    installation: Installation, failures: list[SourceError] | None = None, *, of_ourselves: bool = False
) -> list[Admitted]:
    """Pull every dataset that a machine can be asked for, all its periods, and admit what came.

    Args:
        installation: where.
        failures: takes what sources did not give; without it, the first failure is raised.
        of_ourselves: what the ledger itself tells, and nothing else.

    Raises:
        SourceError: a source could not be read, and nobody takes note of it. What came before is committed.
    """
    admitted: list[Admitted] = []
    for source in installation.registry.sources.values():
        if KINDS[source.kind].pull is not None and (source.kind == "ledger") == of_ourselves:
            missed: list[SourceError] = []
            readings = _ask(installation, source, missed)
            admitted += admit(installation, readings) if readings else []
            if missed and failures is None:
                raise missed[0]
            if failures is not None:
                failures += missed
    return admitted


def _ask(installation: Installation, source: Source, missed: list[SourceError]) -> list[Candidate]:
    """What a source gives of each of its datasets and periods."""
    readings = []
    for dataset in source.datasets:
        for partition in partitions_due(dataset):
            try:
                candidate = pull(installation, source, dataset, partition)
                readings += [candidate] if candidate else []
            except SourceError as error:
                missed.append(error)
                if error.is_transient:
                    return readings  # it is away or overloaded: asking for more of it would only take longer
    return readings
