"""The one clock that deadlines, receipts and versions are read from.

Ordering never depends on it: the ledger's sequence orders what was received.
"""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, in UTC.

    ``CHISO_NOW`` (an ISO instant with its offset) holds the clock still, for drills and for a demo
    whose deadlines must read the same on any day.

    Raises:
        ValueError: ``CHISO_NOW`` is set and is not an ISO instant with an offset.
    """
    held = os.environ.get("CHISO_NOW")
    if not held:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(held)
    if moment.tzinfo is None:
        raise ValueError(f"CHISO_NOW={held!r} has no offset; write 2026-11-10T09:00:00+07:00")
    return moment.astimezone(UTC)
