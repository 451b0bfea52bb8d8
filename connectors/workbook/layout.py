"""Names and codes that the template writes and the reader looks for: agreed here, nowhere else.

Plain values only, so that a layout can be handed to the throw-away child as JSON.
"""

import re
import unicodedata
from typing import TypedDict

DATA_SHEET = "Số liệu"
GUIDE_SHEET = "Hướng dẫn"
RESULT_SHEET = "Kết quả kiểm tra"
STAMP_SHEET = "_chiso"

RESULT_TITLE = "KẾT QUẢ KIỂM TRA TỆP BÁO CÁO"
"""Head of the sheet of results: by it ours is told from an officer's own of the same name."""

_NUMBERED = re.compile(r" \(\d+\)$")

NUMBER = "stt"
ORG_UNIT = "org_unit"
ORG_UNIT_NAME = "org_unit_name"
TIME_PERIOD = "time_period"
EXPLANATION = "explanation"

FIXED_CODES = (NUMBER, ORG_UNIT, ORG_UNIT_NAME, TIME_PERIOD, EXPLANATION)
"""Column codes of every form; the measures' own codes stand between the last two."""

INPUT_COLOUR = "FFFBE6"
"""Background of a cell that may be filled."""

HEADER_WITHIN = 40
"""The row of codes stands in the first rows of a sheet; further down is data."""


class MeasureColumn(TypedDict):
    """One column of figures: ``count`` where a lone dash means that nothing occurred."""

    measure: str
    count: bool


Layout = dict[str, MeasureColumn]
"""Column code → measure, of one form."""

Layouts = dict[str, Layout]
"""Form code → its layout."""


def normal(text: str) -> str:
    """Text for comparison: NFC, no white space at its ends, no invisible characters."""
    # What can be printed, as nearly every text can, has none of those.
    visible = text if text.isprintable() else "".join(m for m in text if unicodedata.category(m) != "Cf")
    return unicodedata.normalize("NFC", visible).strip()


def same_name(name: str) -> str:
    """What names of sheets that programs take for one have in common: neither case nor composition counts."""
    return normal(name).casefold()


def may_be_results(name: str) -> bool:
    """Whether our sheet of results may be called so: it gets a number where an officer has a sheet of its name."""
    return same_name(_NUMBERED.sub("", normal(name))) == same_name(RESULT_SHEET)


def code_of(text: str) -> str:
    """A header cell as a column code."""
    return normal(text).casefold().replace(" ", "").replace("\n", "")
