"""Published workbooks of the Ministry of Finance and of VCCI, read by layout descriptions alone; their sums hold.

They are no part of the project: the folder ``shared/domain/templates`` above it has them, where it is at hand.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from indicator_specs.home import PROJECT
from tests.foreign import as_xlsx, figures, published_forms, read, warned

FOLDER = Path("shared", "domain", "templates")
PUBLISHED = next((above / FOLDER for above in PROJECT.parents if (above / FOLDER).is_dir()), FOLDER)
__test__ = PUBLISHED.is_dir()


@dataclass(frozen=True)
class Expected:
    """What a published workbook must say: how many values and sums at least, and figures at their cells."""

    period: str
    n_values: int
    n_sums: int
    figures: dict[str, tuple[str, str]]
    findings: tuple[str, ...] = ()


WORKBOOKS = {
    "Plan_2003.xls": Expected(
        "2003",
        244,
        0,
        {"Sheet1!C19": ("F01", "19348000"), "Sheet1!F31": ("F06", "545818")},
        ("W-TOTAL-BROKEN Sheet1!C16", "W-TOTAL-BROKEN Sheet1!E16", "W-TOTAL-BROKEN Sheet1!F16"),
    ),
    "Plan_2006.xls": Expected("2006", 384, 250, {"Sheet1!C16": ("F22", "4371000"), "Sheet1!D33": ("F01", "32")}),
    "Final_2006.xls": Expected("2006", 320, 100, {"Sheet1!C15": ("F22", "6652951"), "Sheet1!H16": ("F02", "916674")}),
    "Plan_2017.xls": Expected(
        "2017",
        324,
        300,
        {"M09!C15": ("F02", "1870500"), "M01!D11": ("VN", "990280000"), "M04!C19": ("VN", "11243000")},
    ),
    "PCI_2005.xls": Expected(
        "2005",
        840,
        0,
        {"Xếp hạng theo chỉ số PCI!B2": ("F74", "76.81896532924489"), "Chi phí thời gian!E3": ("F89", "2")},
    ),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_published_workbook_is_read_and_its_sums_hold(name: str) -> None:
    expected, found = WORKBOOKS[name], read(PUBLISHED / name)
    assert (found.time_period, found.rows.height) == (expected.period, expected.n_values)
    assert expected.figures.items() <= figures(found).items()
    assert tuple(warned(found)) == expected.findings
    assert sum(int(each.found) for each in found.findings if each.rule == "I-SUMS") >= expected.n_sums
    # Hà Tây was merged into Hà Nội in 2008, before the reference begins: the one name that stays a name.
    names = {unit for unit, _ in figures(found).values() if unit not in published_forms().reference.org_units}
    assert {name.casefold() for name in names} <= {"hà tây"}


@pytest.mark.parametrize(
    ("name", "sheet", "address"),
    [
        ("Plan_2017.xls", "M09", "D13"),  # the total of all provinces
        ("Plan_2017.xls", "M09", "H29"),  # the total of a region
        ("Plan_2017.xls", "M01", "D10"),  # a total among items
        ("Plan_2017.xls", "M04", "C11"),  # by the formula row 1 = 2 + 3
        ("Final_2006.xls", "Sheet1", "E43"),
        ("Plan_2006.xls", "Sheet1", "C14"),
    ],
)
def test_a_wrong_total_of_a_published_workbook_is_found_at_its_cell(
    tmp_path: Path, name: str, sheet: str, address: str
) -> None:
    path = as_xlsx(PUBLISHED / name, tmp_path / "changed.xlsx", sheet, address, 123)
    assert f"W-SUM {sheet}!{address}" in warned(read(path))
