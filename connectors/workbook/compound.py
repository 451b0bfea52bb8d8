"""Streams of a compound file ([MS-CFB]): the container of Excel 97-2003 and of encrypted workbooks.

Reads what is needed to look at a workbook before its reader does: names of storages, and one stream. Every chain
of sectors is bounded by the size of the file.
"""

import struct
from dataclasses import dataclass

from connectors.workbook.kinds import COMPOUND
from connectors.workbook.refusals import FileRefusedError

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
_ROOT, _STREAM = 5, 2


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """A compound file in memory.

    Raises:
        FileRefusedError: its structure does not hold together.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(COMPOUND):
            raise FileRefusedError("E-FILE-CORRUPT", found="OLE")
        self._content = content
        try:
            self._read_header()
        except (struct.error, IndexError) as reason:
            raise FileRefusedError("E-FILE-TRUNCATED", found="OLE") from reason

    @property
    def names(self) -> set[str]:
        """Names of all storages and streams."""
        return {entry.name for entry in self._entries}

    def stream(self, name: str) -> bytes:
        """The bytes of one stream; empty where there is none.

        Raises:
            FileRefusedError: a chain of sectors leads out of the file or in a circle.
        """
        entry = next((each for each in self._entries if each.name == name and each.kind == _STREAM), None)
        if entry is None:
            return b""
        try:
            if entry.size < self._cutoff:
                return self._chain(entry.start, self._small_table, self._small, 1 << self._small_shift)[: entry.size]
            return self._big(entry.start)[: entry.size]
        except (struct.error, IndexError) as reason:
            raise FileRefusedError("E-FILE-TRUNCATED", found=name) from reason

    def _read_header(self) -> None:
        head = self._content
        self._shift, self._small_shift = struct.unpack_from("<HH", head, 30)
        if self._shift not in (9, 12) or self._small_shift >= self._shift:
            raise FileRefusedError("E-FILE-CORRUPT", found="OLE")
        directory, _, self._cutoff, small_start, _, more, _ = struct.unpack_from("<7I", head, 48)
        places = [place for place in struct.unpack_from("<109I", head, 76) if place < _FREE]
        per_sector = (1 << self._shift) // 4
        visited = 0
        while more < _FREE and visited <= len(head) >> self._shift:
            *listed, more = struct.unpack(f"<{per_sector}I", self._sector(more))
            places += [place for place in listed if place < _FREE]
            visited += 1
        self._table = [number for place in places for number in struct.unpack(f"<{per_sector}I", self._sector(place))]
        self._entries = [_entry(raw) for raw in _pieces(self._big(directory), 128) if raw[66]]
        root = next((entry for entry in self._entries if entry.kind == _ROOT), None)
        self._small = self._big(root.start) if root and root.start < _FREE else b""
        numbers = self._big(small_start) if small_start < _FREE else b""
        self._small_table = list(struct.unpack(f"<{len(numbers) // 4}I", numbers))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        piece = self._content[start : start + (1 << self._shift)]
        if not piece:
            raise IndexError(number)
        return piece.ljust(1 << self._shift, b"\0")

    def _big(self, start: int) -> bytes:
        return self._chain(start, self._table, self._content[1 << self._shift :], 1 << self._shift)

    @staticmethod
    def _chain(start: int, table: list[int], room: bytes, size: int) -> bytes:
        pieces: list[bytes] = []
        number = start
        while number < _FREE:
            if len(pieces) > len(table) or number * size >= len(room):
                raise IndexError(number)
            pieces.append(room[number * size : (number + 1) * size])
            number = table[number]
        return b"".join(pieces)


def _pieces(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content) - size + 1, size)]


def _entry(raw: bytes) -> _Entry:
    (length,) = struct.unpack_from("<H", raw, 64)
    name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<II", raw, 116)
    return _Entry(name, raw[66], start, size)
