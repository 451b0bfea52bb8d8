"""Reads the CSV tables under ``reference/``: every cell typed, every fault told with its file and line."""

import csv
import io
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from indicator_specs.errors import SpecProblem, both
from indicator_specs.keys import stable_key
from indicator_specs.reference import KINDS, CalendarEntry, Duty, OrgUnit, OrgUnitEvent, Reference
from indicator_specs.typed_text import LEVELS

Row = TypeVar("Row")
Problems = list[SpecProblem]
_BAD = object()
SUBJECTS = ("self", "children", "all")


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
    return share


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
    (OrgUnitEvent, "effective_date"): _needed_day,
    (OrgUnitEvent, "share"): _share,
    (Duty, "level"): _one_of(LEVELS),
    (CalendarEntry, "deadline_days"): int,
    (CalendarEntry, "frequency"): _one_of(("yearly", "half_yearly", "quarterly", "monthly")),
}
DAYS = ("valid_from", "valid_to")


def load_reference(folder: Path, shown: Callable[[Path], str] = str) -> tuple[Reference, Problems]:
    """Read every table; what is wrong is in the second part, never raised.

    Args:
        folder: Where the CSV files lie.
        shown: How a path is named in messages.
    """
    problems: Problems = []
    units = list(_Table(folder / "org_unit.csv", OrgUnit, problems, shown).rows())
    events = list(_Table(folder / "org_unit_event.csv", OrgUnitEvent, problems, shown).rows())
    duties = list(_Table(folder / "assignment.csv", Duty, problems, shown).rows())
    calendars = list(_Table(folder / "reporting_calendar.csv", CalendarEntry, problems, shown).rows())
    by_code = {unit.org_unit_code: unit for _, unit in units}
    if units:
        file = shown(folder / "org_unit.csv")
        problems.extend(_unit_faults(file, units, by_code))
        problems.extend(_event_faults(shown(folder / "org_unit_event.csv"), events, by_code))
        problems.extend(_duty_faults(shown(folder / "assignment.csv"), duties, by_code))
    reference = Reference(
        by_code,
        tuple(event for _, event in events),
        tuple(duty for _, duty in duties),
        tuple(entry for _, entry in calendars),
    )
    return reference, problems


class _Table(Generic[Row]):
    """One CSV file, read into one model."""

    def __init__(self, path: Path, model: type[Row], problems: Problems, shown: Callable[[Path], str]) -> None:
        self.path, self.model, self.problems, self.file = path, model, problems, shown(path)
        self.names = [field.name for field in fields(model)]  # type: ignore[arg-type]

    def refuse(self, line: int, field: str, found: str, remedy: str) -> None:
        self.problems.append(SpecProblem(self.file, line, field, found, remedy))

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Typed rows with their line, in the order of the file."""
        header = ",".join(self.names)
        if not self.path.is_file():
            self.refuse(0, "", both("không có tệp", "no such file"), both(f"tạo tệp, dòng đầu: {header}", "create it"))
            return
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.refuse(0, "", both("không phải UTF-8", "not UTF-8"), both("lưu dạng UTF-8", "save it as UTF-8"))
            return
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
        values = {name: self._cell(name, text, line) for name, text in zip(self.names, cells, strict=True)}
        return None if _BAD in values.values() else self.model(**values)

    def _cell(self, name: str, text: str, line: int) -> Any:
        if text != unicodedata.normalize("NFC", text.strip()):
            remedy = both(
                "bỏ dấu cách ở đầu và cuối, dùng chữ dựng sẵn (NFC)", "no spaces at the edges, composed letters"
            )
            self.refuse(line, name, repr(text), remedy)
            return _BAD
        try:
            return (_day if name in DAYS else TYPES.get((self.model, name), str))(text)
        except (ValueError, ArithmeticError) as error:
            said = str(error) if " / " in str(error) else both("giá trị không hợp lệ", "not a valid value")
            self.refuse(line, name, text or "—", said)
            return _BAD


def _unit_faults(file: str, units: list[tuple[int, OrgUnit]], by_code: Mapping[str, OrgUnit]) -> Iterator[SpecProblem]:
    seen: dict[str, int] = {}
    keys: dict[int, str] = {}
    for line, unit in units:
        code = unit.org_unit_code
        if code in seen:
            found = both(f"{code} đã có ở dòng {seen[code]}", f"{code} again (first at line {seen[code]})")
            yield SpecProblem(file, line, "org_unit_code", found, both("mỗi đơn vị một dòng", "one row a unit"))
        seen.setdefault(code, line)
        other = keys.setdefault(unit.org_unit_key, code)
        if other != code:
            yield _collision(file, line, "org_unit_code", other, code)
        if unit.parent_code and unit.parent_code not in by_code:
            yield _unknown(file, line, "parent_code", unit.parent_code)
        if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
            found = f"{unit.valid_from} … {unit.valid_to}"
            yield SpecProblem(file, line, "valid_to", found, both("ngày cuối trước ngày đầu", "ends before it begins"))
    yield from _circles(file, by_code)


def _circles(file: str, by_code: Mapping[str, OrgUnit]) -> Iterator[SpecProblem]:
    fine: set[str] = set()
    for code in by_code:
        path: list[str] = []
        here = code
        while here in by_code and here not in fine and here not in path:
            path.append(here)
            here = by_code[here].parent_code
        if here in path:
            circle = " → ".join([*path[path.index(here) :], here])
            remedy = both("sửa parent_code", "mend parent_code")
            yield SpecProblem(file, 0, "parent_code", both(f"vòng tròn: {circle}", f"a circle: {circle}"), remedy)
        fine.update(path)


def _event_faults(
    file: str, events: list[tuple[int, OrgUnitEvent]], by_code: Mapping[str, OrgUnit]
) -> Iterator[SpecProblem]:
    shares: dict[tuple[str, date], list[tuple[int, Decimal | None]]] = defaultdict(list)
    for line, event in events:
        for name, code in (("from_code", event.from_code), ("to_code", event.to_code)):
            if code not in by_code:
                yield _unknown(file, line, name, code)
        shares[event.from_code, event.effective_date].append((line, event.share))
    for (code, _), parts in shares.items():
        known = [share for _, share in parts if share is not None]
        if len(known) == len(parts) and sum(known) != 1:
            found = both(f"các phần của {code} cộng lại là {sum(known)}", f"shares of {code} add up to {sum(known)}")
            yield SpecProblem(file, parts[0][0], "share", found, both("tổng phải bằng 1", "they must add up to 1"))


def _duty_faults(file: str, duties: list[tuple[int, Duty]], by_code: Mapping[str, OrgUnit]) -> Iterator[SpecProblem]:
    for line, duty in duties:
        if duty.reporter_code and duty.reporter_code not in by_code:
            yield _unknown(file, line, "reporter_code", duty.reporter_code)
        if not duty.reporter_code and duty.reporter_kind not in KINDS:
            remedy = both("ghi reporter_code, hoặc một loại đơn vị", "name a reporter_code, or a kind of unit")
            yield SpecProblem(file, line, "reporter_kind", duty.reporter_kind or "—", remedy)
        if duty.subject not in SUBJECTS and duty.subject not in by_code:
            remedy = both("self, children, all hoặc mã một đơn vị", "self, children, all or the code of a unit")
            yield SpecProblem(file, line, "subject", duty.subject or "—", remedy)


def _unknown(file: str, line: int, field: str, code: str) -> SpecProblem:
    remedy = both("thêm đơn vị vào org_unit.csv hoặc sửa mã", "add the unit to org_unit.csv, or mend the code")
    return SpecProblem(file, line, field, both(f"không có đơn vị {code}", f"no org unit {code}"), remedy)


def _collision(file: str, line: int, field: str, first: str, second: str) -> SpecProblem:
    found = both(f"{first} và {second} có cùng khoá số", f"{first} and {second} have the same integer key")
    return SpecProblem(file, line, field, found, both("đổi một trong hai mã", "change one of them"))


def key_collisions(file_of: Mapping[str, str], field: str) -> Iterator[SpecProblem]:
    """Pairs of ids whose stable keys are equal; ``file_of`` names the file of each id."""
    keys: dict[int, str] = {}
    for name in sorted(file_of):
        other = keys.setdefault(stable_key(name), name)
        if other != name:
            yield _collision(file_of[name], 0, field, other, name)
