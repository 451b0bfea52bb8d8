"""Evidence beside a report: demanded where an indicator demands it, kept under its hash, known when used again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.intake.attachments import folder_of
from connectors.ledger import Outcome, State
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.methods import ValueChecks
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from pipelines.auditing import faults
from pipelines.installation import Installation
from pipelines.submissions.attached import attached_to, needing_evidence
from pipelines.submissions.decisions import BOOK
from pipelines.submissions.verification import Given, verify
from tests.reporting import ONE_ROW, VERIFIER, Reporting, one_row, verifying_registry
from tests.workbooks import AGENCY, PERIOD

PDF = b"%PDF-1.7 a scanned letter"
DEMANDED = ValueChecks(evidence="required")


def read_by(spec: Indicator) -> set[str | None]:
    return {given.measure for given in spec.inputs_of(spec.method).values()}


def demanding() -> Registry:
    """A registry in which one indicator of the form demands evidence."""
    registry = verifying_registry(ONE_ROW)
    reads = "public_service.procedures_published"
    (name,) = [name for name, spec in registry.indicators.items() if reads in read_by(spec)]
    spec = registry.indicators[name]
    methods = tuple(method.model_copy(update={"checks": DEMANDED}) for method in spec.methods)
    return replace(registry, indicators={**registry.indicators, name: spec.model_copy(update={"methods": methods})})


@pytest.fixture
def officer(home: Home) -> Iterator[Reporting]:
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        made = Reporting(home, verified=True)
        made.here = Installation(home, demanding())
        yield made


def attach(officer: Reporting, name: str, content: bytes, period: str = PERIOD) -> Path:
    folder = folder_of(officer.home, AGENCY, "BM-PV-01", period)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def test_a_group_that_needs_evidence_is_returned_until_it_has_some(officer: Reporting) -> None:
    dataset = officer.here.registry.datasets[ONE_ROW]
    demanded = needing_evidence(officer.here.registry, dataset.full_id, PERIOD)
    assert demanded == {"public_service.procedures_published", "public_service.procedures_published_on_time"}
    first = officer.send()
    assert first.state is State.PARTLY_ACCEPTED
    assert officer.here.ledger.batches()[-1].n_accepted == 2
    (told,) = [each for each in officer.receipt(1)["findings"] if each["rule"] == "evidence_missing"]
    assert "minh_chung/BM-PV-01_2026-10/" in told["message_vi"]
    attach(officer, "rỗng.pdf", b"")
    attach(officer, "giả.pdf", b"<html>")
    second = officer.send(I14="lần 2")
    assert officer.rules(second).count("evidence_unusable") == 2
    assert second.state is State.PARTLY_ACCEPTED
    letter = attach(officer, "công văn.pdf", PDF)
    third = officer.send(I14="lần 3")
    assert third.state is State.ACCEPTED
    assert [file["name"] for file in attached_to(officer.here, third.submission_no)] == ["công văn.pdf"]
    assert letter.exists(), "the officer's own file stays where it is"


def test_evidence_is_locked_by_the_decision_and_known_when_used_again(officer: Reporting) -> None:
    letter = attach(officer, "công văn.pdf", PDF)
    officer.send()
    (file,) = attached_to(officer.here, 1)
    shown = list((officer.home.intake / VERIFIER / "ket_qua" / "minh_chung").iterdir())
    assert [path.read_bytes() for path in shown] == [PDF]
    assert (officer.home.intake / VERIFIER / "ket_qua" / BOOK).exists()
    verify(officer.here, Given(1, Outcome.VERIFIED, VERIFIER, "C"))
    (event,) = officer.here.ledger.events(kinds=["verified"])
    assert event.detail["evidence"] == [file["sha256"]]
    letter.write_bytes(PDF + b" changed afterwards")
    assert (officer.home.root / str(file["path"])).read_bytes() == PDF
    assert faults(officer.here) == []
    kept = officer.home.root / str(file["path"])
    kept.write_bytes(b"%PDF another letter")
    assert len(faults(officer.here)) == 1
    kept.write_bytes(PDF)


def test_the_same_letter_behind_two_reports_is_told(officer: Reporting) -> None:
    attach(officer, "công văn.pdf", PDF)
    officer.send()
    again = officer.send(E14=101)
    assert "evidence_reused" not in officer.rules(again), "the same report sent again"
    # Another agency's report with the same letter.
    other = folder_of(officer.home, "P04", "BM-PV-01", PERIOD)
    other.mkdir(parents=True)
    (other / "cv.pdf").write_bytes(PDF)
    path = one_row(officer.home.root / "p04.xlsx", "P04")
    path.rename(officer.home.intake / "P04" / "p04.xlsx")
    sent = officer.answered()
    assert sent.agency == "P04"
    (told,) = [
        each for each in officer.receipt(sent.submission_no, "P04")["findings"] if each["rule"] == "evidence_reused"
    ]
    assert "PTN-000001" in told["message_vi"]
