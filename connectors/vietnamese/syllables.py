"""Whether a word can be a Vietnamese syllable: the measure by which readings of an unknown encoding are told apart.

Spelling only; says nothing about meaning. Foreign and minority names may fail, so shares count, not single words.
"""

import re
import unicodedata

from indicator_specs.names import TONES

_INITIAL = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_NUCLEUS = (
    "oai|oay|oeo|uôi|uây|uya|uyê|uyu|iêu|yêu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|ua|uâ|uê|ui|uô|"
    "uơ|uy|ưa|ưi|ươ|ưu|yê|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(rf"(?:{_INITIAL})?(?:{_NUCLEUS})(?P<final>ch|ng|nh|c|k|m|n|p|t)?")
_STOPPED = {"c", "ch", "k", "p", "t"}
_FALLING = {"\u0300", "\u0303", "\u0309"}
"""Grave, tilde and hook do not stand on a syllable that ends in a stop."""
_SIGN = r"[^\w\s.,;:()/|+&'’\"%–—-]"
_STRANGE = re.compile(rf"(?<=[^\W\d_]){_SIGN}|{_SIGN}(?=[^\W\d_])")
"""A sign that touches a letter and is none of those that do so in ordinary text."""
_WORD = re.compile(r"[^\W\d_]+")
_UNICODE_ONLY = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")


def is_syllable(word: str) -> bool:
    """Whether a word is spelt as a Vietnamese syllable: in small letters, capitals, or with one capital first."""
    if word not in {word.lower(), word.upper(), word.capitalize()}:
        return False
    letters = unicodedata.normalize("NFD", word.casefold())
    tones = [mark for mark in letters if mark in TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in TONES))
    match = _SYLLABLE.fullmatch(plain)
    if match is None or len(tones) > 1:
        return False
    return not (tones and tones[0] in _FALLING and match["final"] in _STOPPED)


def accented_words(text: str) -> list[str]:
    """The words of a text that hold more than ASCII letters, in NFC."""
    return [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]


def share_of_syllables(text: str) -> float:
    """How many of a text's accented words are syllables, from 0 to 1; 1 where there are none.

    Signs that stand between letters and are no letters (``®``, ``µ`` beside others) count against it.
    """
    words = accented_words(text)
    strange = len(_STRANGE.findall(text))
    if not words and not strange:
        return 1.0
    return sum(map(is_syllable, words)) / (len(words) + strange)


def has_unicode_vietnamese(text: str) -> bool:
    """Whether a text holds letters that no old 8-bit font could show: it is Unicode already."""
    return _UNICODE_ONLY.search(unicodedata.normalize("NFC", text)) is not None
