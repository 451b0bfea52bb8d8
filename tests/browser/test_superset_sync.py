"""Synchronisation: what is not in git goes, what does not fit stops it with a code and words."""

from pathlib import Path

import duckdb
import pytest

from indicator_specs.home import Home
from superset_config import serving
from tests.browser.conftest import SignIn
from tests.browser.sample_release import build
from tests.browser.test_superset_refusals import _post


def test_what_is_made_by_hand_is_gone_after_the_next_synchronisation(sign_in: SignIn, address: str, home: Home) -> None:
    admin = sign_in("admin")
    made = _post(admin, "/api/v1/dashboard/", {"dashboard_title": "Làm bằng tay", "published": True}, address)
    assert made.ok, made.text()[:300]
    dataset = admin.request.get("/api/v1/dataset/?q=(page_size:1)").json()["result"][0]["id"]
    rule = {"name": "mở hết", "filter_type": "Regular", "clause": "1 = 1", "tables": [dataset], "roles": []}
    opened = _post(admin, "/api/v1/rowlevelsecurity/", rule, address)
    assert opened.ok, opened.text()[:300]
    before = admin.request.get("/api/v1/chart/?q=(page_size:100)").json()
    result = serving.sync(home)
    assert result.returncode == 0, result.stderr[-3000:]
    assert "Làm bằng tay" in result.stdout
    assert "mở hết" in result.stdout
    titles = {each["dashboard_title"] for each in admin.request.get("/api/v1/dashboard/").json()["result"]}
    assert titles == {"Tổng quan chỉ số", "Trang chỉ số"}
    rules = {each["name"] for each in admin.request.get("/api/v1/rowlevelsecurity/?q=(page_size:100)").json()["result"]}
    assert "mở hết" not in rules
    assert len(rules) == 35
    after = admin.request.get("/api/v1/chart/?q=(page_size:100)").json()
    assert sorted(after["ids"]) == sorted(before["ids"])


@pytest.fixture
def empty(tmp_path: Path, home: Home) -> Home:
    """Another data folder, where nothing was released; ``home`` has made sure that there is a Superset."""
    return Home(tmp_path)


def test_a_missing_release_and_one_of_another_shape_are_refused_in_words(empty: Home) -> None:
    without = serving.sync(empty)
    assert without.returncode == 1
    assert "chưa có bản chốt số liệu" in without.stderr
    assert "Traceback" not in without.stderr
    release = build(empty)
    release.chmod(0o644)
    with duckdb.connect(str(release)) as connection:
        connection.execute("alter table marts.mart_scoreboard drop column light_reason_vi")
    release.chmod(0o444)
    misfit = serving.sync(empty)
    assert misfit.returncode == 1
    assert "mart_scoreboard" in misfit.stderr
    assert "light_reason_vi" in misfit.stderr
    assert (empty.superset.stat().st_mode & 0o777) == 0o700
