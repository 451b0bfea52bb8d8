"""What kind of indicator a row describes, which way is better, whose values it has: read from its words."""

import re
from collections.abc import Iterable

from indicator_specs.annex.formula_texts import Ratio
from indicator_specs.annex.target_texts import Aim
from indicator_specs.annex.words import folded
from indicator_specs.meaning import Direction
from indicator_specs.source_sections import Nature
from indicator_specs.spec import SpecType
from indicator_specs.typed_text import LEVELS, Level

_RANK = re.compile(r"\b(xep hang|thu hang|thu bac|bang xep hang|top \d+)\b")
_DONE = re.compile(r"\b(hoan thanh|ban hanh|van hanh|hinh thanh|dua vao|khai truong|ket noi)\b")
_WORSE = re.compile(
    r"\b(qua han|tre han|cham tien do|vung trang|lom song|chenh lech|cuong do (cac-?bon|carbon|phat thai)|that nghiep|"
    r"ho ngheo|ngheo da chieu|tu vong|ton dong|thoi gian (trung binh|xu ly|giai quyet|cho)|su co|khieu nai|"
    r"chi phi tuan thu|phat thai|tai nan|loi|vi pham)\b"
)
_BETTER = re.compile(
    r"\b(dung han|hai long|truc tuyen|dien tu|duoc so hoa|hoan thanh|dat chat luong|toc do tang|nang suat|hop le)\b"
)
_LEVELS: Iterable[tuple[Level, str]] = (
    ("nation", r"quoc gia|ca nuoc|toan quoc|trung uong"),
    ("ministry", r"bo|bo,? nganh|cac bo|cap bo"),
    ("province", r"tinh|cap tinh|dia phuong|tinh, thanh pho|cac tinh"),
    ("commune", r"xa|cap xa|xa, phuong|phuong"),
)
_NATURES: tuple[tuple[Nature, bool, str], ...] = (
    ("cumulative", True, r"luy ke|cong don|tu dau nam"),
    ("flow", True, r"trong (?:ky|nam|thang|quy)"),
    ("stock", True, r"dan so|hien co|tinh den|cuoi (?:ky|nam|thang|quy)|dang hoat dong|co hieu luc"),
    ("flow", False, r"tiep nhan|phat sinh|giai quyet|nop|cap moi|thanh toan|xu ly|dang ky moi"),
    ("stock", False, r"ho gia dinh|so ho"),
)


def spec_type(name: str, unit: str, method: str, aims: Iterable[Aim], fraction: Ratio | None) -> SpecType:
    """The type that the words of a row point at."""
    asked = tuple(aims)
    if _RANK.search(folded(f"{name} {unit} {method}")) or any(aim.region for aim in asked):
        return "published_rank"
    if fraction:
        return "computed"
    worded = [aim for aim in asked if aim.kind == "assessed"]
    if folded(unit) in {"dinh tinh", "muc do"} or (worded and len(worded) == len(asked)):
        return "milestone" if _DONE.search(folded(" ".join(aim.tail for aim in worded))) else "assessed"
    return "published_value"


def direction(kind: SpecType, name: str, aims: Iterable[Aim]) -> tuple[Direction | None, bool]:
    """Which way is better, and whether signs say so; what only words suggest is for a person to confirm."""
    asked = tuple(aims)
    if kind == "published_rank":
        return "lower_is_better", True
    signs = {aim.operator[0] for aim in asked if aim.operator in {">", ">=", "<", "<="}}
    signs |= {">" for aim in asked if aim.kind == "rising"}
    if len(signs) == 1:
        return ("higher_is_better" if signs == {">"} else "lower_is_better"), True
    if len(signs) > 1:
        return None, False
    if kind in {"milestone", "assessed"}:
        return "higher_is_better", False
    if _WORSE.search(folded(name)):
        return "lower_is_better", False
    is_better = any(aim.value is not None for aim in asked) or _BETTER.search(folded(name))
    return ("higher_is_better", False) if is_better else (None, False)


def levels_named(text: str) -> tuple[Level, ...]:
    """The levels that a cell names, from the nation down; none where a part of it is unknown."""
    plain = re.sub(r"\([^()]*\)", " ", folded(text))
    parts = [part.strip() for part in re.split(r"[;/\n]|,(?! thanh pho)|\bva\b", plain) if part.strip()]
    found = {next((level for level, words in _LEVELS if re.fullmatch(words, part)), None) for part in parts}
    return () if None in found else tuple(level for level in LEVELS if level in found)


def nature(name: str) -> tuple[Nature | None, bool]:
    """How a measure adds up, where its name says so, and whether it says so outright."""
    words = folded(name)
    for kind, is_sure, pattern in _NATURES:
        if re.search(rf"\b(?:{pattern})\b", words):
            return kind, is_sure
    return None, False
