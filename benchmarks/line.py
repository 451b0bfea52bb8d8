"""Benchmark ``line``: every arrow of the demo beside the same work by hand, and from a dropped file to the dashboard.

The input is the demo's own: a PostgreSQL server and a data service with published figures, and workbooks of 34
provinces for two months. Each arrow starts from what the one before it left.
"""

from collections.abc import Iterator

from benchmarks import dashboard
from benchmarks.contest import OURS, Case, Field, Row, main
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.demo.run import OCTOBER, ministry_servers


def _case(name: str, ours: str, floor: str = "") -> Case:
    """An arrow of ours, and beside it the function of the same name by hand with the named tool."""
    contenders = {floor: f"benchmarks.by_hand:{ours}"} if floor else {}
    return Case(name, {**contenders, OURS: f"benchmarks.arrows:{ours}"}, floor)


SEND = _case("set-up: workbooks", "send")
CORRECT = _case("set-up: correction", "correct")
READY = _case("get ready, once a process", "getting_ready")
DATABASE = _case("extract, PostgreSQL", "extract_database", "duckdb")
REST = _case("extract, REST", "extract_rest", "httpx")
PULL = _case("pull, judge and commit", "pull")
INTAKE = _case("intake, files to receipts", "intake", "pandas")
JUDGE = _case("judge, values", "judgement", "duckdb")
COMPUTE = _case("compute, all", "computation", "duckdb")
RELEASE = _case("release, rows", "release", "duckdb")
RECOMPUTE = _case("compute, one changed", "recomputation", "duckdb")


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
        home = Home(field.lay_out(played.left))
        with environment(CHISO_HOME=str(home.root)):
            yield from dashboard.measure(home, field.options.repeats)


if __name__ == "__main__":
    main(measure)
