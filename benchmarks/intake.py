"""Benchmark ``intake``: from a dropped file to its receipt, one at a time, in a heap, and beside what is hostile.

The watcher is the real one, in a process of its own; receipts are awaited in the agencies' folders. ``small`` plays a
few files, ``full`` a thousand workbooks, a hundred thousand files in one folder and a hundred drops to the dashboard.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from benchmarks import dashboard, line
from benchmarks.contender import peak_mb, processor_seconds
from benchmarks.contest import OURS, PEERS, Case, Field, Options, Row, main
from benchmarks.intake_arrows import HUGE
from benchmarks.intake_inputs import BUSY, LARGEST_FORM, Heap, drop, filled, heap, many_rows, small_files
from connectors.intake.folders import open_folder
from connectors.intake.names import ANSWERS
from indicator_specs.environment import environment
from indicator_specs.home import PROJECT, Home
from indicator_specs.registry import Registry, load_registry
from pipelines.demo.run import OCTOBER, ministry_servers
from pipelines.installation import Installation

PATIENCE = 1_800.0
OTHER = "P01"


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    drops: int
    heap: int
    cells: tuple[tuple[int, int], ...]
    crowd: int
    drip_bytes_a_second: int
    to_dashboard: int


SIZES = {
    "small": Sizes(5, 100, ((100_000, 5),), 2_000, 8_192, 5),
    "full": Sizes(50, 1_000, ((100_000, 5), (100_000, 30)), 100_000, 1_024, 100),
}


def measure(field: Field) -> Iterator[Row]:
    """Every row of the benchmark, as it becomes known."""
    sizes, registry = SIZES[field.options.size], load_registry()
    with environment(CHISO_NOW=OCTOBER.clock):
        yield from _one_at_a_time(registry, _home(field, "one"), sizes.drops)
        yield from _drip(registry, _home(field, "drip"), sizes.drip_bytes_a_second)
        made = heap(registry, sizes.heap, field.folder / "workbooks")
        yield from _heap(made, _home(field, "heap"))
        yield from _beside_others(made, field)
        yield from _crowd(registry, _home(field, "crowd"), sizes.crowd, sizes.drops)
        for rows, columns in sizes.cells:
            yield from _huge(field, rows, columns)
    yield from _to_dashboard(field, sizes.to_dashboard)


def _home(field: Field, name: str) -> Home:
    home = Home(field.folder / name / "data")
    home.root.mkdir(parents=True)
    return home


def _one_at_a_time(registry: Registry, home: Home, n: int) -> Iterator[Row]:
    """The largest form of a province, again and again, each time with another figure."""
    with _watcher(home):
        seconds = [_answered_after(registry, home, LARGEST_FORM, number) for number in range(n + 1)]
    yield from _percentiles("drop to receipt, watcher", seconds[1:])


def _answered_after(registry: Registry, home: Home, agency: str, number: int) -> float:
    made = filled(registry, home, agency, home.root / f"{number:05}.xlsx", number)
    before = len(_receipts(home, agency))
    started = time.time()
    drop(home, agency, made)
    _await(lambda: len(_receipts(home, agency)) > before, f"a receipt for {agency}")
    return max(_receipts(home, agency).values()) - started


def _drip(registry: Registry, home: Home, bytes_a_second: int) -> Iterator[Row]:
    """A sender that writes slowly into the folder itself: never claimed before its last byte."""
    made = filled(registry, home, OTHER, home.root / "drip.xlsx")
    content, target = made.read_bytes(), open_folder(home, OTHER) / "drip.xlsx"
    with _watcher(home):
        started = time.time()
        with target.open("wb") as file:
            for start in range(0, len(content), bytes_a_second):
                file.write(content[start : start + bytes_a_second])
                file.flush()
                time.sleep(1)
        ended = time.time()
        assert not _receipts(home, OTHER), "claimed before its last byte"
        _await(lambda: _receipts(home, OTHER), "a receipt for the slow file")
        (at,) = _receipts(home, OTHER).values()
        told = json.loads(next((home.intake / OTHER / ANSWERS).glob("*.json")).read_text(encoding="utf-8"))
    assert told["size"] == len(content), "not the whole file was read"
    yield Row(f"slow sender, {bytes_a_second} bytes a second: last byte to receipt", OURS, 1, at - ended)
    yield Row("slow sender: its writing", "sender", 1, ended - started)


def _heap(made: Heap, home: Home) -> Iterator[Row]:
    """All at once, most of them of one agency; when each was answered, and what the parent held before and at most."""
    workbooks, n = made.lay_beside(home), len(made.workbooks)
    with _watcher(home) as process:
        before, spent = peak_mb(str(process.pid), with_children=False), processor_seconds(process.pid)
        started = time.time()
        for agency, path in workbooks:
            drop(home, agency, path)
        agencies = {agency for agency, _ in workbooks}
        _await(lambda: sum(len(_receipts(home, agency)) for agency in agencies) == n, f"{n} receipts", every=2.0)
        after, spent = peak_mb(str(process.pid), with_children=False), processor_seconds(process.pid) - spent
    seconds = {agency: [at - started for at in _receipts(home, agency).values()] for agency in agencies}
    others = [each for agency in agencies - {BUSY} for each in seconds[agency]]
    yield Row("heap, watcher: ready", OURS, 0, 0.0, before)
    yield Row("heap, watcher: last receipt", OURS, n, max(max(each) for each in seconds.values()), after)
    yield Row("heap, watcher: processor seconds", OURS, n, spent)
    yield from _percentiles("heap, watcher: who sends most", seconds[BUSY])
    yield from _percentiles("heap, watcher: the others", others)


def _beside_others(made: Heap, field: Field) -> Iterator[Row]:
    """The same workbooks without a watcher, beside pandas, and frictionless where its environment is there."""
    given = field.folder / "given"
    home = Home(given)
    given.mkdir()
    for agency, path in made.lay_beside(home):
        drop(home, agency, path)
    contenders = {"pandas": "benchmarks.by_hand:intake", OURS: "benchmarks.arrows:intake"}
    if PEERS.exists():
        contenders["frictionless"] = "benchmarks.intake_by_peers:intake"
    else:
        print(f"frictionless does not play: there is no {PEERS.relative_to(PROJECT)}", file=sys.stderr)
    yield from field.play(Case("heap, files to receipts", contenders, "pandas"), given).rows


def _crowd(registry: Registry, home: Home, n: int, drops: int) -> Iterator[Row]:
    """One folder is full of what are no workbooks; another agency drops its form meanwhile."""
    small_files(open_folder(home, BUSY), n)
    open_folder(home, OTHER)
    with _watcher(home):
        _await(lambda: _receipts(home, BUSY), "a first receipt of the crowd")
        seconds = [_answered_after(registry, home, OTHER, number) for number in range(drops)]
    yield from _percentiles(f"drop to receipt beside {n:,} files of another agency", seconds)


def _huge(field: Field, rows: int, columns: int) -> Iterator[Row]:
    """A workbook beyond every form: refused early, in little memory; pandas reads it all."""
    given = field.folder / f"huge {rows} {columns}"
    given.mkdir()
    many_rows(given / HUGE, rows, columns)
    (given / "cells").write_text(str(rows * columns))
    contenders = {
        "pandas": "benchmarks.intake_arrows:read_by_hand",
        OURS: "benchmarks.intake_arrows:refuse",
        "chiso, the child": "benchmarks.intake_arrows:refuse_in_child",
    }
    once = replace(field, options=Options())
    yield from once.play(Case(f"workbook of {rows:,} rows", contenders, "pandas"), given).rows


def _to_dashboard(field: Field, n: int) -> Iterator[Row]:
    """With a resident worker, Dagster and Superset: the demo's installation, corrected again and again."""
    start = field.folder / "start"
    start.mkdir()
    with ministry_servers(Home(start)), environment(CHISO_NOW=OCTOBER.clock):
        at = start
        for case in (line.SEND, line.PULL, line.INTAKE, line.COMPUTE, line.RELEASE):
            at = field.once(case, at)
        home = Home(field.lay_out(at))
        with environment(CHISO_HOME=str(home.root)):
            made = list(dashboard.warm_drops(home, n))
    yield from _percentiles("drop to receipt, worker", [receipt.seconds for receipt, _ in made])
    yield from _percentiles("drop to dashboard, worker", [shown.seconds for _, shown in made])


def _percentiles(case: str, seconds: Sequence[float]) -> Iterator[Row]:
    ordered = sorted(seconds)
    yield Row(f"{case}, p50", OURS, len(ordered), statistics.median(ordered))
    yield Row(f"{case}, p95", OURS, len(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))])


def _receipts(home: Home, agency: str) -> dict[str, float]:
    """When each receipt was whole: its JSON is written last."""
    return {path.name: path.stat().st_mtime for path in (home.intake / agency / ANSWERS).glob("PTN-*.json")}


@contextmanager
def _watcher(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """The watcher in a process of its own; yields once it is warm and has taken its first look."""
    Installation(home).ledger.close()
    log = home.root / "watcher.log"
    command = [sys.executable, "-m", "pipelines.cli", "intake", "watch"]
    with environment(CHISO_HOME=str(home.root)), log.open("ab") as out:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=out, stderr=out)
        try:
            _await(lambda: "Ctrl-C" in log.read_text(encoding="utf-8"), "the watcher")
            time.sleep(8)  # It loads the judge before its first look.
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def _await(holds: Callable[[], object], what: str, every: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise dashboard.NeverSeenError(f"Within {PATIENCE:.0f} s there was not {what}")
        time.sleep(every)


if __name__ == "__main__":
    main(measure)
