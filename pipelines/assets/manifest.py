"""dbt's manifest, read when it is fresh and made anew when a file of the project has changed.

Loading definitions must not wait for dbt: reading the manifest takes a tenth of a second, making it takes several.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from dbt_project.build import MANIFEST, parse
from dbt_project.layout import PROJECT_DIR
from indicator_specs.home import Home
from pipelines.assets.installed import looks

READ = ("models", "macros", "tests")
"""Folders of the project that dbt reads."""


@cache
def manifest() -> dict[str, Any]:
    """The manifest of the models as they stand.

    Raises:
        BuildError: it had to be made and the project does not parse.
    """
    with _alone():
        if not _is_fresh():
            parse(Home.current())
        made: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return made


def _is_fresh() -> bool:
    return MANIFEST.exists() and MANIFEST.stat().st_mtime_ns > max(_changes())


def _changes() -> Iterator[int]:
    """When files changed, and folders: a model that is taken away changes only its folder."""
    for name in READ:
        folder = PROJECT_DIR / name
        if folder.is_dir():
            yield from (changed for _, changed, _ in looks([folder]))
            yield from (path.stat().st_mtime_ns for path in (folder, *folder.rglob("*/")))
    yield from (path.stat().st_mtime_ns for path in PROJECT_DIR.glob("*.yml"))


@contextmanager
def _alone() -> Iterator[None]:
    """dbt does not write its manifest in one step: nobody may read it meanwhile."""
    MANIFEST.parent.mkdir(parents=True, exist_ok=True)
    with Path(MANIFEST.parent / "manifest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
