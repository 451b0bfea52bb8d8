"""From a published value down to the cells and rows it came from, read from a sealed release alone.

The tree is: indicator value → its inputs → observations → batch → file and cell, or query and row. The original text
of every leaf is read again from the bytes as received; nothing is taken from the warehouse.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from indicator_specs.spec import InputSpec
from pipelines.original import original_text
from pipelines.release import CURRENT


class ExplainError(PlainError):
    """There is nothing to explain: the text says what was looked for and what exists."""


@dataclass(frozen=True)
class Leaf:
    """One observation and where it stands in the bytes as received."""

    measure: str
    org_unit: str
    time_period: str
    obs_value: Decimal | None
    obs_status: str
    producer: str
    is_synthetic: bool
    citation: str
    batch_no: int
    source: str
    dataset: str
    file_name: str
    origin: str
    place: str
    evidence_path: str
    original_text: str | None


@dataclass(frozen=True)
class Input:
    """One input of a formula: an observation, a sum over units, or another indicator."""

    name: str
    subject: str
    obs_value: Decimal | float | None
    how: str
    """``reported``, ``rolled`` or ``indicator``."""
    n_reported: int | None = None
    n_expected: int | None = None
    leaves: tuple[Leaf, ...] = ()
    indicator: "Explained | None" = None


@dataclass(frozen=True)
class Explained:
    """One indicator value with everything under it."""

    indicator: str
    name_vi: str
    unit: str
    org_unit: str
    org_unit_name_vi: str
    time_period: str
    map: str
    obs_value: float | None
    obs_status: str
    method_version: int
    formula: str
    filled_formula: str
    release_no: int
    is_catalogue_changed: bool
    """The catalogue is no longer the one of the release: words and formula may have changed since."""
    inputs: tuple[Input, ...] = field(default=())


def explain(home: Home, registry: Registry, indicator: str, org_unit: str, time_period: str) -> Explained:
    """The whole tree under one value of the current release.

    Args:
        home: the installation.
        registry: the catalogue.
        indicator: indicator id.
        org_unit: org unit code.
        time_period: period as SDMX text.

    Raises:
        ExplainError: no release yet, an unknown indicator, or no such value in the release.
    """
    path = home.published / CURRENT
    if not path.exists():
        raise ExplainError(both("Chưa có bản chốt số liệu nào: chiso run", "There is no release yet: chiso run"))
    if indicator not in registry.indicators:
        near = ", ".join(get_close_matches(indicator, registry.indicators, cutoff=0.5)) or "indicator_specs/catalogue/"
        raise ExplainError(
            both(
                f"Danh mục không có chỉ số {indicator!r}; xem {near}",
                f"The catalogue has no indicator {indicator!r}; see {near}",
            )
        )
    with duckdb.connect(str(path.resolve()), read_only=True) as release:
        return _Tracer(home, registry, release).value(indicator, org_unit, time_period)


class _Tracer:
    """Walks one release; the release and the evidence are read, never written."""

    def __init__(self, home: Home, registry: Registry, release: duckdb.DuckDBPyConnection) -> None:
        self._home, self._registry, self._release = home, registry, release

    def value(self, indicator: str, org_unit: str, time_period: str, on_map: str | None = None) -> Explained:
        row = self._one(
            """select map, obs_value, obs_status, method_version, org_unit_name_vi,
                (select release_no from marts.mart_release), (select spec_hash from marts.mart_release)
            from lineage.lineage_indicator_value
            where indicator = ? and org_unit_code = ? and time_period = ? and (map = ? or ? is null)
            order by map = 'current' desc limit 1""",
            [indicator, org_unit, time_period, on_map, on_map],
        )
        if row is None:
            raise ExplainError(self._what_exists(indicator, org_unit, time_period))
        spec = self._registry.indicators[indicator]
        map_, obs_value, obs_status, version, unit_name, release_no, spec_hash = row
        method = next((method for method in spec.methods if method.version == version), None)
        if method is None:
            raise ExplainError(
                both(
                    f"Bản chốt số {release_no} tính {indicator} theo phương pháp {version}, danh mục nay không còn",
                    f"Release {release_no} computed {indicator} by method {version}, which the catalogue no longer has",
                )
            )
        unit = self._registry.reference.org_units.get(org_unit)
        level = unit.level if unit else None
        inputs = tuple(
            self._input(name, given, org_unit, time_period, str(map_))
            for name, given in spec.inputs_of(method, level).items()
        )
        formula = spec.formula_of(method, level)
        return Explained(
            indicator,
            spec.meaning.name.vi,
            spec.meaning.unit,
            org_unit,
            str(unit_name),
            time_period,
            str(map_),
            obs_value,
            str(obs_status),
            int(version),
            formula,
            _filled(formula, {given.name: given.obs_value for given in inputs}),
            int(release_no),
            spec_hash != self._registry.spec_hash,
            inputs,
        )

    def _input(self, name: str, given: InputSpec, org_unit: str, time_period: str, on_map: str) -> Input:
        if given.indicator:
            below = self.value(given.indicator, org_unit, time_period, on_map)
            return Input(name, given.indicator, below.obs_value, "indicator", indicator=below)
        assert given.measure is not None  # noqa: S101 - the model refuses an input that is neither
        row = self._one(
            """select obs_value, origin, n_reported, n_expected from lineage.lineage_measure_value
            where measure = ? and org_unit_code = ? and time_period = ? and map = ?
                and case when ? is null then is_preferred else producer_code = ? end""",
            [given.measure, org_unit, time_period, on_map, given.producer, given.producer],
        )
        if row is None:
            return Input(name, given.measure, None, "reported")
        obs_value, origin, n_reported, n_expected = row
        if origin == "rolled":
            leaves = self._leaves_below(given.measure, org_unit, time_period, on_map)
        else:
            leaves = self._leaves(given.measure, [org_unit], time_period, given.producer)
        return Input(name, given.measure, obs_value, str(origin), n_reported, n_expected, leaves)

    def _leaves_below(self, measure: str, ancestor: str, time_period: str, on_map: str) -> tuple[Leaf, ...]:
        """What was summed: units that reported, but none below a unit that reported for itself."""
        units = self._release.execute(
            """with reported as (
                select a.org_unit_code from lineage.lineage_ancestor as a
                where a.map = $map and a.ancestor_code = $ancestor and a.org_unit_code in (
                    select o.org_unit_code from lineage.lineage_observation as o
                    where o.measure = $measure and o.time_period = $period and o.is_preferred)
            )
            select org_unit_code from reported where org_unit_code not in (
                select below.org_unit_code from lineage.lineage_ancestor as below
                where below.map = $map and below.ancestor_code in (select org_unit_code from reported))
            order by 1""",
            {"map": on_map, "ancestor": ancestor, "measure": measure, "period": time_period},
        ).fetchall()
        return self._leaves(measure, [str(row[0]) for row in units], time_period, None)

    def _leaves(self, measure: str, units: list[str], time_period: str, producer: str | None) -> tuple[Leaf, ...]:
        rows = self._release.execute(
            """select o.org_unit_code, o.obs_value, o.obs_status, o.producer_code, o.is_synthetic,
                coalesce(o.citation, ''), o.batch_no, b.source, b.dataset, coalesce(b.file_name, ''),
                coalesce(b.origin, ''), o.place, b.evidence_path
            from lineage.lineage_observation as o
            join lineage.lineage_batch as b on o.batch_no = b.batch_no
            where o.measure = ? and o.time_period = ? and list_contains(?, o.org_unit_code)
                and case when ? is null then o.is_preferred else o.producer_code = ? end
            order by o.org_unit_code""",
            [measure, time_period, units, producer, producer],
        ).fetchall()
        return tuple(self._leaf(measure, time_period, row) for row in rows)

    def _leaf(self, measure: str, time_period: str, row: tuple[Any, ...]) -> Leaf:
        unit, value, status, producer, synthetic, citation, batch_no, source, dataset, file, origin, place, evidence = (
            row
        )
        text = original_text(self._home, self._registry, source, dataset, Path(evidence), place, measure)
        return Leaf(
            measure,
            unit,
            time_period,
            value,
            status,
            producer,
            synthetic,
            citation,
            batch_no,
            source,
            dataset,
            file,
            origin,
            place,
            evidence,
            text,
        )

    def _one(self, sql: str, parameters: list[object]) -> tuple[Any, ...] | None:
        return self._release.execute(sql, parameters).fetchone()

    def _what_exists(self, indicator: str, org_unit: str, time_period: str) -> str:
        periods = self._release.execute(
            """select distinct time_period from lineage.lineage_indicator_value
            where indicator = ? and org_unit_code = ? order by 1""",
            [indicator, org_unit],
        ).fetchall()
        known = ", ".join(str(row[0]) for row in periods)
        return both(
            f"Bản chốt không có giá trị của {indicator} cho {org_unit} kỳ {time_period}; có: {known or 'không kỳ nào'}",
            f"The release holds no value of {indicator} for {org_unit} in {time_period}; it has {known or 'none'}",
        )


def _filled(formula: str, values: Mapping[str, Decimal | float | None]) -> str:
    """The formula with its figures in place of its names."""

    def figure(name: re.Match[str]) -> str:
        if name[0] not in values:
            return name[0]
        value = values[name[0]]
        return "?" if value is None else f"{value:.9f}".rstrip("0").rstrip(".")

    return re.sub(r"[A-Za-z_]\w*", figure, formula)
