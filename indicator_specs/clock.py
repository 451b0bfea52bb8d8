"""The one clock that deadlines, receipts and versions are read from.

Ordering never depends on it: the ledger's sequence orders what was received.
"""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from indicator_specs.errors import PlainError, both

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class ClockError(PlainError, ValueError):
    """``CHISO_NOW`` is no instant."""


def now() -> datetime:
    """The present instant, in UTC.

    ``CHISO_NOW`` (an ISO instant with its offset) holds the clock still, for drills and for a demo
    whose deadlines must read the same on any day.

    Raises:
        ClockError: ``CHISO_NOW`` is set and is not an ISO instant with an offset.
    """
    held = os.environ.get("CHISO_NOW")
    if not held:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(held)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        example = "2026-11-10T09:00:00+07:00"
        raise ClockError(
            both(
                f"CHISO_NOW={held!r} không phải thời điểm có múi giờ; viết {example}",
                f"CHISO_NOW={held!r} is no instant with an offset; write {example}",
            )
        )
    return moment.astimezone(UTC)
