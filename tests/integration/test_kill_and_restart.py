"""Kill the line at each named point, start it again: the release is the one that an undisturbed run seals."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.demo.run import OCTOBER, ministry_servers, officers_send
from pipelines.installation import Installation
from pipelines.release import current, releases
from tests.forked import Drill, drilling

POINTS = (
    "pulled",
    "committed",
    "intake.moved",
    "inputs_loaded",
    "models_built",
    "release_drafted",
    "release_sealed",
    "release_listed",
)
"""Named points in the order of the line. Every step of an intake is killed in test_intake_killed.py."""

PROVINCES = ("P48", "P79", "P96")


@pytest.fixture(scope="module")
def drill(dropped: Path) -> Iterator[Drill]:
    """Started when the servers run, whose addresses it inherits."""
    with drilling("tests.drill") as process:
        yield process


def kill(drill: Drill, home: Home, point: str) -> None:
    status = drill.run(home.root, point)
    assert os.WIFSIGNALED(status), f"nothing passed {point}: the drill held nothing"
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which three officers have dropped their workbooks; the ministry's servers run."""
    root = tmp_path_factory.mktemp("drill")
    home = Home(root / "dropped")
    home.root.mkdir()
    with ministry_servers(Home(root / "servers")), environment(CHISO_NOW=OCTOBER.clock):
        everybody = {unit.org_unit_code for unit in Installation(home).registry.reference.of_kind("province")}
        officers_send(Installation(home), OCTOBER, but=frozenset(everybody - set(PROVINCES)))
        yield home.root


@pytest.fixture(scope="module")
def undisturbed(dropped: Path, drill: Drill) -> dict[str, str]:
    home = copy_of(dropped, "undisturbed")
    assert drill.run(home.root, "") == 0
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


@pytest.mark.timeout(900)
def test_a_line_killed_at_every_point_in_turn_converges(
    dropped: Path, drill: Drill, undisturbed: dict[str, str]
) -> None:
    home = copy_of(dropped, "killed_in_turn")
    for point in POINTS:
        kill(drill, home, point)
    assert drill.run(home.root, "") == 0
    assert_converged(home, undisturbed)
