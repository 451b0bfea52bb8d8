"""What the models make of figures that await verification, that were withdrawn, and of a report mended next day."""

from collections.abc import Iterator

import pytest

from pipelines.compute import compute
from tests.small_installation import PAID, SmallInstallation, ask, dossiers, small_installation

REPORTER = "G22"
WITHDRAWN = {"obs_status": "O"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallInstallation]:
    with small_installation(tmp_path_factory.mktemp("provisional"), "2025-08-20T09:00:00+07:00") as here:
        # July, due on the 20th of August: five figures in time, the sixth on the next working day.
        here.accept(
            [*dossiers("P01", "2025-07", 100, 80), *dossiers("P25", "2025-07", 50, 30), paid("P01", "2025-07")],
            REPORTER,
        )
        here.at("2025-08-21T16:00:00+07:00").accept([paid("P25", "2025-07")], REPORTER)
        # September, due on Monday the 20th of October: mended two working days later.
        here.at("2025-10-20T09:00:00+07:00")
        here.accept(
            [*dossiers("P01", "2025-09", 100, 80), *dossiers("P25", "2025-09", 50, 30), paid("P01", "2025-09")],
            REPORTER,
        )
        here.at("2025-10-22T09:00:00+07:00").accept([paid("P25", "2025-09")], REPORTER)
        # Provisional alone; official, then provisional; official, then withdrawn; official, then a provisional blank.
        here.at("2025-11-10T09:00:00+07:00")
        here.accept(dossiers("P01", "2025-10", 100, 70), REPORTER, is_provisional=True)
        here.accept(dossiers("P25", "2025-10", 60, 40), REPORTER)
        here.accept(dossiers("P25", "2025-10", 66, 44), REPORTER, is_provisional=True)
        here.accept(dossiers("P01", "2025-08", 10, 5), REPORTER)
        here.accept(dossiers("P01", "2025-08", None, None, **WITHDRAWN), REPORTER)
        here.accept(dossiers("P25", "2025-08", 20, 9), REPORTER)
        here.accept(dossiers("P25", "2025-08", None, None, **WITHDRAWN), REPORTER, is_provisional=True)
        compute(here.now, project=here.project).raise_on_failure()
        yield here


def paid(unit: str, period: str) -> tuple[object, ...]:
    return (PAID, unit, period, 12, {})


def current(built: SmallInstallation, unit: str, period: str) -> list[tuple[object, ...]]:
    return ask(
        built.home.warehouse,
        """select cast(obs_value as integer), obs_status from intermediate.int_observations
        inner join spec.measure using (measure_key) inner join reference.org_unit using (org_unit_key)
        inner join reference.period using (period_key)
        where measure = 'service.received' and org_unit_code = ? and time_period = ?""",
        unit,
        period,
    )


def test_an_unverified_figure_is_marked_and_never_supersedes_an_official_one(built: SmallInstallation) -> None:
    assert current(built, "P01", "2025-10") == [(100, "V")]
    assert current(built, "P25", "2025-10") == [(60, "A")]


def test_a_withdrawn_figure_is_gone_and_an_unverified_withdrawal_is_not_yet(built: SmallInstallation) -> None:
    assert current(built, "P01", "2025-08") == [(None, "O")]
    assert current(built, "P25", "2025-08") == [(20, "A")]


def test_a_report_mended_on_the_next_working_day_is_on_time(built: SmallInstallation) -> None:
    states = ask(
        built.home.warehouse,
        "select time_period, state, days_late from intermediate.int_submission_state where time_period in "
        "('2025-07', '2025-08', '2025-09') order by time_period",
    )
    # What was withdrawn is owed again: August is missing again, but for one unit.
    assert states == [("2025-07", "on_time", 0), ("2025-08", "partial", 51), ("2025-09", "late", 2)]
