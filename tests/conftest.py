"""What every test shares: nothing may be skipped where every program is installed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicator_specs.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty installation of its own."""
    monkeypatch.setenv("CHISO_HOME", str(tmp_path / "data"))
    return Home(tmp_path / "data")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where ``CHISO_NO_SKIP`` is set, a skip hides a fault: it fails."""
    report = yield
    if report.skipped and os.environ.get("CHISO_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report
