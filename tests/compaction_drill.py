"""A clean process that forks mergers to be killed: it has imported what they need and used none of it.

Reads ``<home>\t<drill>`` lines, merges the loose files of that home in a child of its own, and answers with the child's
wait status.
"""

import importlib
import os
import sys
from pathlib import Path


def run_once(home: str, kill_at: str) -> int:
    """One merge, in a child that may be made to die; its status as ``waitpid`` tells it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.environ.update(CHISO_HOME=home, CHISO_DRILL=kill_at)
            from indicator_specs.home import Home
            from pipelines.compaction import compact_loose
            from pipelines.installation import Installation

            code = 2 if compact_loose(Installation(Home(Path(home))), least=2).faults else 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def main() -> None:
    """Answer until the pipe ends."""
    for module in ("polars", "duckdb", "pyarrow.parquet", "connectors.compaction", "pipelines.compaction"):
        importlib.import_module(module)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        home, _, point = line.rstrip("\n").partition("\t")
        print(run_once(home, point), file=answers)


if __name__ == "__main__":
    main()
