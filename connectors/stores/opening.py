"""Opens the file system of a store by the library that knows it. Owns addresses and host keys; reads no file."""

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import fsspec

from connectors.secrets import Connection, Secret, resolve
from connectors.stores.declared import StoreSpec
from indicator_specs.errors import PlainError, both

S3 = {"s3+https": "https", "s3+http": "http"}
"""Schemes of S3-style stores, with that of their endpoint."""

MOVES = {"sftp", "file"}
"""Schemes whose stores rename in one step. The others are object stores: what appears in them is whole."""


class StoreAddressError(PlainError):
    """The address of a store is none that can be opened; a person must mend it."""


@dataclass(frozen=True)
class Opened:
    """A file system, the folder in it that holds the agencies' folders, and whether it renames in one step."""

    files: Any
    root: str
    renames: bool


def connection_of(spec: StoreSpec) -> Connection:
    """Where a store is and how to be let in.

    Raises:
        PermanentSourceError: its secret is not set, or is no address.
    """
    return Connection("", Secret(spec.address)) if spec.address else resolve(str(spec.secret))


def open_store(spec: StoreSpec, connection: Connection) -> Opened:
    """Connect to a store.

    Raises:
        StoreAddressError: the address lacks what its kind needs.
        Exception: whatever the library below says of a server that is away or refuses us.
    """
    scheme, parts = connection.parts.scheme, connection.parts
    root = unquote(parts.path).rstrip("/")
    if scheme == "sftp":
        return Opened(_sftp(spec, connection), root or ".", renames=True)
    if scheme in S3:
        return Opened(_s3(spec, connection), root.lstrip("/"), renames=False)
    files, inner = fsspec.core.url_to_fs(connection.url.reveal(), skip_instance_cache=True, use_listings_cache=False)
    return Opened(files, str(inner).rstrip("/"), renames=scheme in MOVES)


def _sftp(spec: StoreSpec, connection: Connection) -> Any:
    if spec.host_key is None:
        raise StoreAddressError(
            both(
                f"stores.yml {spec.id}: thiếu host_key (khoá công khai của máy chủ SFTP, xem ssh-keyscan)",
                f"stores.yml {spec.id}: host_key is missing (the SFTP server's public key, see ssh-keyscan)",
            )
        )
    parts, wait = connection.parts, float(spec.timeout_seconds)
    files = fsspec.filesystem(
        "sftp",
        host=parts.hostname,
        port=parts.port or 22,
        username=unquote(parts.username or ""),
        password=unquote(parts.password) if parts.password else None,
        key_filename=spec.key_file,
        host_key_policy=_pinned(spec.host_key),
        timeout=wait,
        banner_timeout=wait,
        auth_timeout=wait,
        allow_agent=False,
        look_for_keys=False,
        skip_instance_cache=True,
    )
    files.ftp.get_channel().settimeout(wait)
    return files


def _pinned(host_key: str) -> Any:
    """A policy that speaks to one server only: the library's own default believes whoever answers."""
    import paramiko  # noqa: PLC0415 - half a second that only SFTP stores pay

    expected = base64.b64decode(host_key.split()[1])

    class Pinned(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: object, hostname: str, key: Any) -> None:
            if key.asbytes() != expected:
                raise paramiko.SSHException(f"{hostname} shows another host key ({key.get_name()}) than stores.yml")

    return Pinned()


def _s3(spec: StoreSpec, connection: Connection) -> Any:
    parts, wait = connection.parts, float(spec.timeout_seconds)
    if not parts.path.strip("/"):
        raise StoreAddressError(
            both(f"stores.yml {spec.id}: địa chỉ thiếu tên bucket", f"stores.yml {spec.id}: the address has no bucket")
        )
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return fsspec.filesystem(
        "s3",
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        endpoint_url=f"{S3[parts.scheme]}://{host}",
        config_kwargs={"connect_timeout": wait, "read_timeout": wait, "retries": {"max_attempts": 1}},
        use_listings_cache=False,
        skip_instance_cache=True,
    )
