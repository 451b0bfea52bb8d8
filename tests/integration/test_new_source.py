"""A proposed source folder: it loads, its fixtures are judged as they say, and it reads what it was made from."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.extract import extract
from connectors.openapi import listings
from expectations import judge
from indicator_specs.findings import Severity
from indicator_specs.home import Home
from indicator_specs.registry import SOURCES, Registry, load_registry
from pipelines.cli import app
from pipelines.demo.run import OCTOBER, environment, ministry_servers
from tests.contract.test_source_fixtures import read

DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/api/dossiers": {
            "get": {
                "parameters": [
                    {"in": "query", "name": "period"},
                    {"$ref": "#/components/parameters/page"},
                    {"in": "query", "name": "size"},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
                },
            }
        },
        "/api/health": {
            "get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}}
        },
    },
    "security": [{"token": []}],
    "components": {
        "parameters": {"page": {"in": "query", "name": "page"}},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Page": {
                "properties": {
                    "data": {
                        "properties": {
                            "total": {"type": "integer"},
                            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Dossiers"}},
                        }
                    }
                }
            },
            "Dossiers": {
                "properties": {
                    "unit_code": {"type": "string"},
                    "period": {"type": "string"},
                    "received": {"type": ["integer", "null"]},
                    "note": {"$ref": "https://elsewhere.example/#/x"},
                }
            },
        },
    },
}


@pytest.fixture(scope="module", autouse=True)
def _servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with ministry_servers(Home(tmp_path_factory.mktemp("servers"))), environment(CHISO_NOW=OCTOBER.clock):
        yield


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return shutil.copytree(SOURCES, tmp_path / "sources")


def new(sources: Path, name: str, *options: str) -> tuple[Registry, str]:
    run = CliRunner().invoke(app, ["new", "source", name, "--owner", "NSO", "--folder", str(sources), *options])
    assert run.exit_code == 0, f"{run.output} {run.exception}"
    return load_registry(sources=sources), run.output


def judged(sources: Path, registry: Registry, source: str, fixture: str) -> set[str]:
    cases = list(read(sources / source / "fixtures" / f"{fixture}.csv", registry))
    return {
        one.rule for each in judge(cases, registry, None) for one in each.findings if one.severity is Severity.ERROR
    }


def test_a_table_becomes_a_source_that_reads_it(sources: Path, home: Home) -> None:
    registry, said = new(sources, "grdp_moi", "--table", "thong_ke.grdp_tinh", "--secret", "CHISO_NATIONAL_STATISTICS")
    dataset = registry.dataset("grdp_moi", "figures")
    assert (dataset.frequency, dataset.columns["org_unit"], dataset.columns["time_period"]) == (
        "yearly",
        "ma_tinh",
        "nam",
    )
    assert [measure.id for measure in dataset.measures] == ["grdp_moi.grdp_ty_dong"]
    assert "ma_tinh" in said, "codes without a letter are for a person to mend"
    assert "danh_muc" in said, "so is what else is part of the key"
    found = extract(registry.sources["grdp_moi"], dataset, home)
    assert found.rows["obs_value"].drop_nulls().len() == 33
    assert judged(sources, registry, "grdp_moi", "good") == set()
    assert judged(sources, registry, "grdp_moi", "bad_below_minimum") == {"below_minimum"}


def test_a_document_becomes_a_source_that_reads_the_service(sources: Path, home: Home, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(DOCUMENT))
    registry, _ = new(sources, "ho_so_moi", "--openapi", str(document), "--secret", "CHISO_ONLINE_SERVICES")
    dataset = registry.dataset("ho_so_moi", "figures")
    assert dataset.partition == "period"
    found = extract(registry.sources["ho_so_moi"], dataset, home, "2026-09")
    assert found.rows.height > 30
    assert set(found.rows["measure"]) == {"ho_so_moi.received"}
    assert judged(sources, registry, "ho_so_moi", "good") == set()


def test_what_a_document_does_not_say_is_left_open() -> None:
    (found,) = listings({**DOCUMENT, "security": [{"unknown": []}]})
    assert (found.path, found.records, found.auth) == ("/api/dossiers", "/data/items", {})
    assert found.paging == {"style": "page", "page_param": "page", "size_param": "size", "total": "/data/total"}
    assert {column.name: column.kind for column in found.columns}["note"] == "other", (
        "nothing is fetched from elsewhere"
    )
    assert listings({"openapi": "3.0.0"}) == []
    assert listings({"paths": {"/x": {"get": {"responses": {"200": {"$ref": "#/paths/~1x/get/responses/200"}}}}}}) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--table", "thong_ke.grdp_tinh; drop table x", "--secret", "CHISO_NATIONAL_STATISTICS"],
        ["--table", "thong_ke.no_such_table", "--secret", "CHISO_NATIONAL_STATISTICS"],
        [],
    ],
)
def test_what_cannot_be_proposed_leaves_nothing(sources: Path, options: list[str]) -> None:
    run = CliRunner().invoke(app, ["new", "source", "moi", "--owner", "NSO", "--folder", str(sources), *options])
    assert run.exit_code != 0
    assert not (sources / "moi").exists()
