"""Names of files as strangers give them: which are temporary, and what of a name is safe to keep.

A stranger's name is never part of a path as it is; the original stays as metadata in the ledger.
"""

import re
import unicodedata

ANSWERS = "ket_qua"
"""Folder of answers within an agency's folder; never looked through."""

EVIDENCE = "minh_chung"
"""Folder of evidence within an agency's folder."""

_TEMPORARY = re.compile(
    r"""~\$.* | \..* | .*\.(?:part|filepart|tmp|temp|crdownload|partial|download|swp|lnk|url) | .*~
    | thumbs\.db | desktop\.ini | ehthumbs\.db""",
    re.IGNORECASE | re.VERBOSE,
)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_UNSAFE = re.compile(r"[^\w.() -]+")
_LONGEST = 120


def is_temporary(name: str) -> bool:
    """Whether some program is still at work on a file of this name, or keeps house with it."""
    return _TEMPORARY.fullmatch(name) is not None


def safe_suffix(name: str) -> str:
    """The extension with its dot, lower case; empty where it is nothing ordinary."""
    _, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and _SUFFIX.fullmatch(f".{last}") else ""


def safe_name(name: str) -> str:
    """A name for people who look into an archive: letters, digits and ``. _ - ( )`` of the original, NFC.

    At most 120 bytes; never empty, never with a leading dot or dash. Not unique: the caller puts a number first.
    """
    readable = name.encode("utf-8", "replace").decode()
    visible = "".join(mark for mark in readable if unicodedata.category(mark) not in {"Cf", "Cc", "Co", "Cs"})
    suffix = safe_suffix(visible)
    stem = visible[: len(visible) - len(suffix)]
    stem = _UNSAFE.sub("_", unicodedata.normalize("NFC", stem)).lstrip(".-_ ").rstrip("._ ")
    while len(stem.encode()) > _LONGEST - len(suffix):
        stem = stem[:-1]
    return f"{stem or 'tep'}{suffix}"
