"""A report that is sent again: what changed is told cell by cell, a blank withdraws, a closed period keeps the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pipelines.intake
from connectors.ledger import State, Submission
from indicator_specs.environment import environment
from indicator_specs.findings import Finding
from indicator_specs.home import Home
from pipelines.intake import take_in
from pipelines.submissions.locks import lock, queued, unlock
from pipelines.submissions.standing import Line, line_batches, standing
from tests.reporting import ONE_ROW, Reporting
from tests.workbooks import AGENCY, PERIOD

LINE = Line(ONE_ROW, PERIOD, AGENCY)
PUBLISHED, TO_DISCLOSE, DISCLOSED = (
    f"public_service.procedures_{name}" for name in ("published", "to_disclose", "disclosed_on_time")
)


@pytest.fixture
def officer(home: Home) -> Iterator[Reporting]:
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        yield Reporting(home)


def findings(officer: Reporting, submission: Submission) -> list[Finding]:
    return officer.here.ledger.findings(submission_no=submission.submission_no)


def stands(officer: Reporting, measure: str) -> str:
    return standing(officer.here, line_batches(officer.here.ledger, LINE))[measure, AGENCY, PERIOD, "_T"].text


def test_a_change_is_told_cell_by_cell_and_a_blank_withdraws(officer: Reporting) -> None:
    first = officer.send()
    assert "resubmitted" not in officer.rules(first)
    second = officer.send(E14=1240, G14=None, H14="…")
    assert second.state is State.ACCEPTED
    (told,) = [each for each in officer.receipt(2)["findings"] if each["rule"] == "resubmitted"]
    assert "E14 100 → 1.240" in told["message_vi"]
    assert "G14 50 → (trống)" in told["message_vi"]
    assert "rút 1 số liệu" in told["message_vi"]
    assert {change["place"]: (change["before"], change["after"]) for change in officer.receipt(2)["changes"]} == {
        "Số liệu!E14": ("100", "1.240"),
        "Số liệu!G14": ("50", "(trống)"),
        "Số liệu!H14": ("40", "…"),
    }
    assert officer.receipt(2)["replaces"] == ["PTN-000001"]
    assert stands(officer, PUBLISHED) == "1.240"
    assert stands(officer, TO_DISCLOSE) == "(trống)"
    assert stands(officer, DISCLOSED) == "…"
    # A dash is a zero, and so is 0: they are figures, and they stand where nothing stood.
    third = officer.send(G14="-", H14=0)
    assert third.state is State.ACCEPTED
    assert (stands(officer, TO_DISCLOSE), stands(officer, DISCLOSED)) == ("0", "0")
    assert {each["before"] for each in officer.receipt(3)["changes"]} == {"1.240", "…"}


def test_a_file_that_is_mostly_blank_completes_and_withdraws_nothing(officer: Reporting) -> None:
    officer.send()
    second = officer.send(E14=101, F14=None, G14=None, H14=None)
    assert "blank_keeps" in officer.rules(second)
    assert (stands(officer, PUBLISHED), stands(officer, TO_DISCLOSE)) == ("101", "50")


def test_two_files_in_one_look_take_effect_in_the_order_of_receipt(officer: Reporting) -> None:
    officer.drop(E14=111)
    officer.drop(E14=222)
    officer.answered()
    assert stands(officer, PUBLISHED) == "222"
    assert [change["before"] for change in officer.receipt(2)["changes"]] == ["111"]


def test_a_group_that_is_returned_withdraws_nothing(officer: Reporting) -> None:
    officer.send()
    officer.send(E14="khoảng 100", F14=None)
    assert stands(officer, PUBLISHED) == "100"


def test_an_explanation_settles_the_warning_of_its_row_and_is_kept(officer: Reporting) -> None:
    open_question = officer.send(E14=None, F14=None)
    assert [each.severity.value for each in findings(officer, open_question) if each.rule == "blank"] == ["warning"] * 2
    found = findings(officer, officer.send(E14=None, F14=None, I14="Phần mềm mất kết nối"))
    assert [each.severity.value for each in found if each.rule == "blank"] == ["info"] * 2
    assert [each.found for each in found if each.rule == "explanation"] == ["Phần mềm mất kết nối"]


def test_a_file_for_a_locked_period_waits_and_is_judged_when_it_is_opened(officer: Reporting) -> None:
    officer.send()
    lock(officer.here.ledger, Line(ONE_ROW, PERIOD, ""), "Trần B", "đã chốt số liệu quý")
    late = officer.send(E14=500)
    assert late.state is State.RETURNED
    text = (officer.home.intake / AGENCY / "ket_qua" / "PTN-000002.txt").read_text(encoding="utf-8-sig")
    assert "hàng chờ" in text
    assert "văn bản" in text
    assert stands(officer, PUBLISHED) == "100"
    assert queued(officer.here.ledger, LINE) == [2]
    assert unlock(officer.here.ledger, LINE, "Trần B", "công văn 12/CV") == [3]
    assert officer.answered().submission_no == 3
    assert stands(officer, PUBLISHED) == "500"
    assert queued(officer.here.ledger, LINE) == []


def test_the_chronicle_names_the_first_event_that_was_altered(officer: Reporting, tmp_path: Path) -> None:
    import sqlite3

    officer.send()
    assert officer.here.ledger.audit().broken is None
    n_events = officer.here.ledger.audit().n_events
    assert n_events == 3  # received, concluded, answered
    officer.here.ledger.close()
    with sqlite3.connect(officer.home.ledger) as raw:
        raw.execute("drop trigger event_no_update")
        raw.execute("update event set detail = json_set(detail, '$.state', 'returned') where kind = 'concluded'")
    broken = officer.here.ledger.audit().broken
    assert broken is not None
    assert (broken.event_no, broken.kind) == (2, "concluded")


def test_a_period_opened_while_its_files_are_looked_at_keeps_none_of_them(
    officer: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer.send()
    lock(officer.here.ledger, LINE, "G22", "đã chốt")
    refuse = pipelines.intake._refuse

    def refused_and_opened(*given: Any) -> None:
        refuse(*given)
        unlock(officer.here.ledger, LINE, "G22", "theo công văn")

    monkeypatch.setattr(pipelines.intake, "_refuse", refused_and_opened)
    for figure in (201, 202):
        officer.drop(E14=figure)
    take_in(officer.here, settle_seconds=0)
    assert queued(officer.here.ledger, LINE) == []
    states = [each.state for each in officer.here.ledger.submissions()]
    assert states == [State.ACCEPTED, State.RETURNED, State.ACCEPTED, State.ACCEPTED], "the first was entered once more"
