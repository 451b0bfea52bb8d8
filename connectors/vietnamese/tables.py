"""What the bytes of two old Vietnamese encodings mean, as they appear when read as Windows-1252.

TCVN 5712:1993, third table (fonts ``.Vn…``): one sign a letter; capitals with marks live in fonts whose names end in
``H``. VNI-Windows (fonts ``VNI-…``): a letter and a sign for its marks. Checked against a published budget table of
2003, of which 59 of 61 province names came out as known names.
"""

TCVN3: dict[int, str] = {
    ord(sign): letter
    for sign, letter in zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
}
"""Sign → letter. Some programs turn the soft hyphen into a minus."""
TCVN3[0x2212] = "ư"

_PLAIN_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_ROUND = {"â": "\u0302"} | {
    sign: "\u0302" + tone for sign, tone in zip("áàåãä", "\u0301\u0300\u0309\u0303\u0323", strict=True)
}
_SHORT = {"ê": "\u0306"} | {
    sign: "\u0306" + tone for sign, tone in zip("éèúüë", "\u0301\u0300\u0309\u0303\u0323", strict=True)
}


def _vni() -> dict[str, str]:
    """Sequence → letters with combining marks, small and capital."""
    marks = {letter: dict(_PLAIN_TONES) for letter in "aeouyôö"}
    for letter in "aeo":
        marks[letter] |= _ROUND
    marks["a"] |= _SHORT
    bases = {"ô": "ơ", "ö": "ư"}
    pairs = {
        letter + sign: bases.get(letter, letter) + mark
        for letter, signs in marks.items()
        for sign, mark in signs.items()
    }
    singles = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    small = pairs | singles
    capital = {key.upper(): value.upper() for key, value in small.items()}
    mixed = {key[0].upper() + key[1]: value.upper() for key, value in pairs.items()}
    return small | capital | mixed


VNI: dict[str, str] = _vni()
"""Sequence of one or two signs → letter (marks as combining characters)."""
