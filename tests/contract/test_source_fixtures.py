"""Every source shows what it means by good and bad: ``good.*`` passes, ``bad_<rule>.*`` fails by the rule of its name.

A fixture is a reading as a connector hands it over, one row per value; ``dataset``, ``agency`` and ``case_period`` say
whose case a row belongs to.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from connectors.content_address import READING_SCHEMA
from connectors.numbers import plain_text, read_number
from expectations import Case, Verdict, judge
from indicator_specs.findings import Finding, Severity
from indicator_specs.registry import SOURCES, Registry
from tests.whole_catalogue import whole_catalogue

FIXTURES = sorted(SOURCES.glob("*/fixtures/*.csv"))
SOURCES_WITH_ONE = sorted({path.parts[-3] for path in FIXTURES})


def name(path: Path) -> str:
    return f"{path.parts[-3]}/{path.stem}"


def read(path: Path, registry: Registry) -> Iterator[Case]:
    source = registry.sources[path.parts[-3]]
    by_case: defaultdict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            by_case[line["dataset"], line["agency"], line["case_period"]].append(line)
    for (dataset, agency, period), found in by_case.items():
        rows = [reading(n, line, typed=source.kind == "workbook") for n, line in enumerate(found, 1)]
        yield Case(
            case_id=f"{name(path)}/{dataset}/{agency}/{period}",
            dataset=registry.dataset(source.id, dataset),
            rows=pl.DataFrame(rows, schema=READING_SCHEMA),
            agency=agency or None,
            time_period=period or None,
        )


def reading(number: int, line: dict[str, str], *, typed: bool) -> dict[str, object]:
    """One row of a reading; what an officer typed goes through the grammar of numbers, what a machine gave does not."""
    value = read_number(line["value_text"]) if typed and not line["problem"] else None
    text = line["value_text"] or None
    return {
        "row_no": number,
        "place": line["place"],
        "measure": line["measure"],
        "org_unit": line["org_unit"],
        "time_period": line["time_period"],
        "breakdown": "_T",
        "value_text": text,
        "obs_value": (plain_text(value.value) if value.value is not None else None) if value else text,
        "obs_status": (value and value.status) or "A",
        "producer": line["producer"] or None,
        "published_date": line["published_date"] or None,
        "is_synthetic": line["is_synthetic"] == "true",
        "citation": line["citation"] or None,
        "problem": line["problem"] or (value.problem if value else None),
        "conversion": value.conversion if value else None,
    }


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


@pytest.fixture(scope="module")
def verdicts(registry: Registry) -> dict[str, list[Verdict]]:
    """All fixtures of all sources, in one judgement, as on the day after the newest of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
        cases = [(name(path), case) for path in FIXTURES for case in read(path, registry)]
        judged = judge([case for _, case in cases], registry, None)
    of: defaultdict[str, list[Verdict]] = defaultdict(list)
    for (file, _), verdict in zip(cases, judged, strict=True):
        of[file].append(verdict)
    return of


def errors(verdicts: list[Verdict]) -> list[Finding]:
    return [one for verdict in verdicts for one in verdict.findings if one.severity is Severity.ERROR]


def test_every_source_shows_a_good_reading_and_bad_ones(registry: Registry) -> None:
    names = {name(path) for path in FIXTURES}
    for source in registry.sources:
        assert f"{source}/good" in names
        assert any(one.startswith(f"{source}/bad_") for one in names)


@pytest.mark.parametrize("source", SOURCES_WITH_ONE)
def test_a_good_reading_is_taken_whole(source: str, verdicts: dict[str, list[Verdict]]) -> None:
    good = verdicts[f"{source}/good"]
    assert errors(good) == []
    assert [verdict.returned.height for verdict in good] == [0] * len(good)
    assert sum(verdict.accepted.height for verdict in good) > 0


@pytest.mark.parametrize("path", [path for path in FIXTURES if path.stem.startswith("bad_")], ids=name)
def test_a_bad_reading_fails_by_its_name(path: Path, verdicts: dict[str, list[Verdict]]) -> None:
    found = verdicts[name(path)]
    assert {one.rule for one in errors(found)} == {path.stem.removeprefix("bad_")}
    assert sum(verdict.returned.height for verdict in found) > 0
