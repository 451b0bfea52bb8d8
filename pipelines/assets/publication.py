"""release → show: a sealed file that readers follow, and the dashboards that read it."""

import dagster as dg

from indicator_specs.home import Home
from pipelines.assets.warehouse import mart_keys
from pipelines.freshness import DERIVED
from pipelines.installation import Installation
from pipelines.line import publish
from pipelines.release import verify
from superset_config import serving

RELEASE = dg.AssetKey(["published", "mart"])
DASHBOARDS = dg.AssetKey(["superset", "dashboards"])


@dg.asset(
    key=RELEASE,
    deps=mart_keys(),
    group_name="publication",
    description="Bản chốt số liệu · The sealed release that every reader sees",
    kinds={"duckdb"},
    check_specs=[dg.AssetCheckSpec("file_is_the_one_sealed", asset=RELEASE, blocking=True)],
    freshness_policy=DERIVED,
    pool="warehouse",
)
def release() -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads the annotation as it stands
    """Seal the marts, unless nothing differs from the release in force."""
    installation = Installation(Home.current())
    sealed = publish(installation)
    verify(installation.home, sealed)
    return dg.MaterializeResult(
        metadata={"release": sealed.number, "sha256": sealed.file_sha256, "tables": len(sealed.tables)},
        check_results=[dg.AssetCheckResult(check_name="file_is_the_one_sealed", passed=True)],
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
def dashboards() -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads the annotation as it stands
    """Bring Superset to what is in git; unchanged assets are left alone."""
    result = serving.sync(Home.current())
    if result.returncode != 0:
        raise dg.Failure(f"Superset was not synchronised:\n{result.stderr[-4000:]}")
    return dg.MaterializeResult(metadata={"log": dg.MetadataValue.text(result.stdout[-4000:])})
