"""A free text that says how an indicator is computed, read as one fraction where it is one.

Only a single numerator over a single denominator is taken; whatever else stands there is for a person to write.
"""

import re
from typing import NamedTuple

from indicator_specs.annex.words import composed, folded

_FACTOR = re.compile(
    r"[\s)]*(?:[x×*]|nhân(?: với)?)\s*(?P<factor>1\.?0{1,2}(?:\.?0{3})*)\s*(?:%|‰)?\s*[.;]?\s*$", re.IGNORECASE
)
_LEADING_FACTOR = re.compile(r"^\s*(?P<factor>1\.?0{1,2}(?:\.?0{3})*)\s*%?\s*[x×*]\s*", re.IGNORECASE)
_OVER = re.compile(r"\s+/\s+|\)\s*/\s*|\s*/\s*\(|\s*÷\s*|\s+chia (?:cho )?|\n\s*[-—–_]{3,}\s*\n", re.IGNORECASE)
_NAMED = re.compile(
    r"tử số\s*(?:là|:|=)\s*(?P<numerator>.+?)[.;,\n]\s*mẫu số\s*(?:là|:|=)\s*(?P<denominator>.+?)[.;]?$",
    re.IGNORECASE | re.DOTALL,
)
_ARITHMETIC = re.compile(r"[=^√∑]|\s[+×*÷/]\s|\s[-–]\s|\bsqrt\b|\bAVG\b|\bSUM\b|\bCOUNT\b")


class Ratio(NamedTuple):
    """A numerator, a denominator and the factor before them."""

    numerator: str
    denominator: str
    factor: int


def ratio(text: str) -> Ratio | None:
    """The fraction that a text describes, if it describes exactly one."""
    plain = "\n".join(composed(line) for line in text.splitlines())
    named = _NAMED.search(plain)
    if named:
        times = re.search(r"[x×*]\s*(1\.?0{1,2}(?:\.?0{3})*)", plain)
        return _made(named["numerator"], named["denominator"], times[1] if times else "100")
    _, equals, rest = plain.partition("=")
    body = rest if equals and "=" not in rest else plain
    body = re.sub(r"^\s*(?:công thức|cách tính|phương pháp tính)\s*:", "", body, flags=re.IGNORECASE).strip()
    factor = "1"
    for pattern in (_FACTOR, _LEADING_FACTOR):
        match = pattern.search(body)
        if match:
            factor, body = match["factor"], pattern.sub("", body).strip()
    parts = _OVER.split(body)
    return _made(parts[0], parts[1], factor) if len(parts) == 2 else None


def _made(numerator: str, denominator: str, factor: str) -> Ratio | None:
    above, below = (part.strip(" ()[].;,:\n") for part in (numerator, denominator))
    for part in (above, below):
        if not re.match(r"[^\W\d_]", part) or _ARITHMETIC.search(f" {part} ") or len(part) > 300 or ";" in part:
            return None
    if folded(above) == folded(below):
        return None
    return Ratio(composed(_capital(above)), composed(_capital(below)), int(factor.replace(".", "")))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
