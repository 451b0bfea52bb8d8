"""What synchronisation tells the person who runs it: one line a step, with the seconds since the start."""

import sys
import time

STARTED = time.monotonic()


def step(text: str) -> None:
    """Say that a step is done."""
    sys.stdout.write(f"[{time.monotonic() - STARTED:5.1f} s] {text}\n")
    sys.stdout.flush()
