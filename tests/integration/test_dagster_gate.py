"""What may stop the line and what may not: unsound data and broken grain do, a bad workbook does not."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg  # noqa: TID251  (what is tested here)
import polars as pl
import pytest

from connectors.durable import Kept
from connectors.intake.claim import SETTLE_SECONDS
from connectors.landing import Landed, Landing
from connectors.ledger import NewBatch
from pipelines.assets.publication import DASHBOARDS
from pipelines.automation import DERIVED, GATE
from pipelines.definitions import defs
from pipelines.demo.run import OCTOBER, SILENT_PROVINCE, officers_send
from pipelines.installation import Installation
from pipelines.release import current, verify
from tests.conftest import Played
from tests.demo_copy import copy_of_demo
from tests.whole_catalogue import whole_catalogue

GRDP = dg.AssetKey(["national_statistics", "grdp"])
VERSIONS = dg.AssetKey(["intermediate", "int_observation_versions"])
OBSERVATIONS = dg.AssetKey(["intermediate", "int_observations"])
SUBMISSIONS = dg.AssetKey(["intake", "submissions"])
RELEASE = dg.AssetKey(["published", "mart"])

TO_THE_RELEASE = DERIVED - dg.AssetSelection.assets(DASHBOARDS)
"""Superset reads the release and has tests of its own."""


@dataclass(frozen=True)
class Ran:
    """One run: what it checked and what it made."""

    success: bool
    checks: dict[tuple[dg.AssetKey, str], dg.AssetCheckEvaluation]
    made: set[dg.AssetKey]


@pytest.fixture
def here(played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """A copy of the demo's home, on its last day."""
    home = copy_of_demo(played.home, tmp_path / "data")
    monkeypatch.setenv("CHISO_HOME", str(home.root))
    monkeypatch.setenv("CHISO_NOW", OCTOBER.clock)
    copy = Installation(home, whole_catalogue())
    yield copy
    copy.ledger.close()


def run(selection: dg.AssetSelection) -> Ran:
    job = dg.define_asset_job("chosen", selection=selection)
    result = (
        dg.Definitions.merge(defs, dg.Definitions(jobs=[job]))
        .resolve_job_def("chosen")
        .execute_in_process(instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)
    )
    evaluations = result.get_asset_check_evaluations()
    made = {
        event.asset_key
        for event in result.all_events
        if event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION and event.asset_key
    }
    return Ran(result.success, {(each.asset_key, each.check_name): each for each in evaluations}, made)


def descendants(key: dg.AssetKey) -> set[dg.AssetKey]:
    graph = defs.resolve_asset_graph()
    found: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        new = set(graph.get(waiting.pop()).child_keys) - found
        found |= new
        waiting.extend(new)
    return found


def commit(here: Installation, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """One more batch, of the same rows but for a change; its rows, ledger and address agree."""
    batch = here.ledger.batches(source="national_statistics", dataset="grdp")[-1]
    assert batch.accepted_path is not None
    landing = Landing(here.home)
    accepted = landing.accept(batch.source, batch.dataset, change(landing.read(batch.accepted_path)))
    here.ledger.commit(
        NewBatch(
            batch.source,
            batch.dataset,
            Kept(batch.evidence_sha256, batch.evidence_path, 1),
            Landed(accepted.path.replace("accepted/", "landing/"), accepted.sha256, accepted.n_rows),
            accepted,
            batch.spec_hash,
        )
    )


def twice(rows: pl.DataFrame) -> pl.DataFrame:
    """One figure stands twice."""
    again = rows.head(1).with_columns(row_no=pl.lit(rows["row_no"].max() + 1, pl.Int64), obs_value=pl.lit("1.000"))
    return pl.concat([rows, again])


def corrected(rows: pl.DataFrame) -> pl.DataFrame:
    """One figure is another one."""
    return pl.concat([rows.head(1).with_columns(obs_value=pl.lit("1.000")), rows.tail(-1)])


def test_a_figure_that_stands_twice_stops_everything_and_the_release_stays(here: Installation) -> None:
    before = current(here.home)
    commit(here, twice)
    ran = run(GATE | DERIVED)
    assert not ran.success
    unsound = ran.checks[GRDP, "accepted_is_sound"]
    assert not unsound.passed
    assert unsound.blocking
    assert "stands twice" in str(unsound.metadata["faults"].value)
    assert ran.checks[SUBMISSIONS, "accepted_is_sound"].passed, "others are not blamed"
    assert ran.made == set(), "nothing was computed from it"
    assert before is not None
    assert current(here.home) == before
    verify(here.home, before)


def test_a_broken_grain_found_by_dbt_is_a_failed_check_and_stops_what_reads_it(here: Installation) -> None:
    before = current(here.home)
    commit(here, twice)
    ran = run(TO_THE_RELEASE)
    assert not ran.success
    assert not ran.checks[VERSIONS, "one_version_a_vintage"].passed
    assert ran.checks[VERSIONS, "one_version_a_vintage"].severity is dg.AssetCheckSeverity.ERROR
    below = descendants(VERSIONS)
    assert {OBSERVATIONS, dg.AssetKey(["indicators", "ind_grdp"]), RELEASE} <= below
    assert ran.made & below == set()
    assert current(here.home) == before
    again = run(TO_THE_RELEASE)
    assert not again.success, "a second attempt on the same data must not go green"
    assert current(here.home) == before


def test_the_grain_of_observations_stops_what_is_computed_from_them(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that forgets to choose among versions: its own grain test must catch it before indicators read it."""
    from dbt_project import build as room

    project = here.home.root.parent / "models_with_a_mistake"
    shutil.copytree(room.PROJECT_DIR, project, ignore=shutil.ignore_patterns("target", "__pycache__"))
    model = project / "models" / "intermediate" / "int_observations.sql"
    sql = model.read_text(encoding="utf-8")
    assert "where is_current and" in sql
    model.write_text(sql.replace("where is_current and", "where"), encoding="utf-8")
    original, before = room.build, current(here.home)
    commit(here, corrected)
    monkeypatch.setattr("pipelines.compute.build", lambda home, **how: original(home, **how | {"project": project}))
    ran = run(TO_THE_RELEASE)
    assert not ran.success
    assert ran.checks[VERSIONS, "one_version_a_vintage"].passed
    assert not ran.checks[OBSERVATIONS, "one_row_a_producer"].passed
    assert ran.made & descendants(OBSERVATIONS) == set()
    assert current(here.home) == before


def test_a_file_that_has_changed_since_it_was_accepted_is_found(here: Installation) -> None:
    batch = here.ledger.batches(source="national_statistics", dataset="grdp")[-1]
    assert batch.accepted_path is not None
    path = here.home.root / batch.accepted_path
    rows = pl.read_parquet(path)
    path.chmod(0o644)
    rows.with_columns(obs_value=pl.lit("1.000")).write_parquet(path)
    ran = run(GATE | TO_THE_RELEASE)
    assert not ran.success
    assert "does not hold the rows" in str(ran.checks[GRDP, "accepted_is_sound"].metadata["faults"].value)
    assert ran.made == set()


def test_a_bad_workbook_is_a_warning_and_its_good_groups_are_released(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current(here.home)
    monkeypatch.setattr("pipelines.demo.run.CARELESS_PROVINCE", SILENT_PROVINCE)
    provinces = {unit.org_unit_code for unit in here.registry.reference.of_kind("province")}
    officers_send(here, OCTOBER, but=frozenset(provinces - {SILENT_PROVINCE}))
    time.sleep(SETTLE_SECONDS + 0.2)
    ran = run(dg.AssetSelection.assets(SUBMISSIONS) | GATE | TO_THE_RELEASE)
    assert ran.success
    judgement = ran.checks[SUBMISSIONS, "judgement"]
    assert not judgement.passed
    assert judgement.severity is dg.AssetCheckSeverity.WARN
    assert "error:not_a_number" in str(judgement.metadata["findings"].value)
    assert ran.checks[SUBMISSIONS, "accepted_is_sound"].passed
    assert RELEASE in ran.made
    after = current(here.home)
    assert before is not None
    assert after is not None
    assert after.number == before.number + 1
    [submission] = here.ledger.submissions(agency=SILENT_PROVINCE, state="partly_accepted")
    assert submission.answered_at is not None


def test_a_folder_out_of_reach_is_told_and_does_not_hold_up_the_others(here: Installation) -> None:
    shutil.rmtree(here.home.intake / "P79" / "ket_qua")
    ran = run(dg.AssetSelection.assets(SUBMISSIONS))
    assert ran.success
    unreachable = ran.checks[SUBMISSIONS, "folders_are_reachable"]
    assert not unreachable.passed
    assert "P79" in str(unreachable.metadata["unreachable"].value)
