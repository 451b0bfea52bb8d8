"""Reads a whole annex: every row becomes a draft, is told to exist already, or asks for its code."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from indicator_specs.annex.agencies import Agencies
from indicator_specs.annex.context import Context, Known, Programme, whole_annex
from indicator_specs.annex.drafting import Draft, Drafter
from indicator_specs.annex.measure_proposals import Proposals
from indicator_specs.annex.questions import WHOLE, Questions
from indicator_specs.annex.row_texts import draft_id
from indicator_specs.annex.table import Row, Table
from indicator_specs.annex.words import identifier
from indicator_specs.errors import both
from indicator_specs.names import name_key
from indicator_specs.reference import Reference


@dataclass(frozen=True)
class Existing:
    """A row that the catalogue has already, by its code or by its name."""

    place: str
    code: str
    name: str
    indicator: str


@dataclass(frozen=True)
class Annex:
    """What was made of an annex."""

    table: Table
    context: Context
    drafts: tuple[Draft, ...]
    existing: tuple[Existing, ...]
    proposals: Proposals
    questions: Questions


def read_annex(
    table: Table,
    programme: Programme,
    known: Known,
    reference: Reference,
    answers: Mapping[tuple[str, str], str],
    file: str,
    year: int,
) -> Annex:
    """Draft every row of the table.

    Raises:
        AnnexError: an answer is none of the choices.
    """
    questions = Questions(answers)
    has_levels = any(each.field == "level" for each in table.headings.values())
    agencies = Agencies(reference)
    context = whole_annex(programme, agencies, known, questions, table.above, file, year, has_levels)
    proposals = Proposals(context)
    codes = _codes(table, context)
    drafts: list[Draft] = []
    existing: list[Existing] = []
    for row, code in zip(table.rows, codes, strict=True):
        found = _existing(row, code, known)
        if found:
            existing.append(found)
            continue
        draft = _begun(row, code, context, {*known.indicator_ids, *(each.id for each in drafts)})
        Drafter(context, proposals, draft).draft_row()
        drafts.append(draft)
    return Annex(table, context, tuple(drafts), tuple(existing), proposals, questions)


def _existing(row: Row, code: str, known: Known) -> Existing | None:
    indicator = known.codes.get(code) if code else None
    indicator = indicator or known.names.get(name_key(row.text("name")))
    return Existing(row.place("name"), code, row.text("name"), indicator) if indicator else None


def _begun(row: Row, code: str, context: Context, taken: Collection[str]) -> Draft:
    found, plain = draft_id(row, taken)
    theme = _theme(row, context)
    draft = Draft(found, code, theme, row)
    if found != plain:
        reason = both(f"id {plain} đã có chỉ số khác dùng", f"another indicator has the id {plain}")
        draft.id = context.questions.confirms(draft.subject, "id", row.place("name"), row.text("name"), found, reason)
    return draft


def _theme(row: Row, context: Context) -> str:
    """The folder of the catalogue: the theme that the row's group is called like, or a new one."""
    group = row.text("theme") or row.group
    name = group.capitalize() if group.isupper() else group
    if not name:
        name = context.programme.name or context.programme.id
    found = context.known.themes.get(name_key(name))
    field = f"theme[{name}]"
    taken = (identifier(group, 32) if group else "") or context.programme.id
    if found and found != taken:
        theme = context.questions.told(WHOLE, field) or found
    else:
        reason = both("chủ đề mới, theo nhóm trong phụ lục", "a new theme, by the group in the annex")
        choices = tuple(sorted(set(context.known.themes_in_use) - {taken}))
        theme = context.questions.confirms(WHOLE, field, row.place("theme"), group, taken, reason, choices)
    context.themes.setdefault(theme, name)
    return theme


def _codes(table: Table, context: Context) -> list[str]:
    """The code of each row: its own, or the prefix with its ordinal; empty where two rows would share one."""
    prefix, ask = context.programme.code_prefix, context.questions
    plain = [row.text("code") or (f"{prefix}{ordinal}" if (ordinal := _ordinal(row)) else "") for row in table.rows]
    repeated = {code for code, times in Counter(plain).items() if code and times > 1}
    if not any(row.fields.get("code") for row in table.rows) and len(repeated) > 1:
        # Numbering begins anew in each group: the group's own number tells equal ones apart.
        plain = [
            f"{prefix}{row.group_ordinal}.{_ordinal(row)}" if row.group_ordinal and _ordinal(row) else code
            for row, code in zip(table.rows, plain, strict=True)
        ]
    seen: set[str] = set()
    made: list[str] = []
    for row, code in zip(table.rows, plain, strict=True):
        if code in seen:
            place = row.place("code" if "code" in row.fields else "ordinal")
            reason = both(
                f"mã {code} đã dùng ở dòng trên (ô số làm 11.10 thành 11.1?)",
                f"{code} is used above (11.10 typed as a number?)",
            )
            code = ask.needs(f"{WHOLE}{row.number}", "codes", place, code, reason) or ""  # noqa: PLW2901
        seen.add(code)
        made.append(code)
    return made


def _ordinal(row: Row) -> str:
    text = row.text("ordinal").rstrip(".)")
    return "" if text.startswith(("-", "+")) else text
