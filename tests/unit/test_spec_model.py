"""One indicator's file: what it may say, and what each type demands."""

from pathlib import Path

import pytest

from indicator_specs import periods
from indicator_specs.model_problems import build
from indicator_specs.spec import Indicator
from indicator_specs.strict_yaml import read_text
from tests.small_catalogue import PAIR_FILE, RATE, RATE_FILE, Small


def typed(text: str) -> Indicator:
    document = read_text(text, "rate.yml")
    spec = build(Indicator, document)
    assert spec is not None, "\n".join(map(str, document.problems))
    return spec


def refusals(old: str, new: str) -> list[str]:
    assert RATE.count(old) == 1, old
    document = read_text(RATE.replace(old, new), "rate.yml")
    assert build(Indicator, document) is None, "nothing was refused"
    for problem in document.problems:
        assert problem.line > 0
        assert problem.remedy
    return [f"{problem.field}: {problem.found}: {problem.remedy}" for problem in document.problems]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  layer: central", "  layr: central", "did you mean 'layer'"),
        ("type: computed", "type: magic", "one of: 'computed'"),
        ("id: rate", "id: Rate", "must match"),
        ("  verifies: VPTW", "  verifies: VPTW\nvibe: good", "unknown here"),
        ("  lead: G06\n", "", "add lead"),
        ('value: "80"', 'value: "0,7"', 'write "0.7", with a point'),
        ('value: "80"', 'value: "8e1"', "with a point"),
        ('value: "80"', 'value: "nan"', "with a point"),
        ('value: "80"', 'value: "80", value_high: "90"', "value_high goes with"),
        ('operator: ">="', "operator: band", "value_high goes with"),
        ('operator: ">="', 'operator: "=>"', "one of"),
        ('by: "2030", ', "", "deadline"),
        ('by: "2030"', 'by: "30/12/2030"', "is not a period"),
        ("governs: true", "governs: yes", "true or false"),
        ('valid_from: "2025-07"', 'valid_from: "07/2025"', "is not a period"),
        ('valid_from: "2025-07"', 'valid_from: "2025-07"\n    valid_to: "2025-06"', "valid_to is before"),
        ("    formula: 100 * online / received\n", "", "needs formula and inputs"),
        ("{measure: service.online}", "{}", "name a measure or an indicator"),
        ("{measure: service.online}", "{measure: service.online, indicator: x}", "name a measure or an indicator"),
        ("{measure: service.online}", "{measure: service.online, period: latest}", "max_age goes with"),
        ("roll_up: recompute", "roll_up: average", "one of"),
        ('range: ["0", "100"]', 'range: ["100", "0"]', "above the second"),
        ("  province: {}", "  district: {}", "one of"),
        ("type: computed", "type: published_value", "one input, no formula"),
        ("type: computed", "type: published_rank", "'rank' goes with"),
        ("type: computed", "type: composite", "'composite' goes with"),
        ("type: computed", "type: milestone", "'assessment' goes with"),
        ("    expect: 80", "    expect: 80\n    method: 7", "there is no method 7"),
        ("  - version: 1", "  - version: one", "a whole number"),
        (
            "  concept: {vi: Hồ sơ trực tuyến trên tổng số, en: Online dossiers over all}",
            "  concept: một câu",
            "keys with values belong here",
        ),
        ('codes: ["CS1"]', "codes: {a: CS1}", "a list belongs here"),
        ("    expect: 80", "    expect: tám mươi", "with a point"),
    ],
)
def test_refused(old: str, new: str, said: str) -> None:
    assert any(said in text for text in refusals(old, new))


def test_every_mistake_of_a_file_is_told() -> None:
    text = RATE.replace("layer: central", "layr: central").replace('value: "80"', 'value: "0,7"')
    document = read_text(text.replace("direction: higher_is_better", "direction: up"), "rate.yml")
    build(Indicator, document)
    assert {problem.field for problem in document.problems} == {
        "meaning.layer",
        "meaning.layr",
        "meaning.direction",
        "targets[0].value",
    }


def test_numbers_stay_exact_and_codes_stay_text() -> None:
    spec = typed(RATE.replace('"45.8"', '"45.10"').replace('["CS1"]', "[11.10, 11.1]"))
    assert str(spec.baseline.value if spec.baseline else "") == "45.10"
    assert spec.codes == ("11.10", "11.1")


def test_a_published_value_is_its_one_input() -> None:
    text = RATE.replace("type: computed", "type: published_value")
    text = text.replace("    formula: 100 * online / received\n", "")
    text = text.replace("      received: {measure: service.received}\n", "").replace(", received: 100", "")
    spec = typed(text)
    assert spec.formula_of(spec.method) == "online"
    assert set(spec.inputs_of(spec.method)) == {"online"}


COMPOSITE = """\
    composite:
      members:
        - {measure: dti.a, weight: "100"}
        - {measure: dti.b, weight: "200"}
        - {measure: other.b, weight: "0.5", name: b2}
"""


def test_a_composite_is_a_weighted_mean() -> None:
    text = RATE.replace("type: computed", "type: composite")
    start, end = text.index("    formula:"), text.index("    roll_up")
    spec = typed(text[:start] + COMPOSITE + text[end:])
    assert spec.formula_of(spec.method) == "(100 * a + 200 * b + 0.5 * b2) / 300.5"
    assert {name: given.measure for name, given in spec.inputs_of(spec.method).items()} == {
        "a": "dti.a",
        "b": "dti.b",
        "b2": "other.b",
    }
    document = read_text(text[:start] + COMPOSITE.replace(", name: b2", "") + text[end:], "x.yml")
    assert build(Indicator, document) is None
    assert "two members share a name" in document.problems[0].remedy


def test_each_period_has_the_method_of_its_time() -> None:
    later = """\
  - version: 2
    valid_from: "2026-01"
    frequency: monthly
    formula: 100 * online / received
    inputs:
      online: {measure: service.online}
      received: {measure: service.received}
targets:
"""
    first = 'valid_from: "2025-07"'
    spec = typed(RATE.replace("targets:\n", later).replace(first, first + '\n    valid_to: "2025-12"'))
    found = {text: spec.method_of(periods.parse(text)) for text in ("2025-06", "2025-07", "2025-12", "2026-01")}
    assert {text: method and method.version for text, method in found.items()} == {
        "2025-06": None,
        "2025-07": 1,
        "2025-12": 1,
        "2026-01": 2,
    }


def test_a_level_may_have_its_own_formula(tmp_path: Path) -> None:
    override = "  nation: {formula: 100 * (online - 1) / received}\n"
    spec = typed(RATE.replace("  nation: {}\n", override))
    assert spec.formula_of(spec.method, "nation") == "100 * (online - 1) / received"
    assert spec.formula_of(spec.method, "province") == spec.formula_of(spec.method) == "100 * online / received"
    small = Small.at(tmp_path)
    small.change(RATE_FILE, "  nation: {}\n", "  nation: {formula: online + received}\n")
    assert [problem.field for problem in small.problems()] == ["levels.nation.formula"]


def test_a_duty_may_pass_on(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    small.change(PAIR_FILE, "lead: G06", 'lead: [{body: MIC, valid_to: "2025-02-28"}, G06]')
    assert small.load().indicators["pair"].lead == "G06"
