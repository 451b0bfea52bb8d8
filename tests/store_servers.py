"""Real stores for tests: an SFTP and an S3-style server on free loopback ports, stopped by whoever started them."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from tests.servers import free_port


@dataclass
class Sftp:
    """An SFTP server over a folder. ``pause`` and ``resume`` take it off the network and bring it back."""

    folder: Path
    port: int
    host_key: str
    _key: asyncssh.SSHKey
    _loop: asyncio.AbstractEventLoop
    _listener: Any = None

    @property
    def url(self) -> str:
        return f"sftp://so_kh:b%C3%AD%20m%E1%BA%ADt@127.0.0.1:{self.port}/hop_thu"

    def pause(self) -> None:
        async def close() -> None:
            self._listener.close()
            await self._listener.wait_closed()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)

    def resume(self) -> None:
        folder = self.folder

        class Rooted(asyncssh.SFTPServer):
            def __init__(self, channel: Any) -> None:
                super().__init__(channel, chroot=os.fsencode(folder))

        class Login(asyncssh.SSHServer):
            def begin_auth(self, username: str) -> bool:
                return True

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                return (username, password) == ("so_kh", "bí mật")

        async def listen() -> Any:
            return await asyncssh.listen(
                "127.0.0.1", self.port, server_factory=Login, sftp_factory=Rooted, server_host_keys=[self._key]
            )

        self._listener = asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)


@contextmanager
def sftp(folder: Path) -> Iterator[Sftp]:
    """An SFTP server whose user sees ``folder`` alone."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = Sftp(folder, free_port(), key.export_public_key().decode().strip(), key, loop)
    server.resume()
    try:
        yield server
    finally:
        with suppress(Exception):
            server.pause()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)


@contextmanager
def s3() -> Iterator[str]:
    """An S3-style server with the bucket ``hop-thu``; the address of it, with its key and secret."""
    import boto3  # type: ignore[import-untyped]
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {"aws_access_key_id": "khoa", "aws_secret_access_key": "bimat", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys).create_bucket(Bucket="hop-thu")
        yield f"s3+http://khoa:bimat@{host}:{port}/hop-thu/bao-cao"
    finally:
        server.stop()
