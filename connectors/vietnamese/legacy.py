"""Text of before Unicode: which encoding it is in, and what it says.

Evidence is the name of the font, then spelling. What reads well in two ways is said to be ambiguous; ASCII is never
touched, so that numbers stay as they are.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from connectors.vietnamese.syllables import has_unicode_vietnamese, share_of_syllables
from connectors.vietnamese.tables import TCVN3, VNI

Encoding = Literal["unicode", "tcvn3", "vni", "utf8_twice"]

NAMES: dict[str, str] = {
    "unicode": "Unicode",
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
    "utf8_twice": "UTF-8 mã hoá hai lần",
}
"""Encodings as officers call them."""

_PLAUSIBLE = 0.75
"""Share of accented words that must be syllables: minority and foreign names are not."""
_VNI_SEQUENCE = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_CAPITAL_FONT = re.compile(r"\.vn.*h\d*", re.IGNORECASE)


@dataclass(frozen=True)
class TextReading:
    """What a text says once its encoding is known.

    ``other`` is set where the text reads equally well in a second way: nobody may choose silently.
    """

    text: str
    encoding: Encoding
    other: str = ""


def decode(text: str, encoding: Encoding) -> str:
    """The text in Unicode, NFC."""
    if encoding == "tcvn3":
        text = text.translate(TCVN3)
    elif encoding == "vni":
        text = _VNI_SEQUENCE.sub(lambda match: VNI[match.group()], text)
    elif encoding == "utf8_twice":
        text = _once(text)
    return unicodedata.normalize("NFC", text)


def encoding_of_font(font: str) -> Encoding:
    """What a font was made for."""
    lowered = font.casefold()
    if lowered.startswith("vni"):
        return "vni"
    return "tcvn3" if lowered.startswith((".vn", "vn")) else "unicode"


def read_text(text: str, font: str = "", usual: Encoding | None = None) -> TextReading:
    """Read one text.

    Args:
        text: As the file has it.
        font: The font of its cell, empty where none is known or it is an ordinary one.
        usual: The encoding that the rest of the sheet is in, for texts too short to tell.
    """
    if text.isascii() or has_unicode_vietnamese(text):
        return TextReading(text, "unicode")
    by_font = encoding_of_font(font) if font else "unicode"
    plausible = _plausible(text)
    if by_font != "unicode" and by_font in (plausible or {by_font: ""}):
        shown = decode(text, by_font)
        return TextReading(shown.upper() if _CAPITAL_FONT.fullmatch(font) else shown, by_font)
    if not plausible:
        return TextReading(text, "unicode")
    if usual in plausible:
        return TextReading(plausible[usual], usual)
    first, *others = plausible
    if first == "unicode" and usual is None:
        return TextReading(text, "unicode")
    other = next((plausible[each] for each in others), "")
    return TextReading(plausible[first], first, other)


def usual_encoding(texts: list[str]) -> Encoding | None:
    """The one encoding that a sheet's clear texts are in; None where they differ or nothing is clear."""
    found: set[Encoding] = set()
    for text in texts:
        if has_unicode_vietnamese(text):
            found.add("unicode")
        elif not text.isascii():
            plausible = _plausible(text)
            if len(plausible) == 1:
                found.update(plausible)
    return found.pop() if len(found) == 1 else None


def _plausible(text: str) -> dict[Encoding, str]:
    """Readings that are spelt well, the best first; equals in the order of ``NAMES``."""
    scored: list[tuple[float, Encoding, str]] = []
    encodings: tuple[Encoding, ...] = ("unicode", "utf8_twice", "tcvn3", "vni")
    for encoding in encodings:
        shown = decode(text, encoding)
        if encoding == "unicode" or shown != unicodedata.normalize("NFC", text):
            scored.append((share_of_syllables(shown), encoding, shown))
    best = max(score for score, _, _ in scored)
    if best < _PLAUSIBLE:
        return {}
    return {encoding: shown for score, encoding, shown in scored if score == best}


def _once(text: str) -> str:
    """``HÃ  Ná»™i`` → ``Hà Nội``: bytes of UTF-8 that a program took for Windows-1252."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
