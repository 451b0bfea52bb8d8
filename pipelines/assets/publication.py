"""release → show: a sealed file that readers follow, and the dashboards that read it."""

import dagster as dg

from pipelines.assets.admitted import Materialized
from pipelines.assets.installed import installation
from pipelines.assets.translation import mart_keys
from pipelines.dashboards import Dashboards
from pipelines.freshness import DERIVED
from pipelines.line import publish
from pipelines.release import verify
from pipelines.release_file import ReleaseError
from superset_config import serving

RELEASE = dg.AssetKey(["published", "mart"])
DASHBOARDS = dg.AssetKey(["superset", "dashboards"])
SEALED = "file_is_the_one_sealed"


@dg.asset(
    key=RELEASE,
    deps=mart_keys(),
    group_name="publication",
    description="Bản chốt số liệu · The sealed release that every reader sees",
    kinds={"duckdb"},
    check_specs=[
        dg.AssetCheckSpec(
            SEALED,
            asset=RELEASE,
            blocking=True,
            description="Tệp đang dùng đúng là tệp đã chốt · Byte for byte the file that was sealed",
        )
    ],
    freshness_policy=DERIVED,
    pool="warehouse",
)
def release() -> Materialized:
    """Seal the marts, unless nothing differs from the release in force."""
    here = installation()
    sealed = publish(here)
    try:
        verify(here.home, sealed)
        fault = ""
    except ReleaseError as error:
        fault = str(error)
    return dg.MaterializeResult(
        metadata={"release": sealed.number, "sha256": sealed.file_sha256, "tables": len(sealed.tables)},
        check_results=[dg.AssetCheckResult(check_name=SEALED, passed=not fault, metadata={"fault": fault or "—"})],
    )


@dg.asset(
    key=DASHBOARDS,
    deps=[RELEASE],
    group_name="publication",
    description="Bảng điều hành · Dashboards, roles and row-level security, as they stand in git",
    kinds={"superset"},
    freshness_policy=DERIVED,
    pool="superset",
)
def dashboards() -> Materialized:
    """Bring Superset to what is in git. A new release alone needs nothing: dashboards read the file in force."""
    shown = Dashboards(installation().home)
    if shown.are_synchronised():
        return dg.MaterializeResult(metadata={"synchronised": False, "log": "nothing to change since the last time"})
    result = serving.sync(shown.home)
    if result.returncode != 0:
        raise dg.Failure(f"Superset was not synchronised:\n{result.stderr[-4000:]}")
    shown.note_synchronised()
    return dg.MaterializeResult(metadata={"synchronised": True, "log": dg.MetadataValue.text(result.stdout[-4000:])})
