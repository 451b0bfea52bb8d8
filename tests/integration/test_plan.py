"""What a release would change and why, told before it is sealed, and the same as what is sealed then."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from connectors.durable import sha256_of
from pipelines.plan.records import Cell, FailOn, Plan
from pipelines.plan.running import compare, plan
from pipelines.release import Release
from tests.small_catalogue import PAIR_FILE, RATE_FILE
from tests.small_installation import PAID, SmallInstallation, dossiers, small_installation


@dataclass(frozen=True)
class Step:
    """A plan, and the release that was sealed after it."""

    planned: Plan
    sealed: Release
    sealed_file: Path
    difference: Plan
    """Between the release before and the one that was sealed."""

    def cell(self, indicator: str, unit: str, period: str = "2026-09", on_map: str = "current") -> Cell:
        """One changed cell."""
        key = (indicator, unit, period, on_map)
        (found,) = [
            each
            for each in self.planned.cells
            if (each.indicator, each.org_unit_code, each.time_period, each.map) == key
        ]
        return found


def new_batch(here: SmallInstallation) -> None:
    here.at("2026-10-06T09:00:00+07:00").accept(dossiers("P01", "2026-09", 100, 80))


def other_formula(here: SmallInstallation) -> None:
    here.change(RATE_FILE, "formula: 100 * online", "formula: 50 * online").change(
        RATE_FILE, "expect: 80", "expect: 40"
    )


def other_target_and_an_indicator_dropped(here: SmallInstallation) -> None:
    (here.specs.root / PAIR_FILE).unlink()
    here.change(RATE_FILE, 'by: "2030"', 'by: "2027"')


def deadline_passed(here: SmallInstallation) -> None:
    here.at("2026-11-21T09:00:00+07:00")


def event_withdrawn(here: SmallInstallation) -> None:
    here.change("reference/org_unit_event.csv", "merge,F17,P25,", "merge,F17,P01,")


STEPS: dict[str, Callable[[SmallInstallation], None]] = {
    "batch": new_batch,
    "formula": other_formula,
    "target": other_target_and_an_indicator_dropped,
    "deadline": deadline_passed,
    "event": event_withdrawn,
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Step]]:
    """Each step planned, sealed and compared; then a plan of nothing."""
    with small_installation(tmp_path_factory.mktemp("plan"), "2026-10-05T09:00:00+07:00") as here:
        here.change(RATE_FILE, 'valid_from: "2025-07"', 'valid_from: "2025-01"')
        here.accept([*dossiers("F17", "2025-06", 100, 10), *dossiers("F25", "2025-06", 100, 30)])
        here.accept([*dossiers("P01", "2026-09", 100, 40), *dossiers("P25", "2026-09", 200, 150)])
        here.accept([(PAID, "P01", "2026-09", 30), (PAID, "P25", "2026-09", 40)])
        before = here.seal()
        steps: dict[str, Step] = {}
        for name, change in STEPS.items():
            change(here)
            real = {path: sha256_of(path) for path in here.home.root.rglob("*.duckdb")}
            planned = plan(here.now, project=here.project)
            assert {path: sha256_of(path) for path in here.home.root.rglob("*.duckdb")} == real, "nothing was touched"
            sealed = here.seal()
            files = [release.file_in(here.home.published) for release in (before, sealed)]
            steps[name] = Step(planned, sealed, files[1], compare(*files))
            before = sealed
        nothing = plan(here.now, project=here.project)
        steps["nothing"] = Step(nothing, before, files[1], nothing)
        yield steps


@pytest.mark.parametrize("name", STEPS)
def test_what_is_planned_is_what_is_sealed(played: dict[str, Step], name: str) -> None:
    step = played[name]
    assert step.planned.cells
    assert step.planned.cells == step.difference.cells
    assert step.planned.rules == step.difference.rules
    assert not any(cell.is_unexplained for cell in step.planned.cells)
    assert step.planned.against == step.sealed.number - 1


def test_a_new_batch_says_which_figures_it_brought(played: dict[str, Step]) -> None:
    cell = played["batch"].cell("rate", "P01")
    assert (cell.value_from, cell.value_to, cell.rank_from, cell.rank_to) == (40.0, 80.0, 2, 1)
    (reason,) = cell.reasons
    assert (reason.kind, reason.subject, reason.item) == ("batch", "4", "service.online")
    assert (reason.before, reason.after) == ("40.0", "80.0")
    nation = played["batch"].cell("rate", "VN")
    assert nation.value_to == pytest.approx(100 * 230 / 300)
    assert [each.kind for each in nation.reasons] == ["batch"]
    (batch,) = played["batch"].planned.batches
    assert (batch["batch_no"], batch["source"], batch["dataset"]) == (4, "service", "dossiers")


def test_an_indicator_that_reads_another_is_explained_by_it(played: dict[str, Step]) -> None:
    cell = played["batch"].cell("pair", "P01")
    assert (cell.value_from, cell.value_to) == (10.0, 50.0)
    assert [(each.kind, each.subject) for each in cell.reasons] == [("input_indicator", "rate")]


def test_a_rank_that_others_moved_is_told_as_such(played: dict[str, Step]) -> None:
    cell = played["batch"].cell("rate", "P25")
    assert (cell.rank_from, cell.rank_to, cell.is_value_changed) == (1, 2, False)
    assert cell.is_moved_by_others
    assert [(each.kind, each.after) for each in cell.reasons] == [("peers", "P01")]


def test_a_changed_formula_is_told_from_old_text_to_new(played: dict[str, Step]) -> None:
    step = played["formula"]
    values = [cell for cell in step.planned.cells if cell.indicator == "rate" and cell.is_value_changed]
    assert {cell.org_unit_code for cell in values} == {"F17", "F25", "P01", "P25", "VN"}
    for cell in values:
        (reason,) = cell.reasons
        assert (reason.kind, reason.item) == ("rule", "methods 1.formula")
        assert (reason.before, reason.after) == ("100 * online / received", "50 * online / received")
    assert step.cell("rate", "VN").light_from == "on_track"
    assert step.cell("rate", "VN").light_to == "behind"


def test_a_changed_target_changes_lights_and_no_value(played: dict[str, Step]) -> None:
    rates = [cell for cell in played["target"].planned.cells if cell.indicator == "rate"]
    assert not any(cell.is_value_changed for cell in rates)
    assert [(rule.subject, rule.item) for rule in played["target"].planned.rules] == [
        ("pair", "declared"),
        ("rate", "targets t2030.by"),
    ]


def test_a_dropped_indicator_loses_every_cell(played: dict[str, Step]) -> None:
    dropped = [cell for cell in played["target"].planned.cells if cell.indicator == "pair"]
    assert {(cell.org_unit_code, cell.value_to, cell.light_to) for cell in dropped} >= {("P01", None, None)}
    assert {reason.kind for cell in dropped for reason in cell.reasons} == {"indicator_dropped"}


def test_a_deadline_that_passed_shows_who_is_silent(played: dict[str, Step]) -> None:
    cell = played["deadline"].cell("rate", "P01", "2026-10")
    assert (cell.light_from, cell.light_to, cell.status_to) == (None, "no_data", "O")
    assert [(each.kind, each.item, each.after) for each in cell.reasons] == [("deadline", "2026-10", "2026-11-20")]


def test_an_event_that_is_gone_changes_what_is_summed_on_todays_map(played: dict[str, Step]) -> None:
    cell = played["event"].cell("rate", "P25", "2025-06")
    assert (cell.value_from, cell.value_to) == (10.0, 15.0)
    assert ("event", "F17 → P25") in [(each.kind, each.subject) for each in cell.reasons]


def test_what_nobody_can_explain_is_said_so_and_stops(played: dict[str, Step], tmp_path: Path) -> None:
    sealed = played["deadline"].sealed_file
    tampered = tmp_path / "tampered.duckdb"
    shutil.copyfile(sealed, tampered)
    with duckdb.connect(str(tampered)) as connection:
        connection.execute(
            """update lineage.lineage_indicator_value set obs_value = 99
            where indicator = 'rate' and org_unit_code = 'P01' and map = 'current' and time_period = '2026-09'"""
        )
    found = compare(sealed, tampered)
    (cell,) = found.cells
    assert (cell.value_to, cell.reasons, cell.is_unexplained) == (99.0, (), True)
    assert {each for each in FailOn if found.is_stopped_by(each)} == set(FailOn) - {FailOn.NONE}


def test_nothing_changed_is_nothing_planned(played: dict[str, Step]) -> None:
    nothing = played["nothing"].planned
    assert nothing.cells == ()
    assert nothing.rules == ()
    assert not any(nothing.is_stopped_by(each) for each in FailOn)


def test_a_plan_stops_by_what_it_was_asked_for(played: dict[str, Step]) -> None:
    by = {name: {each.value for each in FailOn if played[name].planned.is_stopped_by(each)} for name in STEPS}
    assert by["batch"] == {"rank", "value", "any"}
    assert by["formula"] == {"light", "value", "any"}
    assert by["deadline"] == {"light", "value", "any"}


def test_json_says_everything_in_a_stable_order(played: dict[str, Step]) -> None:
    told = json.loads(json.dumps(played["batch"].planned.as_json(), ensure_ascii=False))
    assert told["summary"]["n_cells"] == len(told["cells"])
    assert told["summary"]["n_unexplained"] == 0
    keys = [(cell["indicator"], cell["org_unit_code"], cell["time_period"], cell["map"]) for cell in told["cells"]]
    assert keys == sorted(keys)
    assert told["against"] == 1
