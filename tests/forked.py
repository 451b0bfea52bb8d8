"""Work that is to be killed, in forks of a clean process that has imported what it needs and used none of it.

Forking the test process itself would hand its children the locks of threads that do not exist in them.
"""

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence


def in_child(work: Callable[[], int], kill_after: float | None = None) -> int:
    """Do ``work`` in a child that may be made to die, or has so many seconds; its status as ``waitpid`` tells it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work()
        finally:
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def serve(run_once: Callable[..., int], modules: Sequence[str]) -> None:
    """Import the modules, then answer each line of arguments with tabs between, until the pipe ends."""
    for module in modules:
        importlib.import_module(module)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        print(run_once(*line.rstrip("\n").split("\t")), file=answers)
