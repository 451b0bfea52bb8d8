"""Whether a zip container may be opened at all.

Looks at the zip directory; unpacks nothing. Names inside the zip are never used as paths.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from connectors.workbook.refusals import FileRefusedError

_MEGABYTE = 1 << 20
_MACROS = ("vbaproject", "/macrosheets/", "/dialogsheets/", "/activex/", "/embeddings/", "/basic/", "/scripts/")


@dataclass(frozen=True)
class Caps:
    """Largest workbook that is read: bytes, entries and cells. A form of 3,400 rows needs a twentieth of it."""

    packed_bytes: int = 20 * _MEGABYTE
    unpacked_bytes: int = 200 * _MEGABYTE
    ratio: int = 200
    ratio_from_bytes: int = 10 * _MEGABYTE
    entries: int = 2_000
    cells: int = 500_000
    last_row: int = 20_000
    last_column: int = 256


def open_container(path: Path, caps: Caps) -> zipfile.ZipFile:
    """Open a zip whose directory has been checked.

    Raises:
        FileRefusedError: it is encrypted, cut short, carries macros, or would unpack abnormally.
        OSError: the file cannot be read.
    """
    try:
        container = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, UnicodeDecodeError) as reason:
        raise FileRefusedError("E-FILE-TRUNCATED", found=str(reason)) from reason
    try:
        _check_directory(container.infolist(), caps)
    except FileRefusedError:
        container.close()
        raise
    return container


def _check_directory(entries: list[zipfile.ZipInfo], caps: Caps) -> None:
    if len(entries) > caps.entries:
        raise FileRefusedError("E-FILE-BOMB", found=f"{len(entries)} mục")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        # Two parts of one name: readers disagree on which one counts.
        raise FileRefusedError("E-FILE-CORRUPT", found="trùng tên phần")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefusedError("E-FILE-ENCRYPTED")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise FileRefusedError("E-FILE-CORRUPT", found="kiểu nén")
    for entry, name in zip(entries, names, strict=True):
        if any(mark in f"/{name}" for mark in _MACROS):
            raise FileRefusedError("E-FILE-MACRO", entry.filename)
        if entry.file_size > caps.ratio_from_bytes and entry.file_size > caps.ratio * max(entry.compress_size, 1):
            raise FileRefusedError("E-FILE-BOMB", entry.filename, megabytes(entry.file_size))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > caps.unpacked_bytes:
        raise FileRefusedError("E-FILE-TOO-BIG", found=f"{megabytes(unpacked)} > {megabytes(caps.unpacked_bytes)}")


def megabytes(size: int) -> str:
    """``5.8 MB``, for messages."""
    return f"{size / _MEGABYTE:.1f} MB"
