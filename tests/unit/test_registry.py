"""The registry: what joins declarations, what it refuses, what it answers."""

from pathlib import Path

import pytest

from indicator_specs.errors import SpecError
from indicator_specs.registry import load_registry
from tests.small_catalogue import PAIR_FILE, RATE, RATE_FILE, SOURCE_FILE, Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small.at(tmp_path)


def test_the_small_catalogue_loads_and_answers(small: Small) -> None:
    registry = small.load()
    assert list(registry.indicators) == ["pair", "rate"]
    assert registry.order == ("rate", "pair")
    assert list(registry.measures) == ["service.online", "service.paid_pct", "service.received"]
    assert registry.dependents(["service.online"]) == ("rate", "pair")
    assert registry.dependents(["service.paid_pct"]) == ("pair",)
    assert registry.dependents(["nothing"]) == ()
    assert registry.readers("service.online") == ("rate",)
    assert registry.indicators["rate"].theme == "government"
    dataset = registry.dataset("service", "dossiers")
    assert dataset.source_id == "service"
    assert dataset.full_id == "service.dossiers"
    measure = registry.measures["service.online"]
    assert (measure.source_id, measure.dataset_id) == ("service", "dossiers")
    assert (measure.frequency, measure.levels) == ("monthly", ("province",))
    assert measure.producer_precedence == ("G22",)
    rate = registry.indicators["rate"]
    assert registry.compiled(rate, rate.method).inputs == ("online", "received")
    with pytest.raises(KeyError):
        registry.dataset("service", "nothing")


def test_a_group_is_what_a_formula_or_a_check_ties_together(small: Small) -> None:
    registry = small.load()
    groups = registry.groups(registry.dataset("service", "dossiers"))
    assert groups == {"service.received": "rate", "service.online": "rate", "service.paid_pct": "pair"}


def test_a_check_alone_ties_measures(small: Small) -> None:
    small.change(RATE_FILE, "formula: 100 * online / received", "formula: 100 * online / online")
    small.change(RATE_FILE, "      received: {measure: service.received}\n", "")
    small.change(RATE_FILE, "given: {online: 80, received: 100}", "given: {online: 80}")
    small.change(RATE_FILE, "given: {online: 80, received: 0}", "given: {online: 80}")
    groups = small.load().groups(small.load().dataset("service", "dossiers"))
    assert groups["service.received"] == groups["service.online"] == "rate"
    small.change(SOURCE_FILE, ", not_above: [service.received]", "")
    groups = small.load().groups(small.load().dataset("service", "dossiers"))
    assert groups["service.received"] == "service.received"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "said"),
    [
        (
            RATE_FILE,
            "measure: service.online",
            "measure: service.onlin",
            "methods[0].inputs.online.measure",
            "did you mean service.online?",
        ),
        (PAIR_FILE, "indicator: rate", "indicator: rates", "methods[0].inputs.rate.indicator", "did you mean rate?"),
        (RATE_FILE, "unit: percent", "unit: procent", "meaning.unit", "did you mean percent?"),
        (RATE_FILE, "lead: G06", "lead: G66", "responsibility.lead", "did you mean"),
        (RATE_FILE, "scope: VN", "scope: VNN", "targets[0].scope", "did you mean VN?"),
        (RATE_FILE, "programmes: [plan]", "programmes: [plans]", "programmes[0]", "did you mean plan?"),
        (RATE_FILE, "100 * online / received", "online / received", "methods[0].formula", "sửa công thức"),
        (RATE_FILE, "100 * online / received", "100 * online / recieved", "methods[0].formula", "'received'"),
        (RATE_FILE, "{online: 80, received: 100}", "{online: 80}", "examples[0].given", "exactly the inputs"),
        (PAIR_FILE, "    frequency: monthly", "    frequency: weekly", "methods[0].inputs.rate", "add period: latest"),
        (RATE_FILE, "id: rate\n", "id: other\n", "id", "file's name"),
        (PAIR_FILE, "    inputs:", "    roll_up: recompute\n    inputs:", "methods[0].roll_up", "roll_up: none"),
        (PAIR_FILE, "measure: service.paid_pct", "measure: service.received", "methods[0].formula", "one unit"),
        (
            PAIR_FILE,
            "measure: service.paid_pct",
            "measure: service.paid_pct, producer: VPTW",
            "methods[0].inputs.paid.producer",
            "declare it",
        ),
        (SOURCE_FILE, "owner: G22", "owner: G21", "owner", "did you mean"),
        (
            SOURCE_FILE,
            "not_above: [service.received]",
            "not_above: [service.paid_pct]",
            "datasets[0].measures[1].checks.not_above",
            "one unit only",
        ),
        (
            SOURCE_FILE,
            "not_above: [service.received]",
            "not_above: [service.recieved]",
            "datasets[0].measures[1].checks.not_above",
            "did you mean service.received?",
        ),
        (SOURCE_FILE, "id: service.paid_pct", "id: service.online", "datasets", "service.online"),
        (SOURCE_FILE, "id: service\n", "id: servis\n", "id", "folder's name"),
        (
            "reference/assignment.csv",
            "service.dossiers",
            "service.dosiers",
            "dataset",
            "did you mean service.dossiers?",
        ),
        ("reference/assignment.csv", "all,province", "all,commune", "level", "dataset's level"),
        ("reference/assignment.csv", "ministry,G22", "ministry,G23", "reporter_code", "mend the code"),
        ("reference/org_unit.csv", "Ba Đình,P01", "Ba Đình,P99", "parent_code", "mend the code"),
        ("reference/org_unit.csv", "C00008,commune", "C00004,commune", "org_unit_code", "one row a unit"),
        ("reference/org_unit.csv", "C00008,commune", "00008,commune", "org_unit_code", "begins with a letter"),
        ("reference/org_unit.csv", "C00008,commune", "C00008,village", "kind", "one of"),
        ("reference/org_unit.csv", ",2025-02-28,x", ",28/02/2025,x", "valid_to", ""),
        ("reference/org_unit.csv", "Cả nước,,", "Cả nước,P01,", "parent_code", "mend parent_code"),
        ("reference/org_unit_event.csv", "F17,P25,2025-07-01,1", "F17,P25,2025-07-01,0.5", "share", "add up to 1"),
        ("reference/org_unit_event.csv", "F17,P25", "F17,P99", "to_code", "mend the code"),
        ("reference/org_unit_event.csv", "event,from_code", "events,from_code", "", "viết:"),
        ("reference/reporting_calendar.csv", "calendar,20", "calendar,x", "deadline_days", ""),
        ("reference/reporting_calendar.csv", "calendar,20", "lunar,20", "period_basis", "period_basis.csv"),
        ("reference/org_unit.csv", "Ba Đình,P01,territory,2025-07-01,,x", "Ba Đình,P01", "", "commas"),
    ],
)
def test_a_mistake_between_files_is_told_at_its_place(
    small: Small, file: str, old: str, new: str, field: str, said: str
) -> None:
    problems = small.change(file, old, new).problems()
    hit = [problem for problem in problems if problem.field == field or (field and problem.field.startswith(field))]
    assert hit, problems
    assert any(said in problem.remedy or said in problem.found for problem in hit), hit
    assert all(problem.remedy and problem.found for problem in problems)
    assert any(Path(file).name in problem.file for problem in hit)


def test_a_circle_is_named(small: Small) -> None:
    small.change(RATE_FILE, "received: {measure: service.received}", "received: {indicator: pair}")
    circles = [problem for problem in small.problems() if "a circle" in problem.found]
    assert len(circles) == 1
    assert "pair → rate → pair" in circles[0].found


def test_all_mistakes_of_all_files_are_told_at_once(small: Small) -> None:
    small.change(RATE_FILE, "unit: percent", "unit: procent")
    small.change(PAIR_FILE, "lead: G06", "lead: G99")
    small.change(SOURCE_FILE, "owner: G22", "owner: 22")
    small.change("reference/org_unit.csv", "Ba Đình,P01", "Ba Đình,P99")
    problems = small.problems()
    assert {Path(problem.file).name for problem in problems} == {"rate.yml", "pair.yml", "source.yml", "org_unit.csv"}
    assert len(problems) == 4, "a broken file must not echo in the files that refer to it"
    printed = str(SpecError(problems))
    for problem in problems:
        assert problem.remedy in printed
        assert problem.file in printed
    assert "rate.yml:10" in printed


def test_a_broken_file_does_not_echo_elsewhere(small: Small) -> None:
    small.change(RATE_FILE, "type: computed", "type: computd")
    assert [(Path(p.file).name, p.field) for p in small.problems()] == [("rate.yml", "type")]


@pytest.mark.parametrize("missing", ["catalogue", "sources", "reference"])
def test_a_missing_folder_is_a_clean_error(small: Small, missing: str) -> None:
    folders = {name: small.root / name for name in ("catalogue", "sources", "reference")}
    folders[missing] = small.root / "nowhere"
    with pytest.raises(SpecError) as caught:
        load_registry(**folders)
    assert any("nowhere" in problem.file for problem in caught.value.problems)


def test_files_out_of_place_are_told(small: Small) -> None:
    small.write("catalogue/stray.yml", RATE)
    small.write("catalogue/government/deep/rate2.yml", RATE)
    small.write("catalogue/government/rate3.yaml", RATE)
    (small.root / "sources" / "empty").mkdir()
    names = [Path(problem.file).name for problem in small.problems()]
    assert names == ["rate2.yml", "rate3.yaml", "stray.yml", "empty"]


def test_a_theme_has_a_name_or_its_indicators_are_refused(small: Small) -> None:
    assert small.load().themes["government"].vi == "Chính phủ"
    small.write("catalogue/themes.yml", "economy: {vi: Kinh tế, en: Economy}\n")
    told = [problem for problem in small.problems() if "'government' is not declared" in problem.found]
    assert [Path(problem.file).name for problem in told] == ["pair.yml", "rate.yml"]
    assert all("catalogue/themes.yml" in problem.remedy for problem in told)
    small.write("catalogue/themes.yml", "government: {vi: 1, name: x}\n")
    assert {Path(problem.file).name for problem in small.problems()} == {"themes.yml"}


def test_an_id_belongs_to_one_file(small: Small) -> None:
    small.write("catalogue/economy/rate.yml", RATE)
    assert any("already declared" in problem.remedy for problem in small.problems())


def test_the_fingerprint_follows_every_declaring_file_and_nothing_else(small: Small) -> None:
    seen = {small.load().spec_hash}
    assert small.load().spec_hash in seen
    small.write("sources/service/notes.txt", "x")
    assert small.load().spec_hash in seen
    for file, old, new in [
        (RATE_FILE, 'codes: ["CS1"]', 'codes: ["CS1a"]'),
        (SOURCE_FILE, "deadline_days: 20", "deadline_days: 21"),
        ("reference/org_unit.csv", "Tỉnh Hòa Bình,Hoa Binh", "Tỉnh Hòa Bình,Hoa Binh Province"),
    ]:
        small.change(file, old, new)
        seen.add(small.load().spec_hash)
    small.write("sources/service/extra.sql", "select 1")
    seen.add(small.load().spec_hash)
    assert len(seen) == 5


def test_a_query_must_lie_beside_its_source(small: Small) -> None:
    small.change(SOURCE_FILE, "kind: rest", "kind: database")
    small.change(
        SOURCE_FILE,
        'request: {path: /api/dossiers, params: {period: "{period}"}, records: /data}',
        "query: dossiers.sql",
    )
    assert [problem.field for problem in small.problems()] == ["datasets[0].query"]
    small.write("sources/service/dossiers.sql", "select 1")
    assert small.load().sources["service"].folder == small.root / "sources" / "service"
