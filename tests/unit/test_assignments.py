"""Who owes what: duties spelled out for periods."""

from pathlib import Path

import pytest

from indicator_specs.assignments import Owed, owed
from tests.small_catalogue import DUTIES, SOURCE_FILE, Small

COMMUNES = "service.dossiers,province,,children,commune,2025-07-01,2026-06-30,x\n"
SELF = "service.dossiers,province,,self,province,2025-07-01,,x\n"
ONE = "service.dossiers,ministry,G22,VN,nation,,,x\n"


@pytest.fixture
def small(tmp_path: Path) -> Small:
    small = Small.at(tmp_path)
    return small.change(SOURCE_FILE, "level: province", "level: [nation, province, commune]")


def units(small: Small, duties: str, *periods: str) -> set[tuple[str, str, str]]:
    small.write("reference/assignment.csv", DUTIES.splitlines(keepends=True)[0] + duties)
    return {(each.reporter, each.org_unit, each.time_period) for each in owed(small.load(), periods)}


def test_children_are_owed_by_their_parent(small: Small) -> None:
    assert units(small, COMMUNES, "2026-05") == {
        ("P01", "C00004", "2026-05"),
        ("P01", "C00008", "2026-05"),
        ("P25", "C05089", "2026-05"),
    }


def test_a_duty_holds_for_its_time_only(small: Small) -> None:
    assert units(small, COMMUNES, "2026-06", "2026-07") == {
        ("P01", "C00004", "2026-06"),
        ("P01", "C00008", "2026-06"),
        ("P25", "C05089", "2026-06"),
    }
    assert units(small, COMMUNES, "2025-06") == set()


def test_units_are_those_of_the_period(small: Small) -> None:
    always = SELF.replace("2025-07-01", "").replace("province,,self", "former_province,,self")
    assert units(small, always, "2025-06", "2025-07") == {("F17", "F17", "2025-06"), ("F25", "F25", "2025-06")}


def test_one_body_may_owe_all_units_or_one(small: Small) -> None:
    assert units(small, DUTIES.splitlines()[1] + "\n", "2026-01") == {
        ("G22", "P01", "2026-01"),
        ("G22", "P25", "2026-01"),
    }
    assert units(small, ONE, "2026-01") == {("G22", "VN", "2026-01")}
    assert units(small, SELF, "2026-01") == {("P01", "P01", "2026-01"), ("P25", "P25", "2026-01")}


def test_a_period_concerns_datasets_of_its_frequency(small: Small) -> None:
    assert units(small, SELF, "2026", "2026-Q1") == set()


def test_each_measure_of_the_dataset_is_owed_once(small: Small) -> None:
    small.write("reference/assignment.csv", DUTIES.splitlines(keepends=True)[0] + ONE)
    rows = owed(small.load(), ["2026-01", "2026-01"])
    assert rows == tuple(
        Owed("service.dossiers", measure, "G22", "VN", "2026-01")
        for measure in ("service.online", "service.paid_pct", "service.received")
    )
