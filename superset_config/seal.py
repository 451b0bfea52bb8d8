"""The seal on every DuckDB connection that Superset opens, whoever set the connection up.

Without it a person with SQL Lab reads any file of the server and writes files with COPY (tried on Superset 6.1).
"""

from pathlib import Path
from typing import Any

MEMORY_LIMIT, THREADS = "2GB", 2


class OutsidePublishedError(ValueError):
    """A connection asked for a DuckDB file that is not a release."""


def seal(uri: Any, params: dict[str, Any], published: Path) -> tuple[Any, dict[str, Any]]:
    """Force a DuckDB connection to be read-only, cut off from files and network, and pinned to one release.

    The symlink is resolved at every connection: DuckDB shares one instance per path within a process, so a connection
    by the symlink's own name would show the old release for as long as any old query runs.

    Args:
        uri: a SQLAlchemy URL.
        params: arguments of ``create_engine``; changed in place.
        published: the folder of sealed releases.

    Returns:
        The URL and the arguments to connect with; untouched when the driver is not DuckDB.

    Raises:
        OutsidePublishedError: the file does not lie in ``published``.
    """
    if not uri.drivername.startswith("duckdb"):
        return uri, params
    connect = params.setdefault("connect_args", {})
    connect["config"] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        # Nothing is spilled beside a sealed file.
        "temp_directory": "",
        "lock_configuration": True,
    }
    if uri.database in (None, "", ":memory:"):
        return uri, params
    release = Path(uri.database).resolve()
    if release.parent != published.resolve():
        raise OutsidePublishedError(
            f"Chỉ được mở bản chốt số liệu trong {published}. / Only releases in {published} may be opened."
        )
    connect["read_only"] = True
    return uri.set(database=str(release), query={}), params
