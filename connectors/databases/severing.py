"""The last limit of time: sockets to a server that no longer answers are shut, so that whoever reads them wakes.

A server that falls silent in the middle of a result holds the reader inside the client library, where no signal and no
interrupt reaches it, for as long as the other end keeps the connection open. Shutting the socket is what reaches it.
"""

import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

AGAIN = 0.25
"""Seconds from one shutting to the next."""


class Deadline:
    """Whether it has passed."""

    def __init__(self) -> None:
        self.has_passed = False


@contextmanager
def deadline(
    seconds: float, host: str, port: int, interrupt: Callable[[], None], before: frozenset[int]
) -> Iterator[Deadline]:
    """After ``seconds``, ``interrupt`` the client and shut its sockets to the server.

    Args:
        seconds: how long the block may take.
        host: of the server.
        port: of the server.
        interrupt: the client's own way to stop, for work that does not wait for the network.
        before: sockets that this process had open before the client connected (``descriptors``): it is left alone.
    """
    state, done = Deadline(), threading.Event()

    def watch() -> None:
        if done.wait(seconds):
            return
        state.has_passed, places = True, _addresses(host, port)
        while True:  # a library may connect once more before it gives up
            interrupt()
            for number in descriptors() - before:
                _shut(number, places)
            if done.wait(AGAIN):
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield state
    finally:
        done.set()


def descriptors() -> frozenset[int]:
    """Numbers of the sockets that this process has open; ``/dev/fd`` is there on Linux and on macOS alike."""
    numbers = [int(name.name) for name in Path("/dev/fd").iterdir() if name.name.isdigit()]
    return frozenset(number for number in numbers if _is_socket(number))


def _is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False  # the folder that was listed, closed by now


def _addresses(host: str, port: int) -> set[tuple[str, int]]:
    with suppress(OSError):
        return {(str(found[4][0]), port) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    return set()


def _shut(number: int, places: set[tuple[str, int]]) -> None:
    with suppress(OSError):  # not a socket, or closed meanwhile
        held = socket.socket(fileno=os.dup(number))
        with held:
            if held.getpeername()[:2] in places:
                held.shutdown(socket.SHUT_RDWR)
