"""What settles a warning: words beside its row, beside any of its rows, or beside its total; never words elsewhere."""

import pytest

from connectors.workbook.rows import Explanation
from indicator_specs.findings import Finding, Severity
from pipelines.submissions.explanations import SETTLED, with_explanations

PERIOD = "2026-10"


def warning(
    place: str = "", org_unit: str = "", time_period: str = "", severity: Severity = Severity.WARNING
) -> Finding:
    return Finding("rule", severity, place, "", "", "Câu.", "Words.", org_unit=org_unit, time_period=time_period)


def beside(row: int, org_unit: str = "", time_period: str = "", text: str = "Do mưa lũ") -> Explanation:
    return Explanation(place=f"Số liệu!I{row}", org_unit=org_unit, time_period=time_period, text=text)


OF_A_ROW = warning("Số liệu!E14", "C00001", PERIOD)
OF_A_PERIOD = warning("", "", PERIOD)
OF_A_TOTAL = warning("Số liệu!E52")
OF_THE_FILE = warning()


@pytest.mark.parametrize(
    ("about", "words", "is_settled"),
    [
        (OF_A_ROW, beside(14, " c00001", "Tháng 10/2026"), True),
        (OF_A_ROW, beside(15, "C00002", PERIOD), False),
        (OF_A_ROW, beside(52), False),
        (OF_A_PERIOD, beside(15, "C00002", "10/2026"), True),
        (OF_A_PERIOD, beside(15, "C00002", "2026-09"), False),
        (OF_A_TOTAL, beside(52), True),
        (OF_A_TOTAL, beside(53), False),
        (OF_A_TOTAL, beside(52, "C00002", PERIOD), False),
        (OF_THE_FILE, beside(14, "C00001", PERIOD), False),
        (warning("Số liệu!E14", "C00001", PERIOD, Severity.ERROR), beside(14, "C00001", PERIOD), False),
    ],
)
def test_words_settle_the_warning_that_they_stand_beside(about: Finding, words: Explanation, is_settled: bool) -> None:
    told, kept = with_explanations([about], [words])
    assert (told.severity is Severity.INFO, told.expected == SETTLED) == (is_settled, is_settled)
    assert ("Đơn vị đã giải trình: “Do mưa lũ”" in told.message_vi) == is_settled
    assert (kept.rule, kept.found) == ("explanation", "Do mưa lũ")


def test_words_beside_several_rows_are_told_together_each_once() -> None:
    words = [beside(14, "C00001", PERIOD), beside(15, "C00002", PERIOD, "Do sáp nhập"), beside(16, "C00003", PERIOD)]
    told, *_ = with_explanations([OF_A_PERIOD], words)
    assert told.message_vi.endswith("“Do mưa lũ; Do sáp nhập”")
