"""What is counted of figures that are pulled, and at the edges of the rules: half a report, a day of grace."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from connectors.extracted import Counted
from connectors.ledger import Outcome
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.reference import Duty
from pipelines.conduct import conduct_of
from pipelines.installation import Installation
from pipelines.submissions.verification import Given, verify
from tests.integration.test_own_conduct import IN_TIME, counted, of_updates, send, with_evidence
from tests.reporting import ONE_ROW, VERIFIER, Reporting
from tests.tiny_warehouse import TinyWarehouse
from tests.workbooks import AGENCY

DOSSIERS = "online_services.dossiers"


def owing(home: Home, *duties: Duty) -> Reporting:
    made = Reporting(home, verified=True)
    registry = made.here.registry
    made.here = Installation(home, replace(registry, reference=replace(registry.reference, duties=duties)))
    return made


@pytest.fixture
def officer(home: Home) -> Iterator[Reporting]:
    with environment(CHISO_NOW=IN_TIME):
        yield owing(home, Duty(ONE_ROW, "province", "", "self", "province", None, None, "test"))


@pytest.fixture
def pulled(home: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[Reporting, TinyWarehouse]:
    """A ministry owes one province's dossiers of October by 20 November; something else came in October."""
    made = owing(home, Duty(DOSSIERS, "ministry", "G22", AGENCY, "province", None, None, "test"))
    warehouse = TinyWarehouse(home, made.here.registry, monkeypatch).at("2026-10-10T09:00:00+07:00")
    warehouse.accept("national_statistics", "macro_series", [("ip.patent_applications_resident", "VN", "2010", 720)])
    return made, warehouse


def accept(warehouse: TinyWarehouse, period: str, *more: Mapping[str, object]) -> None:
    measures = [each.id for each in warehouse.registry.dataset(*DOSSIERS.split(".")).measures]
    values = [(measure, AGENCY, period, 7, given) for measure in measures for given in (more or ({},))]
    warehouse.accept(
        *DOSSIERS.split("."), [(*row[:3], None if "obs_status" in row[4] else 7, row[4]) for row in values]
    )


def of_ministry(officer: Reporting, month: str = "2026-11") -> Counted:
    found = conduct_of(officer.here)(officer.here.registry.dataset("system_conduct", "updates"), month)
    return {each.org_unit: each for each in found}["G22"]


def all_on_time(officer: Reporting) -> bool:
    counts = of_ministry(officer).counts
    assert counts["indicators_on_time"] in (0, counts["indicators_assigned"])
    return counts["indicators_on_time"] > 0


def test_half_a_report_has_half_the_evidence(officer: Reporting) -> None:
    with_evidence(officer, "P04")
    half = send(officer, "P04", E14=None, F14=None, I14="Chưa chốt sổ")
    verify(officer.here, Given(half, Outcome.VERIFIED, VERIFIER))
    assert counted(officer)["P04"] == of_updates(2, 1, 1, 1)


def test_who_mends_within_a_working_day_is_in_time(officer: Reporting) -> None:
    with environment(CHISO_NOW="2026-11-12T09:00:00+07:00"):
        send(officer, "P08", E14="x")
    with environment(CHISO_NOW="2026-11-13T09:00:00+07:00"):
        send(officer, "P08")
    assert counted(officer)["P08"] == of_updates(2, 2, 2, 0)


@pytest.mark.parametrize(("came", "on_time"), [("2026-11-21", True), ("2026-11-29", False)])
def test_what_was_there_when_we_first_looked_is_not_late(
    pulled: tuple[Reporting, TinyWarehouse], came: str, on_time: bool
) -> None:
    officer, warehouse = pulled
    accept(warehouse.at("2026-11-21T09:00:00+07:00"), "2026-09")
    accept(warehouse.at(f"{came}T10:00:00+07:00"), "2026-10")
    assert all_on_time(officer) is on_time


@pytest.mark.parametrize("published", ["2026-11-15", "2026-11-15 00:00:00", "2026-11-15 08:00:00.000000+07:00"])
def test_a_day_of_publication_may_be_an_instant(pulled: tuple[Reporting, TinyWarehouse], published: str) -> None:
    officer, warehouse = pulled
    accept(warehouse, "2026-09")
    accept(warehouse.at("2026-11-25T09:00:00+07:00"), "2026-10", {"published_date": published})
    assert all_on_time(officer)


def test_a_breakdown_that_is_missing_takes_nothing_from_the_total(pulled: tuple[Reporting, TinyWarehouse]) -> None:
    officer, warehouse = pulled
    accept(warehouse, "2026-10", {}, {"breakdown": "SEX-F", "obs_status": "O"})
    assert all_on_time(officer)


def test_an_indicator_of_two_reports_waits_for_both(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    series, climate = "national_statistics.macro_series", "sector_report.climate"
    officer = owing(
        home, *(Duty(of, "ministry", "G22", "VN", "nation", None, None, "test") for of in (series, climate))
    )
    warehouse = TinyWarehouse(home, officer.here.registry, monkeypatch).at("2026-01-05T09:00:00+07:00")
    measures = [each.id for each in warehouse.registry.datasets[series].measures]
    warehouse.accept(*series.split("."), [(each, "VN", "2025", 7, {}) for each in measures])
    told = {each["indicator"]: each for each in of_ministry(officer, "2026-09").of}
    assert [each["is_on_time"] for each in told["carbon_intensity"]["reports"]].count(True) == 1
    assert (told["carbon_intensity"]["is_updated"], told["carbon_intensity"]["is_on_time"]) == (False, False)
    assert told["gdp_growth"]["is_on_time"]


def test_a_form_that_feeds_one_level_alone_is_a_form(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    send(officer, AGENCY)
    warehouse = TinyWarehouse(officer.home, officer.here.registry, monkeypatch)
    warehouse.accept("national_statistics", "macro_series", [("ip.patent_applications_resident", "VN", "2010", 720)])
    (told,) = conduct_of(officer.here)(warehouse.registry.dataset("system_conduct", "sourcing"), "2026-Q4")
    growth = next(each for each in told.of if each["indicator"] == "patent_applications_growth")
    assert growth["reads"] == ["ministry_report.science_survey", "national_statistics.macro_series"]
    assert not growth["is_automatic"]
