"""For each lint check, the change of the small catalogue that must make it fire, and of whom."""

from typing import NamedTuple

from tests.small_catalogue import CONTRACT_FILE, DUTIES, EVENTS, PAIR_FILE, RATE, RATE_FILE, SOURCE_FILE

DUTY_FILE, EVENT_FILE = "reference/assignment.csv", "reference/org_unit_event.csv"
CALENDAR_FILE, PROGRAMMES_FILE = "reference/reporting_calendar.csv", "catalogue/programmes.yml"
TARGET = (
    '{id: t2030, kind: reach, by: "2030", scope: VN, operator: ">=", value: "80", source: "57-NQ/TW", governs: true}'
)
DUTY = DUTIES.splitlines(keepends=True)[1]
MONTHLY = """\
    frequency: monthly
    formula: 100 * online / received
    inputs:
      online: {measure: service.online}
      received: {measure: service.received}
"""
LATER_METHOD = f"""\
  - version: 2
    valid_from: "2026-01"
{MONTHLY}targets:
"""
REQUEST = 'request: {path: /api/dossiers, params: {period: "{period}"}, records: /data}'
FORM = [(SOURCE_FILE, "kind: rest", "kind: workbook"), (SOURCE_FILE, REQUEST, "form: {code: BM-01}")]
TWIN = (
    RATE.replace("id: rate", "id: twin")
    .replace('["CS1"]', '["CS9"]')
    .replace("Tỉ lệ trực tuyến", "Tên khác")
    .replace("100 * online / received", "100 * x / received")
    .replace("      online:", "      x:")
    .replace("{online: 80", "{x: 80")
)
PER_MILLE = [
    (RATE_FILE, "unit: percent", "unit: per_mille"),
    (RATE_FILE, "100 * online / received", "1000 * online / received"),
    (PAIR_FILE, "rate - paid", "rate / 10 - paid"),
    (PAIR_FILE, "expect: 50", "expect: -22"),
]
RANK = """\
id: place
codes: ["CS7"]
programmes: [plan]
type: published_rank
meaning:
  name: {vi: Thứ hạng, en: Place}
  concept: {vi: Thứ hạng công bố, en: Published place}
  layer: field
  field: government
  unit: rank
  direction: lower_is_better
  legal_basis: ["57-NQ/TW"]
  confidence: {definition: verified, formula: verified}
levels:
  province: {}
responsibility: {lead: G06, updates: provinces, verifies: VPTW}
methods:
  - {version: 1, valid_from: "2025-07", frequency: monthly, inputs: {place: {measure: service.place}}}
rank: {of: rate, participants: "34"}
presentation: {decimals: 0}
"""
PLACE = """\
      - id: service.place
        column: place
        name: {vi: Hạng, en: Place}
        unit: rank
        nature: non_additive
"""
ASSESSED = RANK.replace("published_rank", "assessed").replace(
    'rank: {of: rate, participants: "34"}', "assessment: {scale: [Tốt, Khá], assessor: VPTW, document: 57-NQ/TW}"
)
RANKED = [("catalogue/government/place.yml", "", RANK), (SOURCE_FILE, "", PLACE)]
JUDGED = [("catalogue/government/place.yml", "", ASSESSED), (SOURCE_FILE, "", PLACE)]
RANK_FILE = "catalogue/government/place.yml"
MORE_TARGETS = "governs: true}\n"


class Case(NamedTuple):
    """A check, of whom it speaks, and the changes (file, old text, new text); no old text appends to the file."""

    check: str
    subject: str
    changes: list[tuple[str, str, str]]


def target(**parts: str) -> str:
    """One more target, with parts of ``TARGET`` replaced; it does not govern."""
    text = TARGET.replace(", governs: true", "").replace("t2030", "more")
    for old, new in parts.items():
        text = text.replace({"by": '"2030"', "value": '"80"', "operator": '">="', "source": '"57-NQ/TW"'}[old], new)
    return text


def more(text: str) -> tuple[str, str, str]:
    """A change that adds a target."""
    return RATE_FILE, MORE_TARGETS, f"{MORE_TARGETS}  - {text}\n"


CASES = [
    # what it means
    Case("missing_text", "rate", [(RATE_FILE, ", en: Online rate", "")]),
    Case("missing_text", "rate", [(RATE_FILE, ", en: Online dossiers over all", "")]),
    Case("no_legal_basis", "rate", [(RATE_FILE, '  legal_basis: ["57-NQ/TW, II.1"]\n', "")]),
    Case("document_without_number", "rate", [(RATE_FILE, '"57-NQ/TW, II.1"', '"57-NQ/TW, II.1", "Dự thảo 2025"')]),
    Case("same_code", "rate", [(RATE_FILE, '["CS1"]', '["CS1", "CS2"]')]),
    Case("same_code", "rate", [(RATE_FILE, "vi: Tỉ lệ trực tuyến,", "vi: Tổng hai  Loại,")]),
    Case("no_code", "rate", [(RATE_FILE, 'codes: ["CS1"]\n', "")]),
    Case("code_reads_as_number", "rate", [(RATE_FILE, '["CS1"]', '["11.10"]')]),
    Case("unit_in_name", "rate", [(RATE_FILE, "vi: Tỉ lệ trực tuyến,", "vi: Tỉ lệ trực tuyến (%),")]),
    Case("retired_unit", "rate", PER_MILLE),
    Case("rank_the_wrong_way", "place", [*RANKED, (RANK_FILE, "lower_is_better", "higher_is_better")]),
    Case("rank_of_how_many", "place", [*RANKED, (RANK_FILE, ', participants: "34"', "")]),
    Case("count_with_decimals", "place", [*RANKED, (RANK_FILE, "decimals: 0", "decimals: 2")]),
    Case("scale_repeats", "place", [*JUDGED, (RANK_FILE, "[Tốt, Khá]", "[Tốt, Khá, tốt]")]),
    # who answers for it
    Case("verifier_is_judged", "rate", [(RATE_FILE, "verifies: VPTW", "verifies: provinces")]),
    Case("verifier_is_judged", "rate", [(RATE_FILE, "verifies: VPTW", "verifies: [VPTW, G06]")]),
    Case("retired_body", "rate", [(RATE_FILE, "lead: G06", "lead: MIC")]),
    Case("nobody_updates", "rate", [(RATE_FILE, "  updates: provinces\n", "")]),
    Case("nobody_verifies", "rate", [(RATE_FILE, "  verifies: VPTW\n", "")]),
    Case("several_leads", "rate", [(RATE_FILE, "lead: G06", "lead: [G22, G06]")]),
    Case("retired_owner", "service", [(SOURCE_FILE, "owner: G22", "owner: MIC")]),
    Case("retired_reporter", "service.dossiers", [(DUTY_FILE, "ministry,G22", "ministry,MIC")]),
    Case("ended_without_heir", "MIC", [(EVENT_FILE, EVENTS.splitlines(keepends=True)[-1], "")]),
    # of which programme
    Case("no_programme", "rate", [(RATE_FILE, "programmes: [plan]\n", "")]),
    Case(
        "empty_programme", "other", [(PROGRAMMES_FILE, "", 'other:\n  name: {vi: A, en: B}\n  legal_basis: ["1/QĐ"]\n')]
    ),
    Case("programme_without_basis", "plan", [(PROGRAMMES_FILE, '  legal_basis: ["57-NQ/TW"]\n', "")]),
    Case("asked_twice", "service.received", [(SOURCE_FILE, "vi: Số trực tuyến", "vi: Số tiếp  NHẬN")]),
    Case("code_of_no_programme", "rate", [(PROGRAMMES_FILE, "  legal_basis:", "  code_pattern: CS2\n  legal_basis:")]),
    # how it is computed
    Case("unused_input", "pair", [(PAIR_FILE, "rate - paid", "2 * paid")]),
    Case("same_formula", "twin", [("catalogue/government/twin.yml", "", TWIN)]),
    Case("coverage_out_of_range", "rate", [(RATE_FILE, "recompute", 'recompute\n    min_coverage: "95"')]),
    Case("sum_of_ratio", "rate", [(RATE_FILE, "roll_up: recompute", "roll_up: sum")]),
    Case("mean_of_ratio", "rate", [(RATE_FILE, "roll_up: recompute", "roll_up: mean")]),
    Case("overlapping_methods", "rate", [(RATE_FILE, "targets:\n", LATER_METHOD)]),
    Case(
        "gap_between_methods",
        "rate",
        [
            (RATE_FILE, 'valid_from: "2025-07"', 'valid_from: "2025-07"\n    valid_to: "2025-10"'),
            (RATE_FILE, "targets:\n", LATER_METHOD),
        ],
    ),
    Case("method_has_ended", "rate", [(RATE_FILE, '"2025-07"', '"2025-07"\n    valid_to: "2026-01"')]),
    Case("level_without_data", "rate", [(RATE_FILE, "roll_up: recompute", "roll_up: none")]),
    Case("level_without_data", "rate", [(RATE_FILE, "  province: {}", "  province: {}\n  commune: {}")]),
    Case("numerator_unchecked", "rate", [(SOURCE_FILE, ", not_above: [service.received]", "")]),
    Case("range_beyond_unit", "place", [*RANKED, (RANK_FILE, "inputs:", 'checks: {range: ["0", "9"]}, inputs:')]),
    # how it is proved
    Case("no_example", "rate", [(RATE_FILE, "    expect: 80", "    expect: null")]),
    Case("no_missing_example", "rate", [(RATE_FILE, "    expect: null", "    expect: 0")]),
    Case("example_out_of_range", "rate", [(RATE_FILE, "    expect: 80", "    expect: 180")]),
    # what is aimed at
    Case("target_without_scope", "rate/t2030", [(RATE_FILE, "scope: VN, ", "")]),
    Case("scope_off_level", "rate/t2030", [(RATE_FILE, "scope: VN", "scope: G22")]),
    Case("retired_scope", "rate/t2030", [(RATE_FILE, "scope: VN", "scope: F17")]),
    Case("several_governing", "rate", [(RATE_FILE, TARGET, f"{TARGET}\n  - {TARGET.replace('t2030', 'more')}")]),
    Case("none_governs", "rate", [(RATE_FILE, ", governs: true", "")]),
    Case("target_out_of_range", "rate/t2030", [(RATE_FILE, 'value: "80"', 'value: "800"')]),
    Case("target_without_direction", "rate/t2030", [(RATE_FILE, "higher_is_better", "none")]),
    Case("target_against_direction", "rate/t2030", [(RATE_FILE, "higher_is_better", "lower_is_better")]),
    Case("target_of_unnamed_document", "rate/more", [more(target(by='"2035"', source='"03/NQ-CP"'))]),
    Case("decimals_hide_target", "rate/t2030", [(RATE_FILE, 'value: "80"', 'value: "80.25"')]),
    # and by when
    Case("target_before_baseline", "rate/t2030", [(RATE_FILE, 'period: "2024"', 'period: "2030"')]),
    Case("no_baseline", "rate", [(RATE_FILE, 'baseline: {period: "2024", value: "45.8", source: "báo cáo"}\n', "")]),
    Case("baseline_out_of_range", "rate", [(RATE_FILE, 'value: "45.8"', 'value: "458"')]),
    Case("target_is_past", "rate/t2030", [(RATE_FILE, 'by: "2030"', 'by: "2025"')]),
    Case("later_target_is_weaker", "rate/more", [more(target(by='"2035"', value='"70"'))]),
    Case("targets_disagree", "rate", [more(target(operator='">"'))]),
    # who may see it
    Case("public_from_internal", "pair", [(RATE_FILE, "type: computed", "type: computed\nclassification: internal")]),
    Case(
        "embargo_on_internal",
        "pair",
        [(PAIR_FILE, "type: computed", 'type: computed\nclassification: internal\nembargo_until: "2027-01-01"')],
    ),
    Case("embargo_is_over", "pair", [(PAIR_FILE, "type: computed", 'type: computed\nembargo_until: "2026-01-01"')]),
    # where figures come from
    Case("orphan_measure", "service.paid_pct", [(PAIR_FILE, "measure: service.paid_pct", "indicator: rate")]),
    Case("missing_measure_text", "service.online", [(SOURCE_FILE, ", en: Online}", "}")]),
    Case("unbounded_measure", "service.received", [(SOURCE_FILE, '        checks: {min: "0"}\n', "")]),
    Case("unbounded_measure", "service.online", [(SOURCE_FILE, 'checks: {min: "0", not', "checks: {not")]),
    Case("calendar_differs", "service.dossiers", [(SOURCE_FILE, "deadline_days: 20", "deadline_days: 21")]),
    Case("calendar_differs", "service.dossiers", [(CALENDAR_FILE, ",monthly,", ",yearly,")]),
    Case("nobody_owes", "service.dossiers", [*FORM, (DUTY_FILE, DUTY, "")]),
    Case("duties_have_ended", "service.dossiers", [*FORM, (DUTY_FILE, "2025-07-01,,x", "2025-07-01,2026-06-30,x")]),
    Case(
        "owed_without_calendar",
        "service.dossiers",
        [(CALENDAR_FILE, "service.dossiers,monthly,calendar,20,2025-07-01,,60/2018,x\n", "")],
    ),
    Case("coverage_by_default", "rate", [(DUTY_FILE, DUTY, "")]),
    Case("not_frozen", "service.dossiers", [(CONTRACT_FILE, "dossiers:", "others:")]),
]
