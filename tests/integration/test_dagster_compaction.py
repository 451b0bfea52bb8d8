"""Merging in Dagster: the night's run merges, the sensor asks only where many files lie loose, one run at a time."""

from pathlib import Path

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from connectors.ledger import Ledger
from indicator_specs.home import Home
from pipelines.nightly import compaction, loose_files
from tests.loose_files import some_files


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = Home(tmp_path)
    monkeypatch.setenv("CHISO_HOME", str(tmp_path))
    return made


def _asked(instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_sensor_context(instance=instance)
    found = loose_files(context)
    assert isinstance(found, dg.RunRequest | dg.SkipReason)
    return found


def test_the_night_merges_and_the_sensor_asks_when_many_lie_loose(home: Home) -> None:
    with Ledger.open(home) as ledger, dg.DagsterInstance.ephemeral() as instance:
        some_files(home, ledger, "2026-10", range(3))
        assert isinstance(_asked(instance), dg.SkipReason)
        assert compaction.execute_in_process(instance=instance).success
        assert len(ledger.compactions.parts()) == 1
        some_files(home, ledger, "2026-10", range(3, 68))
        asked = _asked(instance)
        assert isinstance(asked, dg.RunRequest)
        instance.create_run_for_job(compaction, status=dg.DagsterRunStatus.STARTED)
        assert isinstance(_asked(instance), dg.SkipReason)
        assert compaction.execute_in_process(instance=instance, run_config=asked.run_config).success
        assert ledger.compactions.loose_groups(1) == []


def test_a_file_that_was_altered_fails_the_run_for_good(home: Home) -> None:
    with Ledger.open(home) as ledger, dg.DagsterInstance.ephemeral() as instance:
        batches = some_files(home, ledger, "2026-10", range(2))
        (home.root / str(batches[0].accepted_path)).unlink()
        assert not compaction.execute_in_process(instance=instance, raise_on_error=False).success
        assert len(ledger.compactions.loose_batches(ledger.compactions.loose_groups(1)[0])) == 2
