"""A deletion that names a part of a key takes away what stands and fits, each observation by a row of its own."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pysdmx.io import read_sdmx, write_sdmx
from pysdmx.io.format import Format
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import PermanentSourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.extracted import FIRST, Before, EarlierBatch, Extract
from connectors.landing import Landing
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.data_service import serving
from tests.live_sources import SDMX
from tests.machine_sources import measure, source
from tests.sdmx_messages import data, observation, structure

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 1
"""Tries of a request, at the most."""

FIRST_MESSAGE = data(*(observation(area, code, "7") for area in ("P01", "P04", "P08") for code in ("RC", "ON")))


class Sdmx:
    """A service that gives one message after the other, and what the ledger lists of it."""

    def __init__(self, home: Home) -> None:
        self.home, self.before, self.message = home, FIRST, ""
        self.asked: tuple[Source, Dataset] = source(
            "sdmx", Path(), partition="period", **SDMX, measures=[measure("received", "RC"), measure("online", "ON")]
        )

    def answer(self, request: Request, _: int) -> Response:
        is_structure = "/datastructure/" in request.url.path
        return Response(structure() if is_structure else self.message, media_type="application/xml")

    def give(self, message: str) -> Extract:
        """Pull a message and list it."""
        self.message = message
        read = extract(*self.asked, self.home, "2026-09", self.before)
        for row in read.rows.to_dicts():
            assert (
                reread(self.home, read.evidence.path, self.asked[1], row["place"], row["measure"]) == row["value_text"]
            )
        batch = EarlierBatch(read.evidence.path, Landing(self.home).land(read).path)
        self.before = replace(self.before, batches=(*self.before.batches, batch))
        return read


@pytest.fixture
def sdmx(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sdmx]:
    with serving() as service:
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": f"{service.url}/v1"}))
        made = Sdmx(home)
        service.answer = made.answer
        yield made


def rows(read: Extract) -> list[tuple[str, str, str | None, str]]:
    names = ("org_unit", "measure", "obs_value", "obs_status")
    return [(each[0], each[1].partition(".")[2], each[2], each[3]) for each in read.rows.select(names).iter_rows()]


def gone(*figures: tuple[str, str]) -> list[tuple[str, str, str | None, str]]:
    return [(area, name, None, "O") for area, name in figures]


def test_a_deletion_names_what_it_fits(sdmx: Sdmx) -> None:
    sdmx.give(FIRST_MESSAGE)
    of_a_unit = sdmx.give(data('REF_AREA="P04" TIME_PERIOD="2026-09"', action="Delete"))
    assert rows(of_a_unit) == gone(("P04", "received"), ("P04", "online"))
    assert of_a_unit.rows["place"].to_list() == ["page 2 item 1", "page 2 item 1"]
    assert (of_a_unit.n_emitted, of_a_unit.origin["n_records"]) == (1, "2")
    of_a_measure = sdmx.give(data('INDICATOR="ON"', action="Delete"))
    assert rows(of_a_measure) == gone(("P01", "online"), ("P08", "online")), "that of P04 was gone already"
    sdmx.give(data(observation("P04", "ON", "9")))
    assert rows(sdmx.give(data('REF_AREA="P04"', action="Delete"))) == gone(("P04", "online")), "it had come again"


def test_a_deletion_that_fits_nothing_is_told_and_withdraws_nothing(sdmx: Sdmx) -> None:
    sdmx.give(data(observation("P01", "ON", "7")))
    read = sdmx.give(data('REF_AREA="P08"', action="Delete"))
    assert rows(read) == []
    assert [(each.rule, each.place) for each in read.findings] == [("deletion_of_nothing", "page 2 item 1")]


def test_a_deletion_of_everything_is_refused(sdmx: Sdmx) -> None:
    sdmx.give(FIRST_MESSAGE)
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SDMX.*no REF_AREA"):
        sdmx.give(data('OBS_VALUE="7"', action="Delete"))
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SDMX.*no INDICATOR"):
        sdmx.give(data('REF_AREA="P01" TIME_PERIOD="2026-09" OBS_VALUE="7"', action="Replace"))


def test_actions_of_one_message_count_in_their_order(sdmx: Sdmx) -> None:
    head = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
    line = "datastructure,NSO:DSD_X(1.0),{}\n"
    sdmx.give(head + line.format("A,P01,RC,2026-09,1,A") + line.format("A,P04,RC,2026-09,2,A"))
    read = sdmx.give(head + line.format("D,P01,,,,") + line.format("R,P01,ON,2026-09,3,A"))
    assert rows(read) == [*gone(("P01", "received")), ("P01", "online", "3", "A")]


def test_a_structure_in_json_is_the_same(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    definitions = read_sdmx(io.BytesIO(structure().encode())).structures
    (tmp_path / "dsd.json").write_text(str(write_sdmx(definitions, Format.STRUCTURE_SDMX_JSON_2_0_0)))
    (tmp_path / "dsd.xml").write_text(structure())
    (tmp_path / "data.xml").write_text(FIRST_MESSAGE)
    monkeypatch.setenv("CHISO_PROBE", f"file://{tmp_path}")
    reads = []
    for name in ("dsd.xml", "dsd.json"):
        how = {**SDMX, "sdmx": {"data": "data.xml", "structure": name, "data_structure": "NSO:DSD_X(1.0)"}}
        measures = [measure("received", "RC"), measure("online", "ON")]
        settled = {"settle_seconds": "0"}
        reads.append(extract(*source("sdmx", Path(), connection=settled, **how, measures=measures), home))
    assert reads[0].rows.equals(reads[1].rows)
    assert reads[0].columns == reads[1].columns
    (tmp_path / "data.xml").write_text(FIRST_MESSAGE.replace('"P08"', '"P99"'))
    with pytest.raises(PermanentSourceError, match="REF_AREA P99"):
        extract(*source("sdmx", Path(), connection=settled, **how, measures=measures), home)
    (tmp_path / "data.xml").write_text('{"data": {"dataSets": [], "structures": []}, "meta": {}}')
    with pytest.raises(PermanentSourceError, match="E-SRC-SDMX"):
        extract(*source("sdmx", Path(), connection=settled, **how, measures=measures), home)


def test_a_first_message_has_nothing_before_it(sdmx: Sdmx) -> None:
    assert sdmx.before == Before()
    assert rows(sdmx.give(data('REF_AREA="P01"', action="Delete"))) == []
