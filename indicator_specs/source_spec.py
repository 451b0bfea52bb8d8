"""The contract of one source: the model of ``connectors/sources/<source>/source.yml``.

Owns the shape of sources, datasets and measures. How bytes are fetched is the connectors'; nothing here opens
anything.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from indicator_specs.errors import both
from indicator_specs.form_layout import FormLayout
from indicator_specs.http_sections import Request
from indicator_specs.keys import stable_key
from indicator_specs.meaning import as_text_list
from indicator_specs.periods import Frequency
from indicator_specs.pull_sections import CursorColumn, Mode, Volume
from indicator_specs.source_sections import (
    Conduct,
    Connection,
    Constant,
    Form,
    MeasureChecks,
    Nature,
    Reset,
    Role,
)
from indicator_specs.stored_sections import SdmxData, StoredFile
from indicator_specs.typed_text import Bilingual, Declared, Identifier, Level, MeasureId, UnitCode

CONTRACT_FILE = "contract.yml"
"""Beside ``source.yml``: columns and types of each dataset as the source had them when it was frozen."""

Kind = Literal["database", "rest", "sdmx", "file", "ledger", "workbook"]
SECTION: dict[str, str] = {
    "database": "query",
    "rest": "request",
    "sdmx": "sdmx",
    "file": "file",
    "ledger": "conduct",
    "workbook": "form",
}


class Measure(Declared):
    """One thing that a dataset counts.

    Its ``nature`` says how it adds up: a ``flow`` is summed; a ``stock`` is summed over units and takes the last
    over time; a ``cumulative`` one never falls until its ``reset``; a ``non_additive`` one cannot be rolled up.
    """

    id: MeasureId
    column: str = ""
    name: Bilingual
    definition: Bilingual | None = None
    unit: Identifier
    nature: Nature
    reset: Reset | None = None
    producers: Annotated[tuple[UnitCode, ...], BeforeValidator(as_text_list)] = ()
    checks: MeasureChecks = MeasureChecks()
    _dataset: "Dataset | None" = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _reset_fits(self) -> "Measure":
        if (self.nature == "cumulative") != (self.reset is not None):
            raise ValueError(both("reset đi cùng nature: cumulative", "'reset' goes with nature: cumulative"))
        if not self.column:
            object.__setattr__(self, "column", self.id.rsplit(".", 1)[-1])
        return self

    @cached_property
    def key(self) -> int:
        """The integer that facts carry."""
        return stable_key(self.id)

    @property
    def dataset(self) -> "Dataset":
        """The dataset that carries it."""
        assert self._dataset is not None  # noqa: S101  (a measure exists only inside a loaded source)
        return self._dataset

    @property
    def source_id(self) -> str:
        """Id of its source."""
        return self.dataset.source_id

    @property
    def dataset_id(self) -> str:
        """Id of its dataset within the source."""
        return self.dataset.id

    @property
    def frequency(self) -> Frequency:
        """How often it is reported."""
        return self.dataset.frequency

    @property
    def levels(self) -> tuple[Level, ...]:
        """At which levels it is reported."""
        return self.dataset.levels

    @property
    def producer_precedence(self) -> tuple[str, ...]:
        """Codes of its producers, the preferred one first; the source's owner if none is declared."""
        return self.producers or (self.dataset.owner,)


class Dataset(Declared):
    """One table of a source: which units, which periods, which measures, and where things stand in it."""

    id: Identifier
    name: Bilingual
    frequency: Frequency
    level: Annotated[tuple[Level, ...], BeforeValidator(as_text_list), Field(min_length=1)]
    partition: Literal["period", "none"] = "none"
    mode: Mode = "full"
    cursor: CursorColumn | None = None
    volume: Volume = Volume()
    query: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*\.sql$")
    request: Request | None = None
    file: StoredFile | None = None
    sdmx: SdmxData | None = None
    conduct: Conduct | None = None
    form: Form | None = None
    layout: Literal["wide", "long"] = "wide"
    columns: Mapping[Role, Constant] = Field(default_factory=dict)
    constants: Mapping[Role, Constant] = Field(default_factory=dict)
    key: tuple[Role, ...] = ("org_unit", "time_period")
    deadline_days: int = Field(default=0, ge=0)
    measures: tuple[Measure, ...] = Field(min_length=1)
    _source: "Source | None" = PrivateAttr(default=None)
    _layouts: tuple[FormLayout, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _whole(self) -> "Dataset":
        for title, values in (("id", [m.id for m in self.measures]), ("column", [m.column for m in self.measures])):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                names = ", ".join(twice)
                raise ValueError(both(f"measures: {title} lặp lại: {names}", f"measures: {title} twice: {names}"))
        both_ways = sorted(set(self.columns) & set(self.constants))
        if both_ways:
            raise ValueError(both(f"vừa columns vừa constants: {both_ways}", f"in columns and constants: {both_ways}"))
        if (self.mode == "incremental") != (self.cursor is not None):
            raise ValueError(both("cursor đi cùng mode: incremental", "'cursor' goes with mode: incremental"))
        for measure in self.measures:
            measure._dataset = self
        return self

    @property
    def source(self) -> "Source":
        """The source that it belongs to."""
        assert self._source is not None  # noqa: S101  (a dataset exists only inside a loaded source)
        return self._source

    @property
    def source_id(self) -> str:
        """Id of its source."""
        return self.source.id

    @property
    def owner(self) -> str:
        """Code of the source's owner."""
        return self.source.owner

    @property
    def full_id(self) -> str:
        """``source.dataset``, unique in an installation."""
        return f"{self.source_id}.{self.id}"

    @property
    def is_compared_whole(self) -> bool:
        """Whether each reading is held against all of the one before, so that both have to be in memory."""
        return self.mode == "snapshot_diff" or self.volume.max_restated_pct is not None

    @property
    def levels(self) -> tuple[Level, ...]:
        """Whose values it carries."""
        return self.level

    @property
    def layouts(self) -> tuple[FormLayout, ...]:
        """Descriptions of the foreign forms by which its figures come."""
        return self._layouts

    def described_by(self, layouts: tuple[FormLayout, ...]) -> None:
        """Take the descriptions that its form names."""
        self._layouts = layouts

    @property
    def measures_by_column(self) -> dict[str, Measure]:
        """Its measures by their column (wide) or code (long)."""
        return {measure.column: measure for measure in self.measures}


class Source(Declared):
    """One place that figures come from."""

    id: Identifier
    name: Bilingual
    kind: Kind
    owner: UnitCode
    connection: Connection = Connection()
    classification: Literal["public", "internal"] = "public"
    datasets: tuple[Dataset, ...] = Field(min_length=1)
    _folder: Path = PrivateAttr(default=Path())
    _file: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _whole(self) -> "Source":
        faults = [fault for dataset in self.datasets for fault in self._dataset_faults(dataset)]
        ids = [dataset.id for dataset in self.datasets]
        if len(set(ids)) < len(ids):
            faults.append(both("hai dataset trùng id", "two datasets share an id"))
        if self.kind not in {"workbook", "ledger"} and self.connection.secret is None:
            faults.append(both("thiếu connection.secret", "connection.secret is missing"))
        if faults:
            raise ValueError("; ".join(faults))
        for dataset in self.datasets:
            dataset._source = self
        return self

    def _dataset_faults(self, dataset: Dataset) -> list[str]:
        faults = []
        for kind, section in SECTION.items():
            if (kind == self.kind) != (getattr(dataset, section) is not None):
                faults.append(both(f"{dataset.id}: {section} đi cùng kind: {kind}", f"{section} goes with {kind}"))
        if dataset.mode == "incremental" and self.kind not in {"database", "rest"}:
            faults.append(
                both(f"{dataset.id}: mode: incremental chỉ có ở kind: database, rest", "incremental: database or rest")
            )
        if dataset.request and dataset.request.asks_since != (dataset.mode == "incremental"):
            faults.append(
                both(
                    f"{dataset.id}: {{since}} trong request đi cùng mode: incremental", "{since} goes with incremental"
                )
            )
        if self.kind == "workbook":
            return faults
        needed = {"org_unit", "time_period"} | ({"measure", "value"} if dataset.layout == "long" else set())
        known = {*dataset.columns, *dataset.constants, *({"time_period"} if dataset.partition == "period" else set())}
        if missing := sorted(needed - known):
            faults.append(
                both(f"{dataset.id}: columns thiếu {', '.join(missing)}", f"columns lack {', '.join(missing)}")
            )
        return faults

    @property
    def folder(self) -> Path:
        """The folder that declares it; queries lie beside ``source.yml``."""
        return self._folder

    @property
    def file(self) -> str:
        """Where it is declared."""
        return self._file

    def placed(self, folder: Path, file: str) -> "Source":
        """The same, knowing its folder."""
        self._folder, self._file = folder, file
        return self
