"""Intakes to be killed: reads lines of home and drill, and answers with the child's wait status.

Verdicts are kept on disk between children: judgement is a pure function that writes nothing, so a child
that comes to the same report again need not pay for Great Expectations again. Everything that touches a file, the
ledger or an agency's folder is the real thing, every time.
"""

import hashlib
import importlib
import os
import pickle
import signal
import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

from connectors.workbook import sandbox_child
from tests.forked import in_child, serve

MODULES = (
    "openpyxl",
    "xlsxwriter",
    "python_calamine",
    "pyarrow.compute",
    "pyarrow.parquet",
    "pipelines.intake",
)


def run_once(helpers: socket.socket, home: str, kill_at: str) -> int:
    """One intake, in a child that may be made to die; its status as ``waitpid`` tells it."""

    def work() -> int:
        os.environ.update(CHISO_HOME=home, CHISO_DRILL=kill_at)
        _keep_verdicts(Path(home).parent / "verdicts")
        _be_helped(helpers)
        return _answer(Path(home))

    return in_child(work)


def _answer(root: Path) -> int:
    from indicator_specs.home import Home
    from pipelines.installation import Installation
    from pipelines.intake import take_in
    from tests.reporting import ONE_ROW, verifying_registry

    report = take_in(Installation(Home(root), verifying_registry(ONE_ROW)), settle_seconds=0)
    return 2 if report.troubles else 0


def _keep_verdicts(folder: Path) -> None:
    from pipelines import admission

    folder.mkdir(exist_ok=True)
    real = admission.judge

    def judge(cases: Any, registry: Any, history: Any) -> Any:
        return [verdict(case, registry, history) for case in cases]

    def verdict(case: Any, registry: Any, history: Any) -> Any:
        text = f"{case.agency} {case.time_period} {case.rows.write_json()}"
        kept = folder / hashlib.sha256(text.encode()).hexdigest()
        if not kept.exists():
            fresh = folder / f"{kept.name}.{os.getpid()}"
            fresh.write_bytes(pickle.dumps(real([case], registry, history)[0]))
            fresh.rename(kept)
        return pickle.loads(kept.read_bytes())

    admission.judge = judge


def _be_helped(helpers: socket.socket) -> None:
    """A helper of this process is forked from one that is warm; all that is said to it is the real thing."""
    from connectors.workbook.sandbox import Nursery

    def begin(self: Nursery) -> tuple[IO[bytes], IO[bytes]]:
        (asked, speak), (listen, answered) = os.pipe(), os.pipe()
        socket.send_fds(helpers, [b"."], [asked, answered])
        os.close(asked)
        os.close(answered)
        self._pipes = os.fdopen(speak, "wb"), os.fdopen(listen, "rb")
        return self._pipes

    Nursery._begin = begin  # type: ignore[method-assign]


def warm_helpers() -> socket.socket:
    """Begin a process that forks a helper for every two pipes it is sent, and ends when nobody is left to send any.

    It is small: a throw-away child that is forked by an intake itself takes ten times as long to begin.
    """
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        for end in (0, 1):  # a helper's own pipes come in their place
            os.dup2(2, end)
        sandbox_child._warm_up()
        sandbox_child._warm_up = lambda: None
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a helper
        while pipes := socket.recv_fds(theirs, 1, 2)[1]:
            if os.fork() == 0:
                _help(pipes)
            for pipe in pipes:
                os.close(pipe)
        os._exit(0)
    theirs.close()
    return ours


def _help(pipes: Sequence[int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for end, pipe in enumerate(pipes):
        os.dup2(pipe, end)
        os.close(pipe)
    sandbox_child.serve()
    os._exit(0)


if __name__ == "__main__":
    helpers = warm_helpers()
    reporting = importlib.import_module("tests.reporting")
    reporting.verifying_registry(reporting.ONE_ROW)
    serve(partial(run_once, helpers), MODULES)
