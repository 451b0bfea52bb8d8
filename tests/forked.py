"""Work that is to be killed, in forks of a clean process that has imported what it needs and used none of it.

Forking the test process itself would hand its children the locks of threads that do not exist in them.
"""

import importlib
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from indicator_specs.home import PROJECT


class Drill:
    """The clean process, seen from a test."""

    def __init__(self, asked: IO[str], answered: IO[str]) -> None:
        self._asked, self._answered = asked, answered

    def run(self, *given: object) -> int:
        """Have a child do the work with these arguments; its status as ``waitpid`` tells it."""
        print(*given, sep="\t", file=self._asked, flush=True)
        return int(self._answered.readline())


@contextmanager
def drilling(module: str, **environment: str) -> Iterator[Drill]:
    """Start a module that serves, with more in its environment than the test has now; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Drill(process.stdin, process.stdout)


def kill_at_random(pull: Callable[[str], int], change: Callable[[], None], kills: int, seed: int) -> None:
    """Pull until so many pulls were killed, each at another instant of a pull; the source changes before each.

    ``pull`` is told the seconds that it has, or nothing, and answers with a wait status.
    """
    for _ in range(2):  # the first waits until the process has imported everything
        change()
        began = time.monotonic()
        assert pull("") == 0
    chance, usual, n_killed = random.Random(seed), time.monotonic() - began, 0
    while n_killed < kills:
        change()
        status = pull(f"{chance.uniform(0, usual):.4f}")
        assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
        n_killed += os.WIFSIGNALED(status)


def in_child(work: Callable[[], int], kill_after: float | None = None) -> int:
    """Do ``work`` in a child that may be made to die, or has so many seconds; its status as ``waitpid`` tells it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work()
        except BaseException:
            traceback.print_exc()
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
