"""Taking turns at what only one process may do: the intake, the warehouse with its one writer, merging."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.ledger import Lease, LeaseHeldError, Ledger

INTAKE, WAREHOUSE, COMPACTION = "intake", "warehouse", "compaction"

PATIENCE = 300.0
"""Seconds to wait for another process: longer than a computation takes, shorter than a person waits."""


@contextmanager
def turn(ledger: Ledger, name: str, patience: float = PATIENCE) -> Iterator[Lease]:
    """Hold a lease for the block, after whoever holds it now.

    Raises:
        LeaseHeldError: it was not given back in time.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            held = ledger.lease(name)
            lease = held.__enter__()
        except LeaseHeldError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
            continue
        break
    try:
        yield lease
    finally:
        held.__exit__(None, None, None)
