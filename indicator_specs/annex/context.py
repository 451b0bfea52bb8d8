"""What holds for a whole annex: its programme, its document, from when it counts, what exists already."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from indicator_specs.annex.agencies import Agencies
from indicator_specs.annex.questions import WHOLE, Questions
from indicator_specs.annex.words import folded
from indicator_specs.errors import both
from indicator_specs.typed_text import LEVELS

_DOCUMENT = re.compile(r"\b\d+(?:/\d{4})?[-/](?:NQ|QĐ|KH|TB|CT|CV|KL|NĐ|TT|QC|HD)[-/][A-ZĐ]+\d*\b")
_DAY = re.compile(r"ngay (\d{1,2})(?: thang |/)(\d{1,2})(?: nam |/)(\d{4})")


@dataclass(frozen=True)
class Programme:
    """The programme that an annex belongs to; ``name`` is empty for one that exists."""

    id: str
    name: str = ""
    code_prefix: str = ""


@dataclass(frozen=True)
class Known:
    """What the catalogue and the sources hold already, by what a row or a text can be matched with.

    ``codes`` and ``names`` lead to indicator ids, ``measures`` to measure ids, ``themes`` to folders of the catalogue;
    names are keys of ``name_key``.
    """

    codes: Mapping[str, str]
    names: Mapping[str, str]
    measures: Mapping[str, str]
    measure_units: Mapping[str, str]
    measure_frequencies: Mapping[str, str]
    indicator_ids: Collection[str]
    measure_ids: Collection[str]
    themes: Mapping[str, str]
    themes_in_use: Collection[str]


@dataclass(frozen=True)
class Context:
    """Everything that is the same for each row."""

    programme: Programme
    agencies: Agencies
    known: Known
    questions: Questions
    document: str
    valid_from: str
    classification: str
    levels: tuple[str, ...]
    themes: dict[str, str] = field(default_factory=dict)
    """Name of each theme that a row lies in, as the rows come."""


def whole_annex(
    programme: Programme,
    agencies: Agencies,
    known: Known,
    questions: Questions,
    above: tuple[str, ...],
    file: str,
    year: int,
    has_levels: bool,
) -> Context:
    """Read what the lines above the table say, and ask once for what they do not."""
    title = " ".join(above)
    named = _DOCUMENT.search(title)
    dated = _DAY.search(folded(title))
    document = named[0] if named else ""
    if not document:
        reason = both("không thấy số, ký hiệu văn bản phía trên bảng", "no number of a document above the table")
        document = questions.confirms(WHOLE, "document", file, title[:120], file, reason)
    elif (WHOLE, "document") in questions.answers:
        document = questions.confirms(WHOLE, "document", file, title[:120], document, "")
    since = dated[3] if dated else str(year)
    origin = both("năm của văn bản", "the document's year") if dated else both("năm nay", "this year")
    reason = both(f"kỳ đầu tiên được tính ({origin})", "the first period that is computed")
    since = questions.confirms(WHOLE, "methods.valid_from", file, dated[0] if dated else "", since, reason)
    reason = both("chưa ai duyệt công bố", "nobody has cleared it for the public")
    shown = questions.confirms(
        WHOLE, "classification", file, "", "internal", reason, ("internal", "public"), free=False
    )
    levels: tuple[str, ...] = ()
    if not has_levels:
        reason = both("phụ lục không có cột cấp: chỉ tiêu chung của cả nước", "no column of levels: of the nation")
        told = questions.confirms(WHOLE, "levels", file, "", "nation", reason, LEVELS, free=False)
        levels = tuple(each.strip() for each in told.split(",") if each.strip())
    return Context(programme, agencies, known, questions, document, since, shown, levels)
