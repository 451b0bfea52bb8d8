"""What may pass is tried again inside one pull, of files and of SDMX as of services; what will not pass is not."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from connectors import stored
from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.extract import extract
from connectors.extracted import Extract
from connectors.secrets import Connection
from connectors.stores.declared import StoreSpec
from connectors.stores.opening import Opened
from indicator_specs.home import Home
from indicator_specs.source_sections import Connection as Declared
from tests.data_service import Service, serving
from tests.live_sources import FLOW, HOW
from tests.machine_sources import measure, source
from tests.sdmx_messages import data, observation, structure
from tests.store_servers import Sftp, sftp
from tests.wire import Fault, Wire, before

pytestmark = pytest.mark.usefixtures("no_pauses")

CSV = "unit_code,period,received,full_online\nP01,2026-09,10,0.10\nP04,2026-09,12,3\n"
MESSAGE = data(observation("P01", "RC", "10"), observation("P04", "RC", "12"))
SDMX_CSV = (
    "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,TIME_PERIOD,OBS_STATUS,OBS_VALUE\n"
    "datastructure,NSO:DSD_X(1.0),R,P01,RC,2026-09,A,9007199254740993\n"
)


def pull(kind: str, home: Home, connection: dict[str, object] | None = None, **sdmx: object) -> Extract:
    how = dict(HOW[kind])
    if kind == "sdmx":
        how["measures"] = [measure("received", "RC"), measure("online", "ON")]
        how["sdmx"] = {**FLOW, **sdmx}
    settings = {"settle_seconds": "0", **(connection or {})}
    declared, dataset = source(kind, Path(), partition="period", connection=settings, timeout="2", **how)
    return extract(declared, dataset, home, "2026-09")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sftp]:
    folder = tmp_path_factory.mktemp("sftp")
    (folder / "hop_thu").mkdir()
    (folder / "hop_thu" / "so_2026-09.csv").write_text(CSV)
    with sftp(folder) as server:
        yield server


@pytest.fixture
def wire(box: Sftp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with before(box.port) as made:
        monkeypatch.setenv("CHISO_PROBE", box.url.replace(str(box.port), str(made.port)))
        yield made


@pytest.mark.parametrize(("fault", "after"), [("cut", 0), ("cut", 2_000), ("half_close", 1_500)])
def test_a_store_whose_connection_breaks_is_asked_again(
    box: Sftp, wire: Wire, home: Home, fault: Fault, after: int
) -> None:
    wire.set(fault, after=after, times=1)
    assert pull("file", home, {"host_key": box.host_key}).rows.height == 4
    assert wire.struck == 1


def test_a_store_that_stays_away_is_told_and_not_taken_for_empty(box: Sftp, wire: Wire, home: Home) -> None:
    wire.set("cut")
    with pytest.raises(TransientSourceError, match="E-SRC-UNREACHABLE") as told:
        pull("file", home, {"host_key": box.host_key})
    assert wire.struck == 3, "as often as we try"
    assert not any(secret in str(told.value) for secret in ("b%C3%AD", "bí mật"))


def test_who_turns_us_away_is_asked_once(box: Sftp, wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every further try with a wrong password brings the account nearer to its lock."""
    monkeypatch.setenv("CHISO_PROBE", f"sftp://so_kh:khong-phai-cua-ai@127.0.0.1:{wire.port}/hop_thu")
    opened, real = list[str](), stored.open_store

    def counted(spec: StoreSpec, connection: Connection) -> Opened:
        opened.append(spec.id)
        return real(spec, connection)

    monkeypatch.setattr(stored, "open_store", counted)
    with pytest.raises(PermanentSourceError, match="E-SRC-AUTH") as told:
        pull("file", home, {"host_key": box.host_key})
    assert len(opened) == 1
    assert "khong-phai-cua-ai" not in str(told.value)


def test_a_file_that_we_may_not_read_is_no_silence(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", f"file://{tmp_path}")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")  # as a store says it; root may read all

    monkeypatch.setattr(stored, "open_store", forbidden)
    with pytest.raises(PermanentSourceError, match="E-SRC-AUTH"):
        pull("file", home)


def test_a_file_that_is_still_put_there_is_fetched_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real = tmp_path / "so_2026-09.csv", stored.fetch
    file.write_text(CSV[:-4])
    monkeypatch.setenv("CHISO_PROBE", f"file://{tmp_path}")

    def fetched(declared: Declared, path: str, place: str) -> tuple[bytes, str]:
        found = real(declared, path, place)
        file.write_text(CSV)
        return found

    monkeypatch.setattr(stored, "fetch", fetched)
    assert pull("file", home).rows["obs_value"].to_list() == ["10", "0.10", "12", "3"]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving() as made:
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": f"{made.url}/v1"}))
        yield made


def spoilt_once(service: Service, bad: Callable[[], Response], message: str = MESSAGE) -> list[str]:
    """The data are spoilt the first time they are asked for; what was asked for, in its order."""
    asked: list[str] = []

    def answer(request: Request, _: int) -> Response:
        what = "structure" if "/datastructure/" in request.url.path else "data"
        asked.append(what)
        if what == "data" and asked.count("data") == 1:
            return bad()
        return Response(structure() if what == "structure" else message, media_type="application/xml")

    service.answer = answer
    return asked


@pytest.mark.parametrize(
    ("bad", "message", "first"),
    [
        (lambda: Response("busy", 503), MESSAGE, "10"),
        (lambda: Response("slow down", 429, {"Retry-After": "0"}), MESSAGE, "10"),
        (lambda: Response(MESSAGE[: len(MESSAGE) // 2], media_type="application/xml"), MESSAGE, "10"),
        (lambda: Response(MESSAGE[:-9], media_type="application/xml"), MESSAGE, "10"),
        (lambda: Response(SDMX_CSV[:-5], media_type="text/csv"), SDMX_CSV, "9007199254740993"),
    ],
)
def test_a_message_that_fails_or_is_cut_is_asked_for_again(
    service: Service, home: Home, bad: Callable[[], Response], message: str, first: str
) -> None:
    asked = spoilt_once(service, bad, message)
    assert pull("sdmx", home).rows["obs_value"][0] == first
    assert asked.count("data") == 2


def test_a_message_that_is_always_cut_is_never_data(service: Service, home: Home) -> None:
    spoilt_once(service, lambda: Response("", 503), SDMX_CSV[:-5])
    with pytest.raises(TransientSourceError, match="E-SRC-TRUNCATED"):
        pull("sdmx", home)
    spoilt_once(service, lambda: Response("", 503), SDMX_CSV[:-1])
    taken = pull("sdmx", home, final_newline="false")
    assert taken.rows["obs_value"].to_list() == ["9007199254740993"], "who ends so by habit says so"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_not_repeated(service: Service, home: Home, status: int) -> None:
    asked = spoilt_once(service, lambda: Response("no", status))
    with pytest.raises(SourceError):
        pull("sdmx", home)
    assert asked.count("data") == 1
