"""Records of a machine into readings: one row per value, by the dataset's own declaration and nothing else.

Owns the wide and the long layout and the roles of columns. Maps no code, repairs no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import polars as pl

from connectors import plain_numbers
from connectors.content_address import READING_SCHEMA
from connectors.errors import PermanentSourceError
from indicator_specs.clock import HANOI
from indicator_specs.source_sections import Role
from indicator_specs.source_spec import Dataset

_TRUE, _FALSE = ("true", "t", "1"), ("false", "f", "0")


@dataclass(frozen=True)
class Records:
    """What a source returned, as text.

    ``fields`` holds every column of the source that the dataset names, as text (null where it was null).
    ``places`` says where each record stands. ``quoted`` holds, for each value column, whether the value
    came as text rather than as a number.
    """

    fields: pl.DataFrame
    places: pl.Series
    quoted: pl.DataFrame


def named_columns(dataset: Dataset) -> list[str]:
    """Every column that the declaration needs of the source, without repeats."""
    return list(dict.fromkeys([*dataset.columns.values(), *value_columns(dataset)]))


def value_columns(dataset: Dataset) -> list[str]:
    """The columns that hold values: one per measure (wide), or the one of role ``value`` (long)."""
    if dataset.layout == "long":
        return [dataset.columns["value"]]
    return [measure.column for measure in dataset.measures]


def key_columns(dataset: Dataset) -> list[str]:
    """The columns that tell which figures a record gives; none where constants and the period asked say it all."""
    roles: tuple[Role, ...] = ("measure", "org_unit", "time_period", "breakdown", "producer", *dataset.key)
    return [dataset.columns[role] for role in dict.fromkeys(roles) if role in dataset.columns]


def as_text(column: pl.Series) -> pl.Series:
    """A typed column as text.

    An instant with an offset is told in Hà Nội's time, where its day and month are ours; a float by the shortest text
    that gives the same float, a whole one without a point.
    """
    if column.dtype.is_float():
        return column.cast(pl.String).str.strip_suffix(".0")
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        return column.dt.convert_time_zone(str(HANOI)).dt.to_string("%Y-%m-%d %H:%M:%S%.f%:z").alias(column.name)
    return column.cast(pl.String)


def readings(dataset: Dataset, records: Records, partition: str | None) -> pl.DataFrame:
    """Readings with the columns of ``READING_SCHEMA``, in the order of the records, measures within them.

    A null value stays a row: value null, status ``O`` unless the source gave another than ``A``.

    Raises:
        PermanentSourceError: a truth column holds something else, or the source answered for another
            period than the one that was asked.
    """
    base = _roles(dataset, records, partition)
    _only_asked_period(dataset, base, partition)
    if dataset.layout == "long":
        column = dataset.columns["value"]
        by_code = {code: measure.id for code, measure in dataset.measures_by_column.items()}
        measure = base["measure"].replace(by_code)
        parts = [_values(base.with_columns(measure), records, column, 0)]
    else:
        parts = [
            _values(base.with_columns(measure=pl.lit(measure.id)), records, measure.column, position)
            for position, measure in enumerate(dataset.measures)
        ]
    rows = pl.concat(parts).sort("record", "position", maintain_order=True)
    rows = rows.with_columns(row_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return rows.select(READING_SCHEMA.names()).cast(READING_SCHEMA)


def _roles(dataset: Dataset, records: Records, partition: str | None) -> pl.DataFrame:
    fields = records.fields
    size = fields.height

    def text(role: Role, otherwise: str | None) -> pl.Series:
        column = dataset.columns.get(role)
        if column is None:
            return pl.repeat(dataset.constants.get(role, otherwise), size, dtype=pl.String, eager=True)
        found = fields.get_column(column)
        return found if otherwise is None else found.fill_null(otherwise)

    roles = {
        "measure": text("measure", None),
        "org_unit": text("org_unit", None),
        "time_period": text("time_period", partition),
        "breakdown": text("breakdown", "_T"),
        "obs_status": text("obs_status", None),
        "producer": text("producer", dataset.owner),
        "published_date": text("published_date", None),
        "is_synthetic": _truth(dataset, text("is_synthetic", "false")),
        "citation": text("citation", None),
    }
    return pl.DataFrame({"record": pl.int_range(size, eager=True), "place": records.places, **roles})


def _truth(dataset: Dataset, text: pl.Series) -> pl.Series:
    lowered = text.str.to_lowercase()
    strange = lowered.filter(~lowered.is_in([*_TRUE, *_FALSE]))
    if strange.len():
        found = cast("str", strange[0])[:40]
        raise PermanentSourceError(
            "E-SRC-SHAPE",
            dataset.full_id,
            f"Cột đánh dấu số liệu giả lập có giá trị {found!r}; cần true hoặc false.",
            f"The column that marks synthetic figures holds {found!r}; true or false is expected.",
        )
    return lowered.is_in(_TRUE)


def _only_asked_period(dataset: Dataset, base: pl.DataFrame, partition: str | None) -> None:
    if partition is None:
        return
    other = base["time_period"].filter(base["time_period"] != partition)
    if other.len():
        raise PermanentSourceError(
            "E-SRC-PERIOD",
            dataset.full_id,
            f"Hỏi kỳ {partition} nhưng nguồn trả lời cả kỳ {other[0]}; đề nghị kiểm tra truy vấn hoặc tham số kỳ.",
            f"Period {partition} was asked, the source also answered {other[0]}; check the query or its parameter.",
        )


def _values(base: pl.DataFrame, records: Records, column: str, position: int) -> pl.DataFrame:
    text = records.fields[column]
    numbers = plain_numbers.read(text)
    is_number = numbers["obs_value"].is_not_null()
    stands = pl.col("obs_status").fill_null("").replace("", "A")
    return base.with_columns(
        position=pl.lit(position),
        value_text=pl.when(numbers["problem"].eq_missing("blank")).then(None).otherwise(text),
        obs_value=numbers["obs_value"],
        problem=numbers["problem"],
        conversion=pl.when(records.quoted[column] & is_number).then(pl.lit("text_to_number")),
    ).with_columns(
        obs_status=pl.when((stands == "A") & pl.col("value_text").is_null()).then(pl.lit("O")).otherwise(stands)
    )


def value_of(dataset: Dataset, measure: str, record: Mapping[str, str | None]) -> str | None:
    """The text that carries ``measure`` in one record of kept evidence.

    Raises:
        LookupError: the record does not carry that measure.
    """
    column = next((one.column for one in dataset.measures if one.id == measure), None)
    if dataset.layout == "long":
        carried = record.get(dataset.columns.get("measure", ""), dataset.constants.get("measure"))
        if carried not in {column, measure} - {None}:
            raise LookupError(f"the record carries {carried!r}, not {measure}")
        column = dataset.columns["value"]
    if column is None:
        raise LookupError(f"{dataset.full_id} has no measure {measure}")
    return record.get(column)
