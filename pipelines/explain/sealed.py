"""Questions to one sealed release: values, figures, the observations behind them and their bytes. Only reads."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from indicator_specs.errors import both
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines.explain.shapes import ExplainError, Leaf
from pipelines.original import original_text


@dataclass(frozen=True)
class Value:
    """One row of an indicator."""

    map: str
    obs_value: float | None
    obs_status: str
    method_version: int
    is_derived: bool
    org_unit_name_vi: str
    release_no: int
    spec_hash: str


@dataclass(frozen=True)
class Figure:
    """What a formula takes of a measure: reported, or summed over units."""

    obs_value: Decimal | None
    origin: str
    n_reported: int | None
    n_expected: int | None


_SUMMED = """
with given as (
    select distinct o.org_unit_code, least(p.end_date, coalesce(u.valid_to, p.end_date)) as here_date
    from lineage.lineage_observation as o
    join marts.dim_period as p on o.time_period = p.time_period
    join marts.dim_org_unit as u on o.org_unit_code = u.org_unit_code
    where o.measure = $measure and o.time_period = $period and o.is_preferred and o.obs_value is not null
),

reported as (
    select distinct g.org_unit_code, g.here_date
    from given as g
    join lineage.lineage_ancestor as a on g.org_unit_code = a.org_unit_code
    where a.map = $map and a.ancestor_code = $ancestor
        and g.here_date between coalesce(a.valid_from, '-infinity') and coalesce(a.valid_to, 'infinity')
),

-- What stood above a unit in its own hierarchy, and what holds it today and has a figure of its own there.
above as (
    select h.org_unit_code, h.ancestor_code, h.valid_from, h.valid_to
    from marts.dim_org_hierarchy as h
    join marts.dim_org_unit as u on h.org_unit_code = u.org_unit_code and h.hierarchy = u.hierarchy
    union all
    select a.org_unit_code, a.ancestor_code, a.valid_from, a.valid_to
    from lineage.lineage_ancestor as a
    join lineage.lineage_measure_value as v
        on a.ancestor_code = v.org_unit_code and v.measure = $measure and v.time_period = $period
            and v.map = 'current' and v.origin = 'reported'
    where $map = 'current' and a.map = 'current' and a.org_unit_code <> a.ancestor_code
)

select distinct r.org_unit_code
from reported as r
where not exists (
    select 1 from above
    where above.org_unit_code = r.org_unit_code and above.ancestor_code in (select org_unit_code from reported)
        and r.here_date between coalesce(above.valid_from, '-infinity') and coalesce(above.valid_to, 'infinity')
)
order by 1
"""
"""Grain: org unit. The days are those that the period speaks of; of a unit that had ended, its last."""


class Sealed:
    """One release. ``original`` reads one value again from the bytes as received."""

    def __init__(
        self,
        home: Home,
        registry: Registry,
        release: duckdb.DuckDBPyConnection,
        original: Callable[..., str | None] = original_text,
    ) -> None:
        self._home, self._registry, self._release, self._original = home, registry, release, original

    def value(self, indicator: str, org_unit: str, time_period: str, on_map: str | None) -> Value | None:
        """An indicator's row; on today's map where none is named and both have one."""
        row = self._one(
            """select map, obs_value, obs_status, method_version, is_derived, org_unit_name_vi,
                (select release_no from marts.mart_release), (select spec_hash from marts.mart_release)
            from lineage.lineage_indicator_value
            where indicator = ? and org_unit_code = ? and time_period = ? and (map = ? or ? is null)
            order by map = 'current' desc limit 1""",
            [indicator, org_unit, time_period, on_map, on_map],
        )
        return None if row is None else Value(*row)

    def figure(self, measure: str, org_unit: str, time_period: str, on_map: str, producer: str | None) -> Figure | None:
        """A measure's figure of one unit and period."""
        row = self._one(
            """select obs_value, origin, n_reported, n_expected from lineage.lineage_measure_value
            where measure = ? and org_unit_code = ? and time_period = ? and map = ?
                and case when ? is null then is_preferred else producer_code = ? end""",
            [measure, org_unit, time_period, on_map, producer, producer],
        )
        return None if row is None else Figure(*row)

    def periods_of(self, measure: str, org_unit: str, on_map: str) -> list[str]:
        """Periods for which a measure has a figure of a unit."""
        rows = self._release.execute(
            """select distinct time_period from lineage.lineage_measure_value
            where measure = ? and org_unit_code = ? and map = ? and obs_value is not null order by 1""",
            [measure, org_unit, on_map],
        ).fetchall()
        return [str(row[0]) for row in rows]

    def periods_of_indicator(self, indicator: str, org_unit: str, on_map: str | None = None) -> list[str]:
        """Periods for which an indicator has a row of a unit."""
        rows = self._release.execute(
            """select distinct time_period from lineage.lineage_indicator_value
            where indicator = ? and org_unit_code = ? and (map = ? or ? is null) order by 1""",
            [indicator, org_unit, on_map, on_map],
        ).fetchall()
        return [str(row[0]) for row in rows]

    def units_of(self, indicator: str, time_period: str, on_map: str) -> list[tuple[str, str, float | None]]:
        """Code, name and value of every unit that has a value of an indicator, by code.

        A unit that is gone has its value on the other map: it stands here too.
        """
        return self._release.execute(
            """select org_unit_code, any_value(org_unit_name_vi), max_by(obs_value, map = ?)
            from lineage.lineage_indicator_value
            where indicator = ? and time_period = ? and obs_value is not null group by 1 order by 1""",
            [on_map, indicator, time_period],
        ).fetchall()

    def units_below(self, org_unit: str, on_map: str) -> set[str]:
        """Codes of the units that a unit is made of on a map, in any of its spans; no department beside a ministry."""
        rows = self._release.execute(
            """with held as (
                select distinct org_unit_code from lineage.lineage_ancestor where map = ? and ancestor_code = ?)
            select org_unit_code from held where org_unit_code not in (
                select h.org_unit_code from marts.dim_org_hierarchy as h
                join marts.dim_org_unit as u on h.org_unit_code = u.org_unit_code and h.hierarchy = u.hierarchy
                join marts.dim_org_unit as above on h.ancestor_code = above.org_unit_code and above.level = u.level
                where h.ancestor_code in (select org_unit_code from held))""",
            [on_map, org_unit],
        ).fetchall()
        return {str(row[0]) for row in rows}

    def summed(self, measure: str, ancestor: str, time_period: str, on_map: str) -> list[str]:
        """Units whose figures were summed: those that reported, but none below a unit that reported for itself."""
        rows = self._release.execute(
            _SUMMED,
            {"map": on_map, "ancestor": ancestor, "measure": measure, "period": time_period},
        ).fetchall()
        return [str(row[0]) for row in rows]

    def leaves(self, measure: str, units: list[str], time_period: str, producer: str | None) -> tuple[Leaf, ...]:
        """The observations of some units, each with its original text."""
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
        unit, value, status, producer, synthetic, citation, number, *batch = row
        source, dataset, file, origin, place, evidence = batch
        text = self._original(self._home, self._registry, source, dataset, Path(evidence), place, measure)
        return Leaf(
            measure,
            unit,
            time_period,
            value,
            status,
            producer,
            synthetic,
            citation,
            number,
            source,
            dataset,
            file,
            origin,
            place,
            evidence,
            text,
        )

    def nothing(self, indicator: str, org_unit: str, time_period: str) -> ExplainError:
        """There is no such value; what there is instead."""
        known = ", ".join(self.periods_of_indicator(indicator, org_unit))
        return ExplainError(
            both(
                f"Bản chốt không có giá trị của {indicator} cho {org_unit} kỳ {time_period}; "
                f"có: {known or 'không kỳ nào'}",
                f"The release holds no value of {indicator} for {org_unit} in {time_period}; it has {known or 'none'}",
            )
        )

    def _one(self, sql: str, parameters: list[object]) -> tuple[Any, ...] | None:
        return self._release.execute(sql, parameters).fetchone()
