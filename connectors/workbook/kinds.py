"""What kind of file this is, by its content: names and extensions are not believed.

Looks at magic numbers and at names of parts; unpacks nothing.
"""

import zipfile
from pathlib import Path

from connectors.workbook.container import Caps, megabytes
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.scan import Kind

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a compound file: Excel 97-2003, and every workbook with a password."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"-----BEGIN PGP MESSAGE", "PGP"),
)
_BOM_16 = (b"\xff\xfe", b"\xfe\xff")
_HTML = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")
_DELIMITERS = b",;\t"


def kind_of(path: Path, caps: Caps) -> Kind:
    """The kind of a file that may be read.

    Raises:
        FileRefusedError: the file is empty, too big, or of a kind that is not read; the true kind is named.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError("E-FILE-EMPTY")
    if size > caps.packed_bytes:
        raise FileRefusedError("E-FILE-TOO-BIG", found=f"{megabytes(size)} > {megabytes(caps.packed_bytes)}")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    if head.startswith(b"PK"):
        raise FileRefusedError("E-FILE-CORRUPT", found="zip")
    if head.startswith(COMPOUND[:4]):
        if _ENCRYPTED in path.read_bytes():
            raise FileRefusedError("E-FILE-ENCRYPTED")
        return "xls"
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> Kind:
    found = next((name for magic, name in _OTHER_KINDS if head.startswith(magic)), "")
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if found == "PGP":
        raise FileRefusedError("E-FILE-CRYPT", found=found)
    if text.startswith(_HTML):
        raise FileRefusedError("E-FILE-HTML", found="HTML")
    if not found and text.startswith(b"<?xml"):
        found = "XML"
    if not found and (head.startswith(_BOM_16) or _is_16_bit_text(head)):
        return "csv"
    if not found and b"\0" not in head:
        if any(mark in head for mark in _DELIMITERS):
            return "csv"
        found = "TXT"
    raise FileRefusedError("E-FILE-TYPE", found=found or "?")


def _is_16_bit_text(head: bytes) -> bool:
    """Every other byte of Latin text in UTF-16 is zero; binary formats have zeros elsewhere too."""
    pairs = len(head) // 2
    zeros = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    return pairs >= 8 and max(zeros) > pairs // 2 and min(zeros) == 0


def _kind_of_zip(path: Path) -> Kind:
    """A zip that is no spreadsheet is named; one that cannot be opened is told by ``open_container``."""
    try:
        with zipfile.ZipFile(path) as container:
            names = {name.lower() for name in container.namelist()}
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, UnicodeDecodeError) as reason:
        raise FileRefusedError("E-FILE-TRUNCATED", found=str(reason)) from reason
    if "xl/workbook.bin" in names:
        raise FileRefusedError("E-FILE-TYPE", found="Excel Binary (.xlsb)")
    if "word/document.xml" in names:
        raise FileRefusedError("E-FILE-TYPE", found="Word (.docx)")
    if {"[content_types].xml", "xl/workbook.xml"} <= names:
        return "xlsx"
    if {"content.xml", "mimetype"} <= names:
        return "ods"
    raise FileRefusedError("E-FILE-TYPE", found="ZIP")
