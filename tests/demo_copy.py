"""A copy of the demo's home for a test to work in, of which a computation builds no more than has changed."""

import json
import shutil
from pathlib import Path

import duckdb

from indicator_specs.home import Home


def copy_of_demo(played: Home, root: Path) -> Home:
    """The copy, its warehouse marked as built where it lies now: a moved one would be built anew, all of it.

    Its staging goes on reading the accepted files of the original, which are the same, until a new batch comes.
    """
    shutil.copytree(played.root, root, symlinks=True, ignore=shutil.ignore_patterns("ministry"))
    copy = Home(root)
    with duckdb.connect(str(copy.warehouse)) as warehouse:
        [(mark,)] = warehouse.execute("select mark from main.built_from").fetchall()
        moved = json.dumps(json.loads(mark) | {"home": str(root)})
        warehouse.execute("update main.built_from set mark = ?", [moved])
    return copy
