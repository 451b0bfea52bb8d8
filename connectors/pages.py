"""The evidence of a pull over HTTP: the raw body of every page, framed so that each can be read again.

A file is, for each page, one line of JSON (``page``, ``request``, ``status``, ``length``, ``sha256``), the
raw bytes, and a line feed. Nothing in it depends on when it was fetched.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

SUFFIX = ".pages"


@dataclass(frozen=True)
class Page:
    """One answer as received. ``request`` is the path and query without host and without secrets."""

    number: int
    request: str
    body: bytes
    status: int = 200

    @property
    def sha256(self) -> str:
        """Hash of the body."""
        return hashlib.sha256(self.body).hexdigest()


def pack(pages: Iterable[Page]) -> bytes:
    """The evidence file of ``pages``."""
    pieces = []
    for page in pages:
        head = {
            "page": page.number,
            "request": page.request,
            "status": page.status,
            "length": len(page.body),
            "sha256": page.sha256,
        }
        pieces += [json.dumps(head, ensure_ascii=False).encode(), b"\n", page.body, b"\n"]
    return b"".join(pieces)


def unpack(packed: bytes) -> list[Page]:
    """The pages of an evidence file, each checked against its hash.

    Raises:
        ValueError: the file is cut or altered.
    """
    pages = []
    at = 0
    while at < len(packed):
        end = packed.index(b"\n", at)
        head = json.loads(packed[at:end])
        body = packed[end + 1 : end + 1 + head["length"]]
        page = Page(head["page"], head["request"], body, head["status"])
        if page.sha256 != head["sha256"]:
            raise ValueError(f"page {page.number} is not as it was received")
        pages.append(page)
        at = end + 1 + head["length"] + 1
    return pages
