"""Benchmark ``large_pull``: one pull of very many values from PostgreSQL, judged, accepted and read through staging.

``small`` pulls a hundred thousand values, ``full`` one million and five: memory must not grow with them. There is no
floor: nobody else judges on the way.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from benchmarks.contender import Answer, Stopwatch
from benchmarks.contest import OURS, Case, Field, Options, Row, main
from dbt_project import load_inputs
from dbt_project.build import build
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.registry import SOURCES, Registry, load_registry
from pipelines.admission import admit
from pipelines.installation import Installation
from pipelines.pulling import pull
from tests.servers import postgres

ROWS = {"small": (100_000,), "full": (1_000_000, 5_000_000)}
CLOCK = "2026-11-10T09:00:00+07:00"
SOURCE, DATASET = "national_statistics", "grdp"
STAGED = f"staging.stg_{SOURCE}__{DATASET}"
KEY = "    key: [org_unit, time_period]\n    deadline_days: 90\n"
QUERY = (
    "select ma as unit_code, nam as year, so as grdp, 'A' as status, 'NSO' as producer, cong_bo as released from lon"
)

TABLE = """create table lon as select 'F' || unit as ma, (2015 + y)::text as nam, date '1970-01-01' + b as cong_bo,
  (100 + (b * 7919 + y * 31 + unit::int) % 50 + 0.125)::numeric(20, 3) as so
  from unnest(array[{units}]) unit, generate_series(0, 9) y, generate_series(1, {n} / 10 / {n_units} + 1) b limit {n};
  analyze lon;"""


def table(n: int, units: list[str]) -> str:
    """Statements that make the table: so many values of so many former provinces, in ten years and many vintages."""
    return TABLE.format(n=n, units=", ".join(f"'{unit[1:]}'" for unit in units), n_units=len(units))


def registry_of(folder: Path) -> Registry:
    """The catalogue, in which regional product has very many vintages and is read from the table."""
    sources = folder / "sources"
    shutil.copytree(SOURCES, sources)
    file = sources / SOURCE / "source.yml"
    declared = file.read_text(encoding="utf-8")
    assert declared.count(KEY) == 1
    declared = declared.replace(
        f"      citation: citation\n{KEY}",
        f"      published_date: released\n{KEY.replace('time_period]', 'time_period, published_date]')}",
    )
    file.write_text(declared, encoding="utf-8")
    (sources / SOURCE / "contract.yml").unlink()
    (sources / SOURCE / "grdp.sql").write_text(QUERY, encoding="utf-8")
    return load_registry(sources=sources)


def with_chiso(root: Path, stopwatch: Stopwatch) -> Answer:
    """Pull, admit, and read every value of the staging view."""
    home, registry = Home(root / "home"), registry_of(root)
    here, dataset = Installation(home, registry), registry.dataset(SOURCE, DATASET)
    with stopwatch:
        candidate = pull(here, registry.sources[SOURCE], dataset, None)
        assert candidate is not None
        (admitted,) = admit(here, [candidate])
        load_inputs(home, registry, here.ledger.tables())
    made = build(home, [STAGED.removeprefix("staging.")], unit_tests=False)
    assert made.succeeded, made.failures
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse, stopwatch:
        n, total = warehouse.execute(f"select count(*), sum(obs_value) from {STAGED}").fetchall()[0]
    assert n == admitted.batch.n_accepted == admitted.batch.n_read
    return {"n": n, "total": str(total)}


def measure(field: Field) -> Iterator[Row]:
    """One pull of each size: it takes minutes."""
    once = replace(field, options=Options())
    start = field.folder / "start"
    start.mkdir()
    units = [unit.org_unit_code for unit in load_registry().reference.of_kind("former_province")]
    for n in ROWS[field.options.size]:
        with postgres() as server:
            server.run(table(n, units))
            with environment(CHISO_NOW=CLOCK, CHISO_NATIONAL_STATISTICS=server.url):
                contenders = {OURS: "benchmarks.large_pull:with_chiso"}
                yield from once.play(Case(f"pull to staging, {n:,} values", contenders), start).rows


if __name__ == "__main__":
    main(measure)
