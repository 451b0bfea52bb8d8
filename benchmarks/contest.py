"""The one form of a benchmark: contenders in processes of their own, agreeing answers, one table of ratios.

A benchmark is a module ``benchmarks/<name>.py`` that ends with ``main(measure)``, where ``measure`` plays cases and
yields rows. A contender is a function ``module:function`` of a folder and a stopwatch: it prepares itself, works inside
``with stopwatch`` and returns its answer. Its folder is a copy of the case's input that no other run sees. Nothing here
judges a figure: seconds of a shared machine are compared with a floor that was timed beside them.
"""

import argparse
import json
import math
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.contender import Answer

OURS = "chiso"
SAME = 1e-9
"""Relative difference within which two floating-point numbers of an answer are one number."""

PATIENCE = 900.0
"""Seconds that one contender may take."""

SPARK = Path(__file__).resolve().parent.parent / ".venv-spark" / "bin" / "python"
"""Who plays with Spark does so in its own environment."""

PEERS = Path(__file__).resolve().parent.parent / ".venv-bench" / "bin" / "python"
"""Likewise tools that are no part of the project: `make .venv-bench/.ready` makes their environment."""


class AnswersDifferError(Exception):
    """Contenders of one case gave different answers: their times compare nothing."""


class ContenderFailedError(Exception):
    """A contender ended with an error; its own words are in the message."""


@dataclass(frozen=True)
class Row:
    """One contender in one case. ``ratio_to_floor`` is None where nobody does the same work by hand."""

    case: str
    who: str
    n: int
    seconds: float
    peak_mb: float | None = None
    ratio_to_floor: float | None = None


@dataclass(frozen=True)
class Case:
    """What is done, by whom (name → ``module:function``), and who of them is the floor (blank: nobody)."""

    name: str
    contenders: Mapping[str, str]
    floor: str = ""


@dataclass(frozen=True)
class Played:
    """A case that has been played: its rows, and the folder that our last run left, for a case that follows it."""

    rows: list[Row]
    left: Path


@dataclass(frozen=True)
class Options:
    """How a benchmark is asked for: ``small`` plays each case once, ``full`` three times for the median."""

    size: str = "small"
    as_json: bool = False

    @property
    def repeats(self) -> int:
        """How often each contender runs."""
        return 3 if self.size == "full" else 1


@dataclass(frozen=True)
class _Run:
    answer: Answer
    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Field:
    """Where contests take place."""

    folder: Path
    options: Options = Options()

    def play(self, case: Case, given: Path) -> Played:
        """Run the contenders in turn, as often as asked, each in a process and on a copy of ``given`` of its own.

        Raises:
            AnswersDifferError: their answers differ; also those of one contender from one run to the next.
            ContenderFailedError: one of them failed.
        """
        runs: dict[str, list[_Run]] = {who: [] for who in case.contenders}
        left = Path(tempfile.mkdtemp(dir=self.folder)) / "left"
        for _ in range(self.options.repeats):
            for who, contender in case.contenders.items():
                place = self.lay_out(given)
                runs[who].append(_run(case.name, contender, place))
                if who == OURS:
                    shutil.rmtree(left, ignore_errors=True)
                    place.rename(left)
        must_agree(case.name, [(who, run.answer) for who, made in runs.items() for run in made])
        return Played(_rows(case, runs), left)

    def once(self, case: Case, given: Path) -> Path:
        """Run our contender once, as set-up for the cases that follow; the folder it left."""
        alone = replace(case, contenders={OURS: case.contenders[OURS]})
        return replace(self, options=Options()).play(alone, given).left

    def lay_out(self, given: Path) -> Path:
        """A fresh copy of a folder, always at the same place: what was made there may have noted where it was."""
        place = self.folder / "home"
        if place.exists():
            shutil.rmtree(place)
        shutil.copytree(given, place, symlinks=True)
        return place


def main(measure: Callable[[Field], Iterable[Row]]) -> None:
    """Run a benchmark from its command line: ``--size small|full``, ``--json``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=("small", "full"), default="small", help="full: three runs, medians")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    options = Options(asked.size, asked.json)
    # Told to end, whoever started servers stops them.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="chiso-bench-") as folder:
        report(measure(Field(Path(folder), options)), options)


def median(rows: Iterable[Row]) -> Row:
    """One row of several of the same case: the median of seconds, the largest peak."""
    made = list(rows)
    peaks = [row.peak_mb for row in made if row.peak_mb is not None]
    seconds = statistics.median(row.seconds for row in made)
    return replace(made[0], seconds=seconds, peak_mb=max(peaks) if peaks else None)


def must_agree(case: str, answers: Sequence[tuple[str, Answer]]) -> None:
    """Hold answers against the first of them.

    Raises:
        AnswersDifferError: they differ in a name, in a text or whole number, or in a real number beyond ``SAME``.
    """
    first_who, first = answers[0]
    for who, answer in answers[1:]:
        if answer.keys() != first.keys() or not all(_same(answer[name], first[name]) for name in first):
            raise AnswersDifferError(f"{case}: {first_who} says {dict(first)}, {who} says {dict(answer)}")


def report(rows: Iterable[Row], options: Options) -> None:
    """Print a table, or one JSON object a line as soon as it is known; progress goes to standard error."""
    made = []
    with Console(stderr=True).status("…") as status:
        for row in rows:
            made.append(row)
            status.update(f"{row.case}: {row.who} {row.seconds:.2f} s")
            if options.as_json:
                print(json.dumps(asdict(row), ensure_ascii=False), flush=True)
    if not options.as_json:
        Console().print(_table(made, options))


def _table(rows: Iterable[Row], options: Options) -> Table:
    caption = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} over five minutes, {options.repeats} × each"
    table = Table(caption=caption, caption_justify="left")
    table.add_column("case")
    table.add_column("who")
    for name in ("n", "seconds", "peak MB", "× floor"):
        table.add_column(name, justify="right")
    for row in rows:
        peak = "" if row.peak_mb is None else f"{row.peak_mb:.0f}"
        ratio = "" if row.ratio_to_floor is None else f"{row.ratio_to_floor:.2f}"
        table.add_row(row.case, row.who, f"{row.n:,}", f"{row.seconds:.3f}", peak, ratio)
    return table


def _run(case: str, contender: str, place: Path) -> _Run:
    own = {"_on_spark:": SPARK, "_by_peers:": PEERS}
    python = str(next((path for mark, path in own.items() if mark in contender), Path(sys.executable)))
    command = [python, "-m", "benchmarks.contender", contender, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode != 0:
        raise ContenderFailedError(f"{case}, {contender}: code {done.returncode}\n{done.stderr[-4000:]}")
    return _Run(**json.loads(done.stdout.strip().splitlines()[-1]))


def _same(one: float | str, other: float | str) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=SAME)
    return type(one) is type(other) and one == other


def _rows(case: Case, runs: Mapping[str, list[_Run]]) -> list[Row]:
    rows = [
        median(Row(case.name, who, int(run.answer["n"]), run.seconds, run.peak_mb) for run in made)
        for who, made in runs.items()
    ]
    floor = next((row.seconds for row in rows if row.who == case.floor), None)
    return [replace(row, ratio_to_floor=row.seconds / floor if floor else None) for row in rows]
