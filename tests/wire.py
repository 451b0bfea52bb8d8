"""A TCP proxy before a real server that does what networks do: it cuts, stalls, delays, half-closes, garbles."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["none", "cut", "stall", "half_close", "garble", "delay", "silent"]


@dataclass
class Wire:
    """What is done to bytes on their way from the server, once ``after`` of them have passed; may be set anew.

    ``cut``: both sides are reset. ``half_close``: the server seems to have finished. ``stall``: nothing more comes and
    the connection stays open. ``garble``: the next bytes are other ones. ``delay``: each piece waits. ``silent``: the
    connection is taken and nothing is ever answered. ``times``: how many connections it befalls; later ones are well.
    """

    port: int = 0
    fault: Fault = "none"
    after: int = 0
    times: int = 1_000_000
    seconds: float = 0.0
    struck: int = 0
    passed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, fault: Fault, *, after: int = 0, times: int = 1_000_000, seconds: float = 0.0) -> None:
        """Do this from now on."""
        self.fault, self.after, self.times, self.seconds, self.struck, self.passed = fault, after, times, seconds, 0, 0

    def strikes(self, passed: int) -> bool:
        """Whether the fault is due on a connection on which so many bytes have passed."""
        with self.lock:
            due = self.fault != "none" and passed > self.after and self.struck < self.times
            self.struck += due
            return due


@contextmanager
def before(server_port: int) -> Iterator[Wire]:
    """A proxy on a free port before a server on this machine."""
    wire, stop = Wire(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    wire.port = int(listener.getsockname()[1])
    held: list[socket.socket] = []

    def serve() -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", server_port))
                held.extend((client, server))
                threading.Thread(target=_up, args=(client, server), daemon=True).start()
                threading.Thread(target=_down, args=(wire, stop, client, server), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        stop.set()
        thread.join(timeout=5)
        listener.close()
        for each in held:
            _end(each)


def _up(client: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while piece := client.recv(65_536):
            server.sendall(piece)
    _end(server)


def _down(wire: Wire, stop: threading.Event, client: socket.socket, server: socket.socket) -> None:
    passed = 0
    with suppress(OSError):
        while piece := server.recv(4_096):
            passed += len(piece)
            wire.passed += len(piece)
            if wire.strikes(passed):
                match wire.fault:
                    case "cut":
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                        break
                    case "half_close":
                        client.shutdown(socket.SHUT_WR)
                        stop.wait(wire.seconds)
                        break
                    case "stall" | "silent":
                        stop.wait()
                        break
                    case "garble":
                        piece = bytes(byte ^ 0xA5 for byte in piece[:64]) + piece[64:]
                    case "delay":
                        time.sleep(wire.seconds)
            client.sendall(piece)
    _end(client)
    _end(server)


def _end(held: socket.socket) -> None:
    with suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)
    held.close()
