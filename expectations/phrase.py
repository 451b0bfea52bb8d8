"""The shape of a wording. Only the shape."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """The wording of one rule."""

    found: str
    expected: str
    vi: str
    en: str


def gathered(vi: str, en: str, expected: str = "") -> Phrase:
    """One sentence for all the values that a rule caught."""
    return Phrase("{count} giá trị: {where}", expected, vi, en)
