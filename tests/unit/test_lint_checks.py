"""Every lint check fires on the mistake that it is for, and the sound catalogue is silent."""

from pathlib import Path

import pytest

from indicator_specs.lint import CHECKS, lint
from tests.small_catalogue import DUTIES, PAIR_FILE, RATE, RATE_FILE, SOURCE_FILE, Small

TARGET = (
    '{id: t2030, kind: reach, by: "2030", scope: VN, operator: ">=", value: "80", source: "57-NQ/TW", governs: true}'
)
LATER_METHOD = """\
  - version: 2
    valid_from: "2026-01"
    frequency: monthly
    formula: 100 * online / received
    inputs:
      online: {measure: service.online}
      received: {measure: service.received}
targets:
"""
UNUSED = """
      online: {measure: service.online}
      received: {measure: service.received}
      paid: {measure: service.paid_pct}
"""
FIRES = [
    ("verifier_is_judged", "error", "rate", RATE_FILE, "verifies: VPTW", "verifies: provinces"),
    ("verifier_is_judged", "error", "rate", RATE_FILE, "verifies: VPTW", "verifies: [VPTW, G06]"),
    ("retired_body", "error", "rate", RATE_FILE, "lead: G06", "lead: MIC"),
    ("missing_text", "warning", "rate", RATE_FILE, ", en: Online rate", ""),
    ("missing_text", "warning", "rate", RATE_FILE, ", en: Online dossiers over all", ""),
    ("no_legal_basis", "warning", "rate", RATE_FILE, '  legal_basis: ["57-NQ/TW, II.1"]\n', ""),
    ("no_example", "warning", "rate", RATE_FILE, "    expect: 80", "    expect: null"),
    ("unused_input", "error", "pair", PAIR_FILE, "rate - paid", "2 * paid"),
    ("same_code", "error", "rate", RATE_FILE, '["CS1"]', '["CS1", "CS2"]'),
    ("same_code", "error", "rate", RATE_FILE, "vi: Tỉ lệ trực tuyến,", "vi: Tổng hai loại,"),
    ("coverage_out_of_range", "error", "rate", RATE_FILE, "recompute", 'recompute\n    min_coverage: "95"'),
    ("sum_of_ratio", "error", "rate", RATE_FILE, "roll_up: recompute", "roll_up: sum"),
    ("overlapping_methods", "error", "rate", RATE_FILE, "targets:\n", LATER_METHOD),
    ("level_without_data", "warning", "rate", RATE_FILE, "roll_up: recompute", "roll_up: none"),
    ("level_without_data", "warning", "rate", RATE_FILE, "  province: {}", "  province: {}\n  commune: {}"),
    ("target_without_scope", "error", "rate/t2030", RATE_FILE, "scope: VN, ", ""),
    ("several_governing", "error", "rate", RATE_FILE, TARGET, f"{TARGET}\n  - {TARGET.replace('t2030', 'more')}"),
    ("none_governs", "warning", "rate", RATE_FILE, ", governs: true", ""),
    ("target_out_of_range", "error", "rate/t2030", RATE_FILE, 'value: "80"', 'value: "800"'),
    ("target_without_direction", "error", "rate/t2030", RATE_FILE, "higher_is_better", "none"),
    ("target_against_direction", "error", "rate/t2030", RATE_FILE, "higher_is_better", "lower_is_better"),
    ("target_before_baseline", "error", "rate/t2030", RATE_FILE, 'period: "2024"', 'period: "2030"'),
    ("orphan_measure", "warning", "service.paid_pct", PAIR_FILE, "measure: service.paid_pct", "indicator: rate"),
    ("missing_measure_text", "warning", "service.online", SOURCE_FILE, ", en: Online}", "}"),
    ("unbounded_measure", "warning", "service.received", SOURCE_FILE, '        checks: {min: "0"}\n', ""),
    ("unbounded_measure", "warning", "service.online", SOURCE_FILE, 'checks: {min: "0", not', "checks: {not"),
    ("calendar_differs", "error", "service.dossiers", SOURCE_FILE, "deadline_days: 20", "deadline_days: 21"),
    ("calendar_differs", "error", "service.dossiers", "reference/reporting_calendar.csv", ",monthly,", ",yearly,"),
    (
        "coverage_by_default",
        "info",
        "rate",
        "reference/assignment.csv",
        "service.dossiers,ministry,G22,all,province,2025-07-01,,x\n",
        "",
    ),
]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small.at(tmp_path)


def test_the_sound_catalogue_is_silent(small: Small) -> None:
    assert lint(small.load()) == []


@pytest.mark.parametrize(("check", "severity", "subject", "file", "old", "new"), FIRES)
def test_it_fires(small: Small, check: str, severity: str, subject: str, file: str, old: str, new: str) -> None:
    found = lint(small.change(file, old, new).load())
    hits = [finding for finding in found if finding.check == check]
    assert [(finding.severity, finding.subject) for finding in hits] == [(severity, subject)], found
    assert " / " in hits[0].message
    assert hits[0].remedy


def test_two_indicators_that_compute_the_same(small: Small) -> None:
    twin = RATE.replace("id: rate", "id: twin").replace('["CS1"]', '["CS9"]').replace("Tỉ lệ trực tuyến", "Tên khác")
    twin = twin.replace("100 * online / received", "100 * x / received").replace("      online:", "      x:")
    small.write("catalogue/government/twin.yml", twin.replace("{online: 80", "{x: 80"))
    assert [(f.check, f.subject) for f in lint(small.load())] == [("same_formula", "twin")]


def test_a_form_that_nobody_owes(small: Small) -> None:
    small.change(SOURCE_FILE, "kind: rest", "kind: workbook")
    small.change(
        SOURCE_FILE,
        'request: {path: /api/dossiers, params: {period: "{period}"}, records: /data}',
        "form: {code: BM-01}",
    )
    assert lint(small.load()) == []
    small.write("reference/assignment.csv", DUTIES.splitlines(keepends=True)[0])
    assert ("nobody_owes", "service.dossiers") in {(f.check, f.subject) for f in lint(small.load())}


def test_a_retired_unit_of_measurement(small: Small) -> None:
    small.change(RATE_FILE, "unit: percent", "unit: per_mille")
    small.change(RATE_FILE, "100 * online / received", "1000 * online / received")
    small.change(PAIR_FILE, "rate - paid", "rate / 10 - paid")
    small.change(PAIR_FILE, "expect: 50", "expect: -22")
    assert ("retired_unit", "rate") in {(f.check, f.subject) for f in lint(small.load())}


def test_a_measure_that_a_check_needs_is_no_orphan(small: Small) -> None:
    small.change(PAIR_FILE, "measure: service.paid_pct", "indicator: rate")
    small.change(SOURCE_FILE, "unit: percent", "unit: dossier")
    assert [f.check for f in lint(small.load()) if f.subject == "service.paid_pct"] == ["orphan_measure"]
    small.change(SOURCE_FILE, "not_above: [service.received]", "not_above: [service.received, service.paid_pct]")
    assert [f.check for f in lint(small.load()) if f.subject == "service.paid_pct"] == []


def test_a_body_that_handed_over_in_time_is_no_finding(small: Small) -> None:
    small.change(RATE_FILE, "lead: G06", 'lead: [{body: MIC, valid_to: "2025-02-28"}, G06]')
    assert lint(small.load()) == []


def test_every_check_is_seen_to_fire() -> None:
    tried = {case[0] for case in FIRES} | {"same_formula", "retired_unit", "nobody_owes"}
    assert tried == {check.__name__ for check in CHECKS}
    assert len(tried) >= 12


def test_errors_come_first(small: Small) -> None:
    small.change(RATE_FILE, ", en: Online rate", "").change(RATE_FILE, "verifies: VPTW", "verifies: G06")
    assert [finding.severity for finding in lint(small.load())] == ["error", "warning"]
