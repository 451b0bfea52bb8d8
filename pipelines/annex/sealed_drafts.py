"""A draft carries a mark of its own text, so that a later run can tell whether a person has worked on it."""

import hashlib

_HEAD = "# Bản nháp do chiso import-catalogue lập; sửa tại đây thì lần chạy sau giữ nguyên. Dấu: "


def sealed(text: str) -> str:
    """The text under its mark."""
    return f"{_HEAD}{_mark(text)}\n{text}"


def is_untouched(text: str) -> bool:
    """Whether the text is still what its mark was made of."""
    head, _, body = text.partition("\n")
    return head == f"{_HEAD}{_mark(body)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
