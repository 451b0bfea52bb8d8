"""A correction of what people have read: its reason, what it changes, and that it is never empty."""

from collections.abc import Iterator

import pytest

from pipelines.correction import correct
from pipelines.release import ReleaseError, current, releases
from tests.small_installation import SmallInstallation, ask, dossiers, small_installation

REASON = "Hà Nội gửi lại số hồ sơ tháng 9"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallInstallation]:
    """Release 1 holds a figure that was wrong; the right one has come in."""
    with small_installation(tmp_path_factory.mktemp("correction"), "2026-10-05T09:00:00+07:00") as made:
        made.accept([*dossiers("P01", "2026-09", 100, 40), *dossiers("P25", "2026-09", 200, 150)])
        made.seal()
        yield made


def test_nothing_is_corrected_without_a_reason_or_a_difference(here: SmallInstallation) -> None:
    with pytest.raises(ReleaseError, match="needs its reason"):
        correct(here.now, "  ", project=here.project)
    with pytest.raises(ReleaseError, match="nothing to correct"):
        correct(here.now, REASON, project=here.project)
    assert [release.number for release in releases(here.home)] == [1]


def test_a_correction_says_what_it_changes_and_seals_just_that(here: SmallInstallation) -> None:
    here.at("2026-10-06T09:00:00+07:00").accept(dossiers("P01", "2026-09", 100, 80))
    made = correct(here.now, f" {REASON} ", project=here.project)
    changed = {(cell.indicator, cell.org_unit_code): (cell.value_from, cell.value_to) for cell in made.changes.cells}
    assert changed["rate", "P01"] == (40.0, 80.0)
    assert made.changes.against == 1
    assert not any(cell.is_unexplained for cell in made.changes.cells)
    release = current(here.home)
    assert release == made.release
    assert (release.number, release.kind, release.reason) == (2, "correction", REASON)
    file = release.file_in(here.home.published)
    assert ask(file, "select kind, reason from marts.mart_release") == [("correction", REASON)]
    score = (
        "select obs_value from marts.mart_scoreboard where indicator = 'rate' and org_unit_code = 'P01' and is_latest"
    )
    assert ask(file, score) == [(80.0,)]
    assert (ask(releases(here.home)[0].file_in(here.home.published), score)) == [(40.0,)], "the wrong one stays"


def test_what_was_sealed_since_is_declared_a_correction_of_an_earlier_release(here: SmallInstallation) -> None:
    here.at("2026-10-07T09:00:00+07:00").accept(dossiers("P25", "2026-09", 200, 160))
    assert here.seal().kind == "regular"
    with pytest.raises(ReleaseError, match="--against"):
        correct(here.now, REASON, project=here.project)
    made = correct(here.now, REASON, against=1, project=here.project)
    assert (made.release.kind, made.changes.against) == ("correction", 1)
    assert {("rate", "P01"), ("rate", "P25")} <= {(cell.indicator, cell.org_unit_code) for cell in made.changes.cells}
