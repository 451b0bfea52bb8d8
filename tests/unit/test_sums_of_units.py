"""Which measures may be held against the sum of another over the units below, and which are by themselves."""

from pathlib import Path

import pytest

from indicator_specs.errors import SpecError
from indicator_specs.registry import Registry
from indicator_specs.sums_of_units import sums
from tests.small_catalogue import SOURCE_FILE, Small

OF_THE_NATION = """\
id: nation
name: {vi: Cả nước, en: The nation}
kind: rest
owner: G22
connection: {secret: CHISO_NATION}
datasets:
  - id: totals
    name: {vi: Tổng số, en: Totals}
    frequency: monthly
    level: nation
    request: {path: /api/totals, records: /data}
    columns: {org_unit: unit, time_period: period}
    measures:
      - id: nation.received
        column: received
        name: {vi: Số tiếp nhận cả nước, en: Received in the nation}
        unit: dossier
        nature: flow
        checks: {min: "0", sum_of_units: service.received}
"""
FILE, PLACE = "sources/nation/source.yml", "datasets[0].measures[0].checks.sum_of_units"


@pytest.fixture
def small(tmp_path: Path) -> Small:
    small = Small.at(tmp_path)
    small.write(FILE, OF_THE_NATION)
    return small


def pairs(registry: Registry) -> list[tuple[str, str]]:
    return [(measure.id, units.id) for measure, units in sums(registry.measures)]


def test_an_additive_measure_is_held_against_itself_and_what_it_declares(small: Small) -> None:
    assert pairs(small.load()) == [
        ("nation.received", "nation.received"),
        ("nation.received", "service.received"),
        ("service.online", "service.online"),
        ("service.received", "service.received"),
    ], "a share adds up to nothing"


def test_a_measure_that_names_itself_is_held_once(small: Small) -> None:
    small.change(FILE, "sum_of_units: service.received", "sum_of_units: nation.received")
    small.change(FILE, "level: nation", "level: [nation, province]")
    assert pairs(small.load())[:2] == [
        ("nation.received", "nation.received"),
        ("service.online", "service.online"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (FILE, "sum_of_units: service.received", "sum_of_units: service.recieved", "did you mean service.received"),
        (FILE, "unit: dossier", "unit: person", "measures of one unit only"),
        (FILE, "frequency: monthly", "frequency: quarterly", "one kind of period only"),
        (FILE, "nature: flow", "nature: stock", "only additive measures of one nature add up"),
        (FILE, "level: nation", "level: [province, commune]", "a measure of a level below"),
        (SOURCE_FILE, "level: province", "level: ministry", "a measure of a level below"),
    ],
)
def test_what_does_not_fit_is_refused(small: Small, file: str, old: str, new: str, told: str) -> None:
    small.change(file, old, new)
    with pytest.raises(SpecError) as error:
        small.load()
    found = [problem for problem in error.value.problems if problem.field == PLACE]
    assert [told in str(problem) for problem in found] == [True], error.value


def test_a_ratio_is_refused_on_either_side(small: Small) -> None:
    small.change(FILE, "unit: dossier", "unit: percent")
    small.change(FILE, "nature: flow", "nature: non_additive")
    small.change(FILE, "sum_of_units: service.received", "sum_of_units: service.paid_pct")
    with pytest.raises(SpecError, match="only additive measures"):
        small.load()
