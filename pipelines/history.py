"""What was published before: the figures that judgement compares new ones with."""

from collections.abc import Collection
from pathlib import Path

import duckdb
import polars as pl

from indicator_specs.home import Home
from pipelines.release import Release, current


def published_observations(
    home: Home, release: Release | None = None, units: Collection[str] | None = None
) -> pl.DataFrame | None:
    """Current observations of a release (the one in force if none is named), or None before the first.

    Args:
        home: whose releases.
        release: which one.
        units: codes of org units, where only theirs are asked for.

    Returns:
        Grain measure × org unit × period × breakdown × producer, as ``expectations.HISTORY`` describes it. Read from
        the sealed file, since the warehouse may be locked by its writer.
    """
    release = release or current(home)
    if release is None:
        return None
    return observations_of(release.file_in(home.published), units)


def observations_of(file: Path, units: Collection[str] | None = None) -> pl.DataFrame:
    """The same of one release file, wherever it lies."""
    with duckdb.connect(str(file), read_only=True) as sealed:
        return sealed.execute(
            """select measure, org_unit_code as org_unit, time_period, breakdown, producer_code as producer, obs_value
            from lineage.lineage_observation
            where obs_value is not null and ($1 is null or org_unit_code in (select unnest($1::varchar[])))
            order by all""",
            [None if units is None else sorted(units)],
        ).pl()
