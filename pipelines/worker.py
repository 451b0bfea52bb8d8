"""The resident worker: keeps the judge, the models and Dagster warm, and answers a dropped file within seconds.

It runs the same job as the sensor, in this process, and reports to the same Dagster instance. A lease in the ledger
decides who takes a file; the sensor is there for when no worker is.
"""

import os
import time
from collections.abc import Callable

import dagster as dg

from connectors.intake.folders import scan
from indicator_specs.home import Home
from pipelines.serving import prepare_dagster

LOOK_EVERY = 1.0
"""Seconds between two looks at the folders: a look costs milliseconds."""


def work(home: Home, until: Callable[[], bool] = lambda: False) -> None:
    """Answer files as they come, until told to end.

    Args:
        home: the installation; becomes ``CHISO_HOME`` and its ``dagster/`` the ``DAGSTER_HOME`` of this process.
        until: asked between two looks whether to end.
    """
    os.environ.update(prepare_dagster(home))
    from expectations.run import warm_up  # noqa: PLC0415 - seconds of imports, paid once, here
    from pipelines.definitions import defs  # noqa: PLC0415

    job = defs.get_job_def("intake")
    warm_up()
    with dg.DagsterInstance.get() as instance:
        while not until():
            if scan(home).candidates:
                job.execute_in_process(instance=instance, raise_on_error=False, tags={"chiso/worker": str(os.getpid())})
            time.sleep(LOOK_EVERY)
