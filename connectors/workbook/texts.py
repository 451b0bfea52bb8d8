"""Free text of officers: checked, with personal data masked; never cut, never interpreted.

The marks by which a classified document is known are here too: such a file is not read any further.
"""

import re
import unicodedata

LONGEST = 32_767
"""Characters of one cell that Excel can hold; longer text comes from programs and would be cut without a word."""

_PERSONAL = re.compile(
    r"""(?<![\d.,])(?:
        0\d{11}                                   # citizen identity number, Circular 59/2021/TT-BCA
      | (?:\+84|0)[35789](?:[ .-]?\d){8}          # mobile telephone
    )(?![\d])
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+""",
    re.VERBOSE,
)
_CLASSIFIED = re.compile(
    r"(?:độ\s+mật\s*[:：]\s*)?(?:tuyệt\s+mật|tối\s+mật|mật)|(?:độ\s+mật)\s*[:：]\s*\S+", re.IGNORECASE
)
"""Marks of Circular 24/2020/TT-BCA, as the whole text of a cell: the word *mật* within a sentence is no mark."""


def checked_text(text: str) -> tuple[str, str, str]:
    """The text with personal data masked, the rule that it breaks, and what was found; the last two may be empty."""
    if len(text) > LONGEST:
        return "", "E-TEXT-LONG", f"{len(text)} kí tự"
    strange = {mark for mark in text if unicodedata.category(mark) in {"Cc", "Cs"} and mark not in "\n\r\t"}
    if strange:
        shown = ", ".join(f"U+{ord(mark):04X}" for mark in sorted(strange)[:5])
        return "", "E-TEXT-CONTROL", shown
    masked, count = _PERSONAL.subn(lambda match: "•" * len(match.group()), text)
    return masked, "W-PERSONAL-DATA" if count else "", f"{count} chỗ" if count else ""


def is_classified(text: str) -> bool:
    """Whether a cell carries the mark of a classified document and nothing else."""
    plain = unicodedata.normalize("NFC", " ".join(text.split())).strip(" .*-–[]()")
    return len(plain) <= 40 and _CLASSIFIED.fullmatch(plain) is not None and plain not in {"mật"}
