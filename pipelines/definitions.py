"""What Dagster loads: assets for every arrow, the jobs on them, and when they run."""

import dagster as dg

from pipelines.assets.intake import submissions
from pipelines.assets.publication import dashboards, release
from pipelines.assets.warehouse import build_model_assets
from pipelines.automation import agency_folders, extraction_assets, extraction_jobs, intake_job, refresh_job, schedules

defs = dg.Definitions(
    assets=[*extraction_assets, submissions, build_model_assets(), release, dashboards],
    jobs=[*extraction_jobs.values(), intake_job, refresh_job],
    schedules=schedules,
    sensors=[agency_folders],
    # One process a run: a step of its own would spend seconds on imports for work that takes milliseconds.
    executor=dg.in_process_executor,
)
