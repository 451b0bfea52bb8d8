"""What every source must do before its figures are believed, whatever its kind: the same list for all of them.

Owns the list and how each check is made, against whatever the source's secret leads to. Works in a home of its own that
the caller throws away: nothing is admitted. A new source, and a new kind, is held against it without another line.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors.content_address import content_address
from connectors.errors import SourceError
from connectors.extract import Extract, extract
from connectors.extracted import FIRST, Before
from connectors.kinds import KINDS
from connectors.landing import Landing
from connectors.ledger import Cursor, Ledger, NewBatch
from connectors.secrets import resolve
from indicator_specs.errors import both
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

FIGURE = ("measure", "org_unit", "time_period", "breakdown", "producer", "published_date")
"""What tells the figures of one reading apart."""

SAMPLE = 200
"""Values of a reading that are looked up again in the kept evidence, spread evenly over it."""

CHECKS: Mapping[str, str] = {
    "reads": both("kết nối và đọc được", "connects and reads"),
    "discovers": both("có đủ số liệu đã khai báo", "has every declared measure"),
    "twice": both("đọc hai lần được cùng một kết quả", "read twice, it says the same"),
    "counts": both("số dòng khớp số bản ghi", "as many values as its records have"),
    "once": both("mỗi giá trị một lần, gửi lại không nhân đôi", "each figure once; sent again, it is one batch"),
    "traces": both("mỗi giá trị tìm lại được trong bản gốc", "each value stands in the kept evidence"),
    "quiet": both("không để lộ thông tin đăng nhập", "shows no secret"),
}
"""In the order in which they are made; the first that a source fails says why the others could not be."""


@dataclass(frozen=True)
class Outcome:
    """How a dataset stood up to a check; ``is_met`` is None where it could not be made."""

    check: str
    dataset: str
    is_met: bool | None
    note: str = ""


@dataclass(frozen=True)
class _Trial:
    source: Source
    dataset: Dataset
    partition: str | None
    home: Home
    before: Before
    read: Extract


def accept(
    source: Source, home: Home, partition_of: Callable[[Dataset], str | None] = lambda _: None, before: Before = FIRST
) -> Iterator[Outcome]:
    """Hold every dataset of a source against every check, as it stands now.

    Args:
        source: one that is pulled.
        home: an empty home for what is kept on the way.
        partition_of: the period to ask a dataset for; None where one pull brings all.
        before: what a kind needs of the ledger; batches of it would make a pull leave out what they hold.
    """
    for dataset in source.datasets:
        yield from _accept(source, dataset, partition_of(dataset), Home(home.root / dataset.id), before)


def _accept(source: Source, dataset: Dataset, partition: str | None, home: Home, before: Before) -> Iterator[Outcome]:
    try:
        read = extract(source, dataset, home, partition, before).whole()
    except SourceError as error:
        yield Outcome("reads", dataset.full_id, is_met=False, note=str(error))
        yield from (Outcome(name, dataset.full_id, is_met=None) for name in list(CHECKS)[1:])
        return
    yield Outcome("reads", dataset.full_id, is_met=True, note=f"{read.rows.height} · {partition or '—'}")
    trial = _Trial(source, dataset, partition, home, before, read)
    for name, check in _CHECKS.items():
        try:
            fault = check(trial)
        except SourceError as error:
            fault = str(error)
        yield Outcome(name, dataset.full_id, is_met=not fault, note=fault)


def _discovers(trial: _Trial) -> str:
    found = set(trial.read.rows["measure"])
    declared = {measure.id for measure in trial.dataset.measures}
    absent, strange = sorted(declared - found), sorted(map(str, found - declared))
    if absent:
        return both(f"không có {', '.join(absent)}", f"lacks {', '.join(absent)}")
    return both(f"có mã lạ {', '.join(strange)}", f"has undeclared {', '.join(strange)}") if strange else ""


def _twice(trial: _Trial) -> str:
    """Once as a stranger, who is told everything, and once as somebody who holds what was said before."""
    expected = content_address(trial.read.rows)
    for home in (Home(trial.home.root / "again"), trial.home):
        again = extract(trial.source, trial.dataset, home, trial.partition, trial.before).whole()
        if content_address(again.rows) != expected:
            return both(
                f"lần sau {again.rows.height} dòng, lần đầu {trial.read.rows.height} dòng, hoặc giá trị đã đổi",
                f"{again.rows.height} values the next time, {trial.read.rows.height} the first, or others",
            )
    return ""


def _counts(trial: _Trial) -> str:
    rows, told = trial.read.rows, int(trial.read.origin.get("n_records", "-1"))
    if told < 0:
        return both("bộ đọc không nói có bao nhiêu bản ghi", "the reader does not say how many records there were")
    expected = told * (len(trial.dataset.measures) if trial.dataset.layout == "wide" else 1)
    if rows.height != expected:
        return both(f"{told} bản ghi mà {rows.height} dòng", f"{told} records, {rows.height} values")
    if rows["row_no"].to_list() != list(range(1, rows.height + 1)):
        return both("số thứ tự dòng không liên tục", "rows are not numbered one by one")
    return ""


def _once(trial: _Trial) -> str:
    twice = trial.read.rows.filter(trial.read.rows.select(FIGURE).is_duplicated())
    if twice.height:
        return both(f"trùng tại {twice['place'][0]}", f"the same figure stands twice, at {twice['place'][0]}")
    with Ledger.open(trial.home) as ledger:
        for _ in range(2):
            commit(trial.home, ledger, trial.read)
        n_batches = len(ledger.batches())
    return "" if n_batches == 1 else both(f"thành {n_batches} lô", f"it became {n_batches} batches")


def commit(home: Home, ledger: Ledger, read: Extract) -> None:
    """Land a reading and commit it with its cursor, as admission does, with every value taken."""
    landing = Landing(home)
    batch = NewBatch(
        read.source,
        read.dataset,
        read.evidence,
        landing.land(read),
        landing.accept(read.source, read.dataset, read.rows),
        "",
        partition=read.partition,
        origin=read.origin,
    )
    cursor = Cursor(read.source, read.dataset, read.partition, read.cursor) if read.cursor else None
    ledger.commit(batch, cursor=cursor)


def _traces(trial: _Trial) -> str:
    """A reader that shifts a column or a row by one would be seen here and nowhere else."""
    evidence, look = trial.home.root / trial.read.evidence.path, KINDS[trial.source.kind].original_text
    for place, measure, text in (
        trial.read.rows.select("place", "measure", "value_text")
        .gather_every(max(1, trial.read.rows.height // SAMPLE))
        .iter_rows()
    ):
        original = _looked_up(look, evidence, trial.dataset, place, measure)
        if (original or "").strip() != (text or "").strip():
            return both(f"{place}: đọc là {text}, bản gốc là {original}", f"{place}: read {text}, kept {original}")
    return ""


def _looked_up(
    look: Callable[[Path, Dataset, str, str], str | None], evidence: Path, dataset: Dataset, place: str, measure: str
) -> str | None:
    try:
        return look(evidence, dataset, place, measure)
    except LookupError as error:
        return str(error)


def _quiet(trial: _Trial) -> str:
    name = trial.source.connection.secret
    if name is None:
        return ""
    secret = resolve(name)
    told = json.dumps(trial.read.origin, ensure_ascii=False).encode()
    rows = trial.read.rows.select(pl.all().cast(pl.String)).write_csv().encode()
    if secret.is_in(told) or secret.is_in(rows):
        return both("thông tin đăng nhập nằm trong số liệu", "a secret stands in what was read")
    return ""


_CHECKS: Mapping[str, Callable[[_Trial], str]] = {
    "discovers": _discovers,
    "twice": _twice,
    "counts": _counts,
    "once": _once,
    "traces": _traces,
    "quiet": _quiet,
}
"""Each says what is wrong; empty where nothing is."""
