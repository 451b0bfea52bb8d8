"""The evidence of a pull over HTTP: the raw body of every page, framed so that each can be read again.

A file is, for each page, one line of JSON (``page``, ``request``, ``status``, ``length``, ``sha256``), the
raw bytes, and a line feed. Nothing in it depends on when it was fetched.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SUFFIX = ".pages"


@dataclass(frozen=True)
class Page:
    """One answer as received. ``request`` is the path and query without host and without secrets.

    ``bound`` is what names the part of a catalogue that was asked for.
    """

    number: int
    request: str
    body: bytes
    status: int = 200
    bound: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hash of the body."""
        return hashlib.sha256(self.body).hexdigest()


def pack(pages: Iterable[Page]) -> bytes:
    """The evidence file of ``pages``."""
    return b"".join(frame(page) for page in pages)


def frame(page: Page, **more: str | None) -> bytes:
    """One page with its head; ``more`` is noted there where it is given."""
    head = {
        "page": page.number,
        "request": page.request,
        "status": page.status,
        "length": len(page.body),
        "sha256": page.sha256,
        **({"bound": dict(page.bound)} if page.bound else {}),
        **{name: value for name, value in more.items() if value is not None},
    }
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + page.body + b"\n"


def unpack(packed: bytes) -> list[Page]:
    """The pages of an evidence file, each checked against its hash.

    Raises:
        ValueError: the file is cut or altered.
    """
    pages = []
    at = 0
    while at < len(packed):
        page, _, at = _frame_at(packed, at)
        pages.append(page)
    return pages


def whole_frames(packed: bytes, at: int) -> tuple[list[tuple[Page, dict[str, Any]]], int]:
    """Of a file that may end in the middle: pages from ``at`` on, with their heads, and where the whole ones end."""
    found = []
    while at < len(packed):
        try:
            page, head, at = _frame_at(packed, at)
        except ValueError:
            break
        found.append((page, head))
    return found, at


def _frame_at(packed: bytes, at: int) -> tuple[Page, dict[str, Any], int]:
    end = packed.index(b"\n", at)
    head = json.loads(packed[at:end])
    after = end + 1 + head["length"]
    page = Page(head["page"], head["request"], packed[end + 1 : after], head["status"], head.get("bound", {}))
    if page.sha256 != head["sha256"]:
        raise ValueError(f"page {page.number} is not as it was received")
    return page, head, after + 1
