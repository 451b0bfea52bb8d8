"""The one form of a benchmark: contenders in processes of their own, agreeing answers, one table.

A contender is a function of the benchmark's module that returns its answer; time and peak memory are the operating
system's account of its process. Nothing here judges a figure: seconds on a shared machine are quoted as ratios.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

OURS = "chiso"


@dataclass(frozen=True)
class Row:
    """One contender in one case. ``ratio_to_floor`` is None where nobody does the same work by hand."""

    case: str
    who: str
    n: int
    seconds: float
    peak_mb: float | None
    ratio_to_floor: float | None


class AnswersDifferError(Exception):
    """Contenders of one case gave different answers: their times compare nothing."""


def arguments() -> argparse.Namespace:
    """``--size small|full``, ``--json``; ``--contender`` is how a benchmark calls itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--contender", default="")
    parser.add_argument("--input", default="")
    return parser.parse_args()


def contest(case: str, n: int, module: str, contenders: Sequence[str], floor: str, given: Path) -> list[Row]:
    """Run contenders one after the other on the same input.

    Args:
        case: what they do.
        n: how many rows or values they do it with.
        module: the benchmark's module, which knows the contenders by name.
        contenders: their names; ``chiso`` is ours.
        floor: the one that the others are measured against.
        given: the input that they share.

    Raises:
        AnswersDifferError: their answers differ.
    """
    runs = {who: _run(module, who, given) for who in contenders}
    answers = {who: answer for who, (answer, _, _) in runs.items()}
    if len(set(answers.values())) > 1:
        raise AnswersDifferError(f"{case}: {answers}")
    lowest = runs[floor][1]
    return [Row(case, who, n, seconds, peak, seconds / lowest) for who, (_, seconds, peak) in runs.items()]


def answer_as(contenders: Mapping[str, Callable[[Path], object]], chosen: argparse.Namespace) -> bool:
    """Where this process was started as a contender: do the work, print the answer and its seconds."""
    if not chosen.contender:
        return False
    started = time.perf_counter()
    answer = contenders[chosen.contender](Path(chosen.input))
    print(json.dumps({"answer": str(answer), "seconds": time.perf_counter() - started}))
    return True


def report(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print a table, or one JSON object a line."""
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    table = Table("case", "who", "n", "seconds", "peak MB", "× floor")
    for row in rows:
        peak = "" if row.peak_mb is None else f"{row.peak_mb:.0f}"
        ratio = "" if row.ratio_to_floor is None else f"{row.ratio_to_floor:.2f}"
        table.add_row(row.case, row.who, f"{row.n:,}", f"{row.seconds:.2f}", peak, ratio)
    Console().print(table)


def _run(module: str, who: str, given: Path) -> tuple[str, float, float]:
    command = [sys.executable, "-m", module, "--contender", who, "--input", str(given)]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"{who} ended with code {process.returncode}")
        out.seek(0)
        said = json.loads(out.read().decode().strip().splitlines()[-1])
    return said["answer"], said["seconds"], usage.ru_maxrss / 1024
