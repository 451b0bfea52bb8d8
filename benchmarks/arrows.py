"""Our side of the benchmark ``line``: each arrow of the demo through the line's own functions, and the set-up between.

An arrow is timed as a resident process pays for it: modules imported, catalogue and dbt project read. What that costs
once is an arrow of its own, ``getting_ready``.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.by_hand import OF_COMMUNES, OF_DOSSIERS, Ratio, counted, summed
from benchmarks.contender import Answer, Stopwatch
from connectors.extract import extract
from connectors.intake.folders import open_folder
from connectors.landing import Landing
from connectors.workbook.stamp import stamp_key
from connectors.workbook.template import build_template
from dbt_project.build import parse
from expectations import Case, judge
from expectations.engine import warm_up
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines.cadence import partitions_due
from pipelines.compute import compute
from pipelines.demo import officers
from pipelines.demo.run import CARELESS_PROVINCE, FORM, OCTOBER, SEPTEMBER, officers_send
from pipelines.demo.synthetic import CommuneFigures, commune_figures
from pipelines.history import published_observations
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.line import publish, pull_all

WATCHED = OF_COMMUNES[0]
"""The indicator whose new value is awaited on the dashboard."""


def send(home: Path, _: Stopwatch) -> Answer:
    """Set-up: September is taken in; October lies in the folders of all 34 provinces, one workbook of it wrong."""
    installation = Installation(Home(home))
    with environment(CHISO_NOW=SEPTEMBER.clock):
        officers_send(installation, SEPTEMBER)
        taken = take_in(installation, settle_seconds=0)
    officers_send(installation, OCTOBER)
    return {"n": len(taken.answers)}


def correct(home: Path, _: Stopwatch) -> Answer:
    """Set-up: the careless province sends its workbook again, as it should have been, and it is taken in."""
    installation = Installation(Home(home))
    drop(installation, CARELESS_PROVINCE, commune_figures(OCTOBER.time_period))
    return {"n": len(take_in(installation, settle_seconds=0).answers)}


def drop(installation: Installation, agency: str, figures: CommuneFigures) -> Path:
    """Fill the October form of an agency and move it into its folder in one step; where it lies then."""
    registry, home = installation.registry, installation.home
    templates = home.root / "templates"
    templates.mkdir(exist_ok=True)
    made = templates / f"BM-XA-01_{agency}_{OCTOBER.time_period}.xlsx"
    key = stamp_key(home.root)
    build_template(registry, registry.dataset(*FORM), agency, OCTOBER.time_period, made, key=key, is_synthetic=True)
    officers.fill(made, agency, OCTOBER.time_period, figures)
    return made.replace(open_folder(home, agency) / made.name)


def lowered(registry: Registry, agency: str, by: int) -> tuple[CommuneFigures, float]:
    """October's figures with ``by`` electronic documents less in each commune of a province, and its new percentage."""
    part, whole = WATCHED.part, WATCHED.whole
    own = {unit.org_unit_code for unit in registry.reference.of_kind("commune") if unit.parent_code == agency}
    figures: dict[str, Mapping[str, int]] = {}
    for commune, row in commune_figures(OCTOBER.time_period).items():
        figures[commune] = {**row, part: max(0, row[part] - by)} if commune in own else row
    parts, wholes = (sum(row[name] for code, row in figures.items() if code in own) for name in (part, whole))
    return figures, 100 * parts / wholes


def getting_ready(home: Path, stopwatch: Stopwatch) -> Answer:
    """Read the catalogue, load the judge and let dbt read its project: once in the life of a process."""
    with stopwatch:
        installation = Installation(Home(home))
        n = len(installation.registry.indicators)
        warm_up()
        parse(installation.home)
    return {"n": n}


def extract_database(home: Path, stopwatch: Stopwatch) -> Answer:
    """Pull the ministry database: evidence kept, values landed."""
    return _extracted(home, stopwatch, "national_statistics")


def extract_rest(home: Path, stopwatch: Stopwatch) -> Answer:
    """Pull the data service, sixteen months of dossiers among it: evidence kept, values landed."""
    return _extracted(home, stopwatch, "online_services")


def _extracted(home: Path, stopwatch: Stopwatch, source_id: str) -> Answer:
    installation = Installation(Home(home))
    source = installation.registry.sources[source_id]
    landing = Landing(installation.home)
    readings = []
    with stopwatch:
        for dataset in source.datasets:
            for partition in partitions_due(dataset):
                pulled = extract(source, dataset, installation.home, partition)
                landing.land(pulled)
                readings.append(pulled.rows)
    values = pl.concat(readings)["obs_value"].drop_nulls()
    return {"n": len(values), "total": float(sum(map(Decimal, values)))}


def pull(home: Path, stopwatch: Stopwatch) -> Answer:
    """Pull every source, judge and commit: what the demo does at this arrow."""
    installation = Installation(Home(home))
    assert installation.registry
    warm_up()
    with stopwatch:
        admitted = pull_all(installation)
    return {"n": sum(each.batch.n_read for each in admitted)}


def intake(home: Path, stopwatch: Stopwatch) -> Answer:
    """From files in folders to a receipt in each: own copy, sandboxed reading, judgement, commit, answer, archive."""
    installation = Installation(Home(home))
    assert installation.registry
    warm_up()
    with stopwatch:
        report = take_in(installation, settle_seconds=0)
    batches = [admitted.batch for admitted in report.admitted]
    values = pl.concat([pl.read_parquet(installation.home.root / batch.landing_path) for batch in batches])["obs_value"]
    total = float(sum(map(Decimal, values.drop_nulls())))
    return {"n": len(report.answers), "cells": sum(batch.n_read for batch in batches), "total": total}


def judgement(home: Path, stopwatch: Stopwatch) -> Answer:
    """Judge October's workbooks anew: findings in two languages, and what is returned."""
    installation = Installation(Home(home))
    registry = installation.registry
    readings = october_readings(installation)
    warm_up()
    with stopwatch:
        cases = [
            Case(str(number), registry.dataset(*FORM), pl.read_parquet(path), agency, OCTOBER.time_period)
            for number, (path, agency) in enumerate(readings)
        ]
        verdicts = judge(cases, registry, published_observations(installation.home))
    n_read = sum(verdict.n_read for verdict in verdicts)
    return {"n": n_read, "returned": sum(verdict.returned.height for verdict in verdicts)}


def october_readings(installation: Installation) -> list[tuple[Path, str]]:
    """Landed file and agency of every October submission."""
    return [
        (installation.home.root / batch.landing_path, submission.agency)
        for submission in installation.ledger.submissions()
        if submission.time_period == OCTOBER.time_period
        for batch in installation.ledger.batches(submission_no=submission.submission_no)
    ]


def computation(home: Path, stopwatch: Stopwatch) -> Answer:
    """Everything from accepted rows to marts: 26 indicators on two maps, lights, histories, grain tests."""
    return _computed(home, stopwatch, (*OF_DOSSIERS, *OF_COMMUNES))


def recomputation(home: Path, stopwatch: Stopwatch) -> Answer:
    """The same after one province's correction: what hangs on the form's measures, and the marts."""
    return _computed(home, stopwatch, OF_COMMUNES)


def _computed(home: Path, stopwatch: Stopwatch, ratios: tuple[Ratio, ...]) -> Answer:
    installation = Installation(Home(home))
    assert installation.registry
    parse(installation.home)
    with stopwatch:
        done = compute(installation)
    done.raise_on_failure()
    with duckdb.connect(str(installation.home.warehouse), read_only=True) as warehouse:
        rows = warehouse.execute(
            """select indicator, count(obs_value), sum(obs_value)
            from marts.fct_indicator_value inner join marts.dim_indicator using (indicator_key)
            where map = 'current' and list_contains(?, indicator) group by indicator order by indicator""",
            [[ratio.indicator for ratio in ratios]],
        ).fetchall()
    return summed(rows)


def release(home: Path, stopwatch: Stopwatch) -> Answer:
    """Seal the marts: copied in order, hashed table by table, fsynced, listed, made current."""
    installation = Installation(Home(home))
    assert installation.registry
    with stopwatch:
        sealed = publish(installation)
    path = sealed.file_in(installation.home.published)
    with duckdb.connect(str(path), read_only=True) as mart:
        return counted(mart)
