"""Intakes to be killed: reads lines of home and drill, and answers with the child's wait status.

Verdicts are kept on disk between children: judgement is a pure function that writes nothing, so a child
that comes to the same report again need not pay for Great Expectations again. Everything that touches a file, the
ledger or an agency's folder is the real thing, every time.
"""

import hashlib
import importlib
import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.forked import in_child, serve

MODULES = (
    "openpyxl",
    "xlsxwriter",
    "python_calamine",
    "pyarrow.compute",
    "pyarrow.parquet",
    "pipelines.intake",
)


def run_once(home: str, kill_at: str) -> int:
    """One intake, in a child that may be made to die; its status as ``waitpid`` tells it."""

    def work() -> int:
        os.environ.update(CHISO_HOME=home, CHISO_DRILL=kill_at)
        _keep_verdicts(Path(home).parent / "verdicts")
        _read_without_a_helper()
        return _answer(Path(home))

    return in_child(work)


def _answer(root: Path) -> int:
    from indicator_specs.home import Home
    from pipelines.installation import Installation
    from pipelines.intake import take_in
    from tests.reporting import ONE_ROW, verifying_registry

    report = take_in(Installation(Home(root), verifying_registry(ONE_ROW)), settle_seconds=0)
    return 2 if report.troubles else 0


def _keep_verdicts(folder: Path) -> None:
    from pipelines import admission

    folder.mkdir(exist_ok=True)
    real = admission.judge

    def judge(cases: Any, registry: Any, history: Any) -> Any:
        return [verdict(case, registry, history) for case in cases]

    def verdict(case: Any, registry: Any, history: Any) -> Any:
        text = f"{case.agency} {case.time_period} {case.rows.write_json()}"
        kept = folder / hashlib.sha256(text.encode()).hexdigest()
        if not kept.exists():
            fresh = folder / f"{kept.name}.{os.getpid()}"
            fresh.write_bytes(pickle.dumps(real([case], registry, history)[0]))
            fresh.rename(kept)
        return pickle.loads(kept.read_bytes())

    admission.judge = judge


def _read_without_a_helper() -> None:
    """The throw-away child of a workbook is forked by this process itself: the helper only spares it the imports."""
    from connectors.workbook.sandbox import NURSERY
    from connectors.workbook.sandbox_child import TASKS, Limits, answer_of, run_limited

    def ask(task: str, asked: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        return answer_of(run_limited(TASKS[task], asked, Limits(address_space=1 << 36)))

    NURSERY.ask = ask  # type: ignore[method-assign]


if __name__ == "__main__":
    reporting = importlib.import_module("tests.reporting")
    reporting.verifying_registry(reporting.ONE_ROW)
    serve(run_once, MODULES)
