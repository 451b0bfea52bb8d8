"""A file that lies in a store, taken whole: not while it is written, and never for empty because the store is away.

Owns the looks at a file before and after it is fetched. Knows nothing of what is inside it.
"""

import time
from typing import Any

from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.secrets import Connection, resolve
from connectors.stores.declared import StoreSpec
from connectors.stores.opening import Opened, StoreAddressError, open_store
from indicator_specs.source_sections import Connection as Declared

MOST_BYTES = 256 * 1024 * 1024
"""Of one file."""

_SEEN = ("size", "mtime", "LastModified", "ETag")


def fetch(declared: Declared, path: str, place: str) -> tuple[bytes, str]:
    """The bytes of a file below the secret's folder, and where it lies, fit to be shown.

    A file is taken when it looks the same (size, time, tag) ``settle_seconds`` apart and after it was fetched.

    Raises:
        TransientSourceError: the store is out of reach, or somebody is still writing.
        PermanentSourceError: there is no such file, it is too large, or the store cannot be opened so.
    """
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
        raise TransientSourceError(
            "E-SRC-UNREACHABLE",
            place,
            f"Không kết nối được kho tệp (không phải là không có tệp): {said}",
            f"The store is out of reach, which is not an empty store: {said}",
        ) from None


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
