"""What every test shares: an empty home, the demo's home built once, and no silent skips."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # Before dbt's folder is read: workers that build at the same time have one each.
    target = Path(__file__).resolve().parent.parent / "dbt_project" / "target" / os.environ["PYTEST_XDIST_WORKER"]
    os.environ["CHISO_DBT_TARGET"] = str(target)

from indicator_specs.home import Home

if TYPE_CHECKING:
    from pipelines.demo.run import DemoReport


ALONE = ("browser", "test_dagster_daemon.py", "test_demo_servers.py", "test_kill_and_restart.py", "test_sandbox.py")
"""Folders and files of tests that wait for servers or hold limits of time."""


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests that want both cores to themselves."""
    for item in items:
        if set(item.path.parts) & set(ALONE):
            item.add_marker(pytest.mark.alone)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty installation of its own."""
    monkeypatch.setenv("CHISO_HOME", str(tmp_path / "data"))
    return Home(tmp_path / "data")


@dataclass(frozen=True)
class Played:
    """The demo, played to its end: its home and what it reported."""

    home: Home
    report: "DemoReport"


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo's home: real servers, 69 workbooks, one sealed release. Built once; tests must only read it."""
    from pipelines.console import Steps
    from pipelines.demo.run import ministry_servers, run_demo, start_afresh

    home = Home(tmp_path_factory.mktemp("demo") / "data")
    start_afresh(home)
    with ministry_servers(home):
        return Played(home, run_demo(home, Steps()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where ``CHISO_NO_SKIP`` is set, a skip hides a fault: it fails."""
    report = yield
    if report.skipped and os.environ.get("CHISO_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
