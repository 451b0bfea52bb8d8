"""What the tables of org units must say together: every mistake at once, each with file, line, field and remedy.

Reads no file; changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from indicator_specs.calendars import CALENDAR, CalendarEntry
from indicator_specs.errors import SpecProblem, both
from indicator_specs.keys import stable_key
from indicator_specs.org_history import Counterpart, Place, UnitName, contains
from indicator_specs.reference import KINDS, Duty, OrgUnit, Reference
from indicator_specs.typed_text import Level
from indicator_specs.verification import PARENT, VerificationRule

Row = TypeVar("Row")
SUBJECTS = ("self", "children", "all")
BODIES: Level = "ministry"
"""The level of all that is no area."""
Span = tuple[date | None, date | None]


@dataclass(frozen=True)
class Numbered(Generic[Row]):
    """Rows of a file, each with its line."""

    file: str
    rows: Sequence[tuple[int, Row]]

    def __iter__(self) -> Iterator[Row]:
        return (row for _, row in self.rows)


def unit_faults(tables: Sequence[Numbered[OrgUnit]], reference: Reference) -> Iterator[SpecProblem]:
    """Units twice, of one key, below what is not there or not there in their time, ending early, going round."""
    seen: dict[str, tuple[str, int]] = {}
    keys: dict[int, str] = {}
    for table in tables:
        for line, unit in table.rows:
            code = unit.org_unit_code
            if code in seen:
                where, first = seen[code]
                found = both(f"{code} đã có ở {where}:{first}", f"{code} again (first at {where}:{first})")
                remedy = both("mỗi đơn vị một dòng", "one row a unit")
                yield SpecProblem(table.file, line, "org_unit_code", found, remedy)
            seen.setdefault(code, (table.file, line))
            other = keys.setdefault(unit.org_unit_key, code)
            if other != code:
                yield collision(table.file, line, "org_unit_code", other, code)
            yield from _ends_early(table.file, line, unit.valid_from, unit.valid_to)
            if (unit.hierarchy == "territory") != (unit.level != BODIES):
                found = both(f"{unit.kind} trong hệ thống {unit.hierarchy}", f"a {unit.kind} in {unit.hierarchy}")
                remedy = both(
                    "địa bàn thuộc territory, cơ quan thuộc hệ thống khác",
                    "areas belong to territory, bodies to another hierarchy: their figures never mix",
                )
                yield SpecProblem(table.file, line, "hierarchy", found, remedy)
            yield from _place_faults(table.file, line, reference.places(code)[-1], reference)
    yield from _circles(tables[0].file, reference)


def _place_faults(file: str, line: int, place: Place, reference: Reference) -> Iterator[SpecProblem]:
    if not place.parent_code:
        return
    parent = reference.org_units.get(place.parent_code)
    if parent is None:
        yield unknown(file, line, "parent_code", place.parent_code)
    elif not contains((parent.valid_from, parent.valid_to), (place.valid_from, place.valid_to)):
        found = both(
            f"{place.parent_code} chỉ tồn tại {_span(parent.valid_from, parent.valid_to)}, "
            f"không suốt {_span(place.valid_from, place.valid_to)}",
            f"{place.parent_code} does not exist throughout that time",
        )
        remedy = both("ghi đơn vị cấp trên của thời gian ấy", "name the parent of that time")
        yield SpecProblem(file, line, "parent_code", found, remedy)


def _circles(file: str, reference: Reference) -> Iterator[SpecProblem]:
    """A place may not lead back to its unit in one hierarchy, whatever the day: nobody is to rule his ruler."""
    above: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code in reference.org_units:
        for place in reference.places(code):
            if place.parent_code:
                above[place.hierarchy][code].append(place.parent_code)
    for of in above.values():
        fine: set[str] = set()
        for code in of:
            yield from _circle_from(file, code, of, fine, [])


def _circle_from(
    file: str, code: str, above: Mapping[str, Sequence[str]], fine: set[str], path: list[str]
) -> Iterator[SpecProblem]:
    if code in path:
        circle = " → ".join([*path[path.index(code) :], code])
        found = both(f"vòng tròn: {circle}", f"a circle: {circle}")
        yield SpecProblem(file, 0, "parent_code", found, both("sửa parent_code", "mend parent_code"))
    elif code not in fine:
        for parent in above.get(code, ()):
            yield from _circle_from(file, parent, above, fine, [*path, code])
        fine.add(code)


def history_faults(
    names: Numbered[UnitName], places: Numbered[Place], counterparts: Numbered[Counterpart], reference: Reference
) -> Iterator[SpecProblem]:
    """Names and places of unknown units, outside their lifetimes, overlapping, or below what was not there."""
    spans: dict[tuple[str, str, str], list[Span]] = defaultdict(list)
    for line, name in names.rows:
        key = (names.file, name.org_unit_code, "")
        yield from _dated_faults(names.file, line, name, key, spans, reference)
    for line, place in places.rows:
        key = (places.file, place.org_unit_code, place.hierarchy)
        yield from _dated_faults(places.file, line, place, key, spans, reference)
        yield from _place_faults(places.file, line, place, reference)
        unit = reference.org_units.get(place.org_unit_code)
        if unit and unit.hierarchy == place.hierarchy and place.valid_to is None:
            remedy = both("ghi ngày cuối; nơi hiện nay ở org_unit.csv", "end it; the present place is in org_unit.csv")
            yield SpecProblem(places.file, line, "valid_to", both("để trống", "left open"), remedy)
    for line, pair in counterparts.rows:
        key = (counterparts.file, pair.org_unit_code, pair.counterpart_code)
        yield from _dated_faults(counterparts.file, line, pair, key, spans, reference)
        if pair.counterpart_code not in reference.org_units:
            yield unknown(counterparts.file, line, "counterpart_code", pair.counterpart_code)


def _dated_faults(
    file: str,
    line: int,
    row: UnitName | Place | Counterpart,
    key: tuple[str, str, str],
    spans: dict[tuple[str, str, str], list[Span]],
    reference: Reference,
) -> Iterator[SpecProblem]:
    unit, span = reference.org_units.get(row.org_unit_code), (row.valid_from, row.valid_to)
    if unit is None:
        yield unknown(file, line, "org_unit_code", row.org_unit_code)
        return
    yield from _ends_early(file, line, *span)
    if not contains((unit.valid_from, unit.valid_to), span):
        found = both(f"{_span(*span)} ngoài thời gian của đơn vị", f"{_span(*span)} outside the unit's lifetime")
        remedy = both(f"trong khoảng {_span(unit.valid_from, unit.valid_to)}", "stay within its lifetime")
        yield SpecProblem(file, line, "valid_from", found, remedy)
    if any(_overlap(span, other) for other in spans[key]):
        found = both(f"{_span(*span)} chồng lên dòng khác", f"{_span(*span)} overlaps another row")
        yield SpecProblem(
            file, line, "valid_from", found, both("để hai dòng nối tiếp nhau", "let one follow the other")
        )
    spans[key].append(span)


def _overlap(one: Span, other: Span) -> bool:
    return (one[0] is None or other[1] is None or one[0] <= other[1]) and (
        other[0] is None or one[1] is None or other[0] <= one[1]
    )


def _ends_early(file: str, line: int, first: date | None, last: date | None) -> Iterator[SpecProblem]:
    if first and last and last < first:
        found = f"{first} … {last}"
        yield SpecProblem(file, line, "valid_to", found, both("ngày cuối trước ngày đầu", "ends before it begins"))


def _span(first: date | None, last: date | None) -> str:
    return f"{first or '…'} – {last or '…'}"


def duty_faults(duties: Numbered[Duty], reference: Reference) -> Iterator[SpecProblem]:
    """Duties of units that are not there."""
    known = reference.org_units
    for line, duty in duties.rows:
        if duty.reporter_code and duty.reporter_code not in known:
            yield unknown(duties.file, line, "reporter_code", duty.reporter_code)
        if not duty.reporter_code and duty.reporter_kind not in KINDS:
            remedy = both("ghi reporter_code, hoặc một loại đơn vị", "name a reporter_code, or a kind of unit")
            yield SpecProblem(duties.file, line, "reporter_kind", duty.reporter_kind or "—", remedy)
        if duty.subject not in SUBJECTS and duty.subject not in known:
            remedy = both("self, children, all hoặc mã một đơn vị", "self, children, all or the code of a unit")
            yield SpecProblem(duties.file, line, "subject", duty.subject or "—", remedy)


def verification_faults(rules: Numbered[VerificationRule], reference: Reference) -> Iterator[SpecProblem]:
    """Verifiers that are not there, or that would verify what they have reported themselves."""
    known = reference.org_units
    for line, rule in rules.rows:
        yield from _ends_early(rules.file, line, rule.valid_from, rule.valid_to)
        for field, code in (("reporter_code", rule.reporter_code), ("verifier_code", rule.verifier_code)):
            if code not in known and code != {"reporter_code": "", "verifier_code": PARENT}[field]:
                yield unknown(rules.file, line, field, code or "—")
        if rule.reporter_kind and (rule.reporter_code or rule.reporter_kind not in KINDS):
            remedy = both(
                f"một trong {', '.join(KINDS)}; để trống nếu đã nêu mã đơn vị",
                f"one of {', '.join(KINDS)}; blank where a unit is named",
            )
            yield SpecProblem(rules.file, line, "reporter_kind", rule.reporter_kind, remedy)
        reporters = {duty.reporter_code for duty in reference.duties if duty.dataset == rule.dataset}
        if rule.verifier_code == rule.reporter_code or {rule.verifier_code} == reporters:
            found = both(f"{rule.verifier_code} tự thẩm định", f"{rule.verifier_code} would verify itself")
            remedy = both("ghi cơ quan khác với đơn vị báo cáo", "name another body than the reporter")
            yield SpecProblem(rules.file, line, "verifier_code", found, remedy)


def calendar_faults(entries: Numbered[CalendarEntry], reference: Reference) -> Iterator[SpecProblem]:
    """Periods cut by a basis that nobody declares, and weeks cut by days of a month."""
    known = {CALENDAR, *(basis.basis for basis in reference.calendars.bases)}
    for line, entry in entries.rows:
        if entry.period_basis not in known:
            found = both(f"không có cách chia kỳ {entry.period_basis!r}", f"no period basis {entry.period_basis!r}")
            remedy = both("khai báo trong period_basis.csv", "declare it in period_basis.csv")
            yield SpecProblem(entries.file, line, "period_basis", found, remedy)
        elif entry.frequency == "weekly" and entry.period_basis != CALENDAR:
            found = both("tuần không có ngày chốt trong tháng", "a week has no cut-off day of a month")
            yield SpecProblem(entries.file, line, "period_basis", found, both(f"ghi {CALENDAR}", f"write {CALENDAR}"))


def unknown(file: str, line: int, field: str, code: str) -> SpecProblem:
    """A code of no unit."""
    remedy = both("thêm đơn vị vào org_unit.csv hoặc sửa mã", "add the unit to org_unit.csv, or mend the code")
    return SpecProblem(file, line, field, both(f"không có đơn vị {code}", f"no org unit {code}"), remedy)


def collision(file: str, line: int, field: str, first: str, second: str) -> SpecProblem:
    """Two names of one key."""
    found = both(f"{first} và {second} có cùng khoá số", f"{first} and {second} have the same integer key")
    return SpecProblem(file, line, field, found, both("đổi một trong hai mã", "change one of them"))


def key_collisions(file_of: Mapping[str, str], field: str) -> Iterator[SpecProblem]:
    """Pairs of ids whose stable keys are equal; ``file_of`` names the file of each id."""
    keys: dict[int, str] = {}
    for name in sorted(file_of):
        other = keys.setdefault(stable_key(name), name)
        if other != name:
            yield collision(file_of[name], 0, field, other, name)
