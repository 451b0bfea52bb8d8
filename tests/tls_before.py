"""TLS before a PostgreSQL server that was built without it: the negotiation of its protocol, then plain bytes inside.

What stands between is as real as a pooler that ends TLS: libpq asks for it, shakes hands and checks what it is shown.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""The message by which a client of PostgreSQL asks for TLS (protocol 3.0, section 55.7)."""


@contextmanager
def postgres_tls(server_port: int, context: ssl.SSLContext | None) -> Iterator[int]:
    """A port on which the server is reached over TLS; without a context it says that it has none."""
    listener, stop = socket.create_server(("127.0.0.1", 0)), threading.Event()
    listener.settimeout(0.1)

    def serve() -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                client, _ = listener.accept()
                threading.Thread(target=_speak, args=(client, server_port, context), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        stop.set()
        thread.join(timeout=5)
        listener.close()


def _speak(client: socket.socket, server_port: int, context: ssl.SSLContext | None) -> None:
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
            _pour(inside, server)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
