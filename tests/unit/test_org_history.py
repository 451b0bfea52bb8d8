"""Former communes, names and places with their days, and the mistakes that loading tells all at once."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from indicator_specs.reference import Reference
from indicator_specs.reference_files import load_reference
from indicator_specs.registry import REFERENCE
from tests.small_catalogue import Small

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
ISLANDS = {"FD318": "C11948", "FD471": "C19742", "FD498": "C20333", "FD536": "C21548", "FD755": "C26732"}
"""Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa, Lý Sơn, Côn Đảo: districts that had no communes."""


@pytest.fixture(scope="module")
def real() -> Reference:
    reference, problems = load_reference(REFERENCE)
    assert not problems
    return reference


def targets(reference: Reference) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for event in reference.events:
        if event.moves and event.effective_date == AFTER:
            found[event.from_code].append(event.to_code)
    return found


def test_all_10035_former_communes_and_five_island_districts_are_carried(real: Reference) -> None:
    kinds = Counter(unit.kind for unit in real.org_units.values())
    assert (kinds["former_commune"], kinds["former_district"], kinds["commune"]) == (10035, 5, 3321)
    before, after = real.of_level("commune", BEFORE), real.of_level("commune", AFTER)
    assert (len(before), len(after)) == (10040, 3321)


def test_every_former_commune_reaches_one_province_of_today_and_whole_ones_one_commune(real: Reference) -> None:
    reached = targets(real)
    former = [*real.of_kind("former_commune"), *real.of_kind("former_district")]
    split = [unit.org_unit_code for unit in former if len(reached[unit.org_unit_code]) > 1]
    assert len(split) == 471
    assert {code for unit in former for code in reached[unit.org_unit_code]} == {
        unit.org_unit_code for unit in real.of_kind("commune")
    }
    for unit in former:
        (province,) = {real.unit(code).parent_code for code in reached[unit.org_unit_code]}
        # The same province is reached through the former province.
        assert reached[unit.parent_code] == [province]
    shares = {event.share for event in real.events if event.from_code in set(split)}
    assert shares == {None}


def test_island_districts_became_special_zones(real: Reference) -> None:
    assert {code: targets(real)[code][0] for code in ISLANDS} == ISLANDS
    assert all(real.unit(code).level == "commune" for code in ISLANDS)
    assert all(real.unit(code).name_vi.startswith("Đặc khu ") for code in ISLANDS.values())


def test_names_are_those_of_the_day(real: Reference) -> None:
    assert real.name_on("P75", date(2026, 4, 29)).name_vi == "Tỉnh Đồng Nai"
    assert real.name_on("P75", date(2026, 4, 30)).name_vi == "Thành phố Đồng Nai"
    assert [name.type_vi for name in real.names("C07294")] == ["xã", "phường"]
    assert real.name_on("F46", date(2024, 12, 31)).name_vi == "Tỉnh Thừa Thiên Huế"
    assert real.name_on("NSO", date(2024, 1, 1)).name_vi == "Tổng cục Thống kê"
    assert real.resolve("Tỉnh Đồng Nai", date(2026, 4, 29)) == ("P75",)
    assert real.resolve("Tỉnh Đồng Nai", date(2026, 5, 1)) == ()


def test_homonyms_come_back_all_of_them_todays_first(real: Reference) -> None:
    # Two former wards bore the name as well, both in Thanh Hoá; the ward of today in Ha Noi is new.
    assert real.resolve("Phường Ba Đình") == ("C00004", "FC14776", "FC14812")
    assert real.resolve("Ba Đình", BEFORE, parent="F40") == ()
    assert real.resolve("Phường Ba Đình", BEFORE, parent="F38") == ("FC14776", "FC14812")
    assert all(real.unit(code).is_of_today for code in real.suggest("Xã Tân Lậpp"))


def test_a_unit_stands_in_several_hierarchies_at_once(real: Reference) -> None:
    day = date(2026, 9, 30)
    assert (real.parent("P79", day), real.parent("P79", day, "government")) == ("VN", "CP")
    assert (real.parent("NSO", date(2025, 2, 28), "government"), real.parent("NSO", day, "government")) == (
        "MPI",
        "G12",
    )
    assert "NSO" in {unit.org_unit_code for unit in real.children("G12", day, "government")}
    assert (real.counterparts_of("TU79", day), real.counterparts_of("P79", day)) == (("P79",), ("TU79",))
    beside = {real.counterparts_of(unit.org_unit_code, day) for unit in real.of_kind("province")}
    assert beside == {(f"TU{unit.org_unit_code[1:]}",) for unit in real.of_kind("province")}


NAMES = "org_unit_code,name_vi,name_en,short_name_vi,valid_from,valid_to,legal_basis,source"
PLACES = "org_unit_code,hierarchy,parent_code,valid_from,valid_to,source"
PAIRS = "org_unit_code,counterpart_code,valid_from,valid_to,source"
MOVES = "event,from_code,to_code,effective_date,share,legal_basis,source\nmerge,F25,P25,2025-07-01,1,NQ,x"


@pytest.mark.parametrize(
    ("table", "text", "fields", "said"),
    [
        ("event", f"{MOVES}\nsplit,F17,P25,2025-07-01,0.7,NQ,x\nsplit,F17,P01,2025-07-01,0.6,NQ,x", ["share"], "1.3"),
        ("event", f"{MOVES}\nsplit,F17,P25,2025-07-01,1,NQ,x\nsplit,F17,P01,2025-07-01,,NQ,x", ["share"], "leave"),
        ("event", f"{MOVES}\nmerge,F17,P25,2025-07-01,0.12345678,NQ,x", ["from_code", "share"], "at most 7"),
        ("event", f"{MOVES}\nmerge,F17,F25,2025-07-01,1,NQ,x", ["to_code"], "F25 does not exist on 2025-07-01"),
        ("event", f"{MOVES}\nmerge,F17,P25,2025-08-01,1,NQ,x", ["from_code", "from_code"], "F17 does not exist"),
        ("event", MOVES, ["from_code"], "F17 ended and no event"),
        ("event", f"{MOVES}\nmerge,F17,P25,2025-07-01,1,NQ,x\nmerge,F1,P9,2025-07-01,1,NQ,x",
         ["from_code", "to_code"], "no org unit"),
        ("event", f"{MOVES}\nmerge,F17,P25,2025-07-01,1,NQ,x\nrename,P01,P25,2026-01-01,1,NQ,x", ["to_code"], "rename"),
        ("event", f"{MOVES}\nmerge,F17,P25,2025-07-01,1,NQ,x\nmerge,P01,P25,2026-01-01,1,NQ,x", ["event"], "goes on"),
        ("event", f"{MOVES}\nmove,F17,P25,2025-07-01,1,NQ,x", ["event", "from_code"], "one of"),
        ("name", f"{NAMES}\nP01,A,A,A,2025-07-01,2025-12-31,NQ,x\nP01,B,B,B,2025-12-01,2026-01-31,NQ,x",
         ["valid_from"], "overlaps"),
        ("name", f"{NAMES}\nP01,A,A,A,2020-07-01,2025-12-31,NQ,x", ["valid_from"], "lifetime"),
        ("name", f"{NAMES}\nP99,A,A,A,2025-07-01,2025-12-31,NQ,x", ["org_unit_code"], "no org unit P99"),
        ("name", f"{NAMES}\nP01,A,A,A,2025-07-01,,NQ,x", ["valid_to"], "a date belongs"),
        ("place", f"{PLACES}\nP01,government,MIC,2025-07-01,,x", ["parent_code"], "MIC does not exist throughout"),
        ("place", f"{PLACES}\nP01,field,G06,,2026-01-01,x", ["valid_from"], "lifetime"),
        ("place", f"{PLACES}\nG06,field,G22,,,x\nG22,field,G06,,,x", ["parent_code"], "a circle: G06 → G22 → G06"),
        ("place", f"{PLACES}\nG06,government,G22,,,x", ["valid_to"], "present place"),
        ("place", f"{PLACES}\nG06,kin,G22,,,x", ["hierarchy"], "one of"),
        ("counterpart", f"{PAIRS}\nVPTW,G99,,,x", ["counterpart_code"], "no org unit G99"),
    ],
)  # fmt: skip
def test_each_mistake_is_told(tmp_path: Path, table: str, text: str, fields: list[str], said: str) -> None:
    small = Small.at(tmp_path)
    small.write(f"reference/org_unit_{table}.csv", text + "\n")
    _, problems = load_reference(small.root / "reference")
    assert sorted(problem.field for problem in problems) == fields
    assert any(said in problem.found + problem.remedy for problem in problems)
    assert all(problem.remedy and problem.file.endswith(".csv") for problem in problems)


def test_a_former_commune_of_an_unknown_province_or_twice_is_told(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    row = "Xã A,A Commune,Huyện B,F17,C05089,x"
    header = "org_unit_code,name_vi,name_en,district_vi,parent_code,successors,source"
    small.write("reference/former_commune.csv", f"{header}\nFC00001,{row}\nFC00001,{row}\n")
    _, problems = load_reference(small.root / "reference")
    assert [(problem.line, problem.field) for problem in problems] == [
        (3, "org_unit_code"),
        (2, "to_code"),
        (2, "share"),
    ]
    small.write("reference/former_commune.csv", f"{header}\nFC00001,{row.replace('F17', 'F99')}\n")
    _, problems = load_reference(small.root / "reference")
    assert [(problem.line, problem.field) for problem in problems] == [(2, "parent_code")]
