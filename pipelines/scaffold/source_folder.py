"""Writing a proposed source folder: ``source.yml``, its query, a good and a bad fixture, and what a person must decide.

Nothing of the source's own figures is copied: the fixtures are made up, and marked so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.inspection import Column, Table
from connectors.openapi import Listing
from indicator_specs import periods
from indicator_specs.errors import PlainError, both
from pipelines.cadence import FIRST_DAY
from pipelines.scaffold.guesses import Guess, guess, is_share, plain, unit_of

FIXTURE = (
    "dataset,agency,case_period,place,measure,org_unit,time_period,value_text,problem,producer,published_date,"
    "is_synthetic,citation"
)
EXAMPLE_UNIT = "P01"


@dataclass(frozen=True)
class Named:
    """What the person who asks has to say in any case."""

    source: str
    dataset: str
    owner: str
    secret: str


@dataclass(frozen=True)
class Proposal:
    """A folder's files by name, and what is guessed in them and waits for a person, each in two languages."""

    files: Mapping[str, str]
    questions: tuple[str, ...]


def of_table(named: Named, found: Table) -> Proposal:
    """A source of kind ``database`` with one dataset."""
    guessed = _sound(guess(found.columns), found.name)
    columns = {column.name: column for column in found.columns}
    head = ["kind: database", f"connection: {{secret: {named.secret}, engine: {found.engine}}}"]
    body = ["partition: none", f"query: {named.dataset}.sql"]
    sql = _query(found, guessed, columns)
    return _proposal(named, guessed, (found.name, head, body), {f"{named.dataset}.sql": sql}, _codes(guessed, columns))


def of_listing(named: Named, found: Listing) -> Proposal:
    """A source of kind ``rest`` with one dataset."""
    guessed = _sound(guess(found.columns), found.path, has_period=bool(found.period_param))
    auth = f", auth: {_flow(found.auth)}" if found.auth else ""
    head = ["kind: rest", f"connection: {{secret: {named.secret}{auth}}}"]
    params = {found.period_param: "{period}"} if found.period_param else {}
    paging = {"style": "none"} if not found.paging else found.paging
    body = [
        f"partition: {'period' if found.period_param else 'none'}",
        "request:",
        f"  path: {json.dumps(found.path)}",
        *([f"  params: {_flow(params)}"] if params else []),
        f"  paging: {_flow(paging)}",
        f"  records: {json.dumps(found.records)}",
    ]
    asked = (
        [] if found.paging else [both("Danh sách có chia trang không, chia thế nào?", "Is the list paged, and how?")]
    )
    columns = {column.name: column for column in found.columns}
    return _proposal(named, guessed, (found.path, head, body), {}, (*asked, *_codes(guessed, columns)))


def _sound(guessed: Guess, where: str, *, has_period: bool = False) -> Guess:
    if "org_unit" not in guessed.roles or not ("time_period" in guessed.roles or has_period) or not guessed.measures:
        raise PlainError(
            both(
                f"{where}: không nhận ra cột đơn vị, cột kỳ và ít nhất một cột số; đề nghị khai source.yml bằng tay",
                f"{where}: no column of a unit, of a period and of any figure is recognised; write source.yml by hand",
            )
        )
    return guessed


def _proposal(
    named: Named,
    guessed: Guess,
    declared: tuple[str, list[str], list[str]],
    files: Mapping[str, str],
    asked: tuple[str, ...],
) -> Proposal:
    where, head, body = declared
    ids = {column.name: f"{named.source}.{plain(column.name)}" for column in guessed.measures}
    text = f"""\
# Đề xuất tự động từ {where}. · Proposed from {where}; what a person must decide was told when it was written.
id: {named.source}
name: {{vi: {json.dumps(named.source)}, en: {json.dumps(named.source)}}}
{head[0]}
owner: {named.owner}
{head[1]}
classification: internal
datasets:
  - id: {named.dataset}
    name: {{vi: {json.dumps(named.dataset)}, en: {json.dumps(named.dataset)}}}
    frequency: {guessed.frequency}
    level: province
{_indented(body, 4)}
    layout: wide
    columns:
{_indented([f"{role}: {json.dumps(name, ensure_ascii=False)}" for role, name in guessed.roles.items()], 6)}
    key: [org_unit, time_period]
    deadline_days: 20
    measures:
{_indented([line for column in guessed.measures for line in _measure(column, ids[column.name])], 6)}
"""
    fixtures = {
        "fixtures/good.csv": _fixture(named, guessed, list(ids.values()), "1"),
        "fixtures/bad_below_minimum.csv": _fixture(named, guessed, list(ids.values())[:1], "-1"),
    }
    return Proposal({"source.yml": text, **files, **fixtures}, (*_questions(guessed), *asked))


def _measure(column: Column, measure_id: str) -> list[str]:
    share = is_share(column)
    return [
        f"- id: {measure_id}",
        f"  column: {json.dumps(column.name, ensure_ascii=False)}",
        f"  name: {{vi: {json.dumps(column.name, ensure_ascii=False)}, en: {json.dumps(plain(column.name))}}}",
        f"  unit: {unit_of(column)}",
        f"  nature: {'non_additive' if share else 'flow'}",
        '  checks: {min: "0", max: "100"}' if share else '  checks: {min: "0"}',
    ]


def _query(found: Table, guessed: Guess, columns: Mapping[str, Column]) -> str:
    quote = "`" if found.engine == "mysql" else '"'
    taken = [*guessed.roles.values(), *(column.name for column in guessed.measures)]
    wanted = ",\n    ".join(_selected(found.engine, columns[name], guessed, quote) for name in taken)
    by = ", ".join(f"t.{quote}{guessed.roles[role]}{quote}" for role in ("time_period", "org_unit"))
    return f"-- Grain: one row per unit and period.\nselect\n    {wanted}\nfrom {found.name} as t\norder by {by}\n"


def _selected(engine: str, column: Column, guessed: Guess, quote: str) -> str:
    name = f"{quote}{column.name}{quote}"
    text = "char(20)" if engine == "mysql" else "varchar(20)"
    if column.name == guessed.roles["time_period"] and column.kind == "date":
        year, month = ("%Y", "%Y-%m") if engine == "mysql" else ("YYYY", "YYYY-MM")
        function = "date_format" if engine == "mysql" else "to_char"
        return f"{function}(t.{name}, '{year if guessed.frequency == 'yearly' else month}') as {name}"
    if column.name in {guessed.roles["time_period"], guessed.roles["org_unit"]} and column.kind != "text":
        return f"cast(t.{name} as {text}) as {name}"
    return f"t.{name}"


def _fixture(named: Named, guessed: Guess, measures: list[str], value: str) -> str:
    period = periods.containing(FIRST_DAY, guessed.frequency).time_period
    rows = [
        f"{named.dataset},,,row {number},{measure},{EXAMPLE_UNIT},{period},{value},,{named.owner},,true,"
        for number, measure in enumerate(measures, 1)
    ]
    return "\n".join([FIXTURE, *rows]) + "\n"


def _questions(guessed: Guess) -> tuple[str, ...]:
    names = ", ".join(column.name for column in guessed.measures)
    return (
        both("Tên nguồn và tên bộ số liệu bằng tiếng Việt, tiếng Anh", "Names of source and dataset in both languages"),
        both("Số liệu công khai hay nội bộ (classification)", "Public or internal (classification)"),
        both(f"Kỳ báo cáo có đúng là {guessed.frequency} không", f"Is the frequency {guessed.frequency}"),
        both("Số liệu của cấp nào (level)", "Whose figures they are (level)"),
        both(
            f"Với từng số liệu ({names}): tên, mã, đơn vị tính, tính chất, giới hạn; cột nào không phải số liệu thì bỏ",
            f"Of each measure ({names}): name, id, unit, nature, limits; leave out what is no measure",
        ),
        both("Thời hạn gửi sau kỳ (deadline_days) và căn cứ", "Days until it is due (deadline_days), by which rule"),
    )


def _codes(guessed: Guess, columns: Mapping[str, Column]) -> tuple[str, ...]:
    return (*_rest_of_key(guessed, columns), *_strange_codes(guessed, columns))


def _rest_of_key(guessed: Guess, columns: Mapping[str, Column]) -> tuple[str, ...]:
    rest = [name for name, column in columns.items() if column.is_key and name not in guessed.roles.values()]
    if not rest:
        return ()
    named = ", ".join(rest)
    return (
        both(
            f"Khoá của bảng còn có {named}: là phân tổ, là một phần mã đơn vị, hay phải lọc trong truy vấn",
            f"The table's key also has {named}: a breakdown, a part of the unit's code, or to be filtered in the query",
        ),
    )


def _strange_codes(guessed: Guess, columns: Mapping[str, Column]) -> tuple[str, ...]:
    sample = columns[guessed.roles["org_unit"]].sample
    strange = next((code for code in sample if not code[:1].isalpha()), None)
    if strange is None:
        return ()
    column = guessed.roles["org_unit"]
    return (
        both(
            f"Cột {column} có mã như {strange}; phải đổi thành mã đơn vị như {EXAMPLE_UNIT} trong truy vấn",
            f"Column {column} has codes such as {strange}; make codes such as {EXAMPLE_UNIT} of them in the query",
        ),
    )


def _indented(lines: list[str], width: int) -> str:
    return "\n".join(" " * width + line for line in lines)


def _flow(section: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {json.dumps(value)}" for name, value in section.items()) + "}"


def write(proposal: Proposal, folder: Path) -> None:
    """Write the files of a proposal into a folder that is not there yet.

    Raises:
        PlainError: the folder is there.
    """
    if folder.exists():
        raise PlainError(both(f"{folder} đã có; chọn tên khác", f"{folder} exists; choose another name"))
    for name, text in proposal.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
