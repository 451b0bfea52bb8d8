"""Vietnamese texts as plain words: for comparing what people type, and for making ids."""

import re
import unicodedata

_SIGNS = str.maketrans({"đ": "d", "–": "-", "—": "-", "−": "-", "‑": "-", "×": "x", "\u00a0": " ", "…": "..."})
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_LINKING = {"va", "cua", "cac", "nhung", "trong", "tren", "duoc", "tai", "theo"}


def composed(text: str) -> str:
    """The text in composed form, spaces of any kind made single: what specifications hold."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def folded(text: str) -> str:
    """Small letters without marks: ``Đơn vị tính`` → ``don vi tinh``."""
    plain = composed(text).casefold().translate(_SIGNS)
    letters = unicodedata.normalize("NFD", plain)
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def squashed(text: str) -> str:
    """Letters and digits only: ``Bộ KH&CN`` and ``bộ KHCN`` alike."""
    return re.sub(r"[^a-z0-9]", "", folded(text))


def identifier(text: str, longest: int = 48) -> str:
    """A name as an id: ``Tỷ lệ hộ nghèo (%)`` → ``ti_le_ho_ngheo``; empty where no letter is left.

    What stands in brackets and linking words are dropped, and the end is cut between words.
    """
    plain = re.sub(r"\bt[yi] (le|trong|suat)\b", r"ti_\1", folded(re.sub(r"\([^()]*\)", " ", text)))
    words = re.findall(r"[a-z0-9_]+", plain)
    kept = [word for place, word in enumerate(words) if place == 0 or word not in _LINKING]
    first = next((place for place, word in enumerate(kept) if word[0].isalpha()), len(kept))
    kept = kept[first:] + kept[:first] if first < len(kept) else []
    made = ""
    for word in kept:
        if made and len(made) + 1 + len(word) > longest:
            break
        made = f"{made}_{word}" if made else word[:longest]
    return made
