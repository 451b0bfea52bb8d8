"""What the resident worker has computed of which no run has told yet: leaders do not wait for Dagster's books.

A run spends two seconds on entering what it intends and on telling what it did. So the worker computes and seals first,
by the functions that the steps call too and after the same gate, and the steps of the next run of this process tell
Dagster of it. Where that run never comes, the warehouse and the releases know.
"""

import logging
from collections import deque

import duckdb
import polars as pl

from connectors.ledger import LeaseHeldError
from dbt_project.build import BuildError
from pipelines.assets.soundness import faults_of_all
from pipelines.compute import Computed, compute
from pipelines.installation import Installation
from pipelines.line import compute_and_publish
from pipelines.release import ReleaseError

_untold: deque[tuple[Computed, int]] = deque()
"""Each with the newest batch that the ledger listed before it."""


def go_ahead(here: Installation) -> Computed | None:
    """Compute and seal what is new, and keep for the next run of this process what came of it.

    Returns:
        What was computed; None where it is left to the run, which meets what was met here and tells of it: accepted
        files that are not as the ledger lists them, a warehouse that another process keeps, dbt that does not run.
    """
    last_batch = here.ledger.last_batch()
    try:
        if faults_of_all(here, here.ledger.batches()):
            return None
        computed, _ = compute_and_publish(here)
    except (LeaseHeldError, BuildError, ReleaseError, OSError, duckdb.Error, pl.exceptions.PolarsError) as reason:
        logging.getLogger(__name__).warning("Not computed before the run: %s", reason)
        return None
    _untold.append((computed, last_batch))
    return computed


def computed_by_now(here: Installation, *, full: bool) -> Computed:
    """What a step tells of: what was computed ahead of it, and what it computes itself where more has come since.

    Raises:
        BuildError, LeaseHeldError: as ``compute``.
    """
    ahead = [_untold.popleft() for _ in range(len(_untold))]
    computed = [each for each, _ in ahead]
    if full or not ahead or ahead[-1][1] != here.ledger.last_batch():
        computed.append(compute(here, full=full))
    return Computed.joined(computed)
