"""What the system knows of itself is counted from its ledger, not typed: who was in time, whose evidence held.

The forms of a real month: one province reports whole and in time, one half, one late, the others not at all.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from connectors.acceptance import CHECKS, accept
from connectors.errors import PermanentSourceError
from connectors.extract import extract
from connectors.extracted import Before
from connectors.intake.attachments import folder_of
from connectors.kinds import KINDS
from connectors.landing import Landing
from connectors.ledger import Outcome
from indicator_specs import periods
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.reference import Duty
from pipelines.admission import admit
from pipelines.candidates import Candidate
from pipelines.conduct import conduct_of
from pipelines.conduct.updates import due_within
from pipelines.installation import Installation
from pipelines.pulling import pull
from pipelines.submissions.verification import Given, verify
from tests.reporting import ONE_ROW, VERIFIER, Reporting, one_row
from tests.tiny_warehouse import TinyWarehouse
from tests.workbooks import AGENCY, PERIOD

SOURCE, UPDATES, SOURCING = "system_conduct", "updates", "sourcing"
IN_TIME, AFTER, LATER = (f"2026-{day}T09:00:00+07:00" for day in ("11-10", "11-20", "12-05"))
MONTH = "2026-11"
"""In which October's reports fall due."""
PDF = b"%PDF-1.7\n%%EOF\n"

Counts = Mapping[str, int]


@pytest.fixture
def officer(home: Home) -> Iterator[Reporting]:
    """An installation in which provinces owe one form, and nobody anything else; its clock stands in time."""
    made = Reporting(home, verified=True)
    registry = made.here.registry
    duty = Duty(ONE_ROW, "province", "", "self", "province", None, None, "test")
    reference = replace(registry.reference, duties=(duty,))
    made.here = Installation(home, replace(registry, reference=reference))
    with environment(CHISO_NOW=IN_TIME):
        yield made


def send(officer: Reporting, agency: str, **changes: object) -> int:
    one_row(officer.home.root / "template.xlsx", agency)
    return officer.send(agency, **changes).submission_no


def counted(officer: Reporting, time_period: str = MONTH, dataset: str = UPDATES) -> dict[str, Counts]:
    found = conduct_of(officer.here)(officer.here.registry.dataset(SOURCE, dataset), time_period)
    return {each.org_unit: each.counts for each in found}


def of_updates(assigned: int, updated: int, on_time: int, evidenced: int) -> Counts:
    names = ("assigned", "updated", "on_time", "with_evidence")
    return {f"indicators_{name}": n for name, n in zip(names, (assigned, updated, on_time, evidenced), strict=True)}


def with_evidence(officer: Reporting, agency: str) -> None:
    folder = folder_of(officer.home, agency, "BM-PV-01", PERIOD)
    folder.mkdir(parents=True)
    (folder / "bao_cao.pdf").write_bytes(PDF)


def test_each_body_is_counted_by_what_came_and_when(officer: Reporting) -> None:
    with_evidence(officer, AGENCY)
    whole = send(officer, AGENCY)
    send(officer, "P04", E14=None, F14=None, I14="Chưa chốt sổ")
    with environment(CHISO_NOW=AFTER):
        send(officer, "P08")
    found = counted(officer)
    assert found[AGENCY] == of_updates(2, 2, 2, 0), "nobody has looked at its evidence"
    assert found["P04"] == of_updates(2, 1, 1, 0), "the other indicator did not come"
    assert found["P08"] == of_updates(2, 2, 0, 0), "it came, and late"
    assert found["P12"] == of_updates(2, 0, 0, 0), "silence is counted, not left out"
    assert len(found) == 34
    verify(officer.here, Given(whole, Outcome.VERIFIED, VERIFIER, "Nguyễn Thị C"))
    assert counted(officer)[AGENCY] == of_updates(2, 2, 2, 2)


def test_evidence_counts_only_where_its_report_was_taken_and_had_some(officer: Reporting) -> None:
    bare = send(officer, AGENCY)
    with_evidence(officer, "P04")
    sent_back = send(officer, "P04")
    verify(officer.here, Given(bare, Outcome.VERIFIED, VERIFIER))
    verify(officer.here, Given(sent_back, Outcome.RETURNED, VERIFIER, reason="Số liệu chưa khớp"))
    found = counted(officer)
    assert found[AGENCY] == of_updates(2, 2, 2, 0), "it was taken and showed nothing"
    assert found["P04"] == of_updates(2, 0, 0, 0), "what was returned is owed again"


def test_nobody_is_late_before_there_was_a_ledger(officer: Reporting) -> None:
    assert counted(officer) == {}
    send(officer, AGENCY)
    assert counted(officer, "2026-10") == {}, "September's reports fell due before anything could be received"
    assert counted(officer, "2026-12")["P12"]["indicators_assigned"] == 2, "November's fall due"


def test_a_report_belongs_to_the_month_of_its_deadline(officer: Reporting) -> None:
    due = due_within(officer.here.registry, date(2026, 11, 1), date(2027, 1, 31))
    assert due == {
        (ONE_ROW, "2026-10"): date(2026, 11, 12),
        (ONE_ROW, "2026-11"): date(2026, 12, 12),
        (ONE_ROW, "2026-12"): date(2027, 1, 12),
    }


@pytest.mark.parametrize(
    ("pulled_at", "published", "on_time"),
    [
        ("2026-11-15", None, True),
        ("2026-11-25", None, False),
        ("2026-11-25", "2026-11-15", True),
    ],
)
def test_what_is_pulled_is_in_time_by_the_day_of_its_publication(
    officer: Reporting, monkeypatch: pytest.MonkeyPatch, pulled_at: str, published: str | None, on_time: bool
) -> None:
    duty = Duty("online_services.dossiers", "ministry", "G22", AGENCY, "province", None, None, "test")
    registry = officer.here.registry
    officer.here = Installation(officer.home, replace(registry, reference=replace(registry.reference, duties=(duty,))))
    warehouse = TinyWarehouse(officer.home, officer.here.registry, monkeypatch).at(IN_TIME)
    measures = [each.id for each in registry.dataset("online_services", "dossiers").measures]

    def accept(period: str) -> None:
        values = [(each, AGENCY, period, 7, {"published_date": published}) for each in measures]
        warehouse.accept("online_services", "dossiers", values)

    accept("2026-09")
    warehouse.at(f"{pulled_at}T09:00:00+07:00")
    accept("2026-10")
    found = counted(officer)["G22"]
    assert found["indicators_on_time"] == (found["indicators_assigned"] if on_time else 0)
    assert found["indicators_assigned"] >= 3
    assert found["indicators_updated"] == 0, "nobody has to confirm what a machine pulled"


def test_automatic_is_what_no_form_feeds_and_a_source_has_fed(
    officer: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = officer.here.registry
    in_force = [spec for spec in registry.indicators.values() if spec.method_of(periods.parse("2026-Q4"))]
    assert counted(officer, "2026-Q4", SOURCING) == {}
    send(officer, AGENCY)
    nothing = {"indicators_in_force": len(in_force), "indicators_automatic": 0}
    assert counted(officer, "2026-Q4", SOURCING) == {"VN": nothing}, "what is only declared feeds nothing"
    warehouse = TinyWarehouse(officer.home, registry, monkeypatch)
    warehouse.accept("online_services", "dossiers", [("public_service.dossiers_received", "P01", "2026-10", 5)])
    (told,) = conduct_of(officer.here)(registry.dataset(SOURCE, SOURCING), "2026-Q4")
    automatic = {str(each["indicator"]) for each in told.of if each["is_automatic"]}
    assert "online_service_usage" in automatic
    assert "procedure_publication" not in automatic
    assert told.counts["indicators_automatic"] == len(automatic)
    of_forms = {str(each["indicator"]) for each in told.of if ONE_ROW in str(each["reads"])}
    assert of_forms
    assert not of_forms & automatic


def test_what_was_counted_goes_the_way_of_every_figure(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    send(officer, AGENCY)
    here = officer.here
    source, dataset = here.registry.sources[SOURCE], here.registry.dataset(SOURCE, UPDATES)
    with environment(CHISO_NOW=LATER):
        (first,), (again,) = (
            admit(here, [Candidate(extract(source, dataset, here.home, MONTH, Before(conduct=conduct_of(here))))])
            for _ in range(2)
        )
        assert pull(here, source, dataset, "2026-10") is None, "before the ledger nothing fell due"
    assert first.is_new
    assert not again.is_new, "while nothing has changed, the count is the same batch"
    assert first.batch.n_accepted == 4 * 34
    place, value = next(
        (row["place"], row["value_text"])
        for row in Landing(here.home).read(first.batch.landing_path).iter_rows(named=True)
        if row["org_unit"] == AGENCY and row["measure"] == "conduct.indicators_on_time"
    )
    evidence = here.home.root / first.batch.evidence_path
    assert KINDS["ledger"].original_text(evidence, dataset, place, "conduct.indicators_on_time") == value == "2"
    (report,) = json.loads(evidence.read_bytes())["items"][int(place.split()[1]) - 1]["of"][0]["reports"]
    assert (report["deadline"], report["whole_on"]) == ("2026-11-12", "2026-11-10")
    with pytest.raises(LookupError):
        KINDS["ledger"].original_text(evidence, dataset, "item 99", "conduct.indicators_on_time")

    warehouse = TinyWarehouse(here.home, here.registry, monkeypatch).at(LATER)
    assert warehouse.build(["+ind_on_time_updates", "+ind_valid_evidence"]).failures == ()
    values = (
        "select obs_value from indicators.ind_{} as facts join reference.org_unit using (org_unit_key) "
        "where org_unit_code = ? and map = 'current'"
    )
    assert warehouse.rows(values.format("on_time_updates"), AGENCY) == [(100.0,)]
    assert warehouse.rows(values.format("on_time_updates"), "P12") == [(0.0,)]
    assert warehouse.rows(values.format("valid_evidence"), AGENCY) == [(0.0,)]
    assert warehouse.rows(values.format("valid_evidence"), "P12") == [(None,)], "nothing was updated: not assessable"


def test_the_ledger_is_held_to_the_list_of_every_source(officer: Reporting) -> None:
    send(officer, AGENCY)
    source = officer.here.registry.sources[SOURCE]
    periods_asked = {UPDATES: MONTH, SOURCING: "2026-Q4"}
    before = Before(conduct=conduct_of(officer.here))
    outcomes = list(accept(source, Home(officer.home.root / "trial"), lambda each: periods_asked[each.id], before))
    assert [each for each in outcomes if not each.is_met] == []
    assert len(outcomes) == 2 * len(CHECKS)


def test_without_a_ledger_nothing_is_counted(home: Home, officer: Reporting) -> None:
    source = officer.here.registry.sources[SOURCE]
    with pytest.raises(PermanentSourceError, match="E-SRC-KIND"):
        extract(source, source.datasets[0], home, MONTH)
