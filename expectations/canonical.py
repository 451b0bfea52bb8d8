"""Codes and periods in the one form in which they are compared and kept.

Changes notation only, never meaning: a look-alike letter or a neighbouring month is a finding, not a repair. What is
changed here is said to the agency as information.
"""

import re
import unicodedata
from functools import lru_cache

from indicator_specs.periods import Period, PeriodError, parse

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_PERIOD_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), template)
    for pattern, template in (
        # Excel turns a typed 10/2026 into the first day of that month.
        (r"(?P<y>\d{4})-(?P<m>\d{2})-01(?:[ T]00:00(?::00(?:\.0+)?)?)?", "{y}-{m:0>2}"),
        (r"(?:tháng|thang|t)?\s*(?P<m>\d{1,2})\s*(?:[/.-]|năm|nam)\s*(?P<y>\d{4})", "{y}-{m:0>2}"),
        (r"(?P<y>\d{4})\s*[-/.]\s*m?(?P<m>\d{1,2})", "{y}-{m:0>2}"),
        (r"(?:quý|quy|q)\s*(?P<q>[1-4]|i{1,3}|iv)\s*(?:[/.-]|năm|nam)?\s*(?P<y>\d{4})", "{y}-Q{q}"),
        (r"(?P<y>\d{4})\s*[-/]?\s*q(?P<q>[1-4])", "{y}-Q{q}"),
        (r"6\s+tháng\s+đầu\s+năm\s+(?P<y>\d{4})", "{y}-S1"),
        (r"6\s+tháng\s+cuối\s+năm\s+(?P<y>\d{4})", "{y}-S2"),
        (r"(?P<y>\d{4})\s*[-/]?\s*s(?P<s>[12])", "{y}-S{s}"),
        (r"(?:năm|nam)?\s*(?P<y>\d{4})(?:\.0)?", "{y}"),
    )
)


@lru_cache(maxsize=4096)
def tidy(text: str | None) -> str:
    """NFC, no invisible characters, single spaces, none at the ends; empty for None."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text or "")).split())


def org_unit_code(text: str | None) -> str:
    """A code as the reference tables write it: ``" p79"`` is ``P79``; empty where nothing was written."""
    return tidy(text).upper()


@lru_cache(maxsize=4096)
def period(text: str | None) -> Period | None:
    """Read a period in SDMX or in one of the usual Vietnamese forms (``Tháng 9/2026``, ``09/2026``, ``Quý II/2026``).

    Returns:
        None where the text is no period.
    """
    wanted = tidy(text)
    for candidate in (wanted, *_candidates(wanted)):
        try:
            return parse(candidate)
        except PeriodError:
            continue
    return None


def _candidates(text: str) -> list[str]:
    found = []
    for pattern, template in _PERIOD_FORMS:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            if "q" in parts:
                parts["q"] = _ROMAN.get(parts["q"].upper(), parts["q"])
            found.append(template.format(**parts))
    return found
