"""Evidence (*minh chứng*) that an agency puts beside a report: files in ``minh_chung/<form>_<period>/`` of its folder.

Takes its own copy of each under its hash; opens none of them. What lies there later, or is changed there after that, is
no part of the report: whoever verifies sees exactly the bytes that were taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.intake.claim import Candidate, ChangedError, Identity, take_copy
from connectors.intake.names import EVIDENCE, is_temporary, safe_suffix
from indicator_specs.home import Home

LARGEST = 50 << 20
"""Bytes of one file: a scanned letter of a hundred pages is smaller."""
MOST = 50
"""Files of one report."""

_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}
"""Types that are taken, with how such a file begins."""


@dataclass(frozen=True)
class Attachment:
    """One file. ``problem`` is why it was not taken: ``empty``, ``type``, ``size``, ``changing``, ``many``, ``odd``."""

    name: str
    sha256: str = ""
    path: str = ""
    size: int = 0
    problem: str = ""


def folder_of(home: Home, agency: str, form: str, time_period: str) -> Path:
    """Where the evidence of a report is put."""
    return home.intake / agency / EVIDENCE / f"{re.sub(r'[^A-Za-z0-9.-]', '-', form)}_{time_period}"


def collect(home: Home, agency: str, folder: Path) -> list[Attachment]:
    """Take a copy of every file in the folder, by name; none where there is no folder.

    Raises:
        OSError: the folder or our own store failed.
    """
    if not folder.is_dir() or folder.is_symlink():
        return []
    files = sorted(path for path in folder.iterdir() if not is_temporary(path.name))
    return list(_taken(home, agency, files))


def _taken(home: Home, agency: str, files: list[Path]) -> Iterator[Attachment]:
    for number, path in enumerate(files):
        status = path.lstat()
        problem = "many" if number >= MOST else _problem(path, status.st_size)
        if problem:
            yield Attachment(path.name, size=status.st_size, problem=problem)
            continue
        try:
            copy = take_copy(Candidate(agency, path, Identity.of(status)), home)
        except ChangedError:
            yield Attachment(path.name, size=status.st_size, problem="changing")
        else:
            yield Attachment(path.name, copy.sha256, copy.path, copy.size)


def _problem(path: Path, size: int) -> str:
    if path.is_symlink() or not path.is_file():
        return "odd"
    if size == 0:
        return "empty"
    if size > LARGEST:
        return "size"
    begins = _BEGINNINGS.get(safe_suffix(path.name))
    if begins is None:
        return "type"
    with path.open("rb") as file:
        return "" if file.read(8).startswith(begins) else "type"
