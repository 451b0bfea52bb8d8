"""Reads a workbook in a throw-away child: whatever the file does, the caller gets an answer.

Owns the nursery's life in this process. The child gets a path and the layouts of the forms; never the stamp
key, a secret or the ledger. Its answer is JSON, checked here, so that a child gone wrong cannot reach back.
"""

import atexit
import contextlib
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from connectors.foreign.reading import asked_of_child, assemble_foreign, layouts_of
from connectors.workbook.form import layouts
from connectors.workbook.reading import WorkbookReading, WorkbookRefused, assemble, refused
from connectors.workbook.sandbox_child import Limits, answer_of, request
from connectors.workbook.stamp import stamp_key
from indicator_specs.home import PROJECT, Home

if TYPE_CHECKING:
    from indicator_specs.registry import Registry

_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR")


class Nursery:
    """One helper process; one request at a time, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipes: tuple[IO[bytes], IO[bytes]] | None = None
        self._owner = os.getpid()

    def ask(self, task: str, asked: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        """What the child answered: ``result``, ``refused`` or ``died``."""
        if self._owner != os.getpid():
            # Forked with our caller: the pipes belong to the process that opened them.
            self.__init__()  # type: ignore[misc]
        with self._lock:
            try:
                return self._exchange(request(task, asked, limits))
            except (OSError, EOFError, struct.error):
                # The nursery itself is gone (somebody ended it): a new one, once.
                self._end()
                return self._exchange(request(task, asked, limits))
            except BaseException:
                # Interrupted before the answer was read: it would be taken for that of the next file.
                self._end()
                raise

    def close(self) -> None:
        """End the helper process."""
        with self._lock:
            self._end()

    def _exchange(self, line: bytes) -> dict[str, Any]:
        speak, listen = self._pipes or self._begin()
        speak.write(line)
        speak.flush()
        (size,) = struct.unpack(">Q", _exactly(listen, 8))
        return answer_of(_exactly(listen, size))

    def _begin(self) -> tuple[IO[bytes], IO[bytes]]:
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "connectors.workbook.sandbox_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": str(PROJECT)},
            cwd="/",
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("the nursery has no pipes")
        self._pipes = self._process.stdin, self._process.stdout
        return self._pipes

    def _end(self) -> None:
        process, pipes, self._process, self._pipes = self._process, self._pipes, None, None
        if process is None:
            return
        for stream in pipes or ():
            with contextlib.suppress(OSError):  # what was not flushed is of no use to a helper that is gone
                stream.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise EOFError("the nursery ended")
    return content


class Nurseries:
    """Several helpers, so that as many files are read at once; one that is not needed is not started."""

    def __init__(self, n: int) -> None:
        self._all = [Nursery() for _ in range(n)]
        self._free: queue.PriorityQueue[int] = queue.PriorityQueue()
        for number in range(n):
            self._free.put(number)

    def ask(self, task: str, asked: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        """As ``Nursery.ask``, of one that is free; waits for it."""
        number = self._free.get()
        try:
            return self._all[number].ask(task, asked, limits)
        finally:
            self._free.put(number)

    @property
    def first(self) -> Nursery:
        """The one that is asked while nobody else asks."""
        return self._all[0]

    def close(self) -> None:
        """End the helper processes."""
        for nursery in self._all:
            nursery.close()


AT_ONCE = min(os.cpu_count() or 1, 4)
"""Files that are read at the same time."""

NURSERY = Nurseries(AT_ONCE)
"""The helpers of this process, started at first use and ended with it."""
atexit.register(NURSERY.close)


def read_in_sandbox(
    path: Path, registry: "Registry", key: bytes | None = None, limits: Limits | None = None, file_name: str = ""
) -> WorkbookReading | WorkbookRefused:
    """Read one workbook in a child of its own.

    Args:
        path: Our own copy of the file.
        registry: Which forms there are.
        key: Checks the stamp; stays on this side. The installation's own if none is given.
        limits: What the file may cost.
        file_name: As its sender named it; a foreign form may say its period there alone.

    Returns:
        The reading, or the refusal with its findings: also where the child died of the file
        (``E-FILE-COMPLEX``). Raises only where this machine itself fails.

    Raises:
        OSError: the helper process cannot be started, or our own copy cannot be read.
    """
    return _read(path, registry, key or stamp_key(Home.current().root), limits, file_name or path.name)


def read_before_sending(path: Path, registry: "Registry") -> WorkbookReading | WorkbookRefused:
    """As ``read_in_sandbox``, where the installation's key is not at hand: the stamp is read and not believed."""
    return _read(path, registry, None, None, path.name)


def _read(
    path: Path, registry: "Registry", key: bytes | None, limits: Limits | None, file_name: str
) -> WorkbookReading | WorkbookRefused:
    result = asked_of(path, "read", limits, layouts=layouts(registry))
    if isinstance(result, WorkbookRefused):
        return result
    if not (result["hidden_stamp"] or result["printed_stamp"]) and layouts_of(registry):
        foreign = asked_of(path, "foreign", limits, **asked_of_child(registry))
        return foreign if isinstance(foreign, WorkbookRefused) else assemble_foreign(foreign, registry, file_name)
    return assemble(result, registry, key)


def asked_of(path: Path, task: str, limits: Limits | None = None, **asked: Any) -> Any:
    """What a child found out about one file, or the refusal, also where it died of the file (``E-FILE-COMPLEX``).

    Raises:
        OSError: the helper process cannot be started, or our own copy cannot be read.
    """
    with path.open("rb"):
        pass  # Our own copy: not to be able to read it is our fault, not the sender's.
    answer = NURSERY.ask(task, {"path": str(path.resolve()), **asked}, limits or Limits())
    if "died" in answer:
        return refused("E-FILE-COMPLEX", found=_DEATHS.get(answer["died"], ""))
    return refused(**answer["refused"]) if "refused" in answer else answer["result"]


_DEATHS = {"time": "quá thời gian đọc", "memory": "quá bộ nhớ cho phép", "answer": "quá nhiều giá trị"}
