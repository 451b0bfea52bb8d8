"""Who leads and who takes part, as a row says it: bodies by name, former ones with their days."""

from datetime import timedelta
from typing import Any

from indicator_specs.annex.agencies import Body
from indicator_specs.annex.context import Context
from indicator_specs.annex.grid import AnnexError
from indicator_specs.annex.table import Row
from indicator_specs.errors import both
from indicator_specs.meaning import ROLES

_FIELD = "responsibility.lead"


def duties(context: Context, subject: str, row: Row) -> tuple[str, dict[str, Any]]:
    """Code of the body that leads now (empty where a person must say), and the section ``responsibility``."""
    lead, leading = _lead(context, subject, row)
    others = _others(context, subject, row, lead)
    section: dict[str, Any] = {"lead": leading} if leading else {}
    section |= {"implementing": others} if others else {}
    return lead, section


def _lead(context: Context, subject: str, row: Row) -> tuple[str, Any]:
    ask, text, place = context.questions, row.text("lead"), row.place("lead")
    found = context.agencies.bodies(row.fields["lead"].text) if "lead" in row.fields else ()
    if len(found) == 1 and found[0].code:
        body = found[0]
        code = body.code
        if body.said:
            reason = both(f"cơ quan đã sáp nhập: {body.said}", "a body that has ended: its successor")
            code = _checked(context, subject, ask.confirms(subject, _FIELD, place, text, code, reason))
        return code, _over_time(body) if code == body.code and body.before else code
    choices = tuple(dict.fromkeys(code for body in found for code in ((body.code,) if body.code else body.choices)))
    if len(found) > 1:
        reason = both("nhiều cơ quan: một cơ quan chủ trì, còn lại phối hợp", "several bodies: which one leads")
    else:
        reason = both("không có cơ quan này trong bảng đơn vị", "no such body in the reference table")
    told = _checked(context, subject, ask.needs(subject, _FIELD, place, text, reason, choices) or "")
    return told, told


def _checked(context: Context, subject: str, code: str) -> str:
    """An answer that is no body at all is refused at once, with near ones."""
    reference = context.agencies.reference
    if code and code not in ROLES and code not in reference.org_units:
        near = ", ".join(reference.suggest(code)) or "—"
        raise AnnexError(
            both(
                f"{subject}:{_FIELD}: không có đơn vị {code!r}; ghi mã đơn vị, có phải là {near}?",
                f"{subject}:{_FIELD}: no org unit {code!r}; write its code",
            )
        )
    return code


def _over_time(body: Body) -> Any:
    assert body.until is not None  # noqa: S101  (a body before comes with its last day)
    since = body.until + timedelta(days=1)
    return [{"body": body.before, "valid_to": f"{body.until}"}, {"body": body.code, "valid_from": f"{since}"}]


def _others(context: Context, subject: str, row: Row, lead: str) -> list[str]:
    codes: list[str] = []
    for body in context.agencies.bodies(row.fields["implementing"].text) if "implementing" in row.fields else ():
        code = body.code
        if not code:
            reason = both("không có cơ quan này trong bảng đơn vị", "no such body in the reference table")
            name = f"responsibility.implementing[{body.text}]"
            code = (
                context.questions.needs(subject, name, row.place("implementing"), body.text, reason, body.choices) or ""
            )
        elif body.said:
            reason = both(f"cơ quan đã sáp nhập: {body.said}", "a body that has ended: its successor")
            name = f"responsibility.implementing[{body.text}]"
            code = context.questions.confirms(subject, name, row.place("implementing"), body.text, code, reason)
        codes += [code] if code and code != lead and code not in codes else []
    if "lead" in row.fields:
        several = context.agencies.bodies(row.fields["lead"].text)
        codes += [
            b.code for b in several if len(several) > 1 and b.code and b.code != lead and b.code not in codes and lead
        ]
    return codes
