"""Dagster as it is configured: read through Dagster itself, not from the file."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from indicator_specs.home import PROJECT, Home
from pipelines.definitions import defs
from pipelines.serving import prepare_dagster

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def instance(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    for name, value in prepare_dagster(home).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as prepared:
        assert Path(prepared.root_directory) == home.dagster
        yield prepared


def test_no_telemetry(instance: dg.DagsterInstance) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled, "nobody is asked for an address on the first visit"


def test_the_warehouse_has_one_writer(instance: dg.DagsterInstance) -> None:
    limits = instance.get_concurrency_config()
    assert limits.pool_config.default_pool_limit == 1
    assert str(limits.pool_config.pool_granularity.value) == "op"
    assert limits.run_queue_config is not None
    assert limits.run_queue_config.max_concurrent_runs == 4
    assert limits.run_queue_config.tag_concurrency_limits == [{"key": "dagster/backfill", "limit": 2}]
    pools = {key.to_user_string(): node.assets_def.op.pool for key, node in nodes().items()}
    writers = {name for name, pool in pools.items() if pool == "warehouse"}
    assert {"intermediate/int_observations", "marts/mart_scoreboard", "published/mart"} <= writers
    assert pools["intake/submissions"] == "intake"
    assert pools["national_statistics/grdp"] == "source_national_statistics"


def nodes() -> dict[dg.AssetKey, Any]:
    graph = defs.resolve_asset_graph()
    return {key: graph.get(key) for key in graph.get_all_asset_keys()}


def test_a_run_that_dies_is_noticed_and_repeated_but_not_one_that_says_why_it_failed(
    instance: dg.DagsterInstance,
) -> None:
    assert instance.run_monitoring_enabled
    assert instance.run_monitoring_start_timeout_seconds == 180
    assert instance.run_monitoring_max_runtime_seconds == 7200
    assert instance.run_retries_enabled
    assert instance.run_retries_max_retries == 1
    assert not instance.run_retries_retry_on_asset_or_op_failure


def test_schedules_keep_ha_noi_time_and_run_from_the_first_day() -> None:
    schedules = {schedule.name: schedule for schedule in defs.schedules or []}
    assert set(schedules) == {
        "compaction__nightly",
        "extract__national_statistics__daily",
        "extract__online_services__daily",
        "extract__online_services__by_period__daily",
        "extract__system_conduct__by_period__daily",
        "extract__system_conduct__by_quarterly_period__daily",
        "refresh__daily",
    }
    for schedule in schedules.values():
        assert isinstance(schedule, dg.ScheduleDefinition)
        assert schedule.execution_timezone == "Asia/Ho_Chi_Minh"
        assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


@pytest.mark.parametrize(
    ("moment", "partition"),
    [
        ("2026-11-10T05:00+07:00", "2026-10"),
        ("2026-11-01T05:00+07:00", "2026-10"),
        ("2026-10-31T22:00+00:00", "2026-10"),
        ("2027-01-01T05:00+07:00", "2026-12"),
    ],
)
def test_the_daily_pull_asks_for_the_last_month_that_has_ended_in_ha_noi(moment: str, partition: str) -> None:
    schedule = defs.resolve_schedule_def("extract__online_services__by_period__daily")
    at = datetime.fromisoformat(moment)
    context = dg.build_schedule_context(scheduled_execution_time=at, repository_def=defs.get_repository_def())
    asked = schedule.evaluate_tick(context)
    assert asked.run_requests is not None
    assert [request.partition_key for request in asked.run_requests] == [partition]
    assert [request.tags["dagster/priority"] for request in asked.run_requests] == ["5"], "before any backfill"


def test_months_begin_at_midnight_in_ha_noi() -> None:
    partitions = nodes()[dg.AssetKey(["online_services", "dossiers"])].partitions_def
    before = datetime(2026, 10, 31, 23, 59, tzinfo=HANOI)
    after = datetime(2026, 11, 1, 0, 1, tzinfo=HANOI)
    assert partitions.get_partition_keys(current_time=before)[0] == "2025-07"
    assert partitions.get_partition_keys(current_time=before)[-1] == "2026-09"
    assert partitions.get_partition_keys(current_time=after)[-1] == "2026-10"


def test_the_sensors_watch_from_the_first_day() -> None:
    sensors = [sensor for sensor in defs.sensors or [] if isinstance(sensor, dg.SensorDefinition)]
    assert {sensor.name: sensor.minimum_interval_seconds for sensor in sensors} == {
        "agency_folders": 15,
        "loose_files": 300,
    }
    assert {sensor.default_status for sensor in sensors} == {dg.DefaultSensorStatus.RUNNING}


def test_merging_gives_way_to_every_other_run() -> None:
    jobs = defs.get_repository_def().get_all_jobs()
    priorities = {job.name: int(job.tags.get("dagster/priority", 0)) for job in jobs}
    assert priorities.pop("compaction") < min(priorities.values())


def test_definitions_load_with_an_empty_home_without_a_warning_and_without_dbt(tmp_path: Path) -> None:
    """The code location is loaded by every process that Dagster starts: it must be quiet and run no dbt."""
    probe = (
        "import sys\n"
        "import dbt_project.build as build\n"
        "build._run = lambda *_: sys.exit('dbt was run although the manifest is fresh')\n"
        "from pipelines.definitions import defs\n"
        "import dagster as dg\n"
        "dg.Definitions.validate_loadable(defs)\n"
    )
    # Makes the manifest, if a model has changed since the last time.
    import pipelines.definitions  # noqa: F401

    loaded = subprocess.run(
        [sys.executable, "-W", "error::dagster.BetaWarning", "-W", "default", "-c", probe],
        env={**os.environ, "CHISO_HOME": str(tmp_path / "nothing"), "DO_NOT_TRACK": "1"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    ours = [line for line in loaded.stderr.splitlines() if "dagster" in line.lower() and "Warning" in line]
    assert ours == []
    assert not (tmp_path / "nothing").exists(), "loading definitions must not make anything"
