"""The nursery: a small process that forks one throw-away child for every workbook.

It has loaded the readers once, so that a child costs a fork and not an import; it has no threads, so that
forking is safe; it holds no secret. A child lives under limits of address space, processor time and wall
clock, answers with JSON on a pipe, and is gone. Whatever a file does, it does to that child.

Speaks lines of JSON on standard input, and a length-prefixed answer on standard output. Started by
``sandbox.py`` only.
"""

import gc
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook

from connectors.foreign.table import read_foreign
from connectors.workbook.annotate import annotate, annotate_as_asked
from connectors.workbook.decision_book import read_decisions
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.table import read_table

Task = Callable[[Mapping[str, Any]], object]
"""Takes what was asked, gives something that JSON can carry."""


@dataclass(frozen=True)
class Limits:
    """What one file may cost: bytes of address space, seconds of processor, seconds of wall clock."""

    address_space: int = 1 << 30
    cpu_seconds: int = 20
    wall_seconds: float = 40.0
    answer_bytes: int = 64 << 20


def run_limited(task: Task, asked: Mapping[str, Any], limits: Limits) -> bytes:
    """Run ``task`` in a fresh child under limits.

    Returns:
        What the child said, unread, which is ``{"result": …}`` or ``{"refused": {code, place, found}}`` in JSON; of a
        child that did not end well, ``{"died": why}``. Never raises for anything that the child does.
    """
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_child(task, asked, limits, reading_end, writing_end)
    os.close(writing_end)
    try:
        answer, why = _listen(reading_end, limits)
    finally:
        os.close(reading_end)
    if why:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return json.dumps({"died": why or _cause(status)}).encode() if why or status != 0 else answer


def answer_of(content: bytes) -> dict[str, Any]:
    """What a child said, for whoever asked; ``{"died": "garbled"}`` where it is no JSON."""
    try:
        answer: dict[str, Any] = json.loads(content)
    except ValueError:
        return {"died": "garbled"}
    return answer


def _be_the_child(task: Task, asked: Mapping[str, Any], limits: Limits, reading_end: int, writing_end: int) -> None:
    """Work, answer, leave without running anything of the parent's exit."""
    code = 1
    try:
        os.close(reading_end)
        os.setsid()
        # Collecting garbage would touch, and so copy, every page that is shared with the nursery.
        gc.disable()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.address_space, limits.address_space))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        with os.fdopen(writing_end, "wb") as pipe:
            pipe.write(_answer(task, asked))
        code = 0
    except MemoryError:
        code = 3
    finally:
        os._exit(code)


def _answer(task: Task, asked: Mapping[str, Any]) -> bytes:
    try:
        content: dict[str, object] = {"result": task(asked)}
    except FileRefusedError as reason:
        content = {"refused": {"code": reason.code, "place": reason.place, "found": reason.found}}
    return json.dumps(content).encode()


def _listen(reading_end: int, limits: Limits) -> tuple[bytes, str]:
    """What the child says until it closes its end, or why it must be stopped."""
    deadline = time.monotonic() + limits.wall_seconds
    pieces: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading_end], [], [], left)[0]:
            return b"", "time"
        piece = os.read(reading_end, 1 << 16)
        if not piece:
            return b"".join(pieces), ""
        pieces.append(piece)
        size += len(piece)
        if size > limits.answer_bytes:
            return b"", "answer"


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status):
        # SIGXCPU, then SIGKILL, at the limit of processor time; an allocation that fails in C or Rust aborts.
        return "time" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "memory"
    return "memory" if os.WEXITSTATUS(status) == 3 else "failure"


def _read(asked: Mapping[str, Any]) -> object:
    return read_table(Path(asked["path"]), asked["layouts"])


def _annotate(asked: Mapping[str, Any]) -> object:
    return annotate_as_asked(asked)


def _decisions(asked: Mapping[str, Any]) -> object:
    return read_decisions(Path(asked["path"]))


def _foreign(asked: Mapping[str, Any]) -> object:
    return read_foreign(Path(asked["path"]), asked["layouts"], asked["counts"])


TASKS: dict[str, Task] = {"read": _read, "foreign": _foreign, "annotate": _annotate, "decisions": _decisions}


def serve() -> None:
    """Answer one request a line until the other side goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _warm_up()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        content = run_limited(TASKS[asked["task"]], asked, Limits(**asked["limits"]))
        try:
            sys.stdout.buffer.write(struct.pack(">Q", len(content)) + content)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os._exit(0)  # Whoever asked is gone.


def _warm_up() -> None:
    """Read and mark a workbook of our own: what is loaded and compiled at first use is then there for every child."""
    with TemporaryDirectory() as folder:
        blank, marked = Path(folder) / "blank.xlsx", Path(folder) / "marked.xlsx"
        Workbook().save(blank)
        read_table(blank, {})
        annotate(blank, [], [], marked)
    gc.collect()
    gc.freeze()


def request(task: str, asked: Mapping[str, Any], limits: Limits) -> bytes:
    """One line for ``serve``."""
    return json.dumps({**asked, "task": task, "limits": asdict(limits)}).encode() + b"\n"


if __name__ == "__main__":
    serve()
