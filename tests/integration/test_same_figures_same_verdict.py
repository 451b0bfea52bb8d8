"""Figures decide, not how their file is laid out, nor in how many files they come."""

import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from connectors.intake.folders import open_folder
from connectors.ledger import Submission
from indicator_specs.environment import environment
from indicator_specs.findings import Finding
from indicator_specs.home import Home
from pipelines.checking import Checked, check_all
from pipelines.submissions.standing import Line, Stated, line_batches, standing
from tests.corpus.line import BELOW, FIRST, PROVINCE, SHEET, TAKEN, good_book
from tests.csv_books import Fields, fields, half, reordered, written
from tests.reporting import FORM, Reporting
from tests.workbooks import KEY, PERIOD, copied, edited, registry

_SAME = ["org_unit", "measure", "time_period", "obs_value", "obs_status", "problem"]
NOW = "2026-11-10T09:00:00+07:00"


def answers(paths: Sequence[Path]) -> list[Checked]:
    with environment(CHISO_NOW=NOW):
        return check_all(paths, registry(), key=KEY)


def figures_of(*read: Checked) -> pl.DataFrame:
    return pl.concat([each.read.rows.select(_SAME) for each in read]).sort(_SAME)  # type: ignore[union-attr]


def moved_about(path: Path, dice: random.Random) -> Path:
    """The workbook with its rows and columns in another order and its sheets turned round."""

    def change(book: Workbook) -> None:
        sheet = book[SHEET]
        width = 9
        below = [[cell.value for cell in row] for row in sheet.iter_rows(FIRST, BELOW - 1, 1, width)]
        codes = [cell.value for cell in sheet[FIRST - 1]][:width]
        order = list(range(width))
        dice.shuffle(order)
        dice.shuffle(below)
        for row, cells in enumerate([codes, *below], FIRST - 1):
            for column, index in enumerate(order, 1):
                sheet.cell(row, column).value = cells[index]
        for other in book.worksheets[1:]:
            book.move_sheet(other, -1)

    return edited(path, change)


def test_the_layout_of_a_file_changes_nothing(tmp_path: Path) -> None:
    dice = random.Random(57)
    rows = fields()
    paths = [
        good_book(),
        edited(copied(good_book(), tmp_path / "saved.xlsx"), lambda _: None),
        moved_about(copied(good_book(), tmp_path / "moved.xlsx"), dice),
        written(rows, tmp_path / "plain.csv"),
        written(reordered(fields(), dice), tmp_path / "reordered.csv"),
        written(half(rows, 0), tmp_path / "one.csv"),
        written(half(rows, 1), tmp_path / "two.csv"),
    ]
    first, *others, one, two = answers(paths)
    for same in (figures_of(each) for each in others):
        assert same.equals(figures_of(first).with_columns(obs_status=same["obs_status"]))
    assert figures_of(one, two).equals(figures_of(others[2]))
    assert {each.state for each in (first, *others, one, two)} == {TAKEN}
    assert one.n_accepted + two.n_accepted == first.n_accepted


@pytest.fixture
def officer(home: Home) -> Reporting:
    return Reporting(home)


def send(officer: Reporting, rows: Fields, name: str) -> Submission:
    written(rows, open_folder(officer.home, PROVINCE) / name)
    return officer.answered()


def stands(officer: Reporting) -> dict[tuple[str, str, str, str], Stated]:
    return dict(standing(officer.here, line_batches(officer.here.ledger, Line(FORM, PERIOD, PROVINCE))))


def missing(officer: Reporting, submission: Submission) -> list[Finding]:
    found = officer.here.ledger.findings(submission_no=submission.submission_no)
    return [finding for finding in found if finding.rule == "units_missing"]


def test_a_report_in_two_files_stands_as_one_and_says_meanwhile_what_is_missing(officer: Reporting) -> None:
    with environment(CHISO_NOW=NOW):
        one = send(officer, half(fields(), 0), "mot.csv")
        (told,) = missing(officer, one)
        assert told.found == "thiếu 19 trên 38 đơn vị"
        assert "không cần gửi lại các dòng đã gửi" in told.message_vi
        two = send(officer, half(fields(), 1), "hai.csv")
        assert (one.state, two.state) == (TAKEN, TAKEN)
        assert missing(officer, two) == [], "the first file is remembered"
        assert "resubmitted" not in officer.rules(two), "nothing has changed, something was added"
        in_two = {key: (said.value, said.status) for key, said in stands(officer).items()}
        # The whole report after its halves changes nothing: they were the report.
        whole = send(officer, fields(), "ca_hai.csv")
    assert "resubmitted" not in officer.rules(whole)
    assert len(in_two) == 4 * 38
    assert {key: (said.value, said.status) for key, said in stands(officer).items()} == in_two


def test_the_other_half_left_blank_takes_nothing_back(officer: Reporting) -> None:
    with environment(CHISO_NOW=NOW):
        send(officer, half(fields(), 0), "mot.csv")
        before = stands(officer)
        rows = fields()
        for row in rows[-38::2]:
            row[4:8] = [""] * 4
        second = send(officer, rows, "hai.csv")
    assert missing(officer, second) == []
    after = stands(officer)
    assert {key: said.value for key, said in after.items() if key in before} == {
        key: said.value for key, said in before.items()
    }
    assert len(after) == 4 * 38
