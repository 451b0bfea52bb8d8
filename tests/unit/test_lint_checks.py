"""Every lint check fires on the mistake that it is for, and the sound catalogue is silent."""

from pathlib import Path

import pytest

from indicator_specs.lint import CHECKS, lint
from tests.lint_cases import ASSESSED, CASES, FORM, PLACE, RANK, Case
from tests.small_catalogue import PAIR_FILE, RATE_FILE, SOURCE_FILE, Small

TABLE = {check.name: check for check in CHECKS}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small.at(tmp_path)


def spoil(small: Small, case: Case) -> None:
    for file, old, new in case.changes:
        if old:
            small.change(file, old, new)
        else:
            path = small.root / file
            small.write(file, (path.read_text(encoding="utf-8") if path.exists() else "") + new)


@pytest.mark.parametrize("spec", [None, RANK, ASSESSED])
def test_the_sound_catalogue_is_silent(small: Small, spec: str | None) -> None:
    if spec:
        small.write("catalogue/government/place.yml", spec)
        small.write(SOURCE_FILE, (small.root / SOURCE_FILE).read_text(encoding="utf-8") + PLACE)
    assert lint(small.load()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_it_fires(small: Small, case: Case) -> None:
    spoil(small, case)
    found = lint(small.load())
    hits = [finding for finding in found if finding.check == case.check]
    assert {(finding.severity, finding.subject) for finding in hits} == {(TABLE[case.check].severity, case.subject)}, (
        found
    )
    assert len(hits) == 1
    assert " / " in hits[0].message
    assert hits[0].remedy


def test_every_check_is_seen_to_fire_and_says_why() -> None:
    assert len(CHECKS) >= 40
    assert len(TABLE) == len(CHECKS)
    assert {case.check for case in CASES} == set(TABLE)
    for check in CHECKS:
        assert check.severity in {"error", "warning", "info"}
        for text in (check.reason, check.remedy):
            vi, _, en = text.partition(" / ")
            assert vi.strip(), check.name
            assert en.strip(), check.name
        assert check.reason.endswith("."), check.name


def test_a_form_that_somebody_owes_is_no_finding(small: Small) -> None:
    for file, old, new in FORM:
        small.change(file, old, new)
    assert lint(small.load()) == []


def test_a_measure_that_a_check_needs_is_no_orphan(small: Small) -> None:
    small.change(PAIR_FILE, "measure: service.paid_pct", "indicator: rate")
    small.change(SOURCE_FILE, "unit: percent", "unit: dossier")
    assert [f.check for f in lint(small.load()) if f.subject == "service.paid_pct"] == ["orphan_measure"]
    small.change(SOURCE_FILE, "not_above: [service.received]", "not_above: [service.received, service.paid_pct]")
    assert [f.check for f in lint(small.load()) if f.subject == "service.paid_pct"] == []


def test_a_body_that_handed_over_in_time_is_no_finding(small: Small) -> None:
    small.change(RATE_FILE, "lead: G06", 'lead: [{body: MIC, valid_to: "2025-02-28"}, G06]')
    assert lint(small.load()) == []


def test_a_retired_body_is_told_with_its_successor(small: Small) -> None:
    small.change(RATE_FILE, "lead: G06", "lead: MIC")
    assert [finding.remedy for finding in lint(small.load())] == ["đơn vị kế thừa: G06 / its successor: G06"]


def test_errors_come_first(small: Small) -> None:
    small.change(RATE_FILE, ", en: Online rate", "").change(RATE_FILE, "verifies: VPTW", "verifies: G06")
    assert [finding.severity for finding in lint(small.load())] == ["error", "warning"]
