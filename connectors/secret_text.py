"""What the text of a secret may be: an address, or JSON with an address and credentials. Shows none of it."""

import json
from pathlib import Path
from urllib.parse import urlsplit

PATHS = frozenset({"certificate", "private_key", "authority"})
"""Fields that name a file; relative ones lie beside the secrets, or where the process runs."""
FIELDS = PATHS | {"url", "token", "token_url", "client_id", "client_secret", "passphrase"}
"""Every field that a secret may have."""

_WITHOUT_HOST = {"file", "sqlite"}


def fields_of(value: str) -> dict[str, str]:
    """The fields of a secret, ``url`` among them.

    Raises:
        ValueError: with what is wrong, in Vietnamese and in English, and nothing of the content.
    """
    fields = _from_json(value) if value.startswith("{") else {"url": value}
    if not _is_address(fields["url"]):
        raise ValueError(
            "giá trị không phải là địa chỉ; viết dạng postgresql://người_dùng:mật_khẩu@máy:cổng/csdl",
            "the value is not an address; write postgresql://user:password@host:port/database",
        )
    return fields


def _from_json(value: str) -> dict[str, str]:
    try:
        fields = json.loads(value)
    except ValueError:
        fields = None  # the parser's message would quote the value
    names = ", ".join(sorted(FIELDS))
    if not isinstance(fields, dict) or set(fields) - FIELDS or not isinstance(fields.get("url"), str):
        raise ValueError(
            f'giá trị phải là JSON {{"url": …, "token": …}}; các trường được dùng: {names}',
            f'the value must be JSON {{"url": …, "token": …}}; known fields: {names}',
        )
    given = {name: text for name, text in fields.items() if text is not None}
    for name, text in given.items():
        fits = isinstance(text, str) and text.isprintable() and (text.isascii() or name in PATHS or name == "url")
        if not fits:
            raise ValueError(f"{name} phải là văn bản ASCII", f"{name} must be printable ASCII text")
    return given


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) or (parts.scheme in _WITHOUT_HOST and Path(parts.path).is_absolute())
        return bool(parts.scheme) and has_place and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
