"""What was published before: the figures that judgement compares new ones with."""

import duckdb
import polars as pl

from indicator_specs.home import Home
from pipelines.release import CURRENT


def published_observations(home: Home) -> pl.DataFrame | None:
    """Current observations of the release in force, or None before the first.

    Returns:
        Grain measure × org unit × period × breakdown × producer, as ``expectations.HISTORY`` describes it. Read from
        the sealed file, since the warehouse may be locked by its writer.
    """
    path = home.published / CURRENT
    if not path.exists():
        return None
    with duckdb.connect(str(path.resolve()), read_only=True) as release:
        return release.execute(
            """select measure, org_unit_code as org_unit, time_period, breakdown, producer_code as producer, obs_value
            from lineage.lineage_observation where obs_value is not null order by all"""
        ).pl()
