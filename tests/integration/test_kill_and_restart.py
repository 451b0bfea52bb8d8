"""Kill the line at each named point, start it again: the release is the one that an undisturbed run seals."""

import os
import shutil
import signal
from collections.abc import Iterator

import pytest

from indicator_specs.home import Home
from pipelines.release import current, releases
from tests.forked import Drill, drilling
from tests.small_line import AGENCIES, small_line

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


@pytest.fixture(scope="module")
def drill(dropped: Home) -> Iterator[Drill]:
    """Started when the service runs, whose address it inherits."""
    with drilling("tests.drill") as process:
        yield process


def kill(drill: Drill, home: Home, point: str) -> None:
    status = drill.run(home.root, point)
    assert os.WIFSIGNALED(status), f"nothing passed {point}: the drill held nothing"
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home in which three officers have dropped their workbooks; the service that is pulled runs."""
    with small_line(tmp_path_factory.mktemp("drill")) as home:
        yield home


@pytest.fixture(scope="module")
def undisturbed(dropped: Home, drill: Drill) -> dict[str, str]:
    home = copy_of(dropped, "undisturbed")
    assert drill.run(home.root, "") == 0
    release = current(home)
    assert release is not None
    return release.tables


def copy_of(dropped: Home, name: str) -> Home:
    root = dropped.root.with_name(name)
    shutil.copytree(dropped.root, root)
    return Home(root)


def assert_converged(home: Home, undisturbed: dict[str, str]) -> None:
    """One release, equal to the undisturbed one; one receipt for each agency; no file left behind."""
    release = current(home)
    assert release is not None
    assert release.tables == undisturbed
    assert len(releases(home)) == 1
    for agency in AGENCIES:
        folder = home.intake / agency
        assert len(list((folder / "ket_qua").glob("*.txt"))) == 1
        assert [path.name for path in folder.iterdir() if path.is_file()] == []


@pytest.mark.timeout(900)
def test_a_line_killed_at_every_point_in_turn_converges(
    dropped: Home, drill: Drill, undisturbed: dict[str, str]
) -> None:
    home = copy_of(dropped, "killed_in_turn")
    for point in POINTS:
        kill(drill, home, point)
    assert drill.run(home.root, "") == 0
    assert_converged(home, undisturbed)
