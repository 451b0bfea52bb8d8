"""How old a figure may be before someone is told: one policy per cadence, stated once."""

from datetime import timedelta

import dagster as dg

from pipelines.cadence import TIMEZONE

PULLED = dg.FreshnessPolicy.cron("0 7 * * *", lower_bound_delta=timedelta(hours=3), timezone=TIMEZONE)
"""A source is pulled daily at five; by seven, before the working day, its figures must have come."""

DERIVED = dg.FreshnessPolicy.cron("0 8 * * *", lower_bound_delta=timedelta(hours=4), timezone=TIMEZONE)
"""Marts and releases follow the pulls: whoever opens a dashboard at eight sees today's light."""

REPORTED = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=45), warn_window=timedelta(days=35))
"""Agencies report monthly, by the twelfth: nothing at all for a month and a half means that the intake is broken."""
