"""A report that is sent again: what changed is told cell by cell, a blank withdraws, a closed period keeps the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.ledger import State
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.submissions.locks import lock, queued, unlock
from pipelines.submissions.standing import Line, line_batches, standing
from tests.reporting import FORM, Reporting
from tests.workbooks import AGENCY, ASSIGNED, PERIOD, PROCESSED

LINE = Line(FORM, PERIOD, AGENCY)
FIRST, SECOND = "C00004", "C00008"


@pytest.fixture
def officer(home: Home) -> Iterator[Reporting]:
    with environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        yield Reporting(home)


def stands(officer: Reporting, measure: str, unit: str) -> str:
    return standing(officer.home, line_batches(officer.here.ledger, LINE))[measure, unit, PERIOD, "_T"].text


def test_a_change_is_told_cell_by_cell_and_a_blank_withdraws(officer: Reporting) -> None:
    first = officer.send()
    assert "resubmitted" not in officer.rules(first)
    second = officer.send(E14=1240, G14=None, G15="-", H15="…", G16=0, H16=0)
    assert second.state is State.ACCEPTED
    (told,) = [each for each in officer.receipt(2)["findings"] if each["rule"] == "resubmitted"]
    assert "E14 100 → 1.240" in told["message_vi"]
    assert "G14 50 → (trống)" in told["message_vi"]
    assert "rút 1 số liệu" in told["message_vi"]
    assert {change["place"]: (change["before"], change["after"]) for change in officer.receipt(2)["changes"]} == {
        "Số liệu!E14": ("100", "1.240"),
        "Số liệu!G14": ("50", "(trống)"),
        "Số liệu!G15": ("50", "0"),
        "Số liệu!H15": ("40", "…"),
        "Số liệu!G16": ("50", "0"),
        "Số liệu!H16": ("40", "0"),
    }
    assert officer.receipt(2)["replaces"] == ["PTN-000001"]
    assert stands(officer, PROCESSED, FIRST) == "1.240"
    assert stands(officer, ASSIGNED, FIRST) == "(trống)"
    assert stands(officer, ASSIGNED, SECOND) == "0"
    # The first figures again: the withdrawn one is back.
    officer.send(E14=100)
    assert stands(officer, ASSIGNED, FIRST) == "50"


def test_a_file_with_one_row_completes_and_withdraws_nothing(officer: Reporting) -> None:
    officer.send(F14=150)  # the part above its whole: the group of the first commune is returned
    blanks: dict[str, object] = {f"{column}{row}": None for column in "EFGH" for row in range(15, 14 + 126)}
    second = officer.send(**blanks)
    assert "blank_keeps" in officer.rules(second)
    assert stands(officer, PROCESSED, FIRST) == "100"
    assert stands(officer, PROCESSED, SECOND) == "100"


def test_two_files_in_one_look_take_effect_in_the_order_of_receipt(officer: Reporting) -> None:
    officer.drop(E14=111)
    officer.drop(E14=222)
    officer.answered()
    assert stands(officer, PROCESSED, FIRST) == "222"
    assert [change["before"] for change in officer.receipt(2)["changes"]] == ["111"]


def test_a_group_that_is_returned_withdraws_nothing(officer: Reporting) -> None:
    officer.send()
    officer.send(E14="khoảng 100", F14=None)
    assert stands(officer, PROCESSED, FIRST) == "100"


def test_an_explanation_settles_the_warning_of_its_row_and_is_kept(officer: Reporting) -> None:
    submission = officer.send(E14=None, F14=None, I14="Phần mềm mất kết nối", E15=None, F15=None)
    found = officer.here.ledger.findings(submission_no=submission.submission_no)
    blank = {each.org_unit: each.severity.value for each in found if each.rule == "blank"}
    assert blank == {FIRST: "info", SECOND: "warning"}
    assert [each.found for each in found if each.rule == "explanation"] == ["Phần mềm mất kết nối"]


def test_a_file_for_a_locked_period_waits_and_is_judged_when_it_is_opened(officer: Reporting) -> None:
    officer.send()
    lock(officer.here.ledger, Line(FORM, PERIOD, ""), "Trần B", "đã chốt số liệu quý")
    late = officer.send(E14=500)
    assert late.state is State.RETURNED
    text = (officer.home.intake / AGENCY / "ket_qua" / "PTN-000002.txt").read_text(encoding="utf-8-sig")
    assert "hàng chờ" in text
    assert "văn bản" in text
    assert stands(officer, PROCESSED, FIRST) == "100"
    assert queued(officer.here.ledger, LINE) == [2]
    assert unlock(officer.here.ledger, LINE, "Trần B", "công văn 12/CV") == [3]
    assert officer.answered().submission_no == 3
    assert stands(officer, PROCESSED, FIRST) == "500"
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
