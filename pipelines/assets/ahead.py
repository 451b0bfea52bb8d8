"""What the resident worker has computed of which no run has told yet: leaders do not wait for Dagster's books.

A run spends two seconds on entering what it intends and on telling what it did. So the worker computes and seals first,
by the functions that the steps call too and after the same gate, and the steps of the next run of this process tell
Dagster of it. Where that run never comes, the warehouse and the releases know.
"""

import logging
from collections import deque
from dataclasses import replace

from connectors.ledger import LedgerUnreachableError
from dbt_project import Changed
from pipelines.assets.part import assets_read
from pipelines.assets.soundness import asset_of, faults_of_all
from pipelines.compute import Computed, compute
from pipelines.installation import Installation
from pipelines.line import compute_and_publish

_untold: deque[tuple[Computed, int]] = deque()
"""Each with the newest batch that the ledger listed before it."""


class UnsoundError(RuntimeError):
    """Accepted files that would be read are not as the ledger lists them."""


def go_ahead(here: Installation) -> Computed | None:
    """Compute and seal what is new, and keep for the next run of this process what came of it.

    Returns:
        What was computed; None where it is left to the run, which meets what was met here and tells of it: accepted
        files that are not as the ledger lists them, a warehouse that another process keeps, dbt that does not run.

    Raises:
        LedgerUnreachableError: the ledger does not answer.
    """
    last_batch = here.ledger.last_batch()
    try:
        computed, _ = compute_and_publish(here, lambda changed: _require_sound(here, changed))
    except LedgerUnreachableError:
        raise
    except Exception:
        logging.getLogger(__name__).warning("Not computed before the run, which tries it again", exc_info=True)
        return None
    _untold.append((replace(computed, is_ahead=True), last_batch))
    return computed


def _require_sound(here: Installation, changed: Changed | None) -> None:
    """As the gate of a run, for the files that a build reads."""
    read = None if changed is None else frozenset(assets_read(changed, here))
    batches = [each for each in here.ledger.batches() if read is None or asset_of(here.registry, each) in read]
    if faults := faults_of_all(here, batches):
        raise UnsoundError("; ".join(faults[:20]))


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
