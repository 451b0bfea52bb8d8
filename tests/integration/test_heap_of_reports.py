"""Many reports at once and one after another: what is held, read again and looked through again, and what is not."""

import gc
import random
import shutil
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import pipelines.answering
import pipelines.commits
import pipelines.intake
import pipelines.together
from connectors.intake.answer import write_annotated
from connectors.intake.attachments import folder_of
from connectors.intake.folders import open_folder
from connectors.ledger import Batch, Received, State
from connectors.ledger.reports import Reports
from connectors.workbook import annotate as marking
from connectors.workbook.refusals import FileRefusedError
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.admission import admit
from pipelines.candidates import Candidate
from pipelines.intake import take_in
from pipelines.submissions import standing
from pipelines.submissions.changes import CHANGED
from tests.reporting import Reporting, one_row
from tests.workbooks import AGENCY, PERIOD

A, B, C = "P12", "P46", "P01"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        yield


@pytest.fixture
def officer(tmp_path: Path) -> Reporting:
    return Reporting(Home(tmp_path / "data"))


def test_the_rows_of_a_heap_are_let_go(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[weakref.ref[Any]] = []

    def watched(here: Any, candidates: Sequence[Candidate], lease: Any) -> Any:
        held.extend(weakref.ref(candidate.extract.rows) for candidate in candidates)
        return admit(here, candidates, lease)

    monkeypatch.setattr(pipelines.intake, "admit", watched)
    for number in range(3):
        officer.drop(E14=200 + number)
    report = take_in(officer.here, settle_seconds=0)
    gc.collect()
    assert [len(report.admitted), len(held)] == [3, 3]
    assert [each for each in held if each() is not None] == [], (
        "what a run reports of a thousand files holds their rows"
    )


def test_of_a_report_sent_again_no_batch_is_read_that_was_judged_here(
    officer: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[int] = Counter()
    asked: list[int] = []
    rows_of_batch, report_batches = standing.rows_of_batch, Reports.batches

    def counted(here: Any, batch: Batch) -> Any:
        read[batch.batch_no] += 1
        return rows_of_batch(here, batch)

    def listed(self: Reports, *line: Any) -> list[Batch]:
        batches = report_batches(self, *line)
        asked.append(len(batches))
        return batches

    monkeypatch.setattr(standing, "rows_of_batch", counted)
    monkeypatch.setattr(Reports, "batches", listed)
    for figure in (201, 202, 203, 204, 205):
        officer.send(E14=figure)
    assert not read, "what was judged here is known"
    assert asked == [0, 1, 1, 1, 1], "the last known one"
    assert "204 → 205" in officer.receipt(5)["findings"][-1]["message_vi"]
    standing._remembered.clear()
    officer.send(E14=206)
    assert read == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}
    assert "205 → 206" in officer.receipt(6)["findings"][-1]["message_vi"]


def test_what_stood_is_forgotten_where_another_ledger_stands(officer: Reporting) -> None:
    officer.send(E14=201)
    officer.send(E14=202)
    officer.here.ledger.close()
    shutil.rmtree(officer.home.root)
    anew = Reporting(officer.home)
    assert "resubmitted" not in anew.rules(anew.send(E14=301))
    assert "301 → 302" in str([each.message_vi for each in anew.here.ledger.findings(submission_no=second(anew, 302))])


def second(officer: Reporting, figure: int) -> int:
    return officer.send(E14=figure).submission_no


def told_of(officer: Reporting) -> dict[str, Any]:
    """All that a ledger keeps of reports, without when and whose hash."""
    ledger = officer.here.ledger
    submissions = ledger.submissions()
    return {
        "states": [(each.file_name, each.state, each.batch_no) for each in submissions],
        "batches": [(each.submission_no, each.landing_sha256, each.accepted_sha256) for each in ledger.batches()],
        "findings": [ledger.findings(submission_no=each.submission_no) for each in submissions],
        "events": Counter(
            (event.kind, event.subject, repr(event.detail))
            for event in ledger.events(kinds=[CHANGED, "same_content_again", "concluded"])
        ),
    }


@pytest.mark.parametrize("seed", range(3))
def test_reports_that_lie_together_are_what_they_are_one_by_one(tmp_path: Path, seed: int) -> None:
    """Later figures, the same again, blanks that withdraw, letters beside them: in the order of receipt."""
    chance = random.Random(seed)
    at_once, one_by_one = Reporting(Home(tmp_path / "at_once")), Reporting(Home(tmp_path / "one_by_one"))
    for number in range(10):
        cells = {"E14": chance.choice([100, 120, 130]), "G14": chance.choice([50, 50, None, "…"])}
        at_once.drop(**cells, I14=f"lần {number}")
    one_row(tmp_path / "other.xlsx", B).rename(open_folder(at_once.home, B) / "other.xlsx")
    if seed == 2:
        for home, agency in product((at_once.home, one_by_one.home), (AGENCY, B)):
            open_folder(home, agency)
            folder_of(home, agency, "BM-PV-01", PERIOD).mkdir(parents=True)
            (folder_of(home, agency, "BM-PV-01", PERIOD) / "công văn.pdf").write_bytes(b"%PDF-1.7 a scanned letter")
    dropped = {path.name: path.read_bytes() for path in at_once.home.intake.glob("*/*.xlsx")}
    assert take_in(at_once.here, settle_seconds=0).troubles == []
    standing._remembered.clear()
    for submission in at_once.here.ledger.submissions():
        folder = open_folder(one_by_one.home, submission.agency)
        (folder / submission.file_name).write_bytes(dropped[submission.file_name])
        one_by_one.answered()
    together, alone = told_of(at_once), told_of(one_by_one)
    assert together == alone
    kinds = Counter(kind for kind, _, _ in together["events"].elements())
    assert kinds[CHANGED] > 2
    assert kinds["same_content_again"] > 0
    rules = {finding.rule for findings in together["findings"] for finding in findings}
    assert ("evidence_reused" in rules) == (seed == 2)


def test_one_that_fails_holds_up_none_of_those_before_it(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    for figure in (201, 202, 203, 204):
        officer.drop(E14=figure)
    real, n_completed = pipelines.commits.complete, 0

    def complete(*given: Any) -> Any:
        nonlocal n_completed
        n_completed += 1
        if n_completed == 3:
            raise OSError(28, "No space left on device")
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(pipelines.commits, "complete", complete)
        with pytest.raises(OSError, match="No space left"):
            take_in(officer.here, settle_seconds=0)
    assert len(officer.here.ledger.batches()) == 2
    assert take_in(officer.here, settle_seconds=0).troubles == []
    assert len(officer.here.ledger.batches()) == 4


def test_a_heap_is_a_stream_in_which_others_have_their_turn(
    officer: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.intake, "AT_ONCE", 2)
    monkeypatch.setattr(pipelines.together, "AHEAD", 2)
    for number in range(8):
        officer.drop(E14=200 + number)
    judge, left_to_judge = pipelines.intake._judge, []

    def judging(here: Any, turn_of_files: Any, *rest: Any) -> Any:
        if not left_to_judge:
            one_row(officer.home.root / "other.xlsx", B).rename(open_folder(officer.home, B) / "other.xlsx")
        left_to_judge.append(len(list(officer.home.intake.glob("*/*.xlsx"))))
        return judge(here, turn_of_files, *rest)

    monkeypatch.setattr(pipelines.intake, "_judge", judging)
    report = take_in(officer.here, settle_seconds=0)
    assert report.troubles == []
    answered = [each.agency for each in report.answers]
    assert Counter(answered) == {AGENCY: 8, B: 1}
    assert answered[-1] == AGENCY, "who comes meanwhile does not wait for the whole heap"
    assert left_to_judge[-1] < left_to_judge[0], "originals are cleared on the way"
    told = Counter((event.kind, event.subject) for event in officer.here.ledger.events(kinds=["received", "answered"]))
    assert len(told) == 2 * 9
    assert set(told.values()) == {1}
    assert not list(officer.home.intake.glob("*/*.xlsx"))
    assert len(list(officer.home.archive.rglob("PTN-*"))) == 9


def test_copies_of_one_file_that_lie_together_are_each_answered(officer: Reporting) -> None:
    dropped = officer.drop()
    for number in (2, 3):
        shutil.copyfile(dropped, dropped.with_name(f"copy_{number}.xlsx"))
    report = take_in(officer.here, settle_seconds=0)
    assert Counter(each.state for each in report.answers) == {State.ACCEPTED: 1, State.DUPLICATE: 2}
    assert not list(officer.home.intake.glob("*/*.xlsx"))


def entry(agency: str, number: int) -> Received:
    return Received(agency, f"{number}.xlsx", number, number, f"{number:064}", 1, f"evidence/{number}")


def test_files_are_entered_together_or_not_at_all(officer: Reporting) -> None:
    ledger = officer.here.ledger
    with pytest.raises(UnicodeEncodeError):
        ledger.receive_all([entry(A, 1), replace(entry(A, 2), file_name="\ud800.xlsx")])
    assert ledger.submissions() == []
    numbers = [each.submission_no for each in ledger.receive_all([entry(A, 1), entry(B, 2), entry(A, 1)])]
    assert numbers[0] == numbers[2] != numbers[1]
    for number in numbers[:2]:
        ledger.commit(submission_no=number, state=State.RETURNED, reason="thử")
    with pytest.raises(LookupError):
        ledger.mark_answered(numbers[0], 99)
    assert len(ledger.unanswered()) == 2, "the one before it has no receipt either"
    ledger.mark_answered(*numbers)
    assert ledger.unanswered() == []
    assert [event.kind for event in ledger.events(kinds=["answered"])] == ["answered"] * 2
    assert ledger.audit().broken is None


def test_a_file_that_was_read_is_not_looked_through_again(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []

    def noted(*given: Any, was_read: bool) -> Path | None:
        told.append(was_read)
        return write_annotated(*given, was_read=was_read)

    monkeypatch.setattr(pipelines.answering, "write_annotated", noted)
    assert officer.send(E14="khoảng 100").state in {State.RETURNED, State.PARTLY_ACCEPTED}
    lacking = officer.drop()
    book = load_workbook(lacking)
    sheet = book["Số liệu"]
    codes = next(row for row in sheet.iter_rows() if "org_unit" in {cell.value for cell in row})
    codes[4].value = None
    book.save(lacking)
    assert officer.answered().state is State.RETURNED
    assert told == [True, False], "nobody has read the second to its end"


def test_a_file_that_nobody_has_read_is_looked_through(
    officer: Reporting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise FileRefusedError("E-FILE-CORRUPT")

    monkeypatch.setattr(marking, "prescan", refuse)
    dropped = officer.drop()
    with pytest.raises(FileRefusedError):
        marking.annotate(dropped, [], [], tmp_path / "marked.xlsx")
    marking.annotate(dropped, [], [], tmp_path / "marked.xlsx", was_read=True)
    assert load_workbook(tmp_path / "marked.xlsx").sheetnames[0] == "Kết quả kiểm tra"
