"""Kill the line at each named point, start it again: the release is the one that an undisturbed run seals."""

import importlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from expectations.run import warm_up
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.demo.run import OCTOBER, ministry_servers, officers_send
from pipelines.installation import Installation
from pipelines.line import run_line
from pipelines.release import current, releases

POINTS = (
    "pulled",
    "copied",
    "received",
    "read",
    "landed",
    "judged",
    "accepted",
    "before_commit",
    "committed",
    "answered",
    "intake.moved",
    "inputs_loaded",
    "models_built",
    "release_drafted",
    "release_sealed",
    "release_listed",
)
"""Named points in the order of the line."""

ALONE = ("committed", "models_built")
"""Where most is at stake, each tried in a home of its own as well."""

PROVINCES = ("P48", "P79", "P96")


def run_once(home: Home, kill_at: str = "") -> int:
    """Run the line in a child that may be made to die; its exit status as ``waitpid`` tells it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.environ["CHISO_HOME"] = str(home.root)
            os.environ["CHISO_DRILL"] = kill_at
            run_line(Installation(home), settle_seconds=0)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def kill(home: Home, point: str) -> None:
    status = run_once(home, kill_at=point)
    assert os.WIFSIGNALED(status), f"nothing passed {point}: the drill held nothing"
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which three officers have dropped their workbooks; the ministry's servers run."""
    # Imported here, once, so that the children need not pay for it.
    warm_up()
    importlib.import_module("dbt.cli.main")
    root = tmp_path_factory.mktemp("drill")
    home = Home(root / "dropped")
    home.root.mkdir()
    with ministry_servers(Home(root / "servers")), environment(CHISO_NOW=OCTOBER.clock):
        everybody = {unit.org_unit_code for unit in Installation(home).registry.reference.of_kind("province")}
        officers_send(Installation(home), OCTOBER, but=frozenset(everybody - set(PROVINCES)))
        yield home.root


@pytest.fixture(scope="module")
def undisturbed(dropped: Path) -> dict[str, str]:
    home = copy_of(dropped, "undisturbed")
    assert run_once(home) == 0
    release = current(home)
    assert release is not None
    return release.tables


def copy_of(dropped: Path, name: str) -> Home:
    root = dropped.with_name(name)
    shutil.copytree(dropped, root)
    return Home(root)


def assert_converged(home: Home, undisturbed: dict[str, str]) -> None:
    """One release, equal to the undisturbed one; one receipt for each agency; no file left behind."""
    release = current(home)
    assert release is not None
    assert release.tables == undisturbed
    assert len(releases(home)) == 1
    for agency in PROVINCES:
        folder = home.intake / agency
        assert len(list((folder / "ket_qua").glob("*.txt"))) == 1
        assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_a_line_killed_at_every_point_in_turn_converges(dropped: Path, undisturbed: dict[str, str]) -> None:
    home = copy_of(dropped, "killed_in_turn")
    for point in POINTS:
        kill(home, point)
    assert run_once(home) == 0
    assert_converged(home, undisturbed)


@pytest.mark.parametrize("point", ALONE)
def test_a_line_killed_once_converges(dropped: Path, undisturbed: dict[str, str], point: str) -> None:
    home = copy_of(dropped, f"killed_at_{point}")
    kill(home, point)
    assert run_once(home) == 0
    assert_converged(home, undisturbed)
