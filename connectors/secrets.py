"""Connections by the name of a secret.

Owns how a secret is found and that it never shows: not in ``repr``, not in an error, not in a log.
"""

import base64
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import SplitResult, quote, quote_plus, unquote, urlsplit

import keyring
from keyring.errors import KeyringError, NoKeyringError

from connectors.errors import PermanentSourceError
from connectors.secret_text import PATHS, fields_of

KEYRING = "chiso"
"""The service under which the system's keyring keeps them."""
SHORTEST_TOLD_APART = 8
"""Characters from which on a secret met in an answer cannot well be there by chance."""

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
    """Where a source is and how to be let in; ``more`` holds what else the secret has, by the names of its fields."""

    name: str
    url: Secret
    token: Secret | None = None
    more: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))

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

    def need(self, name: str) -> str:
        """A field that the declared way of being let in cannot do without.

        Raises:
            PermanentSourceError: the secret has no such field.
        """
        found = self.token if name == "token" else self.more.get(name)
        if found is None:
            raise _refused(
                self.name, f"bí mật thiếu {name}; cách kết nối đã khai cần có", f"it lacks {name}, which auth needs"
            )
        return found.reveal()

    def scrub(self, text: str) -> str:
        """``text`` without any part of this secret, for messages that a library composed."""
        for piece in sorted(set(self._hidden()), key=len, reverse=True):
            text = text.replace(piece, "***")
        return text

    def is_in(self, content: bytes) -> bool:
        """Whether bytes that somebody sent repeat a credential, in any form in which it travels."""
        pieces = (piece.encode() for piece in self._hidden() if len(piece) >= SHORTEST_TOLD_APART)
        return any(piece in content for piece in pieces)

    def _hidden(self) -> Iterator[str]:
        parts = self.parts
        has_credentials = bool(parts.username or parts.password or parts.query)
        if has_credentials:
            yield self.url.reveal()
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        named = {name: value.reveal() for name, value in self.more.items() if name not in PATHS}
        named.pop("token_url", None)
        pairs = [(user, password), (named.get("client_id", ""), named.get("client_secret", ""))]
        whole = [base64.b64encode(f"{a}:{b}".encode()).decode() for a, b in pairs if b]
        token = self.token.reveal() if self.token is not None else ""
        for value in (parts.password or "", password, parts.query, token, *named.values(), *whole):
            if value:
                yield from (value, quote(value, safe=""), quote_plus(value))


def resolve(name: str) -> Connection:
    """The connection that ``name`` stands for, as it is now: a secret that was changed is the new one at once.

    The value is read from the environment variable ``name``, else from the file ``name`` in the folder
    ``CHISO_SECRETS``, else from the system's keyring (service ``chiso``). It is an address, or JSON with the
    address at ``url`` (``connectors.secret_text.FIELDS``).

    Raises:
        PermanentSourceError: the name is not a name, nothing is set, or the value has no usable address.
    """
    if not _NAME.fullmatch(name):
        raise _refused(name, "tên không hợp lệ; dùng chữ in hoa, số và _", "not a name: use A-Z, 0-9 and _")
    value = os.environ.get(name, "").strip() or _from_file(name) or _from_keyring(name)
    if not value:
        raise _refused(
            name,
            f"chưa đặt kết nối; đặt biến môi trường {name}, tệp {name} trong thư mục CHISO_SECRETS, hoặc mục {name} "
            f"của dịch vụ {KEYRING} trong kho khoá (keyring)",
            f"no connection is set; set the environment variable {name}, a file {name} in CHISO_SECRETS, or the entry "
            f"{name} of service {KEYRING} in the keyring",
        )
    try:
        fields = fields_of(value)
    except ValueError as error:
        raise _refused(name, *error.args) from None
    token = fields.pop("token", None)
    more = {key: Secret(text) for key, text in fields.items() if key != "url"}
    return Connection(name, Secret(fields["url"]), Secret(token) if token else None, MappingProxyType(more))


def _from_file(name: str) -> str | None:
    folder = os.environ.get("CHISO_SECRETS")
    file = Path(folder) / name if folder else None
    if file is None or not file.is_file():
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise _refused(
            name, "không đọc được tệp bí mật; kiểm tra quyền và mã hoá", "the secret file cannot be read; check it"
        ) from None


def _from_keyring(name: str) -> str | None:
    try:
        return (keyring.get_password(KEYRING, name) or "").strip()
    except NoKeyringError:
        return None
    except KeyringError:
        raise _refused(name, "kho khoá (keyring) không mở được", "the keyring cannot be opened") from None


def _refused(name: str, vi: str, en: str) -> PermanentSourceError:
    return PermanentSourceError("E-SRC-SECRET", name, f"{name}: {vi}.", f"{name}: {en}.")
