"""Kill the line at each named point, start it again: the release is the one that an undisturbed run seals."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicator_specs.home import Home
from pipelines.release import current, releases

POINTS = (
    "copied",
    "received",
    "read",
    "landed",
    "judged",
    "accepted",
    "before_commit",
    "committed",
    "answered",
    "inputs_loaded",
    "models_built",
    "release_drafted",
    "release_sealed",
    "release_listed",
)
PROVINCES = ("P48", "P79", "P96")


def run_once(home: Home, kill_at: str = "") -> int:
    """Run the line in a child that may be made to die; its exit status as ``waitpid`` tells it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.environ["CHISO_HOME"] = str(home.root)
            os.environ["CHISO_DRILL"] = kill_at
            from pipelines.installation import Installation
            from pipelines.line import run_line

            run_line(Installation(home))
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which three officers have dropped their workbooks; the ministry's servers run."""
    from pipelines.demo.run import OCTOBER, environment, ministry_servers, officers_send
    from pipelines.installation import Installation

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


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_converges_to_the_same_release(dropped: Path, undisturbed: dict[str, str], point: str) -> None:
    home = copy_of(dropped, f"killed_at_{point}")
    status = run_once(home, kill_at=point)
    assert os.WIFSIGNALED(status), f"no process passed {point}: the drill held nothing"
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert run_once(home) == 0
    release = current(home)
    assert release is not None
    assert release.tables == undisturbed
    assert len(releases(home)) == 1
    for agency in PROVINCES:
        answers = sorted(path.suffix for path in (home.intake / agency / "ket_qua").glob("*.txt"))
        assert answers == [".txt"], f"{agency} got {len(answers)} receipts"
        assert [p for p in (home.intake / agency).iterdir() if p.is_file()] == []
