"""The intake, killed at every step of its protocol over and over: nothing lost, nothing twice, one receipt per event.

Three officers' files (one good, one partly returned, one resubmission that withdraws), then a verifier's workbook and a
late file. ``CHISO_KILLS`` asks for more than the hundred kills of a build; three hundred have been played.
"""

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

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

KILLS = int(os.environ.get("CHISO_KILLS", "100"))
STEPS = (
    "evidence.copied", "evidence.renamed", "intake.copied", "copied", "received", "read", "landed", "judged",
    "accepted", "before_commit", "committed", "file.filled", "receipt.text", "file.renamed", "answered",
    "marked_answered", "offered", "intake.moved",
)  # fmt: skip
"""Steps of taking reports in, in the order of the protocol."""
DECIDING = ("received", "decided", "committed", "marked_answered", "notice.text", "noticed", "offered", "intake.moved")
"""Steps that a verifier's decision adds."""
PASSINGS = (1, 2, 3)
"""In homes of their own, each step is met at its first, second and third passing."""
ONCE = {"received", "concluded", "answered", "verified", "verification_returned", "notice_given"}
"""Kinds of events that happen once for a file, however often its intake died."""
SMALL, OTHER = "P12", "P46"
REGISTRY = partial(verifying_registry, ONE_ROW)


class Intake:
    """Answers the folders in children of a clean process, and counts their kills."""

    def __init__(self, drill: Drill) -> None:
        self._drill = drill
        self.kills: Counter[str] = Counter()

    def run(self, home: Home, kill_at: str = "") -> bool:
        """Whether the run was killed; anything but a kill or a clean end fails."""
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
def dropped(tmp_path_factory: pytest.TempPathFactory, clock: None) -> Path:
    """A home in which three files lie."""
    home = Home(tmp_path_factory.mktemp("killed") / "dropped")
    home.root.mkdir()
    (home.root / KEY_FILE).write_bytes(KEY)
    Installation(home).ledger.close()  # made once: its migrations are another test's
    form(home, SMALL, "bao_cao.xlsx")
    form(home, OTHER, "bao_cao.xlsx", F14=150, I14="chưa chốt sổ")
    form(home, SMALL, "bao_cao_sua.xlsx", E14=1240, G14=None)
    return home.root


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


def test_kills_at_every_step_lose_nothing_and_double_nothing(dropped: Path, intake: Intake) -> None:
    undisturbed = copied(dropped, "undisturbed")
    assert not intake.run(undisturbed)
    reports = left(undisturbed)
    decide(undisturbed)
    pending = copied(undisturbed.root, "pending")
    assert not intake.run(undisturbed)
    decided = left(undisturbed)
    assert len(reports["batches"]) == 3  # type: ignore[arg-type]
    assert len(decided["batches"]) > 4  # type: ignore[arg-type]
    for start, steps, wanted in ((dropped, STEPS, reports), (pending.root, DECIDING, decided)):
        for nth in PASSINGS:
            home = copied(start, f"{start.name}_{nth}")
            for step in steps:
                intake.run(home, f"{step}@{nth}")
            intake.run(home)
            assert left(home) == wanted, f"after kills at the passing {nth} of each step"
            shutil.rmtree(home.root)
    assert [step for step in (*STEPS, *DECIDING) if not intake.kills[step]] == [], "nothing passed these steps"
    chance, chain = random.Random(57), 0
    while intake.kills.total() < KILLS:
        chain += 1
        for start, wanted in ((dropped, reports), (pending.root, decided)):
            home = copied(start, f"chain_{chain}_{start.name}")
            while intake.run(home, f"*@{chance.randint(1, 25)}"):
                pass
            intake.run(home)
            assert left(home) == wanted, f"chain {chain}"
            shutil.rmtree(home.root)
    assert intake.kills.total() >= KILLS
