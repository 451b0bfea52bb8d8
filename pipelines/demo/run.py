"""The demo: servers of a ministry, officers who fill workbooks, and the line that carries their figures.

It keeps to a folder of its own and starts each time from nothing but Superset's accounts, so that what it shows is what
a first day looks like. Its clock stands still: deadlines then read the same on any day.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal

from connectors.intake.folders import open_folder
from connectors.workbook.stamp import stamp_key
from connectors.workbook.template import build_template
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.console import Steps
from pipelines.demo import figures, officers
from pipelines.demo.ministry import ministry_database
from pipelines.demo.service import data_service
from pipelines.demo.synthetic import commune_figures
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.intake_report import IntakeReport
from pipelines.line import LineReport, run_line

FORM = ("commune_report", "administration")
INDEX_FORM, INDEX_AGENCY = ("published_rankings", "national_dti"), "G06"
SILENT_PROVINCE = "P96"
"""Cà Mau sends nothing for October: silence must be visible."""

MARKER = ".chiso-demo"
"""Says that a folder is the demo's, to be emptied."""

CARELESS_PROVINCE = "P48"
"""Đà Nẵng sends the deliberately wrong workbook."""


@dataclass(frozen=True)
class Drop:
    """One day on which officers send their workbooks."""

    time_period: str
    clock: str


SEPTEMBER = Drop("2026-09", "2026-10-09T09:00:00+07:00")
OCTOBER = Drop("2026-10", "2026-11-10T09:00:00+07:00")


@dataclass(frozen=True)
class DemoReport:
    """What the demo did, for its closing table."""

    september: IntakeReport
    line: LineReport
    mistakes: tuple[officers.Mistake, ...]
    """What stands in the careless province's workbook, cell by cell."""


def start_afresh(home: Home) -> None:
    """Empty the demo's folder; its marker and Superset's accounts and passwords stay."""
    home.root.mkdir(parents=True, exist_ok=True)
    for path in home.root.iterdir():
        if path in {home.superset, home.root / MARKER}:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def ministry_servers(home: Home) -> Iterator[None]:
    """A PostgreSQL server and an HTTP data service with published figures, and the secrets that lead to them."""
    with ExitStack() as servers:
        url = servers.enter_context(ministry_database(home.root / "ministry"))
        service = servers.enter_context(data_service())
        servers.enter_context(environment(CHISO_NATIONAL_STATISTICS=url, CHISO_ONLINE_SERVICES=service.secret))
        yield


def officers_send(
    installation: Installation, drop: Drop, but: frozenset[str] = frozenset()
) -> tuple[officers.Mistake, ...]:
    """Every province's officer fills the template and drops it into the province's folder.

    Returns:
        What the careless province's officer did wrong, and in which cells.
    """
    registry, home = installation.registry, installation.home
    dataset = registry.dataset(*FORM)
    templates = home.root / "templates" / drop.time_period
    templates.mkdir(parents=True, exist_ok=True)
    made_up, key = commune_figures(drop.time_period), stamp_key(home.root)
    mistakes: tuple[officers.Mistake, ...] = ()
    for unit in registry.reference.of_kind("province"):
        agency = unit.org_unit_code
        if agency in but:
            continue
        template = templates / f"BM-XA-01_{agency}_{drop.time_period}.xlsx"
        build_template(registry, dataset, agency, drop.time_period, template, key=key, is_synthetic=True)
        officers.fill(template, agency, drop.time_period, made_up)
        if agency == CARELESS_PROVINCE and drop is OCTOBER:
            mistakes = officers.spoil(template)
        template.replace(open_folder(home, agency) / template.name)
    return mistakes


def ministry_sends(installation: Installation) -> None:
    """The ministry's officer copies the published national index of each year; the pillars, unknown, stay blank."""
    registry, home = installation.registry, installation.home
    dataset = registry.dataset(*INDEX_FORM)
    unknown = dict.fromkeys((measure.id for measure in dataset.measures), None)
    for row in figures.read("national_dti"):
        period = row["period"]
        template = home.root / "templates" / f"BM-XH-02_{INDEX_AGENCY}_{period}.xlsx"
        template.parent.mkdir(parents=True, exist_ok=True)
        build_template(registry, dataset, INDEX_AGENCY, period, template, key=stamp_key(home.root))
        said = f"Mới có điểm chung đã công bố, chưa có điểm từng trụ cột. Nguồn: {row['source_note']}"
        known = unknown | {"dti_national.score": Decimal(row["score"])}
        officers.fill(template, INDEX_AGENCY, period, {row["unit_code"]: known}, said)
        template.replace(open_folder(home, INDEX_AGENCY) / template.name)


def run_demo(home: Home, steps: Steps) -> DemoReport:
    """Two months of reporting, from empty folders to a sealed release. The servers must be running."""
    installation = Installation(home)
    with environment(CHISO_NOW=SEPTEMBER.clock), steps.step("Tháng 9: các tỉnh gửi tệp · September's workbooks"):
        officers_send(installation, SEPTEMBER)
        ministry_sends(installation)
        september = take_in(installation, settle_seconds=0)
    with environment(CHISO_NOW=OCTOBER.clock):
        with steps.step("Tháng 10: các tỉnh gửi tệp · October's workbooks"):
            mistakes = officers_send(installation, OCTOBER, but=frozenset({SILENT_PROVINCE}))
        line = run_line(installation, steps.step, settle_seconds=0)
    return DemoReport(september, line, mistakes)
