"""Units of measurement by the names that annexes give them, and by the things that a measure's name counts."""

import re

from indicator_specs.annex.words import folded
from indicator_specs.units import RETIRED, UNITS

_OTHER_NAMES = {
    "percent": ("%", "phan tram", "ti le %", "ty le %", "%/nam", "% nam", "% gdp", "% grdp", "% dan so"),
    "rank": ("thu bac", "thu hang", "hang", "vi tri", "xep hang", "bac"),
    "person": ("nguoi", "luot nguoi", "cong dan", "lao dong", "nhan luc", "chuyen gia"),
    "enterprise": ("doanh nghiep", "dn"),
    "dossier": ("ho so", "hs"),
    "organisation": ("to chuc",),
    "article": ("bai bao", "bai"),
    "times": ("lan",),
    "score_0_100": ("diem/100", "thang diem 100", "diem (thang 100)"),
    "score_0_1": ("0..1", "0-1", "thang 0-1", "diem (thang 0-1)"),
    "billion_vnd": ("ty dong", "ti dong", "ty vnd"),
    "million_vnd": ("trieu dong", "trieu vnd"),
    "million_usd": ("trieu usd", "trieu do la my", "trieu do"),
    "usd_per_person": ("usd/nguoi", "usd/nguoi/nam"),
    "million_vnd_per_person": ("trieu dong/nguoi", "trieu dong/nguoi/nam"),
    "person_per_10000": ("nguoi/van dan", "nguoi/1 van dan", "nguoi/10.000 dan", "nguoi/10000 dan"),
    "person_per_million": ("nguoi/trieu dan", "nguoi/1 trieu dan"),
    "year": ("nam", "tuoi"),
    "gbps": ("gb/s", "gbps"),
}
_AMBIGUOUS = frozenset({"diem"})
"""Points are of 1, of 100 or of 1,000: the symbol does not say."""
_COUNTED = {
    "person": ("dan so", "nguoi", "lao dong", "cong dan", "nhan luc", "can bo", "thue bao ca nhan"),
    "household": ("ho gia dinh", "so ho"),
}


def _names() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for unit in UNITS.values():
        if unit.code not in RETIRED:
            for name in (unit.code, unit.label_vi, unit.label_en, unit.symbol, *_OTHER_NAMES.get(unit.code, ())):
                if name:
                    names.setdefault(_key(name), set()).add(unit.code)
    return names


def _key(name: str) -> str:
    return re.sub(r"\s*([/%])\s*", r"\1", folded(name)).strip(" .")


def units_named(text: str) -> tuple[str, ...]:
    """Codes of the units that a cell can mean: none, one, or several that the caller must not choose from."""
    key = _key(text)
    if key in _AMBIGUOUS:
        return tuple(sorted(code for code, unit in UNITS.items() if _key(unit.symbol) == key))
    found = _NAMES.get(key) or _NAMES.get(_key(re.sub(r"\([^()]*\)", " ", text)), set())
    if not found and re.match(r"(%|phan tram) ?(?:tren )?[a-z]", key):
        return ("percent",)
    return tuple(sorted(found))


def unit_counted(name: str) -> tuple[str, bool]:
    """The unit of what a measure's name counts, and whether the name says it outright.

    ``Số hồ sơ …`` counts dossiers; ``Dân số …`` counts people, which a person confirms. Empty where no word says it.
    """
    words = folded(name)
    head = re.match(r"(?:tong )?so (?:luong |luot )?(.*)", words)
    for unit in UNITS.values():
        if head and unit.is_count and re.match(rf"{re.escape(folded(unit.label_vi))}\b", head[1]):
            return unit.code, True
    counted = head[1] if head else words
    for code, nouns in _COUNTED.items():
        if any(counted.startswith(noun) or words.startswith(noun) for noun in nouns):
            return code, False
    return "", False


_NAMES = _names()
