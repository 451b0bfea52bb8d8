"""What a target cell asks: ``>80``, ``40–50``, ``≥3, tăng dần``, ``≤3 ĐNÁ; ≤50 TG``, ``hoàn thành``.

Reads each clause into an aim, or says that it could not; whose aim it is and for when, the row and the column say.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from indicator_specs.annex.numerals import number
from indicator_specs.annex.words import composed, folded

Kind = Literal["reach", "each_year", "average_of_period", "added_since", "keep", "rising", "assessed"]
_NUMBER = r"\d+(?:[.,]\d+)*(?: \d{3})*"
_OPERATORS = (
    (">=", r"≥|⩾|>=|=>|it nhat|toi thieu|khong thap hon|khong duoi|khong it hon|tu"),
    (">", r">|tren|hon|lon hon|vuot|cao hon"),
    ("<=", r"≤|⩽|<=|=<|toi da|khong qua|khong vuot qua|khong cao hon"),
    ("<", r"<|duoi|thap hon|nho hon|it hon"),
    ("=", r"=|bang"),
)
_ANY = "|".join(pattern for _, pattern in _OPERATORS)
_AIM = re.compile(
    rf"(?P<about>khoang|~)? ?(?P<operator>{_ANY})? ?(?P<low>{_NUMBER})(?: ?%)?"
    rf"(?: ?(?:-|~|den) ?(?P<high>{_NUMBER}))?(?P<tail>.*)"
)
_RANKED = re.compile(
    r"(?:top|(?:trong |thuoc )?nhom|xep thu|thu hang|hang|thu) ?(?P<low>\d+)"
    r"(?: ?(?:nuoc|quoc gia|nen kinh te|vi tri))?(?: dung dau| dan dau| hang dau)?(?P<tail>.*)"
)
_REGIONS = (("sea", r"dna|dong nam a|asean"), ("world", r"tg|the gioi|toan cau"))
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("rising", r"tang dan|nam sau cao hon nam truoc|tang qua cac nam"),
    ("keep", r"duy tri|giu vung"),
    ("average_of_period", r"binh quan(?: giai doan)?|trung binh giai doan"),
    ("each_year", r"hang nam|moi nam"),
    ("added_since", r"tang them|bo sung them|thu hut them|them"),
)
_FILLERS = r"\b(?:dat|phan dau|muc|phai|la)\b"
_NOTHING = frozenset({"", "-", "x", "...", "/", "khong", "chua giao", "n/a"})


@dataclass(frozen=True)
class Aim:
    """One clause of a target cell.

    ``operator`` is empty where the text gives none; ``source`` is the document that it names; ``region`` says among
    whom a rank counts; ``per_year`` that the number is for each year, or on average: the text does not tell which;
    ``tail`` is what follows the number, for the row's unit to explain. ``unread`` holds a clause not understood.
    """

    kind: Kind = "reach"
    operator: str = ""
    value: Decimal | None = None
    value_high: Decimal | None = None
    region: str = ""
    source: str = ""
    per_year: bool = False
    tail: str = ""
    unread: str = ""


def aims(text: str) -> tuple[Aim, ...]:
    """Every aim of a cell, in its order; none for a cell that says nothing."""
    if folded(text) in _NOTHING:
        return ()
    found: list[Aim] = []
    for clause in re.split(r"[;\n]|,(?!\d)(?![^()]*\))", text):
        if folded(clause) not in _NOTHING:
            found.extend(_clause(composed(clause)))
    return tuple(found)


def _clause(clause: str) -> list[Aim]:
    core, notes = re.sub(r"\([^()]*\)", " ", clause), re.findall(r"\(([^()]*)\)", clause)
    found, source = [], ""
    for note in notes:
        named = re.fullmatch(r"(?P<document>[^:<>≥≤=]+): ?(?P<aim>.*\d.*)", note.strip())
        if named:
            found.append(_aim(named["aim"], named["document"].strip()))
        else:
            source = "; ".join(filter(None, (source, note.strip())))
    return [_aim(core, source), *found]


def _aim(text: str, source: str) -> Aim:
    plain = re.sub(r"\s+", " ", re.sub(_FILLERS, " ", folded(text))).strip(" .:")
    kind: Kind = "reach"
    for each, pattern in _KINDS:
        if re.search(rf"\b(?:{pattern})\b", plain):
            kind, plain = each, re.sub(rf"\b(?:{pattern})\b", " ", plain).strip()
            break
    if kind == "rising" and not re.search(r"\d", plain):
        return Aim("rising", source=source)
    if not re.search(r"\d", plain):
        return Aim("assessed", source=source, tail=composed(text).strip(" .:;,"))
    ranked = _RANKED.fullmatch(plain)
    match = ranked or _AIM.fullmatch(plain)
    if match is None or (not ranked and match["about"]):
        return Aim(unread=composed(text))
    tail, region = _region(match["tail"].strip())
    per_year = bool(re.search(r"/ ?nam\b", tail))
    tail = re.sub(r"/ ?nam\b", "", tail).strip(" .")
    operator = "<=" if ranked else _operator(match["operator"] or "")
    operator, tail = _upward(operator, tail)
    low = number(match["low"])
    high = number(match["high"]) if not ranked and match["high"] else None
    wrong = low is None or (not ranked and match["high"] and (high is None or operator not in {"", ">="} or high < low))
    if wrong:
        return Aim(unread=composed(text))
    if high is not None:
        operator = "range"
    return Aim(kind, operator, low, high, region, source, per_year, tail)


def _operator(words: str) -> str:
    return next((sign for sign, pattern in _OPERATORS if words and re.fullmatch(pattern, words)), "")


def _upward(operator: str, tail: str) -> tuple[str, str]:
    """``từ 80 trở lên``: the operator stands behind the number."""
    for words, sign in (("tro len", ">="), ("tro xuong", "<=")):
        if tail.endswith(words):
            return sign, tail.removesuffix(words).strip()
    return operator, tail


def _region(tail: str) -> tuple[str, str]:
    for region, pattern in _REGIONS:
        if re.search(rf"\b(?:{pattern})\b", tail):
            return re.sub(rf"\b(?:o |tai |trong |khu vuc )*(?:{pattern})\b", "", tail).strip(), region
    return tail, ""
