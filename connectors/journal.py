"""The pages of a pull that has not ended: kept one by one, so that a pull that was cut off goes on where it stood.

Owns that file: ``evidence/pulls/<source>/<dataset>/<period>.pages``. Which pages still fit is for the conversation to
find out; a whole pull leaves no journal behind.
"""

import fcntl
import json
import os
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from connectors import durable, pages
from connectors.errors import TransientSourceError
from connectors.http_answers import Validators
from connectors.pages import Page
from indicator_specs import drill

GOOD_FOR = 3600.0
"""Seconds after its beginning during which a pull may be gone on with; an older one starts anew."""


@dataclass(frozen=True)
class Received:
    """One page with what else its answer told."""

    page: Page
    following: str | None = None
    validators: Validators = field(default_factory=Validators)
    is_unchanged: bool = False
    """The service said that what we held still stands."""


class Journal:
    """Use it in a ``with`` block: what ends well, or can never end well, leaves nothing; what may pass stays.

    Of two processes that pull the same, the second keeps no journal.
    """

    def __init__(self, file: Path, fingerprint: str) -> None:
        self._path, self._fingerprint = file, fingerprint
        self._file: BinaryIO | None = None
        self._waiting: deque[Received] = deque()
        self.was_resumed = False

    def __enter__(self) -> "Journal":
        durable.ensure_folder(self._path.parent)
        file = self._path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return self
        self._file = file
        file.seek(0)
        self._resume(file.read())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            if kind is None or (isinstance(error, Exception) and not isinstance(error, TransientSourceError)):
                with suppress(FileNotFoundError):
                    self._path.unlink()
            self._file.close()

    def next(self, request: str) -> Received | None:
        """What an earlier try got of this request, if it comes next; other requests make the rest useless."""
        if not self._waiting:
            return None
        if self._waiting[0].page.request != request:
            self._waiting.clear()
            return None
        return self._waiting.popleft()

    def add(self, received: Received) -> None:
        """Keep one page; after this it survives a power cut."""
        if self._file is not None:
            validators = received.validators
            told = {"etag": validators.etag, "last_modified": validators.last_modified, "next": received.following}
            self._file.write(pages.frame(received.page, **told))
            self._file.flush()
            os.fsync(self._file.fileno())
        drill.point("page.kept")

    def clear(self) -> None:
        """Forget all pages: the next one is the first."""
        self.was_resumed = False
        self._waiting.clear()
        if self._file is not None:
            self._file.truncate(0)
            head = {"pull": self._fingerprint, "begun_at": time.time()}
            self._file.write(json.dumps(head).encode() + b"\n")
            self._file.flush()

    def _resume(self, content: bytes) -> None:
        head, _, _ = content.partition(b"\n")
        try:
            told = json.loads(head)
            is_ours = told["pull"] == self._fingerprint and 0 <= time.time() - told["begun_at"] < GOOD_FOR
        except (ValueError, KeyError, TypeError):
            is_ours = False
        found, end = pages.whole_frames(content, len(head) + 1) if is_ours else ([], 0)
        if self._file is None or not found:
            self.clear()
            return
        self._file.truncate(end)  # what comes after was cut while it was written
        self.was_resumed = True
        for page, told in found:
            validators = Validators(told.get("etag"), told.get("last_modified"))
            self._waiting.append(Received(page, told.get("next"), validators))
