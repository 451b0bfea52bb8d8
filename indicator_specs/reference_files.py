"""Reads the CSV tables under ``reference/``: every cell typed, every fault told with its file and line."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from indicator_specs import reference_checks
from indicator_specs.calendars import CalendarEntry, Calendars, Holiday, PeriodBasis
from indicator_specs.errors import SpecProblem, both
from indicator_specs.event_checks import event_faults
from indicator_specs.org_history import (
    HIERARCHIES,
    MOVING,
    RENAMING,
    SHARE_DECIMALS,
    Counterpart,
    FormerCommune,
    OrgUnitEvent,
    Place,
    UnitName,
)
from indicator_specs.periods import DIGITS
from indicator_specs.reference import KINDS, Duty, OrgUnit, Reference
from indicator_specs.reference_checks import Numbered
from indicator_specs.retention import STORES, RetentionRule
from indicator_specs.typed_text import LEVELS
from indicator_specs.verification import VerificationRule

Row = TypeVar("Row")
Problems = list[SpecProblem]
_BAD = object()
FORMER_END, NEW_BEGIN = date(2025, 6, 30), date(2025, 7, 1)
"""The last day of the former communes and the first of today's (NQ 202/2025/QH15)."""
RESOLUTIONS = "nghị quyết của UBTVQH về sắp xếp cấp xã năm 2025 (số hiệu chưa đối chiếu)"


@cache
def _day(text: str) -> date | None:
    if not text:
        return None
    if len(text) != 10:
        raise ValueError(both("viết ngày dạng 2026-07-01", "write the date as 2026-07-01"))
    return date.fromisoformat(text)


def _needed_day(text: str) -> date:
    day = _day(text)
    if day is None:
        raise ValueError(both("cần một ngày", "a date belongs here"))
    return day


def _share(text: str) -> Decimal | None:
    if not text:
        return None
    share = Decimal(text)
    if not 0 < share <= 1:
        raise ValueError(both("tỉ lệ phải lớn hơn 0 và không quá 1", "a share is above 0 and at most 1"))
    if share != round(share, SHARE_DECIMALS):
        raise ValueError(both(f"nhiều nhất {SHARE_DECIMALS} số lẻ", f"at most {SHARE_DECIMALS} decimals"))
    return share


def _cut_off_day(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 28:
        raise ValueError(both("ngày chốt từ 1 đến 28, tháng nào cũng có", "a day from 1 to 28, which every month has"))
    return int(text)


def _days_kept(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError(both("số ngày lưu là số nguyên dương", "days to keep are a whole number above 0"))
    return int(text)


def _one_of(allowed: tuple[str, ...] | Mapping[str, Any]) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text not in allowed:
            raise ValueError(both(f"chọn một trong: {', '.join(allowed)}", f"one of: {', '.join(allowed)}"))
        return text

    return choose


def _code(text: str) -> str:
    if not text or not text[0].isalpha() or not text.isascii():
        raise ValueError(both("mã bắt đầu bằng chữ cái, ví dụ P79", "a code begins with a letter, e.g. P79"))
    return text


def _name(text: str) -> str:
    if not text:
        raise ValueError(both("không được để trống", "must not be empty"))
    return text


TYPES: Mapping[tuple[type[Any], str], Callable[[str], Any]] = {
    (OrgUnit, "org_unit_code"): _code,
    (OrgUnit, "kind"): _one_of(KINDS),
    (OrgUnit, "name_vi"): _name,
    (OrgUnit, "name_en"): _name,
    (OrgUnit, "hierarchy"): _one_of(HIERARCHIES),
    (OrgUnitEvent, "event"): _one_of((*MOVING, *RENAMING)),
    (OrgUnitEvent, "effective_date"): _needed_day,
    (OrgUnitEvent, "share"): _share,
    (UnitName, "name_vi"): _name,
    (UnitName, "valid_to"): _needed_day,
    (Place, "hierarchy"): _one_of(HIERARCHIES),
    (FormerCommune, "org_unit_code"): _code,
    (FormerCommune, "name_vi"): _name,
    (FormerCommune, "successors"): _name,
    (Duty, "level"): _one_of(LEVELS),
    (CalendarEntry, "deadline_days"): int,
    (CalendarEntry, "frequency"): _one_of(tuple(DIGITS)),
    (PeriodBasis, "cut_off_day"): _cut_off_day,
    (Holiday, "day"): _needed_day,
    (RetentionRule, "store"): _one_of(STORES),
    (RetentionRule, "keep_days"): _days_kept,
}
DAYS = ("valid_from", "valid_to")


def load_reference(folder: Path, shown: Callable[[Path], str] = str) -> tuple[Reference, Problems]:
    """Read every table; what is wrong is in the second part, never raised.

    Args:
        folder: Where the CSV files lie.
        shown: How a path is named in messages.
    """
    problems: Problems = []

    def table(model: type[Row], name: str, *, optional: bool = False) -> Numbered[Row]:
        return Numbered(shown(folder / name), list(_Table(folder / name, model, problems, shown).rows(optional)))

    units, events = table(OrgUnit, "org_unit.csv"), table(OrgUnitEvent, "org_unit_event.csv")
    duties, calendars = table(Duty, "assignment.csv"), table(CalendarEntry, "reporting_calendar.csv")
    bases = table(PeriodBasis, "period_basis.csv", optional=True)
    holidays = table(Holiday, "holiday.csv", optional=True)
    verifications = table(VerificationRule, "verification.csv", optional=True)
    retention = table(RetentionRule, "retention.csv", optional=True)
    names = table(UnitName, "org_unit_name.csv", optional=True)
    places = table(Place, "org_unit_place.csv", optional=True)
    counterparts = table(Counterpart, "org_unit_counterpart.csv", optional=True)
    former = table(FormerCommune, "former_commune.csv", optional=True)
    starts = {unit.org_unit_code: unit.valid_from for unit in units}
    communes = Numbered(former.file, [(line, _former_unit(row, starts)) for line, row in former.rows])
    successions = Numbered(former.file, [(line, event) for line, row in former.rows for event in _successions(row)])
    reference = Reference(
        {unit.org_unit_code: unit for unit in (*units, *communes)},
        (*events, *successions),
        tuple(duties),
        Calendars(tuple(calendars), tuple(bases), frozenset(holiday.day for holiday in holidays)),
        tuple(names),
        tuple(places),
        tuple(counterparts),
        tuple(verifications),
        tuple(retention),
    )
    if units.rows:
        problems.extend(reference_checks.unit_faults((units, communes), reference))
        problems.extend(event_faults((events, successions), reference))
        problems.extend(reference_checks.history_faults(names, places, counterparts, reference))
        problems.extend(reference_checks.duty_faults(duties, reference))
        problems.extend(reference_checks.verification_faults(verifications, reference))
        problems.extend(reference_checks.calendar_faults(calendars, reference))
    return reference, problems


def _former_unit(row: FormerCommune, starts: Mapping[str, date | None]) -> OrgUnit:
    """The unit of a row; it is taken to have existed as long as its province did."""
    prefix, _, rest = row.name_vi.removeprefix("Thị ").partition(" ")
    return OrgUnit(
        row.org_unit_code,
        "former_district" if row.org_unit_code.startswith("FD") else "former_commune",
        row.name_vi,
        row.name_en,
        row.name_vi if rest.isdecimal() or not prefix else rest,
        row.parent_code,
        "territory",
        starts.get(row.parent_code),
        FORMER_END,
        row.source,
    )


def _successions(row: FormerCommune) -> Iterator[OrgUnitEvent]:
    codes = row.successors.split()
    kind, share = ("merge", Decimal(1)) if len(codes) == 1 else ("split", None)
    for code in codes:
        yield OrgUnitEvent(kind, row.org_unit_code, code, NEW_BEGIN, share, RESOLUTIONS, row.source)


class _Table(Generic[Row]):
    """One CSV file, read into one model."""

    def __init__(self, path: Path, model: type[Row], problems: Problems, shown: Callable[[Path], str]) -> None:
        self.path, self.model, self.problems, self.file = path, model, problems, shown(path)
        self.names = [field.name for field in fields(model)]  # type: ignore[arg-type]
        self.is_composed = False
        self.types = [TYPES.get((model, name), _day if name in DAYS else None) for name in self.names]

    def refuse(self, line: int, field: str, found: str, remedy: str) -> None:
        self.problems.append(SpecProblem(self.file, line, field, found, remedy))

    def rows(self, optional: bool) -> Iterator[tuple[int, Row]]:
        """Typed rows with their line, in the order of the file."""
        header = ",".join(self.names)
        if optional and not self.path.exists():
            return
        if not self.path.is_file():
            self.refuse(0, "", both("không có tệp", "no such file"), both(f"tạo tệp, dòng đầu: {header}", "create it"))
            return
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.refuse(0, "", both("không phải UTF-8", "not UTF-8"), both("lưu dạng UTF-8", "save it as UTF-8"))
            return
        self.is_composed = unicodedata.is_normalized("NFC", text)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            if next(reader, []) != self.names:
                self.refuse(
                    1, "", both("dòng tiêu đề khác mẫu", "another header"), both(f"viết: {header}", "write that")
                )
                return
            for cells in reader:
                row = self._row(cells, reader.line_num)
                if row is not None:
                    yield reader.line_num, row
        except csv.Error as error:
            found = both(f"CSV hỏng ({error})", f"broken CSV ({error})")
            self.refuse(reader.line_num, "", found, both("sửa dấu nháy", "mend the quotes"))

    def _row(self, cells: list[str], line: int) -> Row | None:
        if len(cells) != len(self.names):
            found = both(f"{len(cells)} cột, cần {len(self.names)}", f"{len(cells)} columns, not {len(self.names)}")
            self.refuse(line, "", found, both("đặt ô có dấu phẩy trong nháy kép", "quote cells that hold commas"))
            return None
        try:
            if self.is_composed and cells == [cell.strip() for cell in cells]:
                return self.model(
                    *[typed(cell) if typed else cell for typed, cell in zip(self.types, cells, strict=True)]
                )
        except (ValueError, ArithmeticError):
            pass  # Cell by cell, so that each mistake is told.
        values = [self._cell(*each, line) for each in zip(self.names, self.types, cells, strict=True)]
        return None if any(value is _BAD for value in values) else self.model(*values)

    def _cell(self, name: str, typed: Callable[[str], Any] | None, text: str, line: int) -> Any:
        if text != text.strip() or not unicodedata.is_normalized("NFC", text):
            remedy = both(
                "bỏ dấu cách ở đầu và cuối, dùng chữ dựng sẵn (NFC)", "no spaces at the edges, composed letters"
            )
            self.refuse(line, name, repr(text), remedy)
            return _BAD
        try:
            return typed(text) if typed else text
        except (ValueError, ArithmeticError) as error:
            said = str(error) if " / " in str(error) else both("giá trị không hợp lệ", "not a valid value")
            self.refuse(line, name, text or "—", said)
            return _BAD
