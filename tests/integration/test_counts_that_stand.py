"""A month of which nothing was heard is not counted anew; whatever is heard of it has it counted, and to the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.ledger import Outcome
from pipelines.admission import admit
from pipelines.candidates import PULLED
from pipelines.conduct import conduct_of
from pipelines.installation import Installation
from pipelines.pulling import pull
from pipelines.submissions.verification import Given, verify
from tests.integration.test_own_conduct import LATER, MONTH, SOURCE, UPDATES, officer, send
from tests.reporting import ONE_ROW, VERIFIER, Reporting
from tests.tiny_warehouse import TinyWarehouse
from tests.workbooks import AGENCY, PERIOD

__all__ = ["officer"]
FORM = tuple(ONE_ROW.split("."))
Told = dict[tuple[str, str], str]


class Counting:
    """An installation whose conduct of one month is pulled again and again, with what was counted last."""

    def __init__(self, officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
        self.officer = officer
        self.number = send(officer, AGENCY)
        self.others = TinyWarehouse(officer.home, officer.here.registry, monkeypatch).at(LATER)
        self.counted: Told = {}

    def is_counted(self) -> bool:
        """Pull once; what then stands is what counting everything anew gives."""
        here = self.officer.here
        dataset = here.registry.dataset(SOURCE, UPDATES)
        candidate = pull(here, here.registry.sources[SOURCE], dataset, MONTH)
        if candidate:
            rows = candidate.extract.rows
            admit(here, [candidate])
            self.counted = {(row["org_unit"], row["measure"]): row["obs_value"] for row in rows.to_dicts()}
        anew = {
            (each.org_unit, f"conduct.{name}"): str(count)
            for each in conduct_of(here)(dataset, MONTH)
            for name, count in each.counts.items()
        }
        assert self.counted == anew
        return candidate is not None

    def accept(self, period: str, agency: str) -> None:
        """A report of one figure."""
        measure = self.officer.here.registry.dataset(*FORM).measures[0].id
        self.others.accept(*FORM, [(measure, agency or "P14", period, 7)], agency=agency)


@pytest.fixture
def counting(officer: Reporting, monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting(officer, monkeypatch)
    assert made.is_counted()
    return made


def decided(counting: Counting) -> None:
    verify(counting.officer.here, Given(counting.number, Outcome.VERIFIED, VERIFIER))


def answered(counting: Counting) -> None:
    ledger = counting.officer.here.ledger
    ledger.mark_answered(ledger.unanswered()[-1].submission_no)


HEARD: dict[str, Callable[[Counting], object]] = {
    "a decision": decided,
    "a correction": lambda counting: send(counting.officer, AGENCY, E14=99),
    "a report": lambda counting: counting.accept(PERIOD, "P04"),
    "a pull": lambda counting: counting.accept(PERIOD, ""),
    "a file sent back": lambda counting: counting.others.send_back(*FORM, "P08", PERIOD),
    "an answer, which may lengthen the time for a correction": answered,
}


def test_what_is_heard_of_a_month_has_it_counted_once(counting: Counting) -> None:
    for name, heard in HEARD.items():
        assert not counting.is_counted(), f"before {name}"
        heard(counting)
        assert counting.is_counted(), name
    assert not counting.is_counted(), "also where the same came out"


def test_what_is_heard_of_other_months_leaves_it_alone(counting: Counting) -> None:
    counting.accept("2026-11", "P04")
    counting.others.send_back(*FORM, "P08", "2026-09")
    counting.others.accept("online_services", "dossiers", [("public_service.dossiers_received", "P01", PERIOD, 5)])
    assert not counting.is_counted()


def test_other_rules_and_a_count_not_taken_whole_have_it_counted(counting: Counting) -> None:
    here = counting.officer.here
    counting.officer.here = Installation(here.home, replace(here.registry, spec_hash="0" * 64))
    assert counting.is_counted()
    assert not counting.is_counted()
    subject = f"{SOURCE}/{UPDATES}"
    last = here.ledger.events(kinds=[PULLED], subjects=[subject])[-1].detail
    here.ledger.event(PULLED, subject, {**last, "values_returned": 1})
    assert counting.is_counted()
