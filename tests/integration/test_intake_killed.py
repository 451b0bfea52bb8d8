"""The intake, killed at every step of its protocol over and over: nothing lost, nothing twice, one receipt per event.

Three officers' files (one good, one partly returned, one resubmission that withdraws), then a verifier's workbook and a
late file. ``CHISO_KILLS`` asks for more than the three hundred kills of a build.
"""

import os
import random
import shutil
import signal
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import load_workbook

from connectors.intake.folders import open_folder
from connectors.workbook.decision_book import APPROVE, SEND_BACK, SHEET
from connectors.workbook.stamp import KEY_FILE
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.submissions.decisions import BOOK
from tests.forked import Drill, drilling
from tests.reporting import ONE_ROW, VERIFIER, one_row, verifying_registry
from tests.workbooks import KEY

KILLS = int(os.environ.get("CHISO_KILLS", "300"))
STEPS = dict.fromkeys(
    ("evidence.copied", "evidence.renamed", "intake.copied", "copied", "received", "read", "landed", "judged",
     "accepted", "before_commit", "committed", "file.filled", "receipt.text", "file.renamed", "answered",
     "marked_answered", "offered", "intake.moved"), 3,
) | {"judged": 1, "offered": 1}  # fmt: skip
"""Steps of taking reports in, in the order of the protocol, and at how many passings each is met."""
DECIDING = {
    "received": 1, "decided": 2, "committed": 3, "marked_answered": 1, "notice.text": 2, "noticed": 2, "offered": 1,
    "intake.moved": 1,
}  # fmt: skip
"""The same of a verifier's decisions."""
ONCE = {"received", "concluded", "answered", "verified", "verification_returned", "notice_given"}
"""Kinds of events that happen once for a file, however often its intake died."""
SMALL, OTHER = "P12", "P46"
REGISTRY = partial(verifying_registry, ONE_ROW)


class Intake:
    """Answers the folders in children of a clean process, and counts their kills."""

    def __init__(self, drill: Drill) -> None:
        self._drill = drill
        self.kills: Counter[str] = Counter()
        self.last: deque[str] = deque(maxlen=24)
        """Where the last runs were to be killed."""

    def run(self, home: Home, kill_at: str = "") -> bool:
        """Whether the run was killed; anything but a kill or a clean end fails."""
        self.last.append(kill_at)
        status = self._drill.run(home.root, kill_at)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            self.kills[kill_at.partition("@")[0]] += 1
            return True
        assert status == 0, f"the intake failed after {kill_at}"
        return False


@pytest.fixture(scope="module")
def clock() -> Iterator[None]:
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        yield


@pytest.fixture(scope="module")
def intake(clock: None) -> Iterator[Intake]:
    with drilling("tests.intake_drill") as drill:
        yield Intake(drill)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Lies in memory where it can: what was written outlives a SIGKILL there as well, and nobody waits for a disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as path:
        yield Path(path)


@pytest.fixture(scope="module")
def dropped(folder: Path, clock: None) -> Path:
    """A home in which three files lie."""
    home = Home(folder / "dropped")
    home.root.mkdir()
    (home.root / KEY_FILE).write_bytes(KEY)
    Installation(home).ledger.close()  # made once: its migrations are another test's
    form(home, SMALL, "bao_cao.xlsx")
    form(home, OTHER, "bao_cao.xlsx", F14=150, I14="chưa chốt sổ")
    form(home, SMALL, "bao_cao_sua.xlsx", E14=1240, G14=None)
    return home.root


@dataclass(frozen=True)
class Half:
    """One half of the protocol: the home that it begins in, its steps, and what it leaves where nothing is killed."""

    start: Path
    steps: Mapping[str, int]
    wanted: Mapping[str, object]

    def begin(self) -> Home:
        """A home that nothing has happened in."""
        return copied(self.start, f"{self.start.name}_killed")

    def end(self, home: Home, intake: Intake) -> None:
        """Let what was killed come to its end, which is that of a home that was left alone."""
        assert not intake.run(home)
        assert left(home) == self.wanted, f"after {intake.last}"
        shutil.rmtree(home.root)


def form(home: Home, agency: str, name: str, **changes: object) -> None:
    """A filled form in an agency's folder."""
    path = one_row(home.root / name, agency)
    book = load_workbook(path)
    for address, value in changes.items():
        book["Số liệu"][address] = value
    book.save(path)
    path.rename(open_folder(home, agency) / name)


def decide(home: Home) -> None:
    """The verifier takes one report and sends the other back; a file comes late for the one that was taken."""
    folder = home.intake / VERIFIER
    book = load_workbook(folder / "ket_qua" / BOOK)
    columns = {str(cell.value): cell.column for cell in book[SHEET][4]}
    for row, decision in ((5, APPROVE), (6, SEND_BACK)):
        for code, text in (("decision", decision), ("reason", "đối chiếu sổ gốc"), ("who", "Nguyễn Thị C")):
            book[SHEET].cell(row, columns[code], text)
    book.save(home.root / "y_kien.xlsx")
    (home.root / "y_kien.xlsx").rename(folder / "y_kien.xlsx")


def copied(root: Path, name: str) -> Home:
    shutil.copytree(root, root.with_name(name))
    return Home(root.with_name(name))


def left(home: Home) -> dict[str, object]:
    """All that officers, verifiers and the warehouse get to see, byte for byte, and the order of what happened."""
    here = Installation(home, REGISTRY())
    ledger = here.ledger
    answers = {
        str(path.relative_to(home.intake)): path.read_bytes()
        for path in home.intake.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    events = Counter((event.kind, event.subject) for event in ledger.events())
    told = {
        "answers": answers,
        "submissions": [(each.submission_no, each.agency, each.state, each.sha256) for each in ledger.submissions()],
        "batches": [(b.submission_no, b.accepted_sha256, b.is_provisional, b.n_accepted) for b in ledger.batches()],
        "findings": [ledger.findings(submission_no=each.submission_no) for each in ledger.submissions()],
        "archive": sorted(path.name for path in home.archive.rglob("PTN-*")),
        "events": events,
    }
    assert ledger.audit().broken is None
    assert all((home.root / str(batch.accepted_path)).exists() for batch in ledger.batches())
    assert {count for (kind, _), count in events.items() if kind in ONCE} == {1}
    ledger.close()
    return told


@pytest.fixture(scope="module")
def halves(dropped: Path, intake: Intake) -> tuple[Half, Half]:
    """Taking reports in, and deciding on them, with what they leave undisturbed."""
    undisturbed = copied(dropped, "undisturbed")
    assert not intake.run(undisturbed)
    reports = left(undisturbed)
    decide(undisturbed)
    pending = copied(undisturbed.root, "pending")
    assert not intake.run(undisturbed)
    decided = left(undisturbed)
    assert len(reports["batches"]) == 3  # type: ignore[arg-type]
    assert len(decided["batches"]) > 4  # type: ignore[arg-type]
    return Half(dropped, STEPS, reports), Half(pending.root, DECIDING, decided)


def test_a_kill_at_any_passing_of_any_step_loses_and_doubles_nothing(halves: tuple[Half, Half], intake: Intake) -> None:
    for half in halves:
        for nth in (1, 2, 3):
            home = half.begin()
            for step in (step for step, n_passings in half.steps.items() if n_passings >= nth):
                if not intake.run(home, f"{step}@{nth}"):
                    # What died before has left too little of the work: a fresh home has all of it.
                    half.end(home, intake)
                    home = half.begin()
                    assert intake.run(home, f"{step}@{nth}"), f"{step} has no passing {nth}"
            half.end(home, intake)


def test_kills_by_chance_lose_nothing_and_double_nothing(halves: tuple[Half, Half], intake: Intake) -> None:
    chance = random.Random(57)
    while intake.kills.total() < KILLS:
        for half in halves:
            home = half.begin()
            for kill in by_chance(half.steps, chance):
                if not intake.run(home, kill):
                    break
            half.end(home, intake)


def by_chance(steps: Mapping[str, int], chance: random.Random) -> Iterator[str]:
    """Where to kill one run after the other: on the way through the protocol, and again soon after the start."""
    order = list(steps)
    for step in sorted(chance.choices(order, k=6), key=order.index):
        yield f"{step}@{chance.randint(1, steps[step])}"
        yield f"*@{chance.randint(1, 12)}"
