"""Benchmark ``line``: every arrow of the demo beside the same work by hand, and from a dropped file to the dashboard.

The input is the demo's own: a PostgreSQL server and a data service with published figures, and workbooks of 34
provinces for two months. Each arrow starts from what the one before it left.
"""

from collections.abc import Iterator

from benchmarks import arrows, by_hand, dashboard
from benchmarks.contest import OURS, Case, Field, Row, main
from indicator_specs.home import Home
from pipelines.demo.run import OCTOBER, environment, ministry_servers

SEND = Case("set-up: workbooks", {OURS: arrows.send})
CORRECT = Case("set-up: correction", {OURS: arrows.correct})
READY = Case("get ready, once a process", {OURS: arrows.getting_ready})
DATABASE = Case(
    "extract, PostgreSQL", {"duckdb": by_hand.extract_database, OURS: arrows.extract_database}, floor="duckdb"
)
REST = Case("extract, REST", {"httpx": by_hand.extract_rest, OURS: arrows.extract_rest}, floor="httpx")
PULL = Case("pull: extract, judge, commit", {OURS: arrows.pull})
INTAKE = Case("intake, files to receipts", {"pandas": by_hand.intake, OURS: arrows.intake}, floor="pandas")
JUDGE = Case("judge, values", {"duckdb": by_hand.judgement, OURS: arrows.judgement}, floor="duckdb")
COMPUTE = Case("compute, everything", {"duckdb": by_hand.computation, OURS: arrows.computation}, floor="duckdb")
RELEASE = Case("release, rows", {"duckdb": by_hand.release, OURS: arrows.release}, floor="duckdb")
RECOMPUTE = Case(
    "compute, one dataset changed", {"duckdb": by_hand.recomputation, OURS: arrows.recomputation}, floor="duckdb"
)
CASES = (SEND, CORRECT, READY, DATABASE, REST, PULL, INTAKE, JUDGE, COMPUTE, RELEASE, RECOMPUTE)


def measure(field: Field) -> Iterator[Row]:
    """Every row of the benchmark, as it becomes known."""
    start = field.folder / "start"
    start.mkdir()
    with ministry_servers(Home(start)), environment(CHISO_NOW=OCTOBER.clock):
        at = field.once(SEND, start)
        yield from field.play(READY, at).rows
        yield from field.play(DATABASE, at).rows
        yield from field.play(REST, at).rows
        for case in (PULL, INTAKE):
            played = field.play(case, at)
            yield from played.rows
            at = played.left
        yield from field.play(JUDGE, at).rows
        for case in (COMPUTE, RELEASE):
            played = field.play(case, at)
            yield from played.rows
            at = played.left
        at = field.once(CORRECT, at)
        played = field.play(RECOMPUTE, at)
        yield from played.rows
        home = Home(field.lay_out(field.once(RELEASE, played.left)))
        with environment(CHISO_HOME=str(home.root)):
            yield from dashboard.measure(home, field.options.repeats)


if __name__ == "__main__":
    main("benchmarks.line", CASES, measure)
