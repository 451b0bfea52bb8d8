"""What awaits a verifier, was taken or was sent back stands where everybody sees how reports are coming in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from connectors.intake.folders import open_folder
from connectors.ledger import Outcome
from dbt_project import load_inputs
from dbt_project.build import build
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.reference import Reference
from indicator_specs.reference_checks import Numbered, verification_faults
from indicator_specs.verification import PARENT, VerificationRule, verifier_of
from pipelines.submissions.locks import unlock
from pipelines.submissions.standing import Line
from pipelines.submissions.status import statuses
from pipelines.submissions.verification import Given, verify
from tests.forms import xlsx
from tests.reporting import FORM, ONE_ROW, VERIFIER, Reporting
from tests.workbooks import PERIOD, edited, registry

NOW = "2026-11-10T09:00:00+07:00"
DAY = datetime.fromisoformat("2026-11-10").date()


WAITING, VERIFIED, SENT_BACK, CHANGED, SILENT = "P12", "P46", "P11", "P22", "P04"
"""The provinces whose forms are the shortest."""


def drop(officer: Reporting, agency: str, **cells: object) -> None:
    """The form of communes in the folder of its province."""
    path = xlsx(officer.home.root / f"{agency}.xlsx", agency)
    edited(path, lambda book: [book["Số liệu"].__setitem__(address, value) for address, value in cells.items()])
    path.rename(open_folder(officer.home, agency) / path.name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reporting]:
    """Four provinces have reported: nobody has looked, taken, sent back, taken and then changed."""
    with environment(CHISO_NOW=NOW):
        officer = Reporting(Home(tmp_path_factory.mktemp("verified") / "data"), verified=True, form=FORM)
        for agency in (WAITING, VERIFIED, SENT_BACK, CHANGED):
            drop(officer, agency)
        officer.answered()
        numbers = {each.agency: each.submission_no for each in officer.here.ledger.submissions()}
        for agency, outcome in (
            (VERIFIED, Outcome.VERIFIED),
            (SENT_BACK, Outcome.RETURNED),
            (CHANGED, Outcome.VERIFIED),
        ):
            verify(officer.here, Given(numbers[agency], outcome, VERIFIER, "C", "chưa khớp sổ"))
        unlock(officer.here.ledger, Line(FORM, PERIOD, CHANGED), "B", "công văn 12")
        drop(officer, CHANGED, E14=101)
        officer.answered()
        load_inputs(officer.home, officer.here.registry, officer.here.ledger.tables())
        assert build(officer.home, ["+mart_submission_status"]).failures == ()
        yield officer


def test_the_mart_says_who_has_still_to_look_and_what_was_decided(made: Reporting) -> None:
    with duckdb.connect(str(made.home.warehouse), read_only=True) as connection:
        rows = connection.execute(
            """select reporter_code, state, verification, verification_vi, verifier_name_vi, verification_at
            from marts.mart_submission_status where dataset = 'administration' and time_period = ?""",
            [PERIOD],
        ).fetchall()
    name = registry().reference.unit(VERIFIER).short_name_vi
    at = datetime.fromisoformat(NOW).astimezone(UTC).replace(tzinfo=None)
    told = {row[0]: row[1:] for row in rows}
    assert told[WAITING] == told[CHANGED] == ("on_time", "waiting", "Chờ thẩm định", name, at)
    assert told[VERIFIED] == ("on_time", "verified", "Đã thẩm định", name, at)
    assert told[SENT_BACK] == ("returned", "verification_returned", "Thẩm định trả lại", name, at)
    assert told[SILENT] == ("not_due", None, None, None, None)


def test_the_command_says_the_same(made: Reporting) -> None:
    with environment(CHISO_NOW=NOW):
        states = {each.line.agency: each.state for each in statuses(made.here, PERIOD, FORM)}
    assert [states[agency] for agency in (WAITING, VERIFIED, SENT_BACK, CHANGED, SILENT)] == [
        "awaiting",
        "verified",
        "returned",
        "awaiting",
        "not_due",
    ]


def ruled(*rules: VerificationRule) -> Reference:
    return replace(registry().reference, verifications=rules)


def test_kinds_of_reporters_may_have_different_verifiers_and_the_nearest_rule_holds() -> None:
    every = VerificationRule(ONE_ROW, "", "", "VPTW", None, None, "test")
    provinces = VerificationRule(ONE_ROW, "province", "", "G06", None, None, "test")
    one = VerificationRule(ONE_ROW, "", "P04", PARENT, None, None, "test")
    reference = ruled(one, provinces, every)
    asked = {code: verifier_of(reference, ONE_ROW, code, DAY) for code in ("P01", "P04", "G22")}
    assert asked == {"P01": "G06", "P04": "VN", "G22": "VPTW"}
    assert verifier_of(ruled(provinces), ONE_ROW, "G22", DAY) == ""


def test_a_kind_that_is_none_or_that_stands_beside_a_unit_is_told() -> None:
    reference = registry().reference
    rules = [
        VerificationRule(ONE_ROW, "district", "", "VPTW", None, None, "test"),
        VerificationRule(ONE_ROW, "province", "P04", "VPTW", None, None, "test"),
        VerificationRule(ONE_ROW, "province", "", "VPTW", None, None, "test"),
    ]
    found = verification_faults(Numbered("verification.csv", list(enumerate(rules, 2))), reference)
    assert [(each.line, each.field) for each in found] == [(2, "reporter_kind"), (3, "reporter_kind")]
