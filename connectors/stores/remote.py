"""The thin face of a store: who has a folder, which files lie in it, fetch one, put an answer, take one away.

Every failure of the library below becomes an ``OSError`` without the secret: *out of reach*, never *empty*. Nothing
here decides anything; what may be taken and when is the intake's.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from connectors.durable import OURS, TEMPORARY
from connectors.intake.names import ANSWERS, EVIDENCE, is_temporary
from connectors.secrets import Connection
from connectors.stores.declared import StoreSpec
from connectors.stores.opening import Opened, connection_of, open_store
from indicator_specs import drill
from indicator_specs.errors import PlainError

_UNIT = re.compile(r"[A-Z][A-Z0-9]{0,34}")
_LEAVING = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}\.leaving")
"""A file that was being taken away when we died: its own name is in the middle."""
_MARKER = ".chiso"
"""An object store has no empty folders: this empty file keeps ``ket_qua/`` there."""
_CHANGED_AT = ("mtime", "LastModified", "last_modified", "modified", "created")


@dataclass(frozen=True)
class FarFile:
    """One file of a store as it looked: another size, time or tag is another file.

    ``path`` is the store's own, ``name`` the sender's; ``folder`` is where it lies below the agency's folder, empty for
    a report.
    """

    store: str
    agency: str
    name: str
    path: str
    size: int
    mtime_ns: int
    etag: str = ""
    folder: str = ""

    @property
    def inode(self) -> int:
        """A number that stands for this very file, as an inode does on a disk."""
        told = f"{self.store}\0{self.path}\0{self.size}\0{self.mtime_ns}\0{self.etag}"
        return int.from_bytes(hashlib.sha256(told.encode(errors="surrogateescape")).digest()[:8], "big")


class StoreError(OSError):
    """The store did not do what was asked; the message is the library's, without secrets."""


class FarStore:
    """A store that is connected. Close it, or use ``with``."""

    def __init__(self, spec: StoreSpec) -> None:
        """Connect.

        Raises:
            StoreError: the store is away, or refuses us.
            PlainError: what is declared of it must be mended.
        """
        self.spec = spec
        self._connection: Connection = connection_of(spec)
        with self._reaching():
            self._opened: Opened = open_store(spec, self._connection)

    @property
    def label(self) -> str:
        """Where it is, fit to be shown."""
        return self._connection.label

    def agencies(self) -> list[str]:
        """Codes of the org units that have a folder, in order.

        Raises:
            StoreError: the store cannot be looked through.
        """
        with self._reaching():
            found = self._files.ls(self._opened.root, detail=True)
        names = (PurePosixPath(entry["name"]).name for entry in found if entry["type"] == "directory")
        return sorted(name for name in names if _UNIT.fullmatch(name))

    def reports(self, agency: str) -> list[FarFile]:
        """Files in an agency's folder, oldest first; a folder without answers and files is none.

        Raises:
            StoreError: it cannot be read, or is not there.
        """
        entries = self._entries(agency)
        files = [self._file(agency, entry) for entry in entries if _is_file(entry)]
        if not files and not any(_name(entry) == ANSWERS for entry in entries):
            raise StoreError(f"{ANSWERS}/ is missing in {agency}; was the folder opened?")
        for entry in entries:
            if left := _LEAVING.fullmatch(_name(entry)):
                self._give_back(agency, entry["name"], left["name"], {file.name for file in files})
        return sorted((f for f in files if not is_temporary(f.name)), key=lambda file: (file.mtime_ns, file.name))

    def evidence(self, agency: str) -> list[FarFile]:
        """Files beside reports: those in the folders of ``minh_chung/``.

        Raises:
            StoreError: it cannot be read.
        """
        if not any(_name(entry) == EVIDENCE and entry["type"] == "directory" for entry in self._entries(agency)):
            return []
        made = []
        for folder in self._entries(agency, EVIDENCE):
            if folder["type"] == "directory" and not is_temporary(_name(folder)):
                below = f"{EVIDENCE}/{_name(folder)}"
                made += [self._file(agency, entry, below) for entry in self._entries(agency, below) if _is_file(entry)]
        return [file for file in made if not is_temporary(file.name)]

    def fetch(self, file: FarFile, target: Path) -> bool:
        """Copy a file to ``target``; False where it changed meanwhile or is gone.

        Raises:
            StoreError: it cannot be read.
        """
        with self._reaching():
            try:
                self._files.get_file(file.path, str(target))
            except FileNotFoundError:
                return False
        return self._is_still(file) and target.stat().st_size == file.size

    def put(self, path: Path, agency: str, name: str) -> None:
        """Put an answer into ``ket_qua/``: whole, or not at all.

        Raises:
            StoreError: it cannot be written.
        """
        target = PurePosixPath(self._opened.root, agency, ANSWERS, name)
        with self._reaching():
            if not self._opened.renames:
                self._files.put_file(str(path), str(target))
                return
            # Always the same for an answer, so that what a crash leaves is overwritten when it is put again.
            temporary = str(target.with_name(f".{hashlib.sha256(name.encode()).hexdigest()[:16]}{TEMPORARY}"))
            self._files.makedirs(str(target.parent), exist_ok=True)
            self._files.put_file(str(path), temporary)
            drill.point("far.filled")
            self._files.mv(temporary, str(target))

    def take_away(self, file: FarFile) -> None:
        """Remove a file if it is still the one that was seen.

        Where the store renames, it is first renamed and then looked at: what was replaced at the last moment is given
        back, and what a crash leaves so is given back by the next look.

        Raises:
            StoreError: it cannot be removed.
        """
        if not self._is_still(file):
            return
        with self._reaching():
            if not self._opened.renames:
                self._files.rm_file(file.path)
                return
            leaving = str(PurePosixPath(file.path).with_name(f".{file.name}.{secrets.token_hex(4)}.leaving"))
            self._files.mv(file.path, leaving)
            if self._looks_same(file, leaving):
                self._files.rm_file(leaving)
            else:
                self._files.mv(leaving, file.path)

    def open_folder(self, agency: str) -> None:
        """Make an agency's folder with its folder of answers, whose presence shows that it was opened.

        Raises:
            StoreError: it cannot be made.
        """
        folder = PurePosixPath(self._opened.root, agency, ANSWERS)
        with self._reaching():
            if self._opened.renames:
                self._files.makedirs(str(folder), exist_ok=True)
            self._files.pipe_file(str(folder / _MARKER), b"")

    def close(self) -> None:
        """Give the connection back."""
        client = getattr(self._files, "client", None)
        if client is not None:
            client.close()

    def __enter__(self) -> "FarStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _files(self) -> Any:
        return self._opened.files

    def _entries(self, agency: str, below: str = "") -> list[dict[str, Any]]:
        with self._reaching():
            found: list[dict[str, Any]] = self._files.ls(str(PurePosixPath(self._opened.root, agency, below)), True)
        return found

    def _file(self, agency: str, entry: dict[str, Any], folder: str = "") -> FarFile:
        size, mtime_ns, etag = _look(entry)
        return FarFile(self.spec.id, agency, _name(entry), str(entry["name"]), size, mtime_ns, etag, folder)

    def _is_still(self, file: FarFile) -> bool:
        with self._reaching():
            try:
                return self._looks_same(file, file.path)
            except FileNotFoundError:
                return False

    def _looks_same(self, file: FarFile, path: str) -> bool:
        return _look(self._files.info(path)) == (file.size, file.mtime_ns, file.etag)

    def _give_back(self, agency: str, path: str, name: str, taken: set[str]) -> None:
        free = next(each for each in (name, *(f"{number}-{name}" for number in range(2, 1000))) if each not in taken)
        with self._reaching():
            self._files.mv(path, str(PurePosixPath(self._opened.root, agency, free)))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """What lies below is any of a dozen libraries, each with errors of its own."""
        try:
            yield
        except (StoreError, PlainError):
            raise
        except OSError as reason:
            if reason.errno in OURS:
                raise
            raise StoreError(self._told(reason)) from None
        except Exception as reason:
            raise StoreError(self._told(reason)) from None

    def _told(self, reason: Exception) -> str:
        return self._connection.scrub(f"{self.label}: {str(reason) or type(reason).__name__}")


def _look(entry: dict[str, Any]) -> tuple[int, int, str]:
    at = next((entry[name] for name in _CHANGED_AT if entry.get(name) is not None), 0)
    seconds = at.timestamp() if isinstance(at, datetime) else float(at)
    return int(entry["size"]), round(seconds * 1e9), str(entry.get("ETag") or "")


def _name(entry: dict[str, Any]) -> str:
    return PurePosixPath(str(entry["name"]).rstrip("/")).name


def _is_file(entry: dict[str, Any]) -> bool:
    """Links are none: what they point at may be another agency's."""
    return entry["type"] == "file" and not entry.get("islink") and "\0" not in _name(entry)
