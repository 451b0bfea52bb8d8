"""Names of org units, and the nearest known code to a wrong one.

A guess is only ever offered as a question; nothing is mapped silently.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from expectations import canonical
from expectations.rendering import Both
from expectations.terms import Terms
from indicator_specs.names import name_key

_LOOKALIKES = str.maketrans("АВСЕНКМОРТХУІЅЈΑΒΕΗΙΚΜΝΟΡΤΧΖ", "ABCEHKMOPTXYISJABEHIKMNOPTXZ")
"""Cyrillic and Greek capitals that look like Latin ones."""
_LETTERS_FOR_DIGITS = str.maketrans("OIL", "011")
_LIKE_ENOUGH = 0.75
_MOST_CHOICES = 6
_MOST_GUESSES = 200
"""Distinct wrong codes that are compared with the whole list; a file full of them is the wrong file."""

_ASK_VI = "Đề nghị đơn vị dùng đúng mã in sẵn trên biểu mẫu."
_ASK_EN = "Please use the codes printed on the form."


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing names: ``Hoà Bình``, ``Hòa Bình`` and ``hoa binh`` are alike."""
    plain = unicodedata.normalize("NFD", canonical.tidy(text).lower().replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


@dataclass
class Guesser:
    """Knows names and nearest codes for one dataset.

    ``names`` has every known org unit; ``candidates`` the codes of the units that the dataset is about;
    ``own`` those for which each agency reports; ``successor_codes`` what became of units that ceased.
    """

    terms: Terms
    names: Mapping[str, Both]
    candidates: tuple[str, ...]
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    successor_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _made: dict[tuple[str, str, str], tuple[str, Both] | None] = field(default_factory=dict)

    def unit(self, code: str | None) -> Both:
        """``Phường Ba Đình (C00004)``; the bare code where it is not known."""
        name = self.names.get(code or "")
        if name is None:
            return Both(code or "(để trống)", code or "(blank)")
        return Both(f"{name.vi} ({code})", f"{name.en or name.vi} ({code})")

    def nearest(self, key: str, written: str | None, agency: str | None) -> dict[str, object]:
        """Facts ``guess`` (a question, or advice to use the printed codes) and ``nearest`` (for what is expected)."""
        choices = self._homonyms(written or "", agency or "") if key == "org_unit" else ()
        if len(choices) > 1:
            units = [self.unit(code) for code in choices]
            said = Both(
                f"Tên này có thể là: {'; '.join(unit.vi for unit in units)}. {_ASK_VI}",
                f"The name may mean: {'; '.join(unit.en for unit in units)}. {_ASK_EN}",
            )
            return {"guess": said, "nearest": Both(f": {', '.join(choices)}", f": {', '.join(choices)}")}
        found = self._nearest(key, written or "", agency or "")
        if found is None:
            return {"guess": Both(_ASK_VI, _ASK_EN), "nearest": Both("", "")}
        code, name = found
        said = Both(f"Có phải là {name.vi}? {_ASK_VI}", f"Is it {name.en}? {_ASK_EN}")
        return {"guess": said, "nearest": Both(f"; gần nhất: {code}", f"; nearest: {code}")}

    def successors(self, code: str) -> Both:
        """``Đơn vị kế thừa: …`` or nothing."""
        units = [self.unit(one) for one in self.successor_codes.get(code, ())]
        if not units:
            return Both("", "")
        return Both(
            f"Đơn vị kế thừa: {', '.join(unit.vi for unit in units)}.",
            f"Successors: {', '.join(unit.en for unit in units)}.",
        )

    def _homonyms(self, written: str, agency: str) -> tuple[str, ...]:
        """Units that share the written name; those of the agency if they are among them."""
        if not written or written.upper() in self.names:
            return ()
        codes = self._by_key.get(name_key(written), ())
        own = set(self.own.get(agency, ()))
        return tuple(code for code in codes if code in own) or tuple(codes)[:_MOST_CHOICES]

    @cached_property
    def _by_key(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code in self.candidates:
            if code in self.names:
                found.setdefault(name_key(self.names[code].vi), []).append(code)
        return found

    def _nearest(self, key: str, written: str, agency: str) -> tuple[str, Both] | None:
        asked = (key, written, agency)
        if asked not in self._made:
            if len(self._made) >= _MOST_GUESSES or not written:
                return None
            self._made[asked] = self._look(key, written, agency)
        return self._made[asked]

    def _look(self, key: str, written: str, agency: str) -> tuple[str, Both] | None:
        if key == "measure":
            names = {measure: of.name for measure, of in self.terms.measures.items()}
            code = _closest(canonical.tidy(written), names)
            return (code, Both(f"{names[code].vi} ({code})", f"{names[code].en} ({code})")) if code else None
        codes = self.own.get(agency) or self.candidates
        wanted = canonical.org_unit_code(written).translate(_LOOKALIKES)
        code = wanted if wanted in self.names else _with_zeros(wanted, codes)
        code = code or _closest(wanted, codes) or self._by_name(written, codes)
        return (code, self.unit(code)) if code else None

    def _by_name(self, written: str, codes: Iterable[str]) -> str | None:
        by_name = {fold(self.names[code].vi): code for code in codes if code in self.names}
        name = _closest(fold(written), by_name)
        return by_name[name] if name else None


def _with_zeros(code: str, codes: Iterable[str]) -> str | None:
    """``C3`` and ``C0003`` are most likely ``C00003``: spreadsheets eat zeros, and so do hands."""
    letter, number = code[:1], code[1:].translate(_LETTERS_FOR_DIGITS)
    if not number.isdecimal():
        return None
    return next((one for one in codes if one[:1] == letter and one[1:].lstrip("0") == number.lstrip("0")), None)


def _closest(word: str, words: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(words), 1, _LIKE_ENOUGH)), None)
