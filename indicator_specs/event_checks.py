"""What the events of org units must say together and of the units: every mistake, with file, line, field and remedy.

Reads no file; changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from indicator_specs.errors import SpecProblem, both
from indicator_specs.org_history import OrgUnitEvent, day_after
from indicator_specs.reference import Reference
from indicator_specs.reference_checks import Numbered, unknown


def event_faults(tables: Sequence[Numbered[OrgUnitEvent]], reference: Reference) -> Iterator[SpecProblem]:
    """Events of what is not there on their day, shares that do not fit, areas that ended and went nowhere."""
    known = reference.org_units
    divided: dict[tuple[str, date], list[tuple[str, int, OrgUnitEvent]]] = defaultdict(list)
    for table in tables:
        for line, event in table.rows:
            if event.from_code in known and event.to_code in known:
                yield from _event_fault(table.file, line, event, reference)
            else:
                ends = (("from_code", event.from_code), ("to_code", event.to_code))
                yield from (unknown(table.file, line, name, code) for name, code in ends if code not in known)
            if event.moves:
                divided[event.from_code, event.effective_date].append((table.file, line, event))
    for parts in divided.values():
        yield from _share_faults(parts)
    yield from _dead_ends(tables[0].file, {(code, day) for code, day in divided}, reference)


def _event_fault(file: str, line: int, event: OrgUnitEvent, reference: Reference) -> Iterator[SpecProblem]:
    day, former, new = event.effective_date, reference.org_units[event.from_code], reference.org_units[event.to_code]
    if not event.moves and event.from_code != event.to_code:
        found = f"{event.event} {event.from_code} → {event.to_code}"
        remedy = both("đổi tên giữ nguyên mã; sang mã mới là continue", "a rename keeps the code; else it is continue")
        yield SpecProblem(file, line, "to_code", found, remedy)
    if not former.exists_on(day - timedelta(days=1)):
        found = both(f"{event.from_code} không tồn tại trước {day}", f"{event.from_code} does not exist before {day}")
        remedy = both("sửa ngày hoặc đơn vị", "mend the date or the unit")
        yield SpecProblem(file, line, "from_code", found, remedy)
    if not new.exists_on(day):
        found = both(f"{event.to_code} không tồn tại vào {day}", f"{event.to_code} does not exist on {day}")
        remedy = both("sửa ngày hoặc đơn vị", "mend the date or the unit")
        yield SpecProblem(file, line, "to_code", found, remedy)
    if event.moves and former.level != new.level:
        found = both(
            f"{event.from_code} là cấp {former.level}, {event.to_code} là cấp {new.level}",
            f"{event.from_code} is of the level {former.level}, {event.to_code} of {new.level}",
        )
        remedy = both(
            "số liệu chỉ chuyển trong cùng một cấp", "figures move within a level: areas and bodies never mix"
        )
        yield SpecProblem(file, line, "to_code", found, remedy)
    if event.event in ("merge", "continue") and former.exists_on(day) and event.from_code != event.to_code:
        found = both(f"{event.from_code} vẫn còn sau {day}", f"{event.from_code} goes on after {day}")
        remedy = both("ghi valid_to, hoặc dùng split", "write its valid_to, or call it a split")
        yield SpecProblem(file, line, "event", found, remedy)


def _share_faults(parts: Sequence[tuple[str, int, OrgUnitEvent]]) -> Iterator[SpecProblem]:
    file, line, first = parts[0]
    known = [event.share for _, _, event in parts if event.share is not None]
    total, is_whole = sum(known), len(known) == len(parts)
    targets = [event.to_code for _, _, event in parts]
    if len(set(targets)) < len(targets):
        found = both(f"{first.from_code} vào một nơi hai lần", f"{first.from_code} goes to one unit twice")
        yield SpecProblem(file, line, "to_code", found, both("gộp thành một dòng", "make it one row"))
    if (is_whole and total != 1) or (not is_whole and total >= 1):
        code = first.from_code
        found = both(f"các phần của {code} cộng lại là {total}", f"shares of {code} add up to {total}")
        remedy = (
            both("tổng phải bằng 1", "they must add up to 1")
            if is_whole
            else both("phần để trống phải còn chỗ", "they must leave something for those left blank")
        )
        yield SpecProblem(file, line, "share", found, remedy)


def _dead_ends(file: str, moved: set[tuple[str, date]], reference: Reference) -> Iterator[SpecProblem]:
    """Land does not vanish: an area that ended went somewhere on the next day. A body may be dissolved."""
    for code, unit in reference.org_units.items():
        after = day_after(unit.valid_to)
        if after and unit.hierarchy == "territory" and (code, after) not in moved:
            found = both(
                f"{code} hết từ {after}, không có sự kiện nào", f"{code} ended and no event says where it went"
            )
            remedy = both(f"thêm sự kiện ngày {after}", f"add its event of {after}")
            yield SpecProblem(file, 0, "from_code", found, remedy)
