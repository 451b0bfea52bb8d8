"""Pulling past months again: one run a period, each its own batch, and nothing twice."""

from collections.abc import Iterator

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest

from connectors.ledger import Ledger
from indicator_specs.home import Home
from pipelines.definitions import defs
from pipelines.demo.run import OCTOBER, environment
from pipelines.demo.service import data_service

DOSSIERS = dg.AssetKey(["online_services", "dossiers"])
MONTHS = ("2026-08", "2026-09")


@pytest.fixture
def service() -> Iterator[None]:
    with data_service() as running, environment(CHISO_ONLINE_SERVICES=running.secret, CHISO_NOW=OCTOBER.clock):
        yield


def pull(instance: dg.DagsterInstance, month: str) -> dg.ExecuteInProcessResult:
    job = defs.resolve_job_def("extract__online_services__by_period")
    return job.execute_in_process(partition_key=month, instance=instance)


@pytest.mark.usefixtures("service")
def test_two_months_pulled_again_are_two_batches_once(home: Home) -> None:
    instance = dg.DagsterInstance.ephemeral()
    for month in (*MONTHS, *MONTHS):
        pulled = pull(instance, month)
        assert pulled.success
        checks = {each.check_name: each.passed for each in pulled.get_asset_check_evaluations()}
        assert checks == {"judgement": True, "accepted_is_sound": True}
    with Ledger.open(home) as ledger:
        batches = ledger.batches(source="online_services", dataset="dossiers")
    assert [batch.partition for batch in batches] == list(MONTHS), "equal content is no new batch"
    assert all(batch.n_accepted == 34 * 8 for batch in batches)
    assert instance.get_materialized_partitions(DOSSIERS) == set(MONTHS)


@pytest.mark.usefixtures("service")
def test_a_backfill_over_a_range_asks_for_a_run_a_month() -> None:
    node = defs.resolve_asset_graph().get(DOSSIERS)
    assert node.partitions_def is not None
    keys = node.partitions_def.get_partition_keys_in_range(dg.PartitionKeyRange("2026-07", MONTHS[-1]))
    assert list(keys) == ["2026-07", *MONTHS]
    assert node.backfill_policy is None or node.backfill_policy.max_partitions_per_run == 1
