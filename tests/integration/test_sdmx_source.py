"""SDMX from a real service and from files: exact, held against its structure, actions and statuses honoured."""

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors.errors import PermanentSourceError, SourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.extracted import Extract
from indicator_specs.home import Home
from tests.data_service import Service, fresh
from tests.machine_sources import measure, source
from tests.sdmx_messages import data, observation, structure

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a request, at the most."""

STRUCTURE = structure()
GOOD = data(
    observation("P01", "ON", "0.10"),
    observation("P04", "ON", "9007199254740993", "E"),
    observation("P08", "ON", "NaN", "M"),
    observation("P01", "RC", "12"),
)
CSV = """STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS
datastructure,NSO:DSD_X(1.0),R,P01,ON,2026-09,0.10,A
datastructure,NSO:DSD_X(1.0),D,P04,ON,2026-09,,
datastructure,NSO:DSD_X(1.0),A,P08,ON,2026-09,9007199254740993,E
"""


@pytest.fixture
def service(running: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    return fresh(running, monkeypatch, token="ma-truy-cap-sdmx")


def answers(service: Service, message: str, definition: str = STRUCTURE) -> None:
    def answer(request: Request, _: int) -> Response:
        is_structure = "/datastructure/" in request.url.path
        assert request.headers["Accept"].startswith("application/vnd.sdmx.")
        return Response(definition if is_structure else message, media_type="application/xml")

    service.answer = answer


def pull(home: Home, **declared: str) -> Extract:
    sdmx = {
        "data": "data/NSO,DF_X/all",
        "params": {"startPeriod": "{period}", "endPeriod": "{period}"},
        "structure": "datastructure/NSO/DSD_X/1.0",
        "data_structure": "NSO:DSD_X(1.0)",
        **declared,
    }
    made, dataset = source(
        "sdmx",
        Path(),
        partition="period",
        sdmx=sdmx,
        connection={"settle_seconds": "0"},
        layout="long",
        columns={
            "org_unit": "REF_AREA",
            "time_period": "TIME_PERIOD",
            "measure": "INDICATOR",
            "value": "OBS_VALUE",
            "obs_status": "OBS_STATUS",
        },
        key=["org_unit", "time_period", "measure"],
        measures=[measure("online", "ON"), measure("received", "RC")],
    )
    pulled = extract(made, dataset, home, "2026-09")
    for row in pulled.rows.to_dicts():
        assert reread(home, pulled.evidence.path, dataset, row["place"], row["measure"]) == row["value_text"]
    return pulled


def values(pulled: Extract) -> list[tuple[object, ...]]:
    return pulled.rows.select("org_unit", "measure", "obs_value", "obs_status").rows()


def test_a_service_is_read_exactly(service: Service, home: Home) -> None:
    answers(service, GOOD)
    pulled = pull(home)
    assert values(pulled) == [
        ("P01", "probe.online", "0.10", "A"),
        ("P04", "probe.online", "9007199254740993", "E"),
        ("P08", "probe.online", None, "M"),
        ("P01", "probe.received", "12", "A"),
    ]
    assert service.asked == ["references=all", "startPeriod=2026-09&endPeriod=2026-09"]
    assert set(service.tokens) == {"Bearer ma-truy-cap-sdmx"}
    assert pulled.origin["actions"] == "Replace"


def test_files_are_read_the_same(service: Service, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(service, GOOD)
    of_service = pull(home)
    (tmp_path / "dsd.xml").write_text(STRUCTURE)
    (tmp_path / "2026-09.xml").write_text(GOOD)
    monkeypatch.setenv("CHISO_PROBE", f"file://{tmp_path}")
    of_files = pull(home, data="{period}.xml", structure="dsd.xml")
    assert of_files.rows.equals(of_service.rows)


def test_deletions_withdraw_and_csv_is_exact(service: Service, home: Home) -> None:
    answers(service, CSV)
    pulled = pull(home)
    assert values(pulled) == [
        ("P01", "probe.online", "0.10", "A"),
        ("P04", "probe.online", None, "O"),
        ("P08", "probe.online", "9007199254740993", "E"),
    ]
    assert pulled.origin["actions"] == "Append, Delete, Replace"


@pytest.mark.parametrize(
    ("action", "value"), [("Append", "7"), ("Replace", "7"), ("Information", "7"), ("Delete", None)]
)
def test_every_action_of_a_message(service: Service, home: Home, action: str, value: str | None) -> None:
    answers(service, data(observation("P01", "ON", "7"), action=action))
    assert pull(home).rows["obs_value"].to_list() == [value]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (data(observation("P99", "ON", "1"), observation("P01", "XX", "1")), r"REF_AREA P99; INDICATOR XX"),
        (data(observation("P01", "ON", "1", "Z")), "OBS_STATUS Z"),
        (data('REF_AREA="P01" TIME_PERIOD="2026-09" OBS_VALUE="1"'), "item 1: no INDICATOR"),
        (data(observation("P01", "ON", "1") + ' SEX="F"'), "column SEX"),
        (data(observation("P01", "ON", "1"), version="2.0"), r"structure NSO:DSD_X\(2.0\)"),
        (CSV.replace(",D,", ",X,"), "line 3: ACTION X"),
        (CSV.replace("P04,", ""), "line 3 has 7 fields"),
        (CSV.replace("P01,ON,", ",ON,"), "item 1: no REF_AREA"),
        ("a,b\n1,2\n", "neither SDMX-ML nor SDMX-CSV"),
        ("<html/>", "E-SRC-LOGIN-PAGE|E-SRC-SDMX"),
        ("<a/>", "not valid SDMX"),
        (GOOD.replace("<mes:Header>", "<mes:Heade>"), "not valid SDMX"),
        (GOOD.replace("?>", "?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"), "E-SRC-XML"),
    ],
)
def test_what_does_not_fit_the_structure_is_refused(service: Service, home: Home, message: str, told: str) -> None:
    answers(service, message)
    with pytest.raises(SourceError, match=told):
        pull(home)
    assert not list(home.evidence.rglob("*.pages"))


def test_a_message_without_observations_is_not_taken_for_nothing(service: Service, home: Home) -> None:
    answers(service, data())
    with pytest.raises(PermanentSourceError, match=r"E-SRC-(EMPTY|SDMX)"):
        pull(home)


def test_another_version_of_the_structure_is_refused(service: Service, home: Home) -> None:
    answers(service, GOOD, structure("1.1"))
    with pytest.raises(PermanentSourceError, match=r"NSO:DSD_X\(1.0\) was agreed, the source has NSO:DSD_X\(1.1\)"):
        pull(home)
