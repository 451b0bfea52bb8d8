"""Notation is tidied, meaning never."""

import unicodedata

import pytest

from expectations import canonical
from expectations.guesses import fold


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-09", "2026-09"),
        (" 09/2026 ", "2026-09"),
        ("9/2026", "2026-09"),
        ("Tháng 9/2026", "2026-09"),
        ("tháng 9 năm 2026", "2026-09"),
        (unicodedata.normalize("NFD", "Tháng 9/2026"), "2026-09"),
        ("T9/2026", "2026-09"),
        ("2026-09-01", "2026-09"),
        ("2026-09-01 00:00:00", "2026-09"),
        ("2026-9", "2026-09"),
        ("Quý II/2026", "2026-Q2"),
        ("Q2/2026", "2026-Q2"),
        ("6 tháng đầu năm 2026", "2026-S1"),
        ("Năm 2026", "2026"),
        ("2026.0", "2026"),
    ],
)
def test_usual_ways_of_writing_a_period_are_read(written: str, read: str) -> None:
    period = canonical.period(written)
    assert period is not None
    assert period.time_period == read


@pytest.mark.parametrize(
    "written", [None, "", "13/2026", "2026-13", "2026-09-15", "09/26", "tháng 9", "2026-Q5", "x", "20269"]
)
def test_what_is_no_period_is_not_made_one(written: str | None) -> None:
    assert canonical.period(written) is None


def test_a_code_is_tidied_but_look_alike_letters_stay() -> None:
    assert canonical.org_unit_code(" c00004\u200b\u00a0") == "C00004"
    assert canonical.org_unit_code("С00004") == "С00004" != "C00004"  # Cyrillic


def test_names_are_compared_without_accents() -> None:
    assert fold("Hoà Bình") == fold("HÒA  BÌNH") == fold("hoa binh")
    assert fold("Đồng Nai") == "dong nai"
