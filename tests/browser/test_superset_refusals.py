"""What may not be done, tried by people who are signed in: other units' rows, other files, other SQL."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import APIResponse, BrowserContext

from indicator_specs.home import Home
from superset_config.definition import read_definitions
from tests.browser.conftest import SignIn


def _token(context: BrowserContext) -> str:
    answer = context.request.get("/api/v1/security/csrf_token/")
    return str(answer.json()["result"])


def _post(context: BrowserContext, path: str, body: dict[str, Any], address: str) -> APIResponse:
    headers = {"X-CSRFToken": _token(context), "Referer": address}
    return context.request.post(path, data=body, headers=headers)


def _dataset(context: BrowserContext, mart: str) -> int:
    answer = context.request.get("/api/v1/dataset/?q=(page_size:100)").json()
    return next(int(each["id"]) for each in answer["result"] if each["table_name"] == mart)


def _ask(context: BrowserContext, address: str, dataset: int, **query: Any) -> APIResponse:
    asked = {
        "columns": ["province_code"],
        "metrics": [],
        "filters": [],
        "extras": {"where": "", "having": ""},
        "row_limit": 10000,
        **query,
    }
    source = {"id": dataset, "type": "table"}
    body = {"datasource": source, "force": True, "queries": [asked], "result_format": "json", "result_type": "full"}
    return _post(context, "/api/v1/chart/data", body, address)


def _provinces(answer: APIResponse) -> set[str | None]:
    assert answer.ok, answer.text()[:500]
    return {row["province_code"] for row in answer.json()["result"][0]["data"]}


RESTRICTED = ["mart_input", "mart_scoreboard", "mart_submission_status", "mart_trend", "mart_vintage"]


@pytest.mark.parametrize("name", RESTRICTED)
def test_every_restricted_mart_answers_an_agency_with_its_own_rows(
    sign_in: SignIn, address: str, name: str, mart: duckdb.DuckDBPyConnection
) -> None:
    context = sign_in("p79")
    seen = _provinces(_ask(context, address, _dataset(context, name)))
    sql = read_definitions().marts[name].sql
    rows = f"({sql})" if sql else f"marts.{name}"
    (present,) = mart.execute(f"select count(*) from {rows} where province_code = 'P79'").fetchone() or (0,)
    assert seen == ({"P79"} if present else set())
    analyst = sign_in("chuyenvien")
    assert len(_provinces(_ask(analyst, address, _dataset(analyst, name)))) > len(seen)


@pytest.mark.parametrize(
    "where",
    ["1 = 1) OR (1 = 1", "1 = 1 OR 1 = 1", "province_code IN (SELECT province_code FROM marts.mart_scoreboard)"],
)
def test_an_agency_cannot_widen_its_rows(sign_in: SignIn, address: str, where: str) -> None:
    context = sign_in("p79")
    answer = _ask(context, address, _dataset(context, "mart_scoreboard"), extras={"where": where, "having": ""})
    assert answer.status in {400, 403} or _provinces(answer) == {"P79"}


def test_an_agency_has_no_sql_no_writing_and_no_administration(sign_in: SignIn, address: str) -> None:
    context = sign_in("p79")
    assert _post(context, "/api/v1/sqllab/execute/", {"database_id": 1, "sql": "select 1"}, address).status == 403
    assert context.request.get("/sqllab/").status in {403, 404}
    assert _post(context, "/api/v1/dataset/", {"database": 1, "table_name": "x"}, address).status == 403
    assert _post(context, "/api/v1/chart/", {"slice_name": "x"}, address).status == 403
    assert _post(context, "/api/v1/dashboard/", {"dashboard_title": "x"}, address).status == 403
    for path in ("/api/v1/rowlevelsecurity/", "/api/v1/security/users/", "/api/v1/database/", "/api/v1/log/"):
        assert context.request.get(path).status in {403, 404}, path


def test_a_stranger_is_asked_to_sign_in(sign_in: SignIn, address: str) -> None:
    browser = sign_in("p79").browser
    assert browser is not None
    stranger = browser.new_context(base_url=address)
    for path in ("/api/v1/dashboard/", "/api/v1/chart/", "/api/v1/dataset/", "/api/v1/database/"):
        answer = stranger.request.get(path)
        assert answer.status in {401, 403} or answer.json()["count"] == 0, path
    source = {"id": 1, "type": "table"}
    body = {"datasource": source, "queries": [{"columns": ["province_code"], "metrics": []}]}
    assert stranger.request.post("/api/v1/chart/data", data=body).status in {400, 401, 403}
    stranger.close()


def test_what_the_login_page_reports_does_not_end_a_session_that_began_meanwhile(sign_in: SignIn, address: str) -> None:
    browser = sign_in("p79").browser
    assert browser is not None
    stranger = browser.new_context(base_url=address)
    stranger.request.get("/login/")
    answer = stranger.request.post("/superset/log/?explode=events", form={"events": "[]"}, max_redirects=0)
    assert answer.ok
    assert "set-cookie" not in answer.headers
    stranger.close()


def _database(context: BrowserContext) -> int:
    return int(context.request.get("/api/v1/database/").json()["result"][0]["id"])


def _sql(context: BrowserContext, address: str, sql: str) -> APIResponse:
    body = {"database_id": _database(context), "schema": "marts", "sql": sql, "client_id": f"t{abs(hash(sql)) % 10**9}"}
    return _post(context, "/api/v1/sqllab/execute/", {**body, "runAsync": False, "queryLimit": 10}, address)


def test_the_analyst_may_query_the_release(sign_in: SignIn, address: str, mart: duckdb.DuckDBPyConnection) -> None:
    (expected,) = mart.execute("select count(*) from marts.mart_scoreboard").fetchone() or (0,)
    answer = _sql(sign_in("chuyenvien"), address, "select count(*) as n from marts.mart_scoreboard")
    assert answer.ok, answer.text()[:500]
    assert answer.json()["data"] == [{"n": expected}]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select * from read_blob('{home}/superset/secret_key')",
        "select * from read_csv('/etc/passwd', sep=':')",
        "select * from '{home}/warehouse/warehouse.duckdb'",
        "attach '{home}/warehouse/warehouse.duckdb' as other",
        "copy (select 1) to '{home}/pwned.csv'",
        "set enable_external_access = true",
        "create table marts.pwned as select 1",
        "delete from marts.mart_scoreboard",
        "install httpfs",
    ],
)
def test_nobody_reaches_a_file_or_writes(sign_in: SignIn, address: str, home: Home, sql: str) -> None:
    release = (home.published / "mart.duckdb").resolve()
    before = release.read_bytes()
    answer = _sql(sign_in("chuyenvien"), address, sql.format(home=home.root))
    assert not answer.ok, json.dumps(answer.json())[:300]
    assert not (home.root / "pwned.csv").exists()
    assert release.read_bytes() == before


def test_a_connection_made_by_hand_is_sealed_too(sign_in: SignIn, address: str, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    for uri in (f"duckdb:///{other}", f"sqlite:///{tmp_path / 'x.db'}"):
        body = {"database_name": "bằng tay", "sqlalchemy_uri": uri, "expose_in_sqllab": True}
        answer = _post(sign_in("admin"), "/api/v1/database/", body, address)
        assert not answer.ok, uri


def test_a_new_release_is_shown_without_a_restart(sign_in: SignIn, address: str, home: Home) -> None:
    context = sign_in("chuyenvien")
    link, old = home.published / "mart.duckdb", (home.published / "mart.duckdb").resolve()
    new = home.published / "mart@999999.duckdb"
    new.write_bytes(old.read_bytes())
    try:
        with duckdb.connect(str(new)) as connection:
            connection.execute("update marts.mart_release set release_no = 999999")
        new.chmod(0o444)
        _swap(link, new)
        dataset = _dataset(context, "mart_release")
        answer = _ask(context, address, dataset, columns=["release_no"])
        assert [row["release_no"] for row in answer.json()["result"][0]["data"]] == [999999]
    finally:
        _swap(link, old)
        new.unlink()


def _swap(link: Path, target: Path) -> None:
    following = link.with_name(".mart.duckdb.test")
    following.symlink_to(target.name)
    following.replace(link)
