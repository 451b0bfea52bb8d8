"""What Dagster is told of a pull is the same, whether its own run pulled or the ledger lists what others pulled."""

from collections.abc import Iterator, Mapping

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from connectors.acceptance import commit
from indicator_specs.home import Home
from pipelines.admission import admit
from pipelines.definitions import defs
from pipelines.demo.run import OCTOBER, environment
from pipelines.demo.service import data_service
from pipelines.installation import Installation
from pipelines.pulling import pull
from pipelines.telling import tell_of_batches

MONTH = "2026-09"
DOSSIERS = dg.AssetKey(["online_services", "dossiers"])
TASKS = dg.AssetKey(["online_services", "task_status"])
"""One that is pulled by period and one that is not."""
OF_A_RUN = {"new_batches", "told_unchanged"}
"""What only a run can say: whether what it admitted was new."""


@pytest.fixture(autouse=True)
def _service() -> Iterator[None]:
    with data_service() as running, environment(CHISO_ONLINE_SERVICES=running.secret, CHISO_NOW=OCTOBER.clock):
        yield


def told(instance: dg.DagsterInstance, asset: dg.AssetKey) -> Mapping[str, object]:
    event = instance.get_latest_materialization_event(asset)
    assert event is not None
    assert event.asset_materialization is not None
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


@pytest.mark.parametrize(("asset", "month"), [(DOSSIERS, MONTH), (TASKS, None)])
def test_a_run_and_the_ledger_say_the_same(home: Home, asset: dg.AssetKey, month: str | None) -> None:
    here, own, others = Installation(home), dg.DagsterInstance.ephemeral(), dg.DagsterInstance.ephemeral()
    source = here.registry.sources[asset.path[0]]
    candidate = pull(here, source, here.registry.dataset(*asset.path), month)
    assert candidate is not None
    admit(here, [candidate])
    tell_of_batches(others, here, frozenset({DOSSIERS}))
    assert others.get_materialized_partitions(DOSSIERS) == ({month} if month else set())
    job = defs.resolve_job_def("extract__online_services" + ("__by_period" if month else ""))
    assert job.execute_in_process(partition_key=month, instance=own, asset_selection=[asset]).success
    listed, ran = dict(told(others, asset)), dict(told(own, asset))
    assert listed.keys() == ran.keys() - OF_A_RUN
    for each in (listed, ran):
        seconds = each.pop("seconds")
        assert isinstance(seconds, float)
        assert seconds > 0
    assert listed == {name: value for name, value in ran.items() if name not in OF_A_RUN}
    assert listed["period"] == (month or "all")
    assert listed["rows_landed"] == candidate.extract.rows.height
    assert listed["bytes"] == candidate.extract.evidence.size
    assert str(listed["cursor"]).startswith("2")


def test_what_nobody_measured_is_not_made_up(home: Home) -> None:
    """A batch without an event of its pull, as older versions have left them."""
    here, others = Installation(home), dg.DagsterInstance.ephemeral()
    source, dataset = here.registry.sources["online_services"], here.registry.dataset(*DOSSIERS.path)
    candidate = pull(here, source, dataset, MONTH)
    assert candidate is not None
    commit(here.home, here.ledger, candidate.extract)
    tell_of_batches(others, here, frozenset({DOSSIERS}))
    assert told(others, DOSSIERS)["seconds"] == "—"
    assert told(others, DOSSIERS)["records"] == 34
