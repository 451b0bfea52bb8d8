"""Numbers as annexes print them: a decimal comma, points or spaces between thousands.

``1.234`` has two readings, a thousand apart: it is nobody's to choose here.
"""

import re
from decimal import Decimal

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[. ])\d{3})(?:(?P=mark)\d{3})*(?:,\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")


def number(text: str) -> Decimal | None:
    """The number that a text can only mean; ``None`` where it is none, or may be two."""
    bare = text.strip()
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", bare):
        return None
    if _GROUPED.fullmatch(bare):
        return Decimal(re.sub(r"[. ]", "", bare).replace(",", "."))
    return Decimal(bare.replace(",", ".")) if _PLAIN.fullmatch(bare) else None


def readings(text: str) -> tuple[str, ...]:
    """Both readings of a number that may be two: ``1.234`` → ``1.234`` and ``1234``."""
    bare = text.strip()
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", bare):
        return bare.replace(".", ","), re.sub(r"[.,]", "", bare)
    return ()
