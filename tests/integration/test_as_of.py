"""What was known at a moment or in a release: the same marts again, built beside the real ones."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from connectors.durable import sha256_of
from pipelines.asof import AsOfError, as_of
from pipelines.moments import MomentError
from pipelines.release import Release, releases
from pipelines.versions import VersionsError, versions
from tests.small_catalogue import RATE_FILE
from tests.small_installation import ONLINE, RECEIVED, SmallInstallation, ask, dossiers, small_installation

RATE = """select obs_value from marts.mart_scoreboard
where indicator = 'rate' and org_unit_code = 'P01' and time_period = '2026-09'"""
STATES = """select time_period, state, n_submissions from marts.mart_submission_status
where reporter_code = 'G22' order by 1 desc limit 1"""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallInstallation]:
    """Three batches on three days, and a release after each of the first two."""
    with small_installation(tmp_path_factory.mktemp("past"), "2026-10-05T09:00:00+07:00") as here:
        here.accept([*dossiers("P01", "2026-09", 100, 40), *dossiers("P01", "2026-08", 100, 40)])
        here.at("2026-10-05T10:00:00+07:00").seal()
        withdrawn = (ONLINE, "P01", "2026-08", None, {"obs_status": "L", "value_text": "…"})
        blank = (RECEIVED, "P01", "2026-08", None)
        here.at("2026-10-06T09:00:00+07:00").accept([*dossiers("P01", "2026-09", 100, 50), withdrawn, blank])
        here.at("2026-11-21T10:00:00+07:00").seal()
        here.at("2026-11-22T09:00:00+07:00").accept(dossiers("P01", "2026-09", 100, 60))
        yield here.at("2026-11-23T09:00:00+07:00")


def test_a_release_is_built_again_table_by_table(past: SmallInstallation, tmp_path: Path) -> None:
    kept = releases(past.home)
    assert [(each.last_batch, each.as_of_date) for each in kept] == [(1, "2026-10-05"), (2, "2026-11-21")]
    for release in kept:
        built = as_of(past.now, f"mart@{release.number}", tmp_path / f"{release.number}.duckdb", project=past.project)
        assert built.tables == release.tables
        assert built.is_same_catalogue


def test_a_day_is_known_to_its_end_in_hanoi(past: SmallInstallation, tmp_path: Path) -> None:
    before = {path: sha256_of(path) for path in past.home.root.rglob("*.duckdb")}
    first = as_of(past.now, "2026-10-05", tmp_path / "first.duckdb", project=past.project)
    second = as_of(past.now, "2026-10-06T09:00:00+07:00", tmp_path / "second.duckdb", project=past.project)
    assert (first.moment.last_batch, second.moment.last_batch) == (1, 2)
    assert ask(first.file, RATE) == [(40.0,)]
    assert ask(second.file, RATE) == [(50.0,)]
    assert ask(first.file, "select release_no, kind from marts.mart_release") == [(None, "as_of")]
    # September was due on 20 October: silence about it is not yet late on the 5th.
    assert ask(first.file, "select max(time_period) from marts.mart_submission_status") == [("2026-09",)]
    assert {path: sha256_of(path) for path in past.home.root.rglob("*.duckdb")} == before, "nothing real was touched"


def test_rules_of_another_day_are_said_so(past: SmallInstallation, tmp_path: Path) -> None:
    past.change(RATE_FILE, "formula: 100 * online", "formula: 50 * online").change(
        RATE_FILE, "expect: 80", "expect: 40"
    )
    try:
        built = as_of(past.now, "1", tmp_path / "other.duckdb", project=past.project)
    finally:
        past.change(RATE_FILE, "formula: 50 * online", "formula: 100 * online")
        past.change(RATE_FILE, "expect: 40", "expect: 80")
    assert not built.is_same_catalogue
    assert "danh mục khác" in built.catalogue_note
    assert ask(built.file, RATE) == [(20.0,)]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-10-05T08:59:59+07:00", "lô đầu tiên: 2026-10-05T09:00:00"),
        ("2027-01-01", "chưa tới"),
        ("mart@9", "Không còn lưu bản chốt số 9; còn: 1, 2"),
        ("2026-10-05T09:00:00", "không phải thời điểm"),
        ("hôm qua", "không phải thời điểm"),
    ],
    ids=["before the first batch", "ahead", "unknown release", "without a zone", "no moment"],
)
def test_a_moment_that_is_none_is_refused(past: SmallInstallation, tmp_path: Path, moment: str, said: str) -> None:
    with pytest.raises(MomentError, match=said):
        as_of(past.now, moment, tmp_path / "none.duckdb", project=past.project)


def test_a_missing_accepted_file_is_named_by_its_hash(past: SmallInstallation, tmp_path: Path) -> None:
    batch = past.now.ledger.batches()[0]
    path = past.home.root / str(batch.accepted_path)
    aside = path.rename(tmp_path / "aside.parquet")
    try:
        with pytest.raises(AsOfError, match=str(batch.accepted_sha256)):
            as_of(past.now, "1", tmp_path / "none.duckdb", project=past.project)
    finally:
        aside.rename(path)


def test_it_writes_over_nothing(past: SmallInstallation, tmp_path: Path) -> None:
    taken = tmp_path / "taken.duckdb"
    taken.write_bytes(b"mine")
    for place in (taken, past.home.published / "mart@7.duckdb", past.home.warehouse):
        with pytest.raises(AsOfError, match="--output"):
            as_of(past.now, "1", place, project=past.project)
    assert taken.read_bytes() == b"mine"


def test_a_manifest_of_before_is_taken_at_its_word(past: SmallInstallation, tmp_path: Path) -> None:
    manifest = past.home.published / "mart@1.json"
    text = manifest.read_text(encoding="utf-8")
    old = "\n".join(
        line
        for line in text.splitlines()
        if not any(f'"{name}"' in line for name in ("last_batch", "last_submission", "as_of_date"))
    )
    manifest.write_text(old, encoding="utf-8")
    try:
        built = as_of(past.now, "1", tmp_path / "old.duckdb", project=past.project)
    finally:
        manifest.write_text(text, encoding="utf-8")
    assert built.moment.last_batch == 1
    sealed: Release = releases(past.home)[0]
    assert built.tables == sealed.tables


def test_the_history_of_a_value_says_what_was_current_when(past: SmallInstallation) -> None:
    found = versions(past.home, past.now.registry, "rate", "P01", "2026-09")
    told = [
        (each.measure, each.version_no, each.obs_value, each.status_vi, each.batch_no, each.is_preferred)
        for each in found
    ]
    assert told == [
        ("service.online", 1, 40, "chính thức", 1, False),
        ("service.online", 2, 50, "chính thức", 2, True),
        ("service.received", 1, 100, "chính thức", 1, True),
    ], "what a later batch only repeats is no other version, and came with the first"
    first, second, _ = found
    assert first.current_from == datetime(2026, 10, 5, 2)  # noqa: DTZ001 - as the release keeps it
    assert first.current_to == second.current_from == second.accepted_at
    assert second.current_to is None
    with pytest.raises(VersionsError, match="2031-01"):
        versions(past.home, past.now.registry, "rate", "P01", "2031-01")


def test_a_figure_is_withdrawn_by_saying_so_and_never_by_a_blank(past: SmallInstallation) -> None:
    sealed = releases(past.home)[1].file_in(past.home.published)
    rate = """select obs_value, obs_status from marts.mart_scoreboard
        where indicator = 'rate' and org_unit_code = 'P01' and time_period = '2026-08'"""
    assert ask(sealed, rate) == [(None, "L")]
    found = versions(past.home, past.now.registry, "rate", "P01", "2026-08")
    assert [(each.measure, each.obs_value, each.status_vi, each.current_to is None) for each in found] == [
        ("service.online", 40, "chính thức", False),
        ("service.online", None, "có phát sinh, chưa thu thập được", True),
        ("service.received", 100, "chính thức", True),
    ]
