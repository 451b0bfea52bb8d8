"""What kind of file this is, and whether its zip container may be opened at all.

Looks at magic numbers and at the zip directory; unpacks nothing. Names inside the zip are never used as
paths.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from connectors.workbook.refusals import FileRefusedError

_MEGABYTE = 1 << 20
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
)
_MACROS = ("vbaproject", "/macrosheets/", "/dialogsheets/", "/activex/", "/embeddings/")


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
    """Open the zip of an .xlsx whose kind and directory have been checked.

    Raises:
        FileRefusedError: the file is empty, too big, of another kind, encrypted, cut short, carries macros,
            or would unpack abnormally.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError("E-FILE-EMPTY")
    if size > caps.packed_bytes:
        raise FileRefusedError("E-FILE-TOO-BIG", found=_megabytes(size))
    _check_kind(path)
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


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return
    if head.startswith(b"PK"):
        raise FileRefusedError("E-FILE-CORRUPT", found="zip")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED_STREAM in path.read_bytes():
            raise FileRefusedError("E-FILE-ENCRYPTED")
        raise FileRefusedError("E-FILE-TYPE", found="Excel 97-2003 (.xls)")
    raise FileRefusedError("E-FILE-TYPE", found=_kind(head))


def _kind(head: bytes) -> str:
    """The true kind of a file that is no zip, for the message."""
    for magic, name in _OTHER_KINDS:
        if head.startswith(magic):
            return name
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return "HTML"
    if text.startswith(b"<?xml"):
        return "XML"
    if b"\0" not in head and any(mark in head for mark in (b",", b";", b"\t")):
        return "CSV"
    return "TXT" if b"\0" not in head else "?"


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
            raise FileRefusedError("E-FILE-BOMB", entry.filename, _megabytes(entry.file_size))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > caps.unpacked_bytes:
        raise FileRefusedError("E-FILE-TOO-BIG", found=_megabytes(unpacked))
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise FileRefusedError("E-FILE-TYPE", found=_zip_kind(names))


def _zip_kind(names: list[str]) -> str:
    if "word/document.xml" in names:
        return "Word (.docx)"
    if "xl/workbook.bin" in names:
        return "Excel Binary (.xlsb)"
    if "content.xml" in names and "mimetype" in names:
        return "OpenDocument (.ods)"
    return "ZIP"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f} MB"
