"""A file that lies in a store, taken whole: not while it is written, and never for empty because the store is away.

Owns the looks at a file before and after it is fetched, and what a store's refusals mean. What may pass is tried again
with growing pauses. Knows nothing of what is inside a file.
"""

import time
from typing import Any

import stamina

from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.secrets import Connection, resolve
from connectors.stores.declared import StoreSpec
from connectors.stores.opening import Opened, StoreAddressError, open_store
from indicator_specs.source_sections import Connection as Declared

MOST_BYTES = 256 * 1024 * 1024
"""Of one file."""

_SEEN = ("size", "mtime", "LastModified", "ETag")


_TRIES = 4
_LONGEST = 60.0
"""Seconds within which a try may follow another."""


def fetch(declared: Declared, path: str, place: str) -> tuple[bytes, str]:
    """The bytes of a file below the secret's folder, and where it lies, fit to be shown.

    A file is taken when it looks the same (size, time, tag) ``settle_seconds`` apart and after it was fetched.

    Raises:
        TransientSourceError: the store stays out of reach, or somebody is still writing, as often as we try.
        PermanentSourceError: there is no such file, it is too large, or the store does not let us in.
    """
    for attempt in stamina.retry_context(
        on=TransientSourceError, attempts=_TRIES, timeout=_LONGEST, wait_initial=0.5, wait_max=8
    ):
        with attempt:
            return _once(declared, path, place)
    raise AssertionError("stamina yields at least one attempt")


def _once(declared: Declared, path: str, place: str) -> tuple[bytes, str]:
    assert declared.secret is not None  # noqa: S101 - the source's model checks it
    secret = resolve(declared.secret)
    spec = StoreSpec(
        id="source",
        secret=declared.secret,
        host_key=declared.host_key,
        timeout_seconds=declared.timeout_seconds,
    )
    try:
        opened = open_store(spec, secret)
        return _settled(
            opened, f"{opened.root}/{path}", float(declared.settle_seconds), place
        ), f"{secret.label}/{path}"
    except (SourceError, MemoryError):
        raise
    except FileNotFoundError:
        raise _absent(secret, path, place) from None
    except StoreAddressError as error:
        said = str(error).replace("stores.yml source", "connection")
        raise PermanentSourceError("E-SRC-SECRET", place, said, said) from None
    except Exception as error:  # any of a dozen libraries, each with errors of its own
        said = secret.scrub(f"{secret.label}: {str(error) or type(error).__name__}")
        if _is_refusal(error):
            raise PermanentSourceError(
                "E-SRC-AUTH",
                place,
                f"Kho tệp không cho truy cập; đề nghị kiểm tra tài khoản, khoá máy chủ và quyền đọc: {said}",
                f"The store does not let us in; check the account, the server's key and our rights: {said}",
            ) from None
        raise TransientSourceError(
            "E-SRC-UNREACHABLE",
            place,
            f"Không kết nối được kho tệp (không phải là không có tệp): {said}",
            f"The store is out of reach, which is not an empty store: {said}",
        ) from None


_REFUSALS = {
    "AuthenticationException",
    "BadAuthenticationType",
    "PermissionError",
    "NoCredentialsError",
}
_REFUSING = (
    "another host key",
    "accessdenied",
    "access denied",
    "invalidaccesskeyid",
    "signaturedoesnotmatch",
    "forbidden",
)


def _is_refusal(error: BaseException | None) -> bool:
    """Whether a store was reached and turned us away: trying again would only lock the account."""
    while error is not None:
        said = str(error).lower()
        if type(error).__name__ in _REFUSALS or any(sign in said for sign in _REFUSING):
            return True
        error = error.__cause__ or error.__context__
    return False


def _settled(opened: Opened, path: str, seconds: float, place: str) -> bytes:
    first = _look(opened, path)
    if first["size"] > MOST_BYTES:
        what = f"tệp vượt {MOST_BYTES} byte", f"the file has more than {MOST_BYTES} bytes"
        raise PermanentSourceError("E-SRC-SIZE", place, f"Không lấy được số liệu: {what[0]}.", f"Refused: {what[1]}.")
    time.sleep(seconds)
    if _look(opened, path) != first:
        raise _being_written(place)
    content: bytes = opened.files.cat_file(path)
    if _look(opened, path) != first or len(content) != first["size"]:
        raise _being_written(place)
    return content


def _look(opened: Opened, path: str) -> dict[str, Any]:
    found = opened.files.info(path)
    if found.get("type") != "file":
        raise FileNotFoundError(path)
    return {name: found.get(name) for name in _SEEN}


def _absent(secret: Connection, path: str, place: str) -> SourceError:
    where = f"{secret.label}/{path}"
    return PermanentSourceError(
        "E-SRC-ABSENT",
        place,
        f"Kho tệp kết nối được nhưng chưa có tệp {where}; số liệu đang có được giữ nguyên.",
        f"The store is reached, but there is no file {where}; what was published stands.",
    )


def _being_written(place: str) -> SourceError:
    return TransientSourceError(
        "E-SRC-BEING-WRITTEN", place, "Tệp đang được ghi; sẽ lấy ở lần sau.", "The file is being written; next time."
    )
