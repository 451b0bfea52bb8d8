"""The demo's ministry database, its data service and its officers, as the pipeline and an agency meet them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.databases.attached import attached
from connectors.errors import PermanentSourceError, TransientSourceError
from connectors.secrets import Connection, Secret
from connectors.workbook.form import layouts
from connectors.workbook.rows import Value
from connectors.workbook.table import read_table
from connectors.workbook.template import build_template
from indicator_specs.home import PROJECT
from pipelines.demo import figures, officers, postgres, synthetic
from pipelines.demo.ministry import ministry_database
from pipelines.demo.postgres import PREFIX, ServerFailedError, running
from pipelines.demo.service import Service, data_service
from tests.whole_catalogue import whole_catalogue

QUERIES = PROJECT / "connectors" / "sources" / "national_statistics"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The ministry's database, and how to reach it."""
    with ministry_database(tmp_path_factory.mktemp("ministry")) as url:
        yield Connection("CHISO_NATIONAL_STATISTICS", Secret(url))


@pytest.mark.parametrize(("query", "table"), [("macro_series", 189), ("digital_economy", 14), ("grdp", 33)])
def test_the_queries_of_the_source_bring_every_published_figure(database: Connection, query: str, table: int) -> None:
    with attached(database, query, 30) as ministry:
        rows = ministry.fetch((QUERIES / f"{query}.sql").read_text(encoding="utf-8"))
    value = "grdp" if query == "grdp" else "value"
    identity = [name for name in ("series_code", "unit_code", "year", "producer", "citation") if name in rows.columns]
    served = {(*row[:-1], float(row[-1])) for row in rows.select(*identity, value).iter_rows()}
    published = {(*(row[name] for name in identity), float(row[value])) for row in figures.read(query)}
    assert rows.height == table
    assert served == published


def test_the_pipeline_may_read_and_nothing_else(database: Connection) -> None:
    with attached(database, "grdp", 30) as ministry, pytest.raises(PermanentSourceError):
        ministry.fetch("with gone as (delete from thong_ke.grdp_tinh returning 1) select * from gone")
    with attached(database, "grdp", 30) as ministry:
        [[superuser, rows]] = ministry.fetch(
            "select (select rolsuper from pg_roles where rolname = current_user) as a, count(*) as b "
            "from thong_ke.grdp_tinh"
        ).rows()
    assert (superuser, rows) == (False, 33)


def test_a_wrong_password_is_refused(database: Connection) -> None:
    url = database.url.reveal()
    password = database.parts.password or ""
    wrong = Connection(database.name, Secret(url.replace(password, "0" * len(password))))
    with pytest.raises(PermanentSourceError), attached(wrong, "grdp", 30):
        pass


def test_a_server_whose_owner_was_killed_is_stopped_by_the_next_start(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from pipelines.demo.ministry import ministry_database\n"
            f"with ministry_database(Path({str(tmp_path)!r})) as url: print(url, flush=True); time.sleep(120)",
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    assert owner.stdout is not None
    orphan = owner.stdout.readline().strip()
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait(timeout=30)
    left = Connection("LEFT", Secret(orphan))
    with attached(left, "grdp", 30) as ministry:
        assert ministry.fetch("select 1 as one").item() == 1
    with ministry_database(tmp_path) as url:
        assert url != orphan
        with pytest.raises(TransientSourceError), attached(left, "grdp", 30):
            pass
    notes = [note.read_text() for note in Path(tempfile.gettempdir()).glob(f"{PREFIX}*.json")]
    assert not [note for note in notes if orphan.rpartition(":")[2].partition("/")[0] in note]


def test_an_environment_in_a_private_home_is_copied_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_is_reachable", lambda folder: False)
    programs = postgres._programs(tmp_path, as_another=True)
    assert programs.is_relative_to(tmp_path)
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert "PostgreSQL" in version.stdout


def test_a_failing_statement_says_what_postgresql_said() -> None:
    with running("failing statement") as server, pytest.raises(ServerFailedError, match="does not exist"):
        server.sql("select * from nothing_here;")
    assert not server.folder.exists()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The data service."""
    with data_service() as running_service:
        yield running_service


def ask(service: Service, path: str, token: str | None = None, body: bytes | None = None) -> dict[str, Any]:
    """The parsed answer to one request; HTTP says 200 whatever happened."""
    headers = {"Authorization": f"Bearer {service.token if token is None else token}"}
    with urllib.request.urlopen(urllib.request.Request(service.url + path, body, headers), timeout=10) as answer:
        assert answer.status == 200
        parsed: dict[str, Any] = json.loads(answer.read())
    return parsed


def test_pages_together_hold_every_row_once(service: Service) -> None:
    pages = [ask(service, f"/api/dossiers?period=2026-10&page={page}&size=20")["data"] for page in (1, 2, 3)]
    assert [len(page["items"]) for page in pages] == [20, 14, 0]
    assert {page["total"] for page in pages} == {34}
    units = [item["unit_code"] for page in pages for item in page["items"]]
    assert len(set(units)) == 34
    assert all(item["synthetic"] is True for page in pages for item in page["items"])


@pytest.mark.parametrize(
    "dataset", ["published_rates", "digital_transformation_index", "innovation_index", "task_status", "infrastructure"]
)
def test_published_figures_are_served_as_printed_and_gaps_as_null(service: Service, dataset: str) -> None:
    items = ask(service, f"/api/{dataset}?size=500")["data"]["items"]
    printed = figures.read(dataset)
    assert len(items) == len(printed)
    for item, row in zip(items, printed, strict=True):
        assert set(item) == set(row)
        for name, text in row.items():
            expected = text if isinstance(item[name], str) else float(text) if text else None
            assert item[name] == expected, (name, text)
        assert "synthetic" not in item


def test_an_unknown_period_has_no_items_and_is_no_error(service: Service) -> None:
    answer = ask(service, "/api/dossiers?period=2031-01")
    assert (answer["status"], answer["data"]["total"], answer["data"]["items"]) == (1, 0, [])


@pytest.mark.parametrize(
    ("path", "token", "code", "message"),
    [
        ("/api/dossiers", "wrong", "100", "AUTHEN_ERROR"),
        ("/api/dossiers", "", "100", "AUTHEN_ERROR"),
        ("/api/nothing", None, "106", "SERVICE_ID_INCORRECT"),
        ("/dossiers", None, "106", "SERVICE_ID_INCORRECT"),
        ("/api/dossiers?page=0", None, "500", "DATA_INCORRECT"),
        ("/api/dossiers?size=x", None, "500", "DATA_INCORRECT"),
        ("/api/dossiers?size=100000", None, "500", "DATA_INCORRECT"),
    ],
)
def test_business_errors_come_inside_http_200(
    service: Service, path: str, token: str | None, code: str, message: str
) -> None:
    assert ask(service, path, token) == {"status": 0, "code": code, "message": message}


def test_post_answers_like_get(service: Service) -> None:
    body = json.dumps({"period": "2026-09", "page": 2, "size": 20}).encode()
    assert ask(service, "/api/dossiers", body=body) == ask(service, "/api/dossiers?period=2026-09&page=2&size=20")
    assert ask(service, "/api/dossiers", body=b"[1")["message"] == "DATA_INCORRECT"


def test_the_secret_leads_to_the_service_and_does_not_show_itself(service: Service) -> None:
    assert json.loads(service.secret) == {"url": service.url, "token": service.token}
    assert service.token not in repr(service)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template of Hải Phòng for October, as the system draws it."""
    path = tmp_path_factory.mktemp("template") / "BM-XA-01.xlsx"
    registry = whole_catalogue()
    dataset = registry.dataset("commune_report", "administration")
    return build_template(registry, dataset, "P31", "2026-10", path, key=b"0" * 32, is_synthetic=True)


@pytest.fixture
def filled(template: Path, tmp_path: Path) -> Path:
    """The same, filled by its officer."""
    path = tmp_path / template.name
    shutil.copyfile(template, path)
    return officers.fill(path, "P31", "2026-10", synthetic.commune_figures("2026-10"))


def read(path: Path) -> dict[tuple[str, str], Value]:
    """What the reader of workbooks finds, by unit and measure; the last row counts."""
    table = read_table(path, layouts(whole_catalogue()))
    assert table["refused"] is None
    return {(value["org_unit"], value["measure"]): value for value in table["values"]}


def test_an_officer_types_every_figure_and_leaves_the_silent_blank(filled: Path) -> None:
    made = synthetic.commune_figures("2026-10")
    found = read(filled)
    units = {unit for unit, _ in found}
    assert len(units) == 114
    silent = units - set(made)
    assert silent, "Hải Phòng has a silent commune in October"
    for (unit, measure), value in found.items():
        expected = "blank" if unit in silent else None
        assert value["problem"] == expected
        assert value["obs_value"] == (None if unit in silent else str(made[unit][measure]))


def test_an_officer_does_not_fill_the_form_of_another(template: Path) -> None:
    with pytest.raises(ValueError, match="not the template of P01 for 2026-10"):
        officers.fill(template, "P01", "2026-10", {})


def test_the_wrong_workbook_is_wrong_in_six_places_and_nowhere_else(filled: Path) -> None:
    before = read(filled)
    mistakes = {mistake.kind: mistake.place for mistake in officers.spoil(filled)}
    after = read(filled)
    assert len(set(mistakes.values())) == len(mistakes) == 6
    by_place = {value["place"]: value for value in after.values()}
    assert by_place[mistakes["text_in_number"]]["problem"] == "not_a_number"
    assert by_place[mistakes["formula_without_value"]]["problem"] == "formula_without_value"
    above = by_place[mistakes["numerator_above_denominator"]]
    whole = after[above["org_unit"], "administration.documents_processed"]
    assert int(above["obs_value"] or 0) > int(whole["obs_value"] or 0)
    assert {unit for unit, _ in after} - {unit for unit, _ in before} == {officers.UNKNOWN_COMMUNE}
    assert {value["time_period"] for value in after.values()} == {"2026-10", "2025-10"}
    places = Counter(value["org_unit"] for value in read_table(filled, layouts(whole_catalogue()))["values"])
    assert [n for n in places.values() if n != 4] == [8], "one unit stands there twice"
    touched = {value["org_unit"] for value in after.values() if value["problem"] not in {None, "blank"}}
    changed = {
        unit
        for (unit, measure), value in before.items()
        if after.get((unit, measure), value)["value_text"] != value["value_text"]
    }
    assert len(changed | touched) == 4, (
        "text, denominator, formula, repeated row: the others only change code or period"
    )
