"""What was published before: the figures that judgement compares new ones with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from expectations.canonical import org_unit_code, period
from indicator_specs.home import Home
from indicator_specs.periods import Period
from pipelines.release import Release, current


@dataclass(frozen=True)
class Wanted:
    """Which published figures are asked for: of some measures those of some units, and those of all in some periods."""

    measures: Collection[str]
    units: Collection[str]
    periods: Collection[str] = ()

    @classmethod
    def beside(cls, measures: Collection[str], readings: Iterable[pl.DataFrame]) -> "Wanted":
        """What readings are held against: the past of their own units, and their peers in the period before.

        Args:
            measures: those of their datasets.
            readings: with ``org_unit`` and ``time_period`` as they were written.
        """
        units, periods = set[str](), set[str]()
        for rows in readings:
            units |= {code for text in rows["org_unit"].unique() if (code := org_unit_code(text))}
            read = (period(text) for text in rows["time_period"].unique())
            periods |= {Period(each.frequency, each.period_no - 1).time_period for each in read if each}
        return cls(measures, units, periods)


def published_observations(
    home: Home, release: Release | None = None, wanted: Wanted | None = None
) -> pl.DataFrame | None:
    """Current observations of a release (the one in force if none is named), or None before the first.

    Args:
        home: whose releases.
        release: which one.
        wanted: which of them, where not all are asked for: a country's past is long, and a form concerns little of it.

    Returns:
        Grain measure × org unit × period × breakdown × producer, as ``expectations.HISTORY`` describes it. Read from
        the sealed file, since the warehouse may be locked by its writer.
    """
    release = release or current(home)
    if release is None:
        return None
    return observations_of(release.file_in(home.published), wanted)


def observations_of(file: Path, wanted: Wanted | None = None) -> pl.DataFrame:
    """The same of one release file, wherever it lies."""
    condition, values = "true", list[object]()
    if wanted is not None:
        # Measures one by one: those of a table that are not named are not even read.
        measures = ", ".join("?" * len(wanted.measures)) or "null"
        condition = f"""measure in ({measures}) and (
            org_unit_code in (select unnest(?::varchar[])) or time_period in (select unnest(?::varchar[])))"""
        values = [*wanted.measures, sorted(wanted.units), sorted(wanted.periods)]
    with duckdb.connect(str(file), read_only=True) as sealed:
        return sealed.execute(
            f"""select measure, org_unit_code as org_unit, time_period, breakdown, producer_code as producer, obs_value
            from lineage.lineage_observation
            where obs_value is not null and {condition}
            order by all""",
            values,
        ).pl()
