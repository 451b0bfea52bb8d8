"""What was published before: the figures that judgement compares new ones with."""

from pathlib import Path

import duckdb
import polars as pl

from indicator_specs.home import Home
from pipelines.release import Release, current


def published_observations(home: Home, release: Release | None = None) -> pl.DataFrame | None:
    """Current observations of a release (the one in force if none is named), or None before the first.

    Returns:
        Grain measure × org unit × period × breakdown × producer, as ``expectations.HISTORY`` describes it. Read from
        the sealed file, since the warehouse may be locked by its writer.
    """
    release = release or current(home)
    if release is None:
        return None
    return observations_of(release.file_in(home.published))


def observations_of(file: Path) -> pl.DataFrame:
    """The same of one release file, wherever it lies."""
    with duckdb.connect(str(file), read_only=True) as sealed:
        return sealed.execute(
            """select measure, org_unit_code as org_unit, time_period, breakdown, producer_code as producer, obs_value
            from lineage.lineage_observation where obs_value is not null order by all"""
        ).pl()
