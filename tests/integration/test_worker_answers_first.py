"""The worker answers before its run begins, goes on answering while one lasts, and tells Dagster of all of it once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from connectors.intake.claim import SettleWatch
from connectors.intake.folders import open_folder
from connectors.workbook.stamp import KEY_FILE
from indicator_specs.home import Home
from pipelines import worker
from pipelines.answered import answer_first, with_answered
from pipelines.assets.publication import RELEASE
from pipelines.attempts import Attempts
from pipelines.definitions import defs
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.intake_report import IntakeReport
from pipelines.turns import WAREHOUSE, turn
from tests.workbooks import AGENCY, KEY, filled


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    (tmp_path / KEY_FILE).write_bytes(KEY)
    return Installation(Home(tmp_path))


def drop(here: Installation, name: str, **changes: object) -> None:
    filled(here.home.root / name, **changes).rename(open_folder(here.home, AGENCY) / name)


def test_the_step_of_the_next_run_tells_of_what_was_answered_before_it(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
    drop(here, "a.xlsx", E15=120)
    assert len(answer_first(here, SettleWatch(0)).answers) == 1
    drop(here, "b.xlsx", E15=130)
    told = with_answered(take_in(here, settle_seconds=0))
    assert [each.file_name for each in told.answers] == ["a.xlsx", "b.xlsx"]
    assert [each.batch.batch_no for each in told.admitted] == [1, 2]
    assert with_answered(take_in(here, settle_seconds=0)).answers == [], "told once"


def test_a_file_is_answered_while_a_run_lasts(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()
    receipts = open_folder(here.home, AGENCY) / "ket_qua"

    def run() -> bool:
        with turn(here.ledger, WAREHOUSE):  # as it is held while the models are built
            begun.set()
            may_end.wait(20)
        ended.set()
        return True

    with ThreadPoolExecutor(1) as answering, ThreadPoolExecutor(1) as running:
        attempts, runs = Attempts(SettleWatch(0)), worker._Runs(running, run)
        drop(here, "a.xlsx", E15=120)
        worker._look(here, attempts, answering, runs)
        assert begun.wait(10)
        drop(here, "b.xlsx", E15=130)
        worker._look(here, attempts, answering, runs)
        assert len(list(receipts.glob("*.txt"))) == 2
        assert not ended.is_set()
        may_end.set()
    assert [each.file_name for each in with_answered(IntakeReport()).answers] == ["a.xlsx", "b.xlsx"]


def test_the_worker_looks_again_soon_while_a_file_settles(here: Installation) -> None:
    with ThreadPoolExecutor(1) as answering, ThreadPoolExecutor(1) as running:
        attempts, runs = Attempts(SettleWatch(60)), worker._Runs(running, lambda: True)
        assert worker._look(here, attempts, answering, runs) == worker.LOOK_EVERY
        drop(here, "a.xlsx", E15=120)
        (open_folder(here.home, AGENCY) / "b.csv").write_text("half of it")
        assert worker.SETTLING_EVERY <= worker._look(here, attempts, answering, runs) < worker.LOOK_EVERY


def test_one_run_at_a_time_and_one_more_for_what_came_meanwhile() -> None:
    begun, may_end, now = [], threading.Event(), 0.0

    def run() -> bool:
        begun.append(len(begun))
        may_end.wait(10)
        return len(begun) != 2

    with ThreadPoolExecutor(1) as hands:
        runs = worker._Runs(hands, run, clock=lambda: now)
        runs.go_on()
        assert not begun, "nobody has asked"
        for _ in range(3):
            runs.ask_for_one()
            runs.go_on()
        may_end.set()
        hands.submit(lambda: None).result()
        runs.go_on()
        hands.submit(lambda: None).result()
        assert len(begun) == 2, "what came during the first is one more"
        runs.ask_for_one()
        runs.go_on()
        hands.submit(lambda: None).result()
        assert len(begun) == 2, "the second failed: a rest"
        now = worker.BREATH
        runs.go_on()
        hands.submit(lambda: None).result()
        assert len(begun) == 3


def test_the_first_worker_of_an_installation_computes_all_of_it_and_later_ones_what_is_new(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def run(*_: object, full: bool) -> bool:
        asked.append(full)
        return True

    monkeypatch.setenv("CHISO_HOME", str(here.home.root))
    monkeypatch.setattr(worker, "_run", run)
    refresh = defs.resolve_job_def("refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        assert worker._take_up(refresh, instance)
        instance.report_runless_asset_event(dg.AssetMaterialization(RELEASE))
        assert worker._take_up(refresh, instance)
    assert asked == [True, False]
