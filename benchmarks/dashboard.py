"""From a dropped file to the dashboard: servers, an analyst who is signed in, and a corrected workbook to wait for.

Cold: nobody is resident, so Dagster's sensor sees the file at its next look and its daemon starts a process for it.
Warm: a resident worker takes it. Both are watched from outside: the receipt in the agency's folder, the symlink of the
release, and what Superset answers.
"""

import math
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.arrows import WATCHED, drop, lowered
from benchmarks.contest import OURS, Row, median
from connectors.intake.names import ANSWERS
from connectors.ledger import Ledger
from indicator_specs.home import PROJECT, Home
from pipelines import serving as servers
from pipelines.demo.run import OCTOBER
from pipelines.installation import Installation
from pipelines.release import CURRENT
from pipelines.waiting import worker_is_there
from superset_config import serving
from superset_config.credentials import passwords

USER = "chuyenvien"
PROVINCE = "P79"
PATIENCE = 300.0
"""Seconds to wait for anything: several times what it takes on two busy cores."""


class NeverSeenError(Exception):
    """What was awaited did not come; the message says what."""


class Analyst:
    """Somebody at the dashboard: signs in with a password, as a browser does, and asks for a chart's data."""

    def __init__(self, address: str, home: Home) -> None:
        self._http = httpx.Client(base_url=address, timeout=60, follow_redirects=True)
        page = self._http.get("/login/").raise_for_status().text
        hidden = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', page)
        if hidden is None:
            raise NeverSeenError("the login page carries no csrf_token")
        form = {"username": USER, "password": passwords(home.root)[USER], "csrf_token": hidden[1]}
        self._http.post("/login/", data=form, headers={"Referer": f"{address}/login/"}).raise_for_status()
        # With a cookie, not a token: where the public role may do anything, Superset ignores a bearer token.
        csrf = self._http.get("/api/v1/security/csrf_token/").raise_for_status().json()["result"]
        self._http.headers.update({"X-CSRFToken": csrf, "Referer": address})
        found = self._http.get("/api/v1/dataset/?q=(page_size:100)").raise_for_status().json()["result"]
        self._scoreboard = next(each["id"] for each in found if each["table_name"] == "mart_scoreboard")

    def value(self, unit: str) -> float | None:
        """The watched indicator of an org unit in October, as a chart on the scoreboard would show it."""
        wanted = {"indicator": WATCHED.indicator, "org_unit_code": unit, "time_period": OCTOBER.time_period}
        query: dict[str, Any] = {
            "columns": ["org_unit_code", "obs_value"],
            "metrics": [],
            "filters": [{"col": column, "op": "==", "val": value} for column, value in wanted.items()],
            "extras": {"where": "", "having": ""},
            "row_limit": 10,
        }
        body = {"datasource": {"id": self._scoreboard, "type": "table"}, "queries": [query], "result_type": "full"}
        answer = self._http.post("/api/v1/chart/data", json={**body, "result_format": "json"}).raise_for_status()
        rows = answer.json()["result"][0]["data"]
        return rows[0]["obs_value"] if rows else None


def measure(home: Home, repeats: int) -> Iterator[Row]:
    """Rows of the drop, cold and warm; ``home`` holds a release. Servers run while it is worked through."""
    installation = Installation(home)
    _sync(home)
    with ExitStack() as running:
        analyst = Analyst(running.enter_context(_superset(home)), home)
        yield median(_asked(analyst) for _ in range(20))
        runs = _Runs(running.enter_context(servers.dagster(home)))

        def drop_and_wait(how: str, by: int) -> tuple[Row, Row]:
            with runs.one_more():
                return _rows(how, installation, analyst, by)

        made = [drop_and_wait("cold", by) for by in range(1, repeats + 1)]
        yield from map(median, zip(*made, strict=True))
        running.enter_context(_worker(home, runs))
        drop_and_wait("not counted", repeats + 1)
        made = [drop_and_wait("warm", by) for by in range(repeats + 2, 2 * repeats + 2)]
        yield from map(median, zip(*made, strict=True))


def warm_drops(home: Home, n: int) -> Iterator[tuple[Row, Row]]:
    """``n`` drops with a resident worker, one after the other: to the receipt, and to the dashboard."""
    installation = Installation(home)
    _sync(home)
    with ExitStack() as running:
        analyst = Analyst(running.enter_context(_superset(home)), home)
        runs = _Runs(running.enter_context(servers.dagster(home)))
        running.enter_context(_worker(home, runs))
        for by in range(1, n + 2):
            with runs.one_more():
                rows = _rows("warm", installation, analyst, by)
            if by > 1:  # The first one warms what is left cold.
                yield rows


def _sync(home: Home) -> None:
    result = serving.sync(home)
    if result.returncode != 0:
        raise NeverSeenError(f"Superset was not synchronised: {result.stderr[-2000:]}")


def _asked(analyst: Analyst) -> Row:
    started = time.perf_counter()
    if analyst.value(PROVINCE) is None:
        raise NeverSeenError(f"the dashboard has no value of {PROVINCE}")
    return Row("ask Superset for one value", OURS, 1, time.perf_counter() - started)


def _rows(how: str, installation: Installation, analyst: Analyst, by: int) -> tuple[Row, Row]:
    """Drop a corrected file; seconds to its receipt, and to the value that its figures make at the analyst's."""
    home = installation.home
    figures, expected = lowered(installation.registry, PROVINCE, by)
    shown, answers = _shown(home), _receipts(home)
    drop(installation, PROVINCE, figures)
    started = time.perf_counter()
    _await(lambda: _receipts(home) - answers, f"a receipt for {PROVINCE}")
    receipt = time.perf_counter() - started
    _await(lambda: _shown(home) != shown, "a new release")
    _await(lambda: math.isclose(analyst.value(PROVINCE) or 0.0, expected, rel_tol=1e-9), f"{expected} on the dashboard")
    seconds = time.perf_counter() - started
    return (
        Row(f"drop to receipt, {how}", OURS, 1, receipt),
        Row(f"drop to dashboard, {how}", OURS, 1, seconds),
    )


def _receipts(home: Home) -> set[Path]:
    return set((home.intake / PROVINCE / ANSWERS).glob("*.txt"))


def _shown(home: Home) -> str:
    return (home.published / CURRENT).resolve().name


def _await(holds: Callable[[], object], what: str, every: float = 0.05) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise NeverSeenError(f"Within {PATIENCE:.0f} s there was not {what}")
        time.sleep(every)


@contextmanager
def _superset(home: Home) -> Iterator[str]:
    port = servers.free_port()
    server = serving.serve(home, port)
    try:
        servers.wait_until_answered(f"http://{servers.LOOPBACK}:{port}/health", server)
        yield f"http://{servers.LOOPBACK}:{port}"
    finally:
        _end(server)


class _Runs:
    """Dagster's runs: a drop is over when the run that tells of it is, which may begin when its figures are shown."""

    _NEWEST = '(filter: {pipelineName: "intake"}, limit: 1)'
    """A worker that has just been started begins with another job."""

    def __init__(self, address: str) -> None:
        self._address = address

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Begin with no run under way; wait for a new one to begin and to end."""
        _await(self.none_is_under_way, "an idle installation")
        before = self._ask(self._NEWEST)
        yield
        _await(lambda: self._ask(self._NEWEST) != before, "a run that tells of it")
        _await(self.none_is_under_way, "an idle installation")

    def none_is_under_way(self) -> bool:
        """Whether nothing runs."""
        return not self._ask("(filter: {statuses: [QUEUED, NOT_STARTED, STARTING, STARTED]})")

    def _ask(self, which: str) -> list[dict[str, str]]:
        query = f"{{runsOrError{which} {{... on Runs {{results {{id}}}}}}}}"
        answer = httpx.post(f"{self._address}/graphql", json={"query": query}, timeout=60).raise_for_status().json()
        found: list[dict[str, str]] = answer["data"]["runsOrError"]["results"]
        return found


@contextmanager
def _worker(home: Home, runs: _Runs) -> Iterator[None]:
    """A resident worker beside Dagster, as the demo has it; yields once it holds its lease. Ended between two runs."""
    command = [sys.executable, "-m", "pipelines.cli", "worker"]
    with (home.root / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log, env=servers.prepare_dagster(home))
    try:
        with Ledger.open(home) as ledger:
            _await(lambda: worker_is_there(ledger), "a worker", every=1.0)
        yield
        _await(runs.none_is_under_way, "an idle worker")
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
