"""The end of one exchange over HTTP: a peer that keeps sending a byte now and then is cut off all the same.

A client's own time-outs count from one byte to the next; this one counts from the first.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any


class Wires:
    """The connections that a client has made."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """The extension ``trace`` of httpx: notes the socket of each connection as it is made."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def cut(self) -> None:
        """Shut them all: whoever reads or writes is told at once."""
        for one in self._sockets:
            with suppress(OSError):
                # Of the plain class: that of a TLS socket takes the session apart under the reader's hands.
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class Deadline:
    """In a ``with`` block: when the time is over, ``wires`` are cut."""

    def __init__(self, seconds: float, wires: Wires) -> None:
        self.is_over = False
        self._wires = wires
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        self._wires.cut()
