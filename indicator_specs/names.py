"""When two Vietnamese names are the same: letters in composed form, tone marks, đ, spaces, dashes.

Makes keys to compare by; never changes a name that people see, and never drops a tone.
"""

import re
import unicodedata

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Grave, acute, tilde, hook above, dot below."""
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SAME = str.maketrans(
    {"ð": "đ", "Ð": "đ", "Đ": "đ", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "ʼ": "'", "`": "'"}
)


def name_key(name: str) -> str:
    """A key that equal names share: ``Hoà Bình`` and ``HÒA  BÌNH``, composed or decomposed.

    The tone of each word is moved to its end, so that its place over the vowels does not matter.
    """
    plain = unicodedata.normalize("NFC", name).translate(_INVISIBLE).translate(_SAME).casefold()
    plain = re.sub(r"\s*-\s*", " - ", plain)
    return " ".join(_word_key(word) for word in plain.split())


def _word_key(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(letter for letter in letters if letter in TONES))
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES)) + tones
