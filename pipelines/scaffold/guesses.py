"""What a column probably stands for, by its name and what it holds. A guess is always told as one."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.inspection import Column
from indicator_specs.periods import Frequency

_ROLES: Mapping[str, str] = {
    "org_unit": r"org_unit|unit_code|don_vi|ma_(tinh|xa|dv|dvhc)|province|commune|(^|_)dvhc|area|region|ref_area",
    "time_period": r"(^|_)(time_period|period|ky|ky_bao_cao|thang|month|quy|quarter|nam|year)(_|$)",
    "obs_status": r"(^|_)(obs_status|status|trang_thai)(_|$)",
    "published_date": r"published|ngay_cong_bo|publish_date",
    "citation": r"citation|trich_dan|source_note|nguon|ghi_chu",
    "producer": r"producer|co_quan_cong_bo",
    "is_synthetic": r"synthetic|gia_lap",
}
"""By role: what such a column is called, in Vietnamese without marks or in English. The first that fits is taken."""
_FREQUENCIES: tuple[tuple[str, Frequency], ...] = (
    (r"nam|year", "yearly"), (r"quy|quarter", "quarterly"), (r"thang|month", "monthly"),
)  # fmt: skip

_UNITS: tuple[tuple[str, str], ...] = (
    (r"ty_?le|ti_?le|rate|pct|percent|share", "percent"), (r"ty_(dong|vnd)|billion", "billion_vnd"),
    (r"trieu_(dong|vnd)|million", "million_vnd"), (r"usd", "usd"), (r"vnd|dong$|so_tien", "vnd"),
    (r"ho_so|dossier|received|tiep_nhan", "dossier"), (r"doanh_nghiep|enterprise", "enterprise"),
    (r"dan_so|nguoi|person|population|nhan_luc", "person"), (r"giao_dich|transaction", "transaction"),
)  # fmt: skip
_UNKNOWN_UNIT = "point"
"""A unit without bounds, for a figure of which nothing is known."""
_NO_MEASURE = re.compile(r"(^|_)(id|stt|no|ma|code|created|updated)(_|$)")


@dataclass(frozen=True)
class Guess:
    """Roles of columns, the columns that carry figures, and how often they come."""

    roles: Mapping[str, str]
    measures: tuple[Column, ...]
    frequency: Frequency


def guess(columns: Iterable[Column]) -> Guess:
    """Sort the columns of a table into roles and measures."""
    rest, roles = list(columns), {}
    for role, pattern in _ROLES.items():
        found = next((column for column in rest if re.search(pattern, plain(column.name))), None)
        if found is not None:
            roles[role] = found.name
            rest.remove(found)
    measures = [
        column
        for column in rest
        if column.kind == "number" and not column.is_key and not _NO_MEASURE.search(plain(column.name))
    ]
    return Guess(roles, tuple(measures), _frequency(plain(roles.get("time_period", ""))))


def is_share(column: Column) -> bool:
    """Whether it is called a rate: such figures are not added up."""
    return unit_of(column) == "percent"


def unit_of(column: Column) -> str:
    """The unit that its name speaks of."""
    return next((unit for pattern, unit in _UNITS if re.search(pattern, plain(column.name))), _UNKNOWN_UNIT)


def plain(name: str) -> str:
    """A name in lower case, without marks, in ASCII letters, digits and underscores: ``Số lượng`` → ``so_luong``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    bare = unicodedata.normalize("NFD", spaced.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "_", bare.encode("ascii", "ignore").decode()).strip("_")


def _frequency(name: str) -> Frequency:
    return next((frequency for pattern, frequency in _FREQUENCIES if re.search(pattern, name)), "monthly")
