"""How old a figure may be before someone is told: one policy per cadence, stated once."""

from datetime import timedelta

import dagster as dg

PULLED = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=30), warn_window=timedelta(hours=26))
"""A source is pulled daily at five; half a day of grace is for a ministry's night maintenance."""

DERIVED = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36), warn_window=timedelta(hours=30))
"""Marts and releases follow the pulls."""
