"""TLS before a PostgreSQL server that was built without it: the negotiation of its protocol, then plain bytes inside.

What stands between is as real as a pooler that ends TLS: libpq asks for it, shakes hands and checks what it is shown.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""The message by which a client of PostgreSQL asks for TLS (protocol 3.0, section 55.7)."""


@dataclass
class Front:
    """Where the server is reached, and how many bytes clients have said there once TLS was spoken about.

    Those are the bytes inside TLS, or in the open where there is none; they are counted when the front has closed.
    """

    port: int
    said: int = 0


@contextmanager
def postgres_tls(server_port: int, context: ssl.SSLContext | None) -> Iterator[Front]:
    """A front at which the server is reached over TLS; without a context it says that it has none."""
    listener, stop = socket.create_server(("127.0.0.1", 0)), threading.Event()
    listener.settimeout(0.1)
    front, talks = Front(int(listener.getsockname()[1])), list[threading.Thread]()

    def serve() -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                client, _ = listener.accept()
                talks.append(threading.Thread(target=_speak, args=(client, server_port, context, front), daemon=True))
                talks[-1].start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        stop.set()
        for each in (thread, *talks):
            each.join(timeout=5)
        listener.close()


def _speak(client: socket.socket, server_port: int, context: ssl.SSLContext | None, front: Front) -> None:
    with suppress(OSError), client:
        first = client.recv(8, socket.MSG_WAITALL)
        if first == SSL_REQUEST:
            client.sendall(b"S" if context else b"N")
            first = b""
        with (
            context.wrap_socket(client, server_side=True) if context else client as inside,
            socket.create_connection(("127.0.0.1", server_port)) as server,
        ):
            server.sendall(first)
            threading.Thread(target=_pour, args=(server, inside), daemon=True).start()
            _pour(inside, server, front)


def _pour(source: socket.socket, target: socket.socket, front: Front | None = None) -> None:
    with suppress(OSError, ValueError):
        while piece := source.recv(65_536):
            if front is not None:
                front.said += len(piece)
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
