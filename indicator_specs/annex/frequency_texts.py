"""How often an annex wants a figure: ``tháng/quý``, ``quý;6T;9T;năm``, ``2 năm/lần``."""

import re
from typing import NamedTuple

from indicator_specs.annex.words import folded
from indicator_specs.periods import Frequency

_FINEST_FIRST: tuple[Frequency, ...] = ("weekly", "monthly", "quarterly", "half_yearly", "nine_monthly", "yearly")
_WORDS: tuple[tuple[str, Frequency], ...] = (
    (r"(6|sau) ?(thang|t)( dau nam)?|nua nam|ban nien", "half_yearly"),
    (r"(9|chin) ?(thang|t)( dau nam)?", "nine_monthly"),
    (r"(1 ?|hang |moi )?tuan", "weekly"),
    (r"(3|ba) ?thang|(1 ?|hang |moi |theo )?quy|q", "quarterly"),
    (r"(1 ?|hang |moi |theo )?thang|t|1t", "monthly"),
    (r"(1 ?|hang |moi |theo )?nam|n|thuong nien|1 nam( 1)? lan|12 ?(thang|t)", "yearly"),
    (r"\d+( ?- ?\d+)? ?nam", "yearly"),
)


class FrequencyReading(NamedTuple):
    """The frequencies that a text names, finest first, and whether anything in it stayed unread.

    ``is_sparse``: a figure only every few years, which is a yearly one with gaps.
    """

    found: tuple[Frequency, ...]
    is_sparse: bool = False
    unread: str = ""


def frequencies(text: str) -> FrequencyReading:
    """Read a cell; what stands in brackets explains and is passed over."""
    plain = re.sub(r"\([^()]*\)", " ", folded(text))
    plain = re.sub(r"(?<=nam)/lan|1 lan/|(?<=thang)/lan|(?<=quy)/lan|/1 lan|(?<=nam) (1|mot) lan", " ", plain)
    found: set[Frequency] = set()
    is_sparse, unread = False, []
    for part in filter(None, (each.strip(" .") for each in re.split(r"[;,/+&\n]|\bva\b|\bhoac\b", plain))):
        word = re.sub(r"^(bao cao|dinh ky|cong bo) ", "", part)
        meaning = next((each for pattern, each in _WORDS if re.fullmatch(pattern, word)), None)
        if meaning is None:
            unread.append(part)
            continue
        found.add(meaning)
        is_sparse = is_sparse or bool(re.fullmatch(r"([2-9]|\d\d)( ?- ?\d+)? ?nam", word))
    return FrequencyReading(tuple(each for each in _FINEST_FIRST if each in found), is_sparse, ", ".join(unread))
