"""Lint checks on the bodies that answer for an indicator or its figures, and on the history of org units."""

from collections.abc import Iterator
from datetime import date

from indicator_specs import clock
from indicator_specs.errors import both
from indicator_specs.lint_check import Check, Hit, check
from indicator_specs.reference import OrgUnit
from indicator_specs.registry import Registry


def _today() -> date:
    return clock.now().astimezone(clock.HANOI).date()


def _ended(registry: Registry, code: str | None) -> OrgUnit | None:
    unit = registry.reference.org_units.get(code or "")
    return unit if unit and unit.valid_to and unit.valid_to < _today() else None


def _said(unit: OrgUnit) -> str:
    code, day = unit.org_unit_code, unit.valid_to
    return both(f"{code} đã thôi hoạt động từ {day}", f"{code} ended {day}")


def _successor(registry: Registry, unit: OrgUnit) -> str:
    heirs = sorted({event.to_code for event in registry.reference.events if event.from_code == unit.org_unit_code})
    return both(f"đơn vị kế thừa: {', '.join(heirs)}", f"its successor: {', '.join(heirs)}") if heirs else ""


@check("error", "Không ai tự thẩm định số liệu của mình.", "giao cơ quan khác thẩm định", "let another body verify")
def verifier_is_judged(registry: Registry) -> Iterator[Hit]:
    """Nobody verifies their own figures."""
    for spec in registry.indicators.values():
        duty = spec.responsibility
        own = {bearer.body for bearer in (*duty.lead, *duty.updates)}
        for body in sorted({bearer.body for bearer in duty.verifies} & own):
            yield Hit(
                spec.id,
                both(f"{body} vừa thẩm định vừa chủ trì hoặc cập nhật", f"{body} verifies what it leads or updates"),
            )


@check(
    "error",
    "Cơ quan đã thôi hoạt động không chịu trách nhiệm được nữa.",
    "ghi cơ quan kế thừa, hoặc valid_to",
    "name its successor, or a valid_to",
)
def retired_body(registry: Registry) -> Iterator[Hit]:
    """A duty lies with a body that no longer exists."""
    for spec in registry.indicators.values():
        duty = spec.responsibility
        for bearer in duty.lead[-1:] + duty.updates + duty.verifies:
            unit = _ended(registry, bearer.body)
            if unit and bearer.valid_to is None:
                yield Hit(spec.id, _said(unit), _successor(registry, unit))


@check("warning", "Không ai cập nhật thì chỉ số không bao giờ có số liệu mới.", "ghi updates", "name it under updates")
def nobody_updates(registry: Registry) -> Iterator[Hit]:
    """A figure that nobody keeps up to date goes stale unseen."""
    for spec in registry.indicators.values():
        if not spec.responsibility.updates:
            yield Hit(spec.id, both("chưa giao cơ quan cập nhật", "nobody is to keep it up to date"))


@check("warning", "Số liệu chưa ai thẩm định thì chưa dùng để kết luận được.", "ghi verifies", "name it under verifies")
def nobody_verifies(registry: Registry) -> Iterator[Hit]:
    """What nobody verifies is no ground for a conclusion."""
    for spec in registry.indicators.values():
        if not spec.responsibility.verifies:
            yield Hit(spec.id, both("chưa giao cơ quan thẩm định", "nobody verifies it"))


@check(
    "warning",
    "Hai cơ quan cùng chủ trì một thời kỳ thì không cơ quan nào chịu trách nhiệm.",
    "ghi valid_from, valid_to cho từng cơ quan; cơ quan phối hợp ghi ở implementing",
    "give each a valid_from and valid_to; who only takes part stands under implementing",
)
def several_leads(registry: Registry) -> Iterator[Hit]:
    """With two bodies in the lead at once, neither answers."""
    today = _today()
    for spec in registry.indicators.values():
        now = [
            each.body
            for each in spec.responsibility.lead
            if (each.valid_from or today) <= today <= (each.valid_to or today)
        ]
        if len(now) > 1:
            yield Hit(spec.id, both(f"cùng chủ trì: {', '.join(now)}", f"all lead: {', '.join(now)}"))


@check(
    "warning",
    "Nguồn của cơ quan đã thôi hoạt động sẽ không còn được duy trì.",
    "ghi cơ quan kế thừa vào owner",
    "name its successor as owner",
)
def retired_owner(registry: Registry) -> Iterator[Hit]:
    """A source whose owner has ended is kept by nobody."""
    for source in registry.sources.values():
        unit = _ended(registry, source.owner)
        if unit:
            yield Hit(source.id, _said(unit), _successor(registry, unit))


@check(
    "error",
    "Đơn vị đã thôi hoạt động sẽ bị ghi là chậm báo cáo mãi mãi.",
    "ghi valid_to cho dòng đó, thêm dòng của đơn vị kế thừa",
    "give that row a valid_to, and its successor a row",
)
def retired_reporter(registry: Registry) -> Iterator[Hit]:
    """A unit that has ended would be late for ever."""
    for duty in registry.reference.duties:
        for code in (duty.reporter_code, duty.subject):
            unit = _ended(registry, code)
            if unit and duty.valid_to is None:
                yield Hit(duty.dataset, _said(unit), _successor(registry, unit))


@check(
    "warning",
    "Đơn vị chấm dứt mà không ghi đơn vị kế thừa thì số liệu cũ không quy về hiện hành được.",
    "thêm dòng vào org_unit_event.csv",
    "add a row to org_unit_event.csv",
)
def ended_without_heir(registry: Registry) -> Iterator[Hit]:
    """A unit that ended without a successor takes its history out of today's map."""
    known = {event.from_code for event in registry.reference.events}
    for unit in registry.reference.org_units.values():
        if unit.valid_to and unit.org_unit_code not in known:
            yield Hit(unit.org_unit_code, both("không ghi đơn vị kế thừa", "no successor is declared"))


CHECKS: tuple[Check, ...] = (
    verifier_is_judged,
    retired_body,
    nobody_updates,
    nobody_verifies,
    several_leads,
    retired_owner,
    retired_reporter,
    ended_without_heir,
)
