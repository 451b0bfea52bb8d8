"""One contender in a process of its own: ``python -m benchmarks.contender module:function FOLDER``.

Imports nothing but the standard library, so that time and memory are the contender's. Prints one JSON object as its
last line; a library's own words may come before it.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

Answer = Mapping[str, int | float | str]
"""What a contender found out, by name; ``n`` is how many things it did it with."""


class Stopwatch:
    """Times the work alone: what a contender does before and after it is not counted."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._started = 0.0

    def __enter__(self) -> "Stopwatch":
        self._started = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started


def perform(name: str, folder: Path) -> dict[str, object]:
    """Let a contender work in a folder: its answer, its seconds and the most memory that this process held.

    Raises:
        AttributeError: the module has no such function.
        ModuleNotFoundError: there is no such module.
    """
    module, _, function = name.partition(":")
    stopwatch = Stopwatch()
    answer = getattr(importlib.import_module(module), function)(folder, stopwatch)
    return {"answer": dict(answer), "seconds": stopwatch.seconds, "peak_mb": peak_mb()}


def peak_mb(process: str = "self", *, with_children: bool = True) -> float:
    """The most memory that a program has held, and those that it started and that still live, each at its own peak.

    ``ru_maxrss`` would count what its parent held when it began.
    """
    home = Path("/proc") / process
    peak = next(
        int(line.split()[1]) / 1024
        for line in (home / "status").read_text(encoding="utf-8").splitlines()
        if line.startswith("VmHWM:")
    )
    if not with_children:
        return peak
    children = (name for task in (home / "task").iterdir() for name in (task / "children").read_text().split())
    return peak + sum(peak_mb(child) for child in children)


def processor_seconds(process: int) -> float:
    """What a program and those that it started have used of processors: it moves less with the load than seconds do."""
    home = Path("/proc") / str(process)
    # User and system time of the process itself, then of its children that have ended (proc(5)).
    ticks = (home / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:15]
    living = (name for task in (home / "task").iterdir() for name in (task / "children").read_text().split())
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK") + sum(processor_seconds(int(child)) for child in living)


if __name__ == "__main__":
    print(json.dumps(perform(sys.argv[1], Path(sys.argv[2]))))
