"""What every test shares: an empty home, the demo's home built once, and no silent skips."""

import fcntl
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

if "PYTEST_XDIST_WORKER" in os.environ:
    # Before dbt's folder is read: workers that build at the same time have one each.
    target = Path(__file__).resolve().parent.parent / "dbt_project" / "target" / os.environ["PYTEST_XDIST_WORKER"]
    os.environ["CHISO_DBT_TARGET"] = str(target)

from indicator_specs.home import Home

if TYPE_CHECKING:
    from pipelines.demo.run import DemoReport


ALONE = ("test_demo_servers.py", "test_sandbox.py")
"""Files of tests that hold limits of time."""

BROWSER = "browser"
"""The folder of tests that share one Superset and one Chromium. They wait more than they work, others run beside."""

LONG = (
    BROWSER,
    "test_kill_and_restart.py",
    "test_dagster_daemon.py",
    "test_dagster_gate.py",
    "test_dbt_build.py",
    "test_compute_in_part.py",
    "test_line_with_a_source_down.py",
    "test_spark.py",
    "test_intake_killed.py",
)
"""Groups of minutes: begun first, so that no worker is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that want both cores to themselves; put the long groups first."""
    for item in items:
        if item.path.name in ALONE:
            item.add_marker(pytest.mark.alone)
    items.sort(key=lambda item: LONG.index(group) if (group := _group(item.path)) in LONG else len(LONG))


def _group(path: Path) -> str:
    return BROWSER if BROWSER in path.parts else path.name


class _ByGroup(LoadFileScheduling):
    """A file stays with one worker, and so do all tests that share a browser."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(Path(super()._split_scope(nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Whatever ``--dist`` says."""
    return _ByGroup(config, log)


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
    """The demo's home: real servers, 69 workbooks, one sealed release. Tests must only read it.

    Built once for all workers of a run: who comes first builds it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home, note = Home(shared / "played" / "data"), shared / "played.pickle"
    with (shared / "played.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_bytes(pickle.dumps(_play(home)))
        return Played(home, pickle.loads(note.read_bytes()))


def _play(home: Home) -> "DemoReport":
    from pipelines.console import Steps
    from pipelines.demo.run import ministry_servers, run_demo, start_afresh

    start_afresh(home)
    with ministry_servers(home):
        return run_demo(home, Steps())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where ``CHISO_NO_SKIP`` is set, a skip hides a fault: it fails."""
    report = yield
    if report.skipped and os.environ.get("CHISO_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
