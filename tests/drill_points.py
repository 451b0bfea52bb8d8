"""At which points a process is killed in a test: every few, or each of them where ``CHISO_EVERY_KILL`` is set."""

import os
from collections.abc import Iterator


def drills(step: int = 3) -> Iterator[str]:
    """Drills for ``CHISO_DRILL``, until a process that is not killed shows that there are no more points."""
    step = 1 if os.environ.get("CHISO_EVERY_KILL") else step
    return (f"*@{nth}" for nth in range(1, 200, step))
