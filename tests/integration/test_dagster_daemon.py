"""A corrected workbook dropped into a folder: what the daemon's sensor, or a resident worker, makes of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest
from playwright.sync_api import sync_playwright

from indicator_specs.home import PROJECT, Home
from pipelines.assets.publication import RELEASE
from pipelines.dashboards import Dashboards
from pipelines.demo.run import CARELESS_PROVINCE, OCTOBER, officers_send
from pipelines.installation import Installation
from pipelines.release import Release, current
from pipelines.serving import dagster, prepare_dagster
from pipelines.waiting import TAG
from tests.conftest import Played
from tests.demo_copy import copy_of_demo
from tests.whole_catalogue import whole_catalogue

CHROMIUM = Path(os.environ.get("CHISO_CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture
def here(played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A copy of the demo's home, in which Superset is up to date: it has tests of its own."""
    home = copy_of_demo(played.home, tmp_path / "data")
    for name, value in (*prepare_dagster(home).items(), ("CHISO_NOW", OCTOBER.clock)):
        monkeypatch.setenv(name, value)
    home.superset.mkdir(exist_ok=True)
    Dashboards(home).note_synchronised()
    copy = Installation(home, whole_catalogue())
    yield copy
    copy.ledger.close()


def correct(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The careless officer sends the same month again, this time right."""
    monkeypatch.setattr("pipelines.demo.run.CARELESS_PROVINCE", "")
    others = {unit.org_unit_code for unit in here.registry.reference.of_kind("province")} - {CARELESS_PROVINCE}
    officers_send(here, OCTOBER, but=frozenset(others))


def wait_for(what: Callable[[], bool], seconds: float, log: Path) -> float:
    """Seconds until it was so."""
    started = time.monotonic()
    while not what():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"not within {seconds:.0f} s:\n{log.read_text(errors='replace')[-6000:]}")
        time.sleep(0.2)
    return time.monotonic() - started


def in_force(home: Home) -> Release:
    release = current(home)
    assert release is not None
    return release


def receipt(home: Home) -> dict[str, object]:
    """The newest receipt of the careless province."""
    newest = max((home.intake / CARELESS_PROVINCE / "ket_qua").glob("*.json"))
    found: dict[str, object] = json.loads(newest.read_text(encoding="utf-8"))
    return found


def test_the_daemon_takes_a_corrected_workbook_to_a_new_release_and_its_page_shows_the_line(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"Chromium is missing ({CHROMIUM}): apt-get install chromium")
    home, before = here.home, in_force(here.home)
    assert receipt(home)["state"] == "partly_accepted"
    log = home.dagster / "server.log"
    # It lies there before anybody looks: what came while the servers were down is found as well.
    correct(here, monkeypatch)
    with dagster(home) as address, dg.DagsterInstance.get() as instance:
        wait_for(lambda: in_force(home).number > before.number, 600, log)
        assert receipt(home)["state"] == "accepted"
        [run] = instance.get_runs(dg.RunsFilter(job_name="intake"))
        wait_for(lambda: bool((now := instance.get_run_by_id(run.run_id)) and now.is_finished), 120, log)
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None
        assert ended.status is dg.DagsterRunStatus.SUCCESS
        assert ended.tags["dagster/sensor_name"] == "agency_folders"
        assert ended.tags["chiso/files"] == "1"
        said = log.read_text(encoding="utf-8", errors="replace")
        assert not [each for each in ("DeprecationWarning", "BetaWarning", "Traceback") if each in said]
        look_at_the_page(address)


def look_at_the_page(address: str) -> None:
    """A person opens the map of assets and the page of one asset, in a thread that no other browser drives."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_look, address).result()


def _look(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(f"{address}/assets/published/mart")
        page.get_by_text("Bản chốt số liệu · The sealed release that every reader sees").first.wait_for()
        page.goto(f"{address}/asset-groups")
        for group in ("extraction", "staging", "indicators", "marts", "publication"):
            page.get_by_text(group, exact=True).first.wait_for()
        browser.close()


def test_a_resident_worker_answers_within_seconds(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    home, before = here.home, in_force(here.home)
    log = home.dagster / "worker.log"
    with dg.DagsterInstance.get() as instance:
        # Otherwise it would begin with a build of everything, to have all of it on the map.
        instance.report_runless_asset_event(dg.AssetMaterialization(RELEASE))
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "worker"], cwd=PROJECT, stdout=output, stderr=output
        )
    try:
        correct(here, monkeypatch)
        first = wait_for(lambda: in_force(home).number > before.number, 600, log)
        assert receipt(home)["state"] == "accepted"
        with dg.DagsterInstance.get() as instance:
            wait_for(lambda: _succeeded(instance) == 1, 120, log)
            [run] = instance.get_runs(dg.RunsFilter(job_name="intake"))
            assert run.tags[TAG] == str(worker.pid)
            # What the line did before there was a worker is on the map as well.
            assert instance.get_latest_materialization_event(dg.AssetKey(["national_statistics", "grdp"]))
            months = instance.get_materialized_partitions(dg.AssetKey(["online_services", "dossiers"]))
            assert {"2025-07", "2026-10"} <= months
        again(here)
        warm = wait_for(lambda: in_force(home).number > before.number + 1, 200, log)
        assert warm < first, f"warm {warm:.1f} s, cold {first:.1f} s"
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(120) == 0


def _succeeded(instance: dg.DagsterInstance) -> int:
    return instance.get_runs_count(dg.RunsFilter(job_name="intake", statuses=[dg.DagsterRunStatus.SUCCESS]))


def again(here: Installation) -> None:
    """Another province corrects one figure of what it sent."""
    from pipelines.demo import officers

    [sent] = [each for each in here.ledger.submissions(agency="P79") if each.time_period == "2026-10"]
    form = officers._Form(here.home.root / sent.evidence_path)
    row, _ = next(form.rows())
    cell = form.cell(row, form.inputs[0])
    cell.value = int(str(cell.value)) + 1
    fresh = here.home.intake / "P79" / ".sua.xlsx.part"
    form.book.save(fresh)
    fresh.rename(fresh.with_name("sua.xlsx"))
