"""A small installation in which a whole line runs: a real service to pull from, officers' workbooks to take in.

What it declares stands in ``specs`` beside its home, its dbt project in ``dbt_project``, for other processes to load.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from connectors.intake.folders import open_folder
from connectors.workbook.stamp import stamp_key
from connectors.workbook.template import build_template
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.registry import SOURCES, Registry
from tests.data_service import as_json, serving
from tests.small_catalogue import PAIR_FILE, Small
from tests.small_project import small_project

NOW = "2025-09-10T08:00:00+07:00"
"""Two months of the service are due: enough to die in."""
PERIOD = "2025-08"
AGENCIES = ("P01", "P25", "G06")
FORM = "fees.paid"
FORM_SOURCE = """\
id: fees
name: {vi: Báo cáo thu phí, en: Reports of fees}
kind: workbook
owner: G22
datasets:
  - id: paid
    name: {vi: Thanh toán phí, en: Payment of fees}
    frequency: monthly
    level: [ministry, province]
    partition: none
    form: {code: BM-PHI-01, legal_basis: ["57-NQ/TW"]}
    layout: wide
    key: [org_unit, time_period]
    deadline_days: 12
    measures:
      - id: fees.paid_pct
        name: {vi: Tỉ lệ thanh toán trực tuyến, en: Paid online}
        unit: percent
        nature: non_additive
        checks: {min: "0", max: "100"}
"""
CONDUCT = "sources/system_conduct/source.yml"
"""What the ledger itself tells: the line asks for it after the intake."""


@contextmanager
def small_line(root: Path) -> Iterator[Home]:
    """A home in which three officers have dropped their workbooks; the service runs and the clock stands."""
    specs = Small.at(root / "specs").change(PAIR_FILE, "measure: service.paid_pct", "measure: fees.paid_pct")
    specs.write("sources/fees/source.yml", FORM_SOURCE)
    specs.write(CONDUCT, (SOURCES.parent / CONDUCT).read_text(encoding="utf-8"))
    registry = specs.load()
    small_project(root / "dbt_project", registry)
    home = Home(root / "data")
    home.root.mkdir()
    _officers_send(home, registry)
    with serving() as service:
        service.answer = figures
        with environment(CHISO_NOW=NOW, CHISO_SERVICE=json.dumps({"url": f"{service.url}/v1"})):
            yield home


def _officers_send(home: Home, registry: Registry) -> None:
    form, key = registry.datasets[FORM], stamp_key(home.root)
    for paid, agency in enumerate(AGENCIES, start=30):
        told = {(agency, each.id): paid for each in form.measures}
        build_template(registry, form, agency, PERIOD, open_folder(home, agency) / "bao_cao.xlsx", told, key=key)


def figures(request: Request, _: int) -> Response:
    """What the service says of a period."""
    period = request.query_params["period"]
    rows = [{"unit": unit, "period": period, "received": 100, "online": 80, "paid_pct": 5} for unit in ("P01", "P25")]
    return as_json(json.dumps({"data": rows}))
