"""What a source answers without an error and is still not to be believed: too few rows, a whole column ten times off.

Owns those alarms, and that of a past that is told otherwise. A single value is judgement's affair; here it is the pull
as a whole, and it stops that source only: what was accepted before stands.
"""

import statistics
from collections.abc import Iterable, Sequence

import polars as pl

from connectors.errors import PermanentSourceError
from connectors.extracted import Extract
from indicator_specs.source_spec import Dataset

BATCHES = 5
"""The last so many are what a pull is measured by; their median, so that one odd batch does not set the measure."""

LEAST_ROWS = 5
"""Fewer missing rows than these are no alarm: of three rows, one is already a third."""

LEAST_PAIRS = 5
"""Values seen twice: fewer prove nothing about a column."""

MOST_APART = 0.15
"""In powers of ten: from a factor of 7 to one of 14 counts as ten. Chosen; a year's growth stays well below."""

MOST_AGREE = 0.8
"""Of the pairs: a unit slip moves them all alike, growth does not. Chosen."""

_POWERS = (-3, -2, -1, 1, 2, 3)

_REMEDY_VI = "Nếu nguồn thực sự đã thay đổi: `chiso source accept {dataset} --reason …`."
_REMEDY_EN = "If the source has really changed: `chiso source accept {dataset} --reason …`."


def check_fall(dataset: Dataset, read: Extract, earlier: Sequence[int]) -> None:
    """Compare the records of a whole pull with those of the batches before it.

    Raises:
        PermanentSourceError: ``E-SRC-FALL``: fewer by more than ``volume.max_fall_pct``.
    """
    counted = [n for n in earlier if n][-BATCHES:]
    now = int(read.origin.get("n_records", 0))
    if not counted:
        return
    usual = statistics.median(counted)
    if usual - now < LEAST_ROWS or now >= usual * (1 - float(dataset.volume.max_fall_pct) / 100):
        return
    raise PermanentSourceError(
        "E-SRC-FALL",
        dataset.full_id,
        f"Nguồn trả về {now} dòng, thường có {usual:g} dòng; có thể tài khoản bị giảm quyền hoặc nguồn mất số liệu. "
        f"Số liệu đang có được giữ nguyên. {_REMEDY_VI.format(dataset=dataset.full_id)}",
        f"The source gave {now} rows where {usual:g} were usual: the account may have lost rights, or the source its "
        f"data. What was accepted stands. {_REMEDY_EN.format(dataset=dataset.full_id)}",
    )


def check_scale(dataset: Dataset, parts: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> None:
    """Compare each measure's values with the same units' before: of the same period, else of the newest one before.

    Args:
        dataset: whose values they are.
        parts: values of some units beside what was said of these units before; all parts are decided on together.

    Raises:
        PermanentSourceError: ``E-SRC-SCALE``: a whole column is 10, 100 or 1,000 times what it was, or a part of it.
    """
    counted = [_apart(_numbers(rows), _numbers(earlier)) for rows, earlier in parts]
    for found in pl.concat(counted).group_by("measure", maintain_order=True).sum().iter_rows(named=True):
        how = "same" if found["same_met"] >= LEAST_PAIRS else "newest"
        n = found[f"{how}_n"]
        for power in _POWERS if n >= LEAST_PAIRS else ():
            if found[f"{how}_{power}"] >= MOST_AGREE * n:
                raise _off(dataset, found["measure"], power, found["n_values"])


def check_restated(dataset: Dataset, rows: pl.DataFrame, earlier: pl.DataFrame) -> None:
    """Compare figures with what the same source said of the same units and periods before.

    Raises:
        PermanentSourceError: ``E-SRC-RESTATED``: more of them are changed or gone than ``volume.max_restated_pct``.
    """
    if dataset.volume.max_restated_pct is None:
        return
    key = list(dict.fromkeys(["measure", *map(str, dataset.key)]))
    given = earlier.filter(pl.col("obs_value").is_not_null())
    told = given.join(rows.select(*key, now="obs_value"), on=key, how="left", nulls_equal=True)
    # compared as numbers: 1.50 for 1.5 restates nothing
    same = pl.col("now").cast(pl.Decimal(38, 9), strict=False).eq_missing(pl.col("obs_value").cast(pl.Decimal(38, 9)))
    changed = told.filter(~same)
    if changed.height <= given.height * float(dataset.volume.max_restated_pct) / 100:
        return
    first = changed.row(0, named=True)
    where = (
        f"{first['measure']}, {first['org_unit']}, {first['time_period']}: {first['obs_value']} → {first['now'] or '—'}"
    )
    raise PermanentSourceError(
        "E-SRC-RESTATED",
        dataset.full_id,
        f"Nguồn đổi hoặc rút {changed.height} trên {given.height} số liệu đã gửi ({where}); thứ hạng có thể thay đổi "
        f"nên chờ người có thẩm quyền. Số liệu đang có được giữ nguyên. {_REMEDY_VI.format(dataset=dataset.full_id)}",
        f"The source changes or withdraws {changed.height} of {given.height} figures that it gave ({where}): ranks may "
        f"move, so that a person has to say so. What was accepted stands. {_REMEDY_EN.format(dataset=dataset.full_id)}",
    )


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("obs_value").cast(pl.Float64, strict=False)
    return rows.with_columns(number=number).filter(pl.col("number").is_not_null() & (pl.col("number") != 0))


def _apart(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """By how many powers of ten values differ from those before: how many pairs of each measure by which power.

    Grain: measure. ``n_values``; and of pairs of the same period (``same_``) and with the newest one before
    (``newest_``): all (``met``), those of one sign (``n``), and of these those a power of ten apart (``-3`` to ``3``).
    """
    unit = ["measure", "org_unit", "breakdown", "producer"]
    newest = before.sort("time_period").group_by(unit, maintain_order=True).last()
    counted = now.group_by("measure", maintain_order=True).agg(n_values=pl.len())
    for how, pairs in (
        ("same", now.join(before, on=[*unit, "time_period"], suffix="_before", nulls_equal=True)),
        ("newest", now.join(newest, on=unit, suffix="_before", nulls_equal=True)),
    ):
        power = (pl.col("number") / pl.col("number_before")).log10()
        is_alike = (pl.col("number") > 0) == (pl.col("number_before") > 0)
        found = pairs.group_by("measure").agg(
            pl.len().alias(f"{how}_met"),
            is_alike.sum().alias(f"{how}_n"),
            *((is_alike & ((power - each).abs() <= MOST_APART)).sum().alias(f"{how}_{each}") for each in _POWERS),
        )
        counted = counted.join(found, on="measure", how="left", maintain_order="left")
    return counted.with_columns(pl.exclude("measure").fill_null(0))


def _off(dataset: Dataset, measure: str, power: int, n: int) -> PermanentSourceError:
    times = f"×{10**power}" if power > 0 else f"÷{10**-power}"
    return PermanentSourceError(
        "E-SRC-SCALE",
        f"{dataset.full_id} {measure}",
        f"Cả cột {n} giá trị lệch {times} so với lần trước; nguồn có thể đã đổi đơn vị tính. Số liệu đang có được giữ "
        f"nguyên. {_REMEDY_VI.format(dataset=dataset.full_id)}",
        f"A whole column of {n} values is {times} of what it was: the source may have changed its unit. What was "
        f"accepted stands. {_REMEDY_EN.format(dataset=dataset.full_id)}",
    )
