"""When a file of a store may be taken: it looked the same at two looks, and its end has come."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from connectors.intake.claim import EMPTY_PATIENCE_SECONDS, PATIENCE_SECONDS, SETTLE_SECONDS, lacks_zip_directory
from connectors.stores.remote import FarFile


@dataclass
class FarLooks:
    """Remembers how files looked. Only our own clock counts: a store's, and its senders', may be wrong.

    A file is settled at the second look that finds its size, time and tag as they were, ``settle_seconds`` or more
    after the first.
    """

    settle_seconds: float = SETTLE_SECONDS
    _seen: dict[tuple[str, str], tuple[FarFile, float]] = field(default_factory=dict)

    def is_settled(self, file: FarFile) -> bool:
        """Whether this look is the one that may take it."""
        before, since = self._seen.get((file.store, file.path), (None, 0.0))
        if before != file:
            self._seen[file.store, file.path] = (file, time.monotonic())
            return False
        return time.monotonic() - since >= (self.settle_seconds if file.size else EMPTY_PATIENCE_SECONDS)

    def is_whole(self, file: FarFile, copy: Path) -> bool:
        """Whether what was fetched does not look half-written: a sender that has stalled is waited for a while."""
        _, since = self._seen[file.store, file.path]
        return time.monotonic() - since >= PATIENCE_SECONDS or not lacks_zip_directory(copy)

    def forget_others(self, store: str, present: set[str]) -> None:
        """Drop what is no longer in a store."""
        for key in [key for key in self._seen if key[0] == store and key[1] not in present]:
            del self._seen[key]
