"""Who an annex means by ``Bộ KH&CN (trước 01/3/2025: Bộ TT&TT)``: codes of org units, or classes of bodies.

A body that has ended is followed to its successor through the events of the reference tables, and that is said.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property

from indicator_specs.annex.words import composed, folded, squashed
from indicator_specs.meaning import ROLES
from indicator_specs.reference import Reference

_CLASSES = {
    "ministries": (
        r"cac bo|(cac )?bo,? nganh( lien quan)?|cac bo,? co quan ngang bo.*|cac bo lien quan|"
        r"cac bo, co quan trung uong|cac bo,? nganh,? trung uong"
    ),
    "provinces": (
        r"(ubnd )?cac (tinh|dia phuong).*|(ubnd )?(cap )?tinh|dia phuong|ubnd cap tinh|uy ban nhan dan cac tinh.*|"
        r"cac dia phuong|tinh, thanh pho.*|thanh pho truc thuoc trung uong|thanh pho"
    ),
    "communes": r"(ubnd )?(cac )?(cap )?xa(, phuong.*)?|ubnd cap xa|cac xa, phuong.*",
    "helper_team": r"to giup viec.*",
    "steering_committee": r"ban chi dao( trung uong)?",
}
_BEFORE = re.compile(r"^(?:truoc|truoc day|nguyen)(?: ngay)? ?(?:(\d{1,2})[/-](\d{1,2})[/-](\d{4}))? ?:? ?(?:la )?")
_PREFIX = re.compile(r"^(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+", re.IGNORECASE)
_CENTRAL = ("ministry", "agency", "party_body")


@dataclass(frozen=True)
class Body:
    """One body of a cell.

    ``code`` is an org unit or a class of bodies; empty where it is unknown, or where ``choices`` are several.
    ``before`` is the body that bore the duty until ``until``; ``said`` what was concluded on the way.
    """

    text: str
    code: str = ""
    choices: tuple[str, ...] = ()
    before: str = ""
    until: date | None = None
    said: str = ""


class Agencies:
    """Finds bodies by what people call them."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference

    def bodies(self, text: str) -> tuple[Body, ...]:
        """Every body that a cell names, in its order."""
        parts = [part.strip(" ,.;-") for part in re.split(r"[;\n]|→|->", _outside(text, ";"))]
        return tuple(body for part in parts if part for body in self._part(part.replace("\0", ";")))

    def _part(self, part: str) -> list[Body]:
        whole = self._body(part)
        if whole.code or whole.choices:
            return [whole]
        joined = re.sub(r"\bbộ,? ngành\b", "bộ ngành", part, flags=re.IGNORECASE)
        pieces = [each.strip() for each in re.split(r",|/|\bvà\b|\s&\s", _outside(joined, ",/"))]
        pieces = [each.replace("\0", ",") for each in pieces if each]
        if len(pieces) < 2:
            return [whole]
        split = [self._body(piece) for piece in pieces]
        return split if any(body.code for body in split) else [whole]

    def _body(self, text: str) -> Body:
        name = composed(re.sub(r"\([^()]*\)", " ", text))
        codes = self._codes(name)
        if len(codes) != 1:
            return Body(composed(text), choices=codes or self._near(name))
        if codes[0] in ROLES:
            return Body(composed(text), codes[0])
        code, said = self._successor(codes[0])
        before, until = self._predecessor(re.findall(r"\(([^()]*)\)", text), code)
        return Body(composed(text), code, before=before, until=until, said=said)

    def _codes(self, name: str) -> tuple[str, ...]:
        plain = folded(name)
        for role, pattern in _CLASSES.items():
            if re.fullmatch(pattern, plain):
                return (role,)
        for each in (name, name.replace("&", " và "), _PREFIX.sub("", name)):
            found = self.reference.resolve(each)
            today = tuple(code for code in found if self.reference.org_units[code].is_of_today)
            if found:
                central = tuple(code for code in today or found if self.reference.org_units[code].kind in _CENTRAL)
                return central or (today or found)
        return tuple(self._squashed.get(squashed(name), ()))

    def _successor(self, code: str) -> tuple[str, str]:
        """Today's body that took over from ``code``, and the events on the way; itself if it still exists."""
        said: list[str] = []
        while not self.reference.org_units[code].is_of_today:
            after = [event for event in self.reference.events if event.from_code == code and event.to_code != code]
            if len({event.to_code for event in after}) != 1:
                break
            event = after[0]
            said.append(f"{code} → {event.to_code} ({event.effective_date:%d/%m/%Y}, {event.legal_basis})")
            code = event.to_code
        return code, "; ".join(said)

    def _predecessor(self, notes: list[str], code: str) -> tuple[str, date | None]:
        for note in notes:
            match = _BEFORE.match(folded(note))
            if match is None:
                continue
            found = self._codes(composed(note[note.find(":") + 1 :] if ":" in note else note[match.end() :]))
            ended = [
                event
                for event in self.reference.events
                if found == (event.from_code,) and event.to_code == code and event.from_code != code
            ]
            if match[1] and len(found) == 1:
                return found[0], date(int(match[3]), int(match[2]), int(match[1])) - timedelta(days=1)
            if ended:
                return ended[0].from_code, ended[0].effective_date - timedelta(days=1)
        return "", None

    def _near(self, name: str) -> tuple[str, ...]:
        keys = get_close_matches(squashed(name), self._squashed, n=3, cutoff=0.7)
        return tuple(dict.fromkeys(code for key in keys for code in self._squashed[key]))

    @cached_property
    def _squashed(self) -> Mapping[str, list[str]]:
        """Central bodies by the letters of their names: abbreviations are typed with and without ``&``."""
        found: dict[str, list[str]] = defaultdict(list)
        for unit in self.reference.org_units.values():
            if unit.kind in _CENTRAL:
                names = {squashed(unit.name_vi), squashed(unit.short_name_vi)}
                for key in (names | {name.removesuffix("vietnam") for name in names}) - {""}:
                    found[key].append(unit.org_unit_code)
        return dict(found)


def _outside(text: str, marks: str) -> str:
    """The text with ``marks`` inside brackets hidden, so that it can be split at the others."""
    inside = 0
    made = []
    for letter in text:
        inside += {"(": 1, ")": -1}.get(letter, 0)
        made.append("\0" if inside > 0 and letter in marks else letter)
    return "".join(made)
