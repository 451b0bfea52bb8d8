"""Connections by the name of a secret.

Owns how a secret is found and that it never shows: not in ``repr``, not in an error, not in a log.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from connectors.errors import PermanentSourceError

_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


class Secret:
    """A text that shows itself only when asked by ``reveal()``."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself: hand it straight to the library that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True)
class Connection:
    """Where a source is and how to be let in."""

    name: str
    url: Secret
    token: Secret | None = None

    @property
    def parts(self) -> SplitResult:
        """The address in parts. Holds the password: never print it."""
        return urlsplit(self.url.reveal())

    @property
    def label(self) -> str:
        """``scheme://host:port/path`` without user, password, query or fragment: fit to be shown."""
        parts = self.parts
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"

    def scrub(self, text: str) -> str:
        """``text`` without any part of this secret, for messages that a library composed."""
        parts = self.parts
        password = parts.password or ""
        hidden = [self.url.reveal(), password, unquote(password), parts.query]
        if self.token is not None:
            hidden.append(self.token.reveal())
        for piece in sorted({piece for piece in hidden if piece}, key=len, reverse=True):
            text = text.replace(piece, "***")
        return text


def resolve(name: str) -> Connection:
    """The connection that ``name`` stands for.

    The value is read from the environment variable ``name``, else from the file ``name`` in the folder
    ``CHISO_SECRETS``. It is an address, or JSON ``{"url": …, "token": …}``.

    Raises:
        PermanentSourceError: the name is not a name, nothing is set, or the value has no usable address.
    """
    if not _NAME.fullmatch(name):
        raise _refused(name, "tên không hợp lệ; dùng chữ in hoa, số và _", "not a name: use A-Z, 0-9 and _")
    value = _value(name)
    if value is None:
        raise _refused(
            name,
            f"chưa đặt kết nối; đặt biến môi trường {name} hoặc tệp {name} trong thư mục CHISO_SECRETS",
            f"no connection is set; set the environment variable {name} or a file {name} in CHISO_SECRETS",
        )
    url, token = _url_and_token(name, value)
    _check_address(name, url)
    return Connection(name, Secret(url), Secret(token) if token else None)


def _value(name: str) -> str | None:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    folder = os.environ.get("CHISO_SECRETS")
    file = Path(folder) / name if folder else None
    if file is None or not file.is_file():
        return None
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        raise _refused(
            name, "không đọc được tệp bí mật; kiểm tra quyền và mã hoá", "the secret file cannot be read; check it"
        ) from None


def _url_and_token(name: str, value: str) -> tuple[str, str | None]:
    if not value.startswith("{"):
        return value, None
    try:
        fields = json.loads(value)
    except ValueError:
        fields = None  # the parser's message would quote the value
    if not isinstance(fields, dict) or set(fields) - {"url", "token"} or not isinstance(fields.get("url"), str):
        raise _refused(
            name, 'giá trị phải là JSON {"url": …, "token": …}', 'the value must be JSON {"url": …, "token": …}'
        )
    token = fields.get("token")
    if token is not None and not (isinstance(token, str) and token.isascii() and token.isprintable()):
        raise _refused(name, "token phải là văn bản ASCII", "the token must be printable ASCII text")
    return fields["url"], token


def _check_address(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.scheme and parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise _refused(
            name,
            "giá trị không phải là địa chỉ; viết dạng postgresql://người_dùng:mật_khẩu@máy:cổng/csdl",
            "the value is not an address; write postgresql://user:password@host:port/database",
        )


def _refused(name: str, vi: str, en: str) -> PermanentSourceError:
    return PermanentSourceError("E-SRC-SECRET", name, f"{name}: {vi}.", f"{name}: {en}.")
