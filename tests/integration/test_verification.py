"""Four eyes: a report that needs a verifier is provisional until that body takes it, by its folder or by command."""

from collections.abc import Iterator

import polars as pl
import pytest
from openpyxl import load_workbook

from connectors.ledger import Outcome, State, Submission
from connectors.workbook.decision_book import APPROVE, SEND_BACK, SHEET
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.intake import take_in
from pipelines.submissions.awaiting import awaiting
from pipelines.submissions.decisions import BOOK, give_notices, untold
from pipelines.submissions.locks import unlock
from pipelines.submissions.standing import Line
from pipelines.submissions.verification import Given, VerificationError, verify
from tests.reporting import ONE_ROW, VERIFIER, Reporting
from tests.workbooks import AGENCY, PERIOD

LINE = Line(ONE_ROW, PERIOD, AGENCY)


@pytest.fixture
def officer(home: Home) -> Iterator[Reporting]:
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        yield Reporting(home, verified=True)


def decide_in_workbook(officer: Reporting, decision: str, reason: str = "", **spoiled: str) -> Submission:
    """The verifier fills its workbook in and drops it."""
    folder = officer.home.intake / VERIFIER
    book = load_workbook(folder / "ket_qua" / BOOK)
    sheet = book[SHEET]
    columns = {str(cell.value): cell.column for cell in sheet[4]}
    for code, text in {"decision": decision, "reason": reason, "who": "Nguyễn Thị C", **spoiled}.items():
        sheet.cell(5, columns[code], text)
    book.save(folder / "y_kien.xlsx")
    return officer.answered()


def statuses(officer: Reporting) -> list[tuple[bool, int]]:
    """Each batch: provisional or not, and its accepted rows."""
    return [(batch.is_provisional, batch.n_accepted) for batch in officer.here.ledger.batches()]


def test_a_report_is_provisional_until_its_verifier_takes_it_by_its_folder(officer: Reporting) -> None:
    sent = officer.send(E14=None, F14=None, I14="Chưa chốt sổ")
    assert sent.state is State.ACCEPTED
    assert statuses(officer) == [(True, 2)]
    assert "chờ thẩm định" in officer.receipt(1)["next_step_vi"]
    decided = decide_in_workbook(officer, APPROVE)
    assert decided.state is State.ACCEPTED
    assert statuses(officer) == [(True, 2), (False, 2)]
    first, second = officer.here.ledger.batches()
    assert first.accepted_path == second.accepted_path
    assert second.origin["verified"] == VERIFIER
    notice = officer.receipt(1, suffix="-tham-dinh")
    assert notice["is_verified"]
    assert notice["who"] == "Nguyễn Thị C"
    assert "1" in officer.receipt(decided.submission_no, VERIFIER)["summary_vi"][1]
    assert awaiting(officer.here) == []
    # Verified is closed: what comes now waits.
    late = officer.send(E15=999)
    assert late.state is State.RETURNED
    assert officer.rules(late) == ["period_closed"]
    assert unlock(officer.here.ledger, LINE, "VPTW", "công văn 15") == [late.submission_no + 1]
    officer.answered()
    assert statuses(officer)[-1] == (True, 4)
    assert [each.submission.submission_no for each in awaiting(officer.here)] == [late.submission_no + 1]


def test_what_is_returned_no_longer_counts_and_may_be_sent_again(officer: Reporting) -> None:
    officer.send()
    refused = decide_in_workbook(officer, SEND_BACK)
    assert refused.state is State.RETURNED  # a return needs its reason
    assert officer.rules(refused) == ["decision_refused"]
    returned = decide_in_workbook(officer, SEND_BACK, "Số liệu cột E chưa khớp sổ theo dõi")
    assert returned.state is State.ACCEPTED
    assert statuses(officer) == [(True, 4), (True, 4)]
    rows = pl.read_parquet(officer.home.root / str(officer.here.ledger.batches()[-1].accepted_path))
    assert set(rows["obs_status"]) == {"O"}
    assert rows["obs_value"].is_null().all()
    text = (officer.home.intake / AGENCY / "ket_qua" / "PTN-000001-tham-dinh.txt").read_text(encoding="utf-8-sig")
    assert "chưa khớp sổ theo dõi" in text
    again = officer.send(E14=101)
    assert again.state is State.ACCEPTED
    assert [each.submission.submission_no for each in awaiting(officer.here)] == [again.submission_no]


def test_a_report_in_two_files_is_verified_whole(officer: Reporting) -> None:
    officer.send(F14=150)  # the first group is returned
    officer.send(E14=200, F14=150, G14=51, H14=None)
    (report,) = awaiting(officer.here)
    assert [batch.submission_no for batch in report.batches] == [1, 2]
    numbers = verify(officer.here, Given(2, Outcome.VERIFIED, VERIFIER, "C"))
    made = [batch for batch in officer.here.ledger.batches() if batch.batch_no in numbers]
    # What came twice counts once, as the second file has it.
    assert [(batch.submission_no, batch.n_accepted) for batch in made] == [(2, 4)]


def test_nobody_verifies_itself_or_for_another_or_twice(officer: Reporting) -> None:
    officer.send()
    for verifier, words in ((AGENCY, "tự thẩm định"), ("G22", f"do {VERIFIER} thẩm định")):
        with pytest.raises(VerificationError, match=words):
            verify(officer.here, Given(1, Outcome.VERIFIED, verifier))
    with pytest.raises(VerificationError, match="không có trong sổ"):
        verify(officer.here, Given(9, Outcome.VERIFIED, VERIFIER))
    verify(officer.here, Given(1, Outcome.VERIFIED, VERIFIER))
    with pytest.raises(VerificationError, match="không chờ thẩm định"):
        verify(officer.here, Given(1, Outcome.RETURNED, VERIFIER, reason="muộn"))
    assert [event.subject for event in untold(officer.here)] == ["submission 1"]
    give_notices(officer.here)
    assert untold(officer.here) == []


def test_a_decision_is_for_the_bytes_that_were_shown(officer: Reporting) -> None:
    officer.send()
    forged = decide_in_workbook(officer, APPROVE, check="ABCD-EFGH-IJKL-MNOP")
    assert officer.rules(forged) == ["decision_refused"]
    assert statuses(officer) == [(True, 4)]


def test_a_verifier_out_of_reach_holds_up_nobody(officer: Reporting) -> None:
    officer.send()
    (officer.home.intake / VERIFIER / "ket_qua" / "THAM-DINH.json").unlink()
    (officer.home.intake / VERIFIER / "ket_qua").rename(officer.home.root / "gone")
    (officer.home.intake / VERIFIER / "ket_qua").write_bytes(b"the mount point of a share that is gone")
    officer.drop(E14=101)
    report = take_in(officer.here, settle_seconds=0)
    assert [each.submission_no for each in report.answers] == [2]
    assert VERIFIER in {each.agency for each in report.unreachable}
    (officer.home.intake / VERIFIER / "ket_qua").unlink()
    (officer.home.root / "gone").rename(officer.home.intake / VERIFIER / "ket_qua")
    assert take_in(officer.here, settle_seconds=0).troubles == []
    assert (officer.home.intake / VERIFIER / "ket_qua" / "THAM-DINH.json").read_text() == "[2]\n"


def test_what_was_received_before_a_decision_counts_before_it(officer: Reporting) -> None:
    """A newer file of the reporter and a decision on the older one lie there at the same look."""
    officer.send()
    folder = officer.home.intake / VERIFIER
    book = load_workbook(folder / "ket_qua" / BOOK)
    columns = {str(cell.value): cell.column for cell in book[SHEET][4]}
    book[SHEET].cell(5, columns["decision"], APPROVE)
    officer.drop(E14=101)
    book.save(folder / "y_kien.xlsx")
    decided = officer.answered()
    assert decided.agency == VERIFIER
    assert officer.rules(decided) == ["decision_refused"], "the report has changed since it was shown"
    assert [each.submission.submission_no for each in awaiting(officer.here)] == [2]
