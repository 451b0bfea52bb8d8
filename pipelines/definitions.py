"""What Dagster loads: assets for every arrow, the gate before computing, the jobs, and when they run."""

import dagster as dg

from pipelines.assets.extraction import extraction_assets
from pipelines.assets.intake import submissions
from pipelines.assets.publication import dashboards, release
from pipelines.assets.soundness import build_soundness_checks
from pipelines.assets.warehouse import build_model_assets
from pipelines.automation import agency_folders, intake_job, refresh_job, schedules
from pipelines.nightly import compaction, loose_files, nightly_compaction

defs = dg.Definitions(
    assets=[*extraction_assets(), submissions, build_model_assets(), release, dashboards],
    asset_checks=[build_soundness_checks()],
    jobs=[intake_job, refresh_job, compaction],
    schedules=[*schedules, nightly_compaction],
    sensors=[agency_folders, loose_files],
    # One process a run: a step of its own would spend seconds on imports for work that takes milliseconds.
    executor=dg.in_process_executor,
)
