"""The benchmark ``intake`` by frictionless, in an environment of its own (``.venv-bench``)."""

from pathlib import Path

from benchmarks.contender import Answer, Stopwatch


def intake(home: Path, stopwatch: Stopwatch) -> Answer:
    """Read and validate each workbook; figures summed as the others do."""
    from frictionless import Dialect, Resource, formats  # type: ignore[import-not-found]

    paths = sorted((home / "intake").glob("*/*.xlsx"))
    cells, total = 0, 0.0
    with stopwatch:
        for path in paths:
            control = formats.ExcelControl(sheet="Số liệu")
            dialect = Dialect(header_rows=[13], controls=[control])
            with Resource(path=str(path), dialect=dialect) as resource:
                for row in resource.row_stream:
                    figures = list(row.values())[4:-1]
                    if row.get("org_unit"):
                        cells += len(figures)
                        total += sum(float(0 if each == "-" else each) for each in figures if each is not None)
    return {"n": len(paths), "cells": cells, "total": total}
