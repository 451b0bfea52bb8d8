"""Every source of the catalogue that is pulled, against the demo's own servers: the list that all sources are held to.

A new source folder is held against all of it once the demo's servers answer for it; a new kind also needs its list of
what a hostile server does.
"""

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import polars as pl
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from typer.testing import CliRunner

from connectors import acceptance
from connectors.acceptance import CHECKS, accept
from connectors.content_address import content_address
from connectors.errors import SourceError
from connectors.extract import Extract, extract
from connectors.extracted import Before
from connectors.kinds import KINDS
from connectors.ledger import Ledger
from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from pipelines.cadence import partitions_due
from pipelines.cli import app
from pipelines.demo.run import OCTOBER, ministry_servers
from tests.drill_points import drills
from tests.forked import Drill, drilling
from tests.servers import free_port, http
from tests.whole_catalogue import whole_catalogue

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a request, at the most."""

SOURCES = {
    name: source
    for name, source in whole_catalogue().sources.items()
    if KINDS[source.kind].pull and source.connection.secret
}


@pytest.fixture(scope="module", autouse=True)
def _servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with ministry_servers(Home(tmp_path_factory.mktemp("servers"))), environment(CHISO_NOW=OCTOBER.clock):
        yield


def last_period(dataset: Dataset) -> str | None:
    return partitions_due(dataset)[-1]


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_does_what_every_source_must(name: str, home: Home) -> None:
    outcomes = list(accept(SOURCES[name], home, last_period))
    assert [each for each in outcomes if not each.is_met] == []
    assert len(outcomes) == len(CHECKS) * len(SOURCES[name].datasets)


@pytest.fixture(scope="module")
def drill(_servers: None) -> Iterator[Drill]:
    with drilling("tests.acceptance_drill") as process:
        yield process


@pytest.mark.parametrize("name", SOURCES)
def test_a_pull_killed_at_any_instant_is_the_same_when_it_is_repeated(name: str, home: Home, drill: Drill) -> None:
    dataset = max(SOURCES[name].datasets, key=lambda each: each.partition == "period")
    undisturbed = extract(SOURCES[name], dataset, Home(home.root / "undisturbed"), last_period(dataset))

    def pull(place: Path, kill_at: str) -> int:
        return drill.run(place, name, dataset.id, last_period(dataset) or "", kill_at)

    killed = 0
    for drilled in drills():
        place = home.root / drilled.strip("*@")
        place.mkdir(parents=True)
        status = pull(place, drilled)
        if not os.WIFSIGNALED(status):
            assert status == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        killed += 1
        assert pull(place, "") == 0
        with Ledger.open(Home(place)) as ledger:
            (batch,) = ledger.batches()
            assert batch.landing_sha256 == content_address(undisturbed.rows)
            assert ledger.cursor(name, dataset.id, batch.partition) == undisturbed.cursor
    assert killed >= 3


# What a source may not get past us, each told by the check that is there for it.


def _without_a_measure(read: Extract) -> Extract:
    return replace(read, rows=read.rows.filter(pl.col("measure") != read.rows["measure"][0]))


def _without_a_row(read: Extract) -> Extract:
    return replace(read, rows=read.rows.head(-1))


def _twice_a_figure(read: Extract) -> Extract:
    rows = pl.concat([read.rows, read.rows.head(1)])
    return replace(read, rows=rows.with_columns(row_no=pl.int_range(1, rows.height + 1, dtype=pl.Int64)))


def _shifted(read: Extract) -> Extract:
    return replace(read, rows=read.rows.with_columns(value_text=pl.col("value_text").shift(-7)))


def _telling_the_secret(read: Extract) -> Extract:
    token = json.loads(os.environ["CHISO_ONLINE_SERVICES"])["token"]
    return replace(read, origin={**read.origin, "service": f"https://x?token={token}"})


@pytest.mark.parametrize(
    ("lie", "check"),
    [
        (_without_a_measure, "discovers"),
        (_without_a_row, "counts"),
        (_twice_a_figure, "once"),
        (_shifted, "traces"),
        (_telling_the_secret, "quiet"),
    ],
)
def test_a_reader_that_lies_is_told(
    lie: Callable[[Extract], Extract], check: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "extract", lambda *given: lie(extract(*given)))
    source = SOURCES["online_services"]
    one = source.model_copy(update={"datasets": source.datasets[:1]}).placed(source.folder, "source.yml")
    assert check in {each.check for each in accept(one, home, last_period) if each.is_met is False}


def test_a_source_that_says_another_thing_each_time_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = iter(range(10))

    def restless(source: Source, dataset: Dataset, home: Home, partition: str | None, before: Before) -> Extract:
        read = extract(source, dataset, home, partition, before)
        return replace(read, rows=read.rows.with_columns(citation=pl.lit(str(next(reads)))))

    monkeypatch.setattr(acceptance, "extract", restless)
    outcomes = list(accept(SOURCES["national_statistics"], home, last_period))
    assert {each.check for each in outcomes if each.is_met is False} == {"twice"}


def test_a_source_that_is_away_says_so_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_ONLINE_SERVICES", f"http://127.0.0.1:{free_port()}")
    outcomes = list(accept(SOURCES["online_services"], home, last_period))
    assert {each.is_met for each in outcomes if each.check != "reads"} == {None}
    assert all("E-SRC-UNREACHABLE" in each.note for each in outcomes if each.check == "reads")


# Hostile servers, by kind: each must end in words for people, with nothing of theirs kept as a whole reading.

Spoil = Callable[[str], str]


def _url(secret: str) -> str:
    return str(json.loads(secret)["url"]) if secret.startswith("{") else secret


def _altered(secret: str, **parts: str) -> str:
    at = urlsplit(_url(secret))
    user, password = parts.get("user", at.username), parts.get("password", at.password)
    port, name = parts.get("port", at.port), parts.get("name", at.path)
    return at._replace(netloc=f"{user}:{password}@{at.hostname}:{port}", path=f"{name}").geturl()


DATABASE: Mapping[str, Spoil] = {
    "wrong password": lambda secret: _altered(secret, password="not-this-one"),
    "unknown account": lambda secret: _altered(secret, user="nobody_known"),
    "no such database": lambda secret: _altered(secret, name="/no_such_database"),
    "nobody listens": lambda secret: _altered(secret, port=str(free_port())),
    "rights only elsewhere": lambda secret: _altered(secret, name="/postgres"),
}
BODIES: Mapping[str, Callable[[bytes], Response]] = {
    "an error page": lambda _: Response("<html>502 Bad Gateway</html>", media_type="text/html"),
    "a log-in page": lambda _: RedirectResponse("https://login.example.gov.vn/"),
    "cut in the middle": lambda body: Response(body[: len(body) // 2], media_type="application/json"),
    "half of the list": lambda body: _json(body, lambda told: told["data"].update(items=told["data"]["items"][:-1])),
    "nothing": lambda body: _json(body, lambda told: told["data"].update(items=[], total=0)),
    "another shape": lambda body: _json(body, lambda told: told.update(data={"rows": told["data"]["items"]})),
    "a column renamed": lambda body: _json(body, _renamed),
    "a refusal that says 200": lambda _: Response('{"status": 0, "code": "9", "message": "x"}', 200),
    "another period": lambda body: _json(
        body, lambda told: [item.update(period="1999-01") for item in told["data"]["items"]]
    ),
    "busy": lambda _: Response("busy", 503),
    "forbidden": lambda _: Response("no", 403),
    "the same key twice": lambda body: Response(b'{"status": 1, ' + body.strip()[1:], media_type="application/json"),
    "not a number": lambda _: Response('{"status": NaN}', media_type="application/json"),
}


def _json(body: bytes, change: Callable[[dict[str, dict[str, list[dict[str, object]]]]], object]) -> Response:
    told = json.loads(body)
    change(told)
    return Response(json.dumps(told), media_type="application/json")


def _renamed(told: dict[str, dict[str, list[dict[str, object]]]]) -> None:
    for item in told["data"]["items"]:
        item["unit"] = item.pop("unit_code")


def _of_long_ago(told: dict[str, dict[str, list[dict[str, object]]]]) -> None:
    for item in told["data"]["items"]:
        item["period"] = "1999-01"


def _database(source: Source, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    secret = str(source.connection.secret)
    honest = os.environ[secret]
    for what, spoil in DATABASE.items():
        monkeypatch.setenv(secret, spoil(honest))
        yield what


def _rest(source: Source, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server between us and the honest one, which does something to its answers."""
    secret = str(source.connection.secret)
    honest, spoilt = json.loads(os.environ[secret]), {"now": ""}

    async def between(request: Request) -> Response:
        async with httpx.AsyncClient() as client:
            asked = f"{honest['url']}{request.url.path}?{request.url.query}"
            answer = await client.get(asked, headers={"Authorization": request.headers["Authorization"]})
        return BODIES[spoilt["now"]](answer.content)

    with http(Starlette(routes=[Route("/{rest:path}", between)])) as url:
        monkeypatch.setenv(secret, json.dumps({**honest, "url": url}))
        for spoilt["now"] in BODIES:
            yield spoilt["now"]


HOSTILE: Mapping[str, Callable[[Source, pytest.MonkeyPatch], Iterator[str]]] = {"database": _database, "rest": _rest}


def test_every_kind_in_the_catalogue_has_its_hostile_servers() -> None:
    assert {source.kind for source in SOURCES.values()} <= HOSTILE.keys()


@pytest.mark.parametrize("name", SOURCES)
def test_no_hostile_server_gets_a_figure_in(name: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SOURCES[name]
    dataset = max(source.datasets, key=lambda each: each.partition == "period")
    honest = os.environ[str(source.connection.secret)]
    for number, what in enumerate(HOSTILE[source.kind](source, monkeypatch)):
        place = Home(home.root / str(number))
        with pytest.raises(SourceError) as told:
            _refused(source, dataset, place, what)
        for secret in (urlsplit(_url(honest)).password, honest.startswith("{") and json.loads(honest)["token"]):
            assert not secret or secret not in str(told.value), what
        assert not [path for path in place.evidence.rglob("*.p*") if "pulls" not in path.parts], what


def _refused(source: Source, dataset: Dataset, place: Home, what: str) -> None:
    extract(source, dataset, place, last_period(dataset))
    pytest.fail(f"{what}: taken for an answer")


def test_the_command_tells_each_check_and_fails_where_one_is_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner().invoke(app, ["source", "check", "national_statistics"])
    assert run.exit_code == 0, run.output
    monkeypatch.setenv("CHISO_NATIONAL_STATISTICS", f"postgresql://a:b@127.0.0.1:{free_port()}/x")
    run = CliRunner().invoke(app, ["source", "check", "national_statistics"])
    assert run.exit_code == 1
