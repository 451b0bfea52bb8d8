"""Our side of the benchmark ``intake``, and the same work by openpyxl with pandas."""

from pathlib import Path

from openpyxl import Workbook

from benchmarks.contender import Answer, Stopwatch

HUGE = "huge.xlsx"


def refuse(folder: Path, stopwatch: Stopwatch) -> Answer:
    """A huge workbook as the intake meets it: in a child of its own, which says why nothing of it is taken."""
    from connectors.workbook.reading import WorkbookRefused
    from connectors.workbook.sandbox import read_in_sandbox
    from indicator_specs.registry import load_registry

    registry, key = load_registry(), b"the key of a benchmark"
    # As a resident watcher has it: the helper has loaded its readers, as pandas has been imported by whoever reads so.
    Workbook().save(folder / "blank.xlsx")
    read_in_sandbox(folder / "blank.xlsx", registry, key)
    with stopwatch:
        read = read_in_sandbox(folder / HUGE, registry, key)
    assert isinstance(read, WorkbookRefused)
    return {"n": int((folder / "cells").read_text())}


def refuse_in_child(folder: Path, stopwatch: Stopwatch) -> Answer:
    """The child's own work and memory."""
    from connectors.workbook.refusals import FileRefusedError
    from connectors.workbook.table import read_table

    with stopwatch:
        try:
            read_table(folder / HUGE, {})
        except FileRefusedError:
            return {"n": int((folder / "cells").read_text())}
    raise AssertionError("a huge workbook was read")


def read_by_hand(folder: Path, stopwatch: Stopwatch) -> Answer:
    """The same workbook with pandas through openpyxl: nothing says no."""
    import pandas as pd

    with stopwatch:
        sheet = pd.read_excel(folder / HUGE, header=None, engine="openpyxl")
    return {"n": int(sheet.size)}
