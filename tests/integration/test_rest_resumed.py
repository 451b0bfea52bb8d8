"""Pulls that are cut off, and answers that still stand: what is asked again, and that no set is ever mixed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors import journal
from connectors.content_address import content_address
from connectors.errors import PermanentSourceError, TransientSourceError
from indicator_specs.home import Home
from tests.data_service import ITEMS, Service, as_json, honest, page_of, paged, pull

pytestmark = pytest.mark.usefixtures("no_pauses")

KILLED = """
from pathlib import Path
from tests.data_service import pull
from indicator_specs.home import Home
import json, os, stamina
stamina.set_testing(True, attempts=1)
pull(Home(Path(os.environ["PROBE_HOME"])), json.loads(os.environ["PROBE_REQUEST"]))
"""


def cut_off(service: Service, home: Home, request: dict[str, object] | None = None) -> None:
    """A pull that ends without a word after its second page."""
    serve = service.answer
    service.answer = lambda request, n: serve(request, n) if n < 3 else Response("", 503)
    with pytest.raises(TransientSourceError):
        pull(home, request)
    service.answer, service.asked = serve, []


def pages(service: Service) -> list[str]:
    return [query.partition("page=")[2][:1] for query in service.asked]


def test_a_process_killed_after_page_two_goes_on_at_page_three(service: Service, home: Home, tmp_path: Path) -> None:
    whole = pull(Home(tmp_path / "other"))
    service.asked = []
    environment = {
        **os.environ,
        "PROBE_HOME": str(home.root),
        "PROBE_REQUEST": "{}",
        "CHISO_DRILL": "page.kept@2",
    }
    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert pages(service) == ["1", "2"]
    service.asked = []
    resumed = pull(home)
    assert pages(service) == ["2", "3"]  # page 2 again, to see that nothing has moved; page 1 not
    assert resumed.evidence.sha256 == whole.evidence.sha256
    assert content_address(resumed.rows) == content_address(whole.rows)
    service.asked = []
    pull(home)
    assert pages(service) == ["1", "2", "3"]


def test_a_list_that_moved_meanwhile_is_read_anew(service: Service, home: Home) -> None:
    cut_off(service, home)
    gone = ITEMS[1:]  # the first record went: what page 3 holds now would leave one out

    def moved(request: Request, _: int) -> Response:
        number = int(request.query_params["page"])
        return page_of(gone[(number - 1) * 3 : number * 3], total=len(gone))

    service.answer = moved
    assert pull(home).rows["org_unit"].unique().sort().to_list() == [f"P0{n}" for n in range(2, 9)]
    assert pages(service) == ["2", "1", "2", "3"]


def by_cursor(request: Request, _: int) -> Response:
    at = int(request.query_params.get("cursor", "c0")[1:])
    following = f'"c{at + 3}"' if at + 3 < len(ITEMS) else "null"
    items = ",".join(ITEMS[at : at + 3])
    return as_json(f'{{"status": 1, "data": {{"next": {following}, "items": [{items}]}}}}')


CURSOR = paged(style="cursor", next="/data/next")


def test_a_cursor_is_gone_on_with(service: Service, home: Home) -> None:
    service.answer = by_cursor
    cut_off(service, home, CURSOR)
    assert pull(home, CURSOR).rows.height == 16
    assert [query.partition("cursor=")[2][:2] for query in service.asked] == ["c6"]


def test_a_cursor_that_means_nothing_any_more_is_read_anew(service: Service, home: Home) -> None:
    service.answer = by_cursor
    cut_off(service, home, CURSOR)
    service.answer = lambda request, n: by_cursor(request, n) if n > 1 else Response("expired", 410)
    assert pull(home, CURSOR).rows.height == 16
    assert [query.partition("cursor=")[2][:2] for query in service.asked] == ["c6", "", "c3", "c6"]


def test_what_was_cut_while_it_was_written_is_asked_again(service: Service, home: Home) -> None:
    cut_off(service, home)
    kept = home.evidence / "pulls/probe/counts/2026-09.pages"
    kept.write_bytes(kept.read_bytes()[:-20])
    assert pull(home).rows.height == 16
    assert pages(service) == ["1", "2", "3"]  # page 1, the last whole one, is looked at again


def test_an_old_try_is_not_gone_on_with(service: Service, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(service, home)
    monkeypatch.setattr(journal, "GOOD_FOR", 0.0)
    assert pull(home).rows.height == 16
    assert pages(service) == ["1", "2", "3"]


def test_a_try_by_another_declaration_is_not_gone_on_with(service: Service, home: Home) -> None:
    cut_off(service, home)
    assert pull(home, paged(style="page", total="/data/total", page_param="page")).rows.height == 16
    service.answer, service.asked = honest, []
    cut_off(service, home)
    assert pull(home, {"paging": {"style": "page", "size": "4", "total": "/data/total"}}).rows.height == 16
    assert pages(service) == ["1", "2"]


def test_what_fails_for_good_leaves_nothing_to_go_on_with(service: Service, home: Home) -> None:
    service.answer = lambda request, n: honest(request, n) if n < 3 else as_json('{"status": 0}')
    with pytest.raises(PermanentSourceError, match="E-SRC-BUSINESS"):
        pull(home)
    assert not list(home.evidence.rglob("*.pages"))


def tagged(request: Request, n: int) -> Response:
    """Pages with a tag of their content; a page that the asker has is not sent again."""
    answer = honest(request, n)
    tag = f'"{hash(bytes(answer.body))}"'
    if request.headers.get("If-None-Match") == tag:
        return Response(None, 304, {"ETag": tag})
    answer.headers["ETag"] = tag
    return answer


def test_nothing_new_is_said_and_is_not_an_empty_answer(service: Service, home: Home) -> None:
    service.answer = tagged
    first, second = pull(home), pull(home)
    assert not first.is_unchanged
    assert second.is_unchanged
    assert content_address(second.rows) == content_address(first.rows)
    assert second.evidence == first.evidence
    assert len(service.asked) == 6


def test_one_page_that_changed_is_new_among_those_that_stand(
    service: Service, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answer = tagged
    first = pull(home)
    monkeypatch.setattr("tests.data_service.ITEMS", [item.replace("1e3", "77") for item in ITEMS])
    second = pull(home)
    assert not second.is_unchanged
    assert second.evidence != first.evidence
    assert second.rows.filter(place="page 2 item 2", measure="probe.online")["obs_value"].to_list() == ["77"]
    assert second.rows.height == first.rows.height


def test_without_the_evidence_nothing_is_held(service: Service, home: Home) -> None:
    service.answer = tagged
    first = pull(home)
    (home.root / first.evidence.path).unlink()
    assert not pull(home).is_unchanged


def test_a_304_that_nobody_asked_for_is_refused(service: Service, home: Home) -> None:
    service.answer = lambda _request, _n: Response(None, 304)
    with pytest.raises(PermanentSourceError, match=r"E-SRC-HTTP.*304"):
        pull(home)


def test_a_date_of_change_is_sent_back(service: Service, home: Home) -> None:
    changed = "Wed, 21 Oct 2026 07:28:00 GMT"

    def answer(request: Request, n: int) -> Response:
        if request.headers.get("If-Modified-Since") == changed:
            return Response(None, 304)
        served = honest(request, n)
        served.headers["Last-Modified"] = changed
        return served

    service.answer = answer
    pull(home)
    assert pull(home).is_unchanged
    assert json.loads((home.evidence / "pulls/probe/counts/2026-09.json").read_text())["pages"][0]["etag"] is None
