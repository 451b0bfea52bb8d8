"""Every kind of source that is pulled is held to the list that all are held to, with hostile answers of its own.

Kinds of which the catalogue has a folder stand in ``test_acceptance``; here are those that it has none of.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.acceptance import CHECKS, accept
from connectors.errors import SourceError
from connectors.extract import extract
from connectors.kinds import KINDS
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.data_service import serving
from tests.machine_sources import measure, source
from tests.sdmx_messages import data, observation, structure
from tests.whole_catalogue import whole_catalogue

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a request, at the most."""

CSV = "unit_code,period,received,full_online\nP01,2026-09,10,0.10\nP04,2026-09,9007199254740993,\n"
SDMX = data(
    observation("P01", "ON", "0.10"), observation("P04", "ON", "9007199254740993"), observation("P01", "RC", "12")
)
TOKEN = "khong-ai-duoc-thay-9c1d"

Put = Callable[[str], None]
"""Makes the source answer with this."""
Probe = tuple[Source, Put, str, Mapping[str, str]]
"""A source, how it is made to answer, its honest answer, and hostile ones by name."""


def _file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    folder = tmp_path / "kho"
    folder.mkdir()
    monkeypatch.setenv("CHISO_PROBE", f"file://{folder}")
    declared = {"path": "so_{period}.csv", "format": "csv"}
    made, _ = source("file", Path(), partition="period", file=declared, connection={"settle_seconds": "0"})
    hostile = {
        "empty": "",
        "a header alone": CSV.splitlines()[0] + "\n",
        "a column renamed": CSV.replace("unit_code", "unit"),
        "another period": CSV.replace("2026-09", "1999-01"),
        "an error page": "<html>not here</html>",
        "a field too many": CSV + "P08,2026-09,1,2,3\n",
        "an open quotation": CSV + '"P08,2026-09,1,2\n',
    }
    yield made, lambda text: (folder / "so_2026-09.csv").write_text(text) and None, CSV, hostile


def _sdmx(_: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    declared = {
        "data": "data/NSO,DF_X/all",
        "params": {"startPeriod": "{period}", "endPeriod": "{period}"},
        "structure": "datastructure/NSO/DSD_X/1.0",
        "data_structure": "NSO:DSD_X(1.0)",
    }
    columns = {
        "org_unit": "REF_AREA",
        "time_period": "TIME_PERIOD",
        "measure": "INDICATOR",
        "value": "OBS_VALUE",
        "obs_status": "OBS_STATUS",
    }
    key, measures = ["org_unit", "time_period", "measure"], [measure("online", "ON"), measure("received", "RC")]
    made, _ = source(
        "sdmx",
        Path(),
        partition="period",
        sdmx=declared,
        connection={"settle_seconds": "0"},
        layout="long",
        columns=columns,
        key=key,
        measures=measures,
    )
    hostile = {
        "empty": "",
        "an error page": "<html>502</html>",
        "cut in the middle": SDMX[: len(SDMX) // 2],
        "no observation": data(),
        "a code that the structure has not": SDMX.replace('"P01"', '"P99"'),
        "another period": SDMX.replace("2026-09", "1999-01"),
        "a billion laughs": '<!DOCTYPE x [<!ENTITY a "b">]>' + SDMX.partition("?>")[2],
    }
    with serving() as service:
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": f"{service.url}/v1", "token": TOKEN}))

        def put(text: str) -> None:
            def answer(request: Request, _: int) -> Response:
                is_structure = "/datastructure/" in request.url.path
                return Response(structure() if is_structure else text, media_type="application/xml")

            service.answer = answer

        yield made, put, SDMX, hostile


PROBES: Mapping[str, Callable[[Path, pytest.MonkeyPatch], Iterator[Probe]]] = {"file": _file, "sdmx": _sdmx}


@pytest.fixture(params=sorted(PROBES))
def probe(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Probe]:
    yield from PROBES[request.param](tmp_path, monkeypatch)


def september(_: Dataset) -> str:
    return "2026-09"


def test_every_kind_is_held_to_the_list() -> None:
    in_catalogue = {source.kind for source in whole_catalogue().sources.values()}
    assert {name for name, kind in KINDS.items() if kind.pull} <= in_catalogue | PROBES.keys()


def test_an_honest_source_of_the_kind_meets_every_check(probe: Probe, home: Home) -> None:
    made, put, honest, _ = probe
    put(honest)
    outcomes = list(accept(made, home, september))
    assert [each for each in outcomes if not each.is_met] == []
    assert len(outcomes) == len(CHECKS)


def test_no_hostile_answer_gets_a_figure_in(probe: Probe, home: Home) -> None:
    made, put, _, hostile = probe
    for number, (what, text) in enumerate(hostile.items()):
        put(text)
        place = Home(home.root / str(number))
        with pytest.raises(SourceError) as told:
            _refused(made, place, what)
        assert TOKEN not in str(told.value), what
        assert not [path for path in place.evidence.rglob("*") if path.is_file() and "pulls" not in path.parts], what


def _refused(made: Source, place: Home, what: str) -> None:
    extract(made, made.datasets[0], place, "2026-09")
    pytest.fail(f"{what}: taken for an answer")
