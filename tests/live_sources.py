"""One live source of each kind, declared in a catalogue of its own: real servers and stores that a test may change.

Every source has the dataset ``counts`` with twelve records of two measures, of one period; ``Live.columns`` may be
renamed or added to, and ``Live.n_records`` cut down, as owners of sources do without telling anybody.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from starlette.requests import Request
from starlette.responses import Response

from indicator_specs.environment import environment
from indicator_specs.home import Home
from indicator_specs.registry import Registry, load_registry
from tests.data_service import serving
from tests.machine_sources import ROLES, measure
from tests.sdmx_messages import CODES, data, observation, structure
from tests.servers import mariadb, postgres
from tests.small_catalogue import CALENDAR, DUTIES, EVENTS, PROGRAMMES, THEMES, UNITS

KINDS = ("file", "mariadb", "postgres", "rest", "sdmx", "sqlite")
"""Kinds of sources, a database by its engine."""
PERIOD, RECORDS = "2026-09", 12
TOKEN = "khong-ai-duoc-thay-51be"
NAMES = ("unit_code", "period", "received", "full_online")
INSERT = "insert into ho_so values {};"
FLOW: Mapping[str, object] = {
    "data": "data/NSO,DF_X/all",
    "params": {"startPeriod": "{period}", "endPeriod": "{period}"},
    "structure": "datastructure/NSO/DSD_X/1.0",
    "data_structure": "NSO:DSD_X(1.0)",
}
SDMX = {
    "layout": "long",
    "key": ["org_unit", "time_period", "measure"],
    "columns": {
        "org_unit": "REF_AREA", "time_period": "TIME_PERIOD", "measure": "INDICATOR", "value": "OBS_VALUE",
        "obs_status": "OBS_STATUS",
    },
    "sdmx": FLOW,
}  # fmt: skip
HOW: Mapping[str, dict[str, object]] = {
    "file": {"file": {"path": "so_{period}.csv", "format": "csv"}},
    "rest": {"request": {"path": "/counts", "params": {"period": "{period}"}, "records": "/items"}},
    "sdmx": SDMX,
}


DECLARED = {
    "catalogue/programmes.yml": PROGRAMMES,
    "catalogue/themes.yml": THEMES,
    **{
        f"reference/{name}.csv": text.splitlines(keepends=True)[0]
        for name, text in {"org_unit_event": EVENTS, "assignment": DUTIES, "reporting_calendar": CALENDAR}.items()
    },
}
"""What else an installation declares: nobody owes anything."""


Spoilt = Literal["", "repeats", "restless", "silent", "other unit", "restated"]
"""``repeats``: the last record stands twice. ``restless``: a service says another thing each time it is asked.
``silent``: a service refuses to answer. ``other unit``: one measure is told in thousandths of its unit.
``restated``: three figures of the past are other ones."""


@dataclass
class Live:
    """A source that lives; ``put`` brings what it holds to where it is read."""

    kind: str
    put: Callable[["Live"], None]
    renamed: dict[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    n_records: int = RECORDS
    spoilt: Spoilt = ""
    n_read: int = 0

    @property
    def source(self) -> str:
        """Id of the source."""
        return f"probe_{self.kind}"

    @property
    def columns(self) -> list[str]:
        """Names of its columns as they are now."""
        return [*(self.renamed.get(name, name) for name in NAMES), *self.added]

    def records(self) -> list[tuple[object, ...]]:
        """What it holds, in the order of ``columns``."""
        more = tuple("x" for _ in self.added)
        first = self.n_read if self.spoilt == "restless" else 100
        times = 1000 if self.spoilt == "other unit" else 1
        made: list[tuple[object, ...]] = [
            (f"P{n:02}", PERIOD, (first + n) * times, n, *more) for n in range(1, self.n_records + 1)
        ]
        if self.spoilt == "restated":
            made[:3] = [(unit, period, int(str(figure)) + 1, *rest) for unit, period, figure, *rest in made[:3]]
        return [*made, made[-1]] if self.spoilt == "repeats" else made

    def change(
        self, *, added: tuple[str, ...] = (), n_records: int = RECORDS, spoilt: Spoilt = "", **renamed: str
    ) -> None:
        """Become so, without a word."""
        self.renamed, self.added, self.n_records, self.spoilt = renamed, added, n_records, spoilt
        self.put(self)


@dataclass(frozen=True)
class LiveSources:
    """All of them, with the registry that declares them."""

    of: Mapping[str, Live]
    folder: Path

    def declare(self, kind: str, **more: object) -> None:
        """Declare more of one source's dataset."""
        file = self.folder / "sources" / f"probe_{kind}" / "source.yml"
        declared = yaml.safe_load(file.read_text(encoding="utf-8"))
        declared["datasets"][0] |= more
        file.write_text(yaml.safe_dump(declared, allow_unicode=True, sort_keys=False), encoding="utf-8")

    @property
    def registry(self) -> Registry:
        """What is declared, with whatever was frozen since."""
        return load_registry(*(self.folder / name for name in ("catalogue", "sources", "reference")))


@contextmanager
def live_sources(folder: Path) -> Iterator[LiveSources]:
    """Start every server, declare every source, and set the secrets that lead to them."""
    with ExitStack() as stack:
        made = [start(kind, folder, stack) for kind in KINDS]
        for live in made:
            _declare(live.kind, folder / "sources" / live.source)
            live.change()
        for name, text in {**DECLARED, "reference/org_unit.csv": _units()}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        yield LiveSources({live.kind: live for live in made}, folder)


def start(kind: str, folder: Path, stack: ExitStack) -> Live:
    """One of them, as it begins."""
    if kind in {"postgres", "mariadb"}:
        server = stack.enter_context(postgres() if kind == "postgres" else mariadb())
        use = "use bo; " if kind == "mariadb" else ""
        _secret(stack, kind, server.url)
        return Live(kind, lambda live: server.run(use + _sql(live)) and None)
    if kind == "sqlite":
        file = folder / "ho_so.db"
        _secret(stack, kind, f"sqlite:///{file}")
        return Live(kind, lambda live: _sqlite(file, _sql(live)))
    if kind == "file":
        store = folder / "kho"
        store.mkdir(parents=True)
        _secret(stack, kind, f"file://{store}")
        return Live(kind, lambda live: _csv(store / f"so_{PERIOD}.csv", live))
    service = stack.enter_context(serving())
    _secret(stack, kind, json.dumps({"url": f"{service.url}/v1", "token": TOKEN}))
    answer = _rest if kind == "rest" else _sdmx

    def put(live: Live) -> None:
        service.answer = lambda request, _: answer(live, request)

    return Live(kind, put)


def _units() -> str:
    """The nation, the owner of the sources, and as many provinces as there are records."""
    units = [("VN", "nation", "", "territory"), ("NSO", "agency", "", "government")]
    units += [(f"P{n:02}", "province", "VN", "territory") for n in range(1, RECORDS + 1)]
    lines = [f"{code},{kind},{code},{code},{code},{parent},{of},,,x\n" for code, kind, parent, of in units]
    return UNITS.splitlines(keepends=True)[0] + "".join(lines)


def _secret(stack: ExitStack, kind: str, value: str) -> None:
    stack.enter_context(environment(**{f"CHISO_PROBE_{kind.upper()}": value}))


def _declare(kind: str, folder: Path) -> None:
    is_database = kind not in HOW
    names = {"received": "RC", "online": "ON"} if kind == "sdmx" else {"received": "received", "online": "full_online"}
    measures = [
        {**measure(name, column), "id": f"probe_{kind}.{name}", "unit": "dossier"} for name, column in names.items()
    ]
    how = {"query": "counts.sql"} if is_database else {"partition": "period", **HOW[kind]}
    dataset: dict[str, Any] = {
        "id": "counts",
        "name": {"vi": "Số đếm", "en": "Counts"},
        "frequency": "monthly",
        "level": ["province"],
        "columns": dict(ROLES),
        "measures": measures,
        **how,
    }
    connection = {"secret": f"CHISO_PROBE_{kind.upper()}", "timeout_seconds": "5"}
    declared = {
        "id": f"probe_{kind}",
        "name": {"vi": "Nguồn thử", "en": "Probe"},
        "kind": "database" if is_database else kind,
        "owner": "NSO",
        "connection": connection | ({"settle_seconds": "0"} if kind == "file" else {}),
        "datasets": [dataset],
    }
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(yaml.safe_dump(declared, allow_unicode=True, sort_keys=False), encoding="utf-8")
    if is_database:
        (folder / "counts.sql").write_text("select * from ho_so", encoding="utf-8")


def _sql(live: Live) -> str:
    types = ["varchar(8)", "varchar(8)", "decimal(12,2)", "int", *("varchar(8)" for _ in live.added)]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(live.columns, types, strict=True))
    rows = ", ".join(str(record) for record in live.records())
    return f"drop table if exists ho_so; create table ho_so ({columns}); " + INSERT.format(rows)


def _sqlite(file: Path, statements: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.executescript(statements)


def _csv(file: Path, live: Live) -> None:
    lines = [live.columns, *live.records()]
    file.write_text("".join(",".join(map(str, line)) + "\n" for line in lines), encoding="utf-8")


def _rest(live: Live, _: Request) -> Response:
    live.n_read += 1
    if live.spoilt == "silent":
        return Response("busy", 503)
    items = [dict(zip(live.columns, record, strict=True)) for record in live.records()]
    return Response(json.dumps({"items": items}), media_type="application/json")


def _sdmx(live: Live, request: Request) -> Response:
    """A rename changes the structure; an addition adds an attribute to it that no observation has yet."""
    if "/datastructure/" in request.url.path:
        units = [f"P{n:02}" for n in range(1, RECORDS + 1)]
        return Response(
            structure(codes={**CODES, "REF_AREA": units}, renamed=live.renamed, added=live.added),
            media_type="application/xml",
        )
    live.n_read += 1
    if live.spoilt == "silent":
        return Response("busy", 503)
    shown = [
        observation(str(record[0]), indicator, str(value))
        for record in live.records()
        for indicator, value in (("RC", record[2]), ("ON", record[3]))
    ]
    told = data(*shown)
    for was, now in live.renamed.items():
        told = told.replace(f"{was}=", f"{now}=")
    return Response(told, media_type="application/xml")


def home_of(folder: Path) -> Home:
    """An empty home beside the declarations."""
    home = Home(folder / "data")
    home.root.mkdir(parents=True, exist_ok=True)
    return home
