"""Agencies' folders on other stores, over a real SFTP server and a real S3-style server.

Held: nothing is taken before it has kept still, nothing taken away before it is answered, a store out of reach is never
an empty one, and a process that is killed anywhere leaves one submission and one receipt.
"""

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import pytest
from typer.testing import CliRunner

from connectors.stores.declared import FILE, StoreSpec
from connectors.stores.looks import FarLooks
from connectors.stores.remote import FarFile, FarStore, StoreError
from indicator_specs.errors import PlainError, SpecError
from indicator_specs.home import Home
from pipelines.cli import app
from pipelines.stores.exchange import FOUND, LOST, Link, exchange, exchanging, fetch_everywhere, take_in_everywhere
from pipelines.stores.fetching import Fetched
from pipelines.watching import keep_answering
from tests.reporting import Reporting, one_row
from tests.servers import free_port
from tests.store_servers import Sftp, s3, sftp

AGENCY, OTHER = "P12", "P46"
POINTS = ("evidence.copied", "far.fetched", "far.received", "far.filled", "far.put", "far.archived", "far.taken_away")
NOW = "2026-11-10T09:00:00+07:00"


@dataclass
class Far:
    """A store of a test, seen from the agencies' side."""

    reporting: Reporting
    spec: StoreSpec
    files: Any
    root: str

    def put(self, agency: str, name: str, content: bytes) -> None:
        path = f"{self.root}/{agency}/{name}"
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(path, content)

    def listing(self, agency: str) -> list[str]:
        return sorted(Path(path).relative_to(f"{self.root}/{agency}").as_posix() for path in self._found(agency))

    def _found(self, agency: str) -> list[str]:
        return [str(path) for path in self.files.find(f"{self.root}/{agency}")]

    def receipt(self, agency: str, number: int = 1) -> dict[str, Any]:
        content = self.files.cat_file(f"{self.root}/{agency}/ket_qua/PTN-{number:06d}.json")
        return dict(json.loads(content))

    def look(self, link: Link) -> Fetched:
        return exchange(self.reporting.here, link)

    def link(self) -> Link:
        return Link(self.spec, FarLooks(0))

    def settle(self) -> Link:
        """A link that has seen what lies there once."""
        link = self.link()
        self.look(link)
        return link


def _declare(home: Home, store: dict[str, object]) -> StoreSpec:
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / FILE).write_text(
        "stores:\n  - " + "\n    ".join(f"{key}: {json.dumps(value)}" for key, value in store.items()) + "\n"
    )
    return StoreSpec.model_validate(store)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A filled form of one row."""
    return one_row(tmp_path_factory.mktemp("form") / "form.xlsx", AGENCY).read_bytes()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with s3() as url:
        yield url


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sftp]:
    (tmp_path / "sftp" / "hop_thu").mkdir(parents=True)
    with sftp(tmp_path / "sftp") as running:
        yield running


def _on_sftp(home: Home, server: Sftp, monkeypatch: pytest.MonkeyPatch) -> Far:
    monkeypatch.setenv("CHISO_KHO_SFTP", server.url)
    declared = {
        "id": "so_kh", "secret": "CHISO_KHO_SFTP", "host_key": server.host_key, "agencies": [AGENCY], "look_every": "1",
    }  # fmt: skip
    spec = _declare(home, declared)
    return Far(Reporting(home), spec, fsspec.filesystem("file"), str(server.folder / "hop_thu"))


def _on_s3(home: Home, url: str, monkeypatch: pytest.MonkeyPatch) -> Far:
    folder = f"{url}/{home.root.parent.name}"
    monkeypatch.setenv("CHISO_KHO_S3", folder)
    spec = _declare(home, {"id": "kho_s3", "secret": "CHISO_KHO_S3", "agencies": [AGENCY]})
    endpoint, _, path = folder.removeprefix("s3+http://khoa:bimat@").partition("/")
    files = fsspec.filesystem(
        "s3", key="khoa", secret="bimat", endpoint_url=f"http://{endpoint}", use_listings_cache=False
    )
    return Far(Reporting(home), spec, files, path)


@pytest.fixture
def box(home: Home, server: Sftp, monkeypatch: pytest.MonkeyPatch) -> Far:
    """A folder on the SFTP server."""
    monkeypatch.setenv("CHISO_NOW", NOW)
    return _opened(_on_sftp(home, server, monkeypatch))


@pytest.fixture(params=["sftp", "s3"])
def far(request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch) -> Far:
    """A folder on either."""
    if request.param == "sftp":
        return request.getfixturevalue("box")  # type: ignore[no-any-return]
    monkeypatch.setenv("CHISO_NOW", NOW)
    return _opened(_on_s3(home, request.getfixturevalue("bucket"), monkeypatch))


def _opened(far: Far, *agencies: str) -> Far:
    with FarStore(far.spec) as store:
        for agency in (AGENCY, *agencies):
            store.open_folder(agency)
    return far


def test_a_file_on_a_store_is_answered_there_and_taken_away(far: Far, report: bytes) -> None:
    far.put(AGENCY, "báo cáo tháng 10.xlsx", report)
    told = take_in_everywhere(far.reporting.here, settle_seconds=0)
    assert told.troubles == []
    assert [each.file_name for each in told.answers] == ["báo cáo tháng 10.xlsx"]
    assert far.listing(AGENCY) == ["ket_qua/.chiso", "ket_qua/PTN-000001.json", "ket_qua/PTN-000001.txt"]
    assert far.receipt(AGENCY)["state"] == "accepted"
    kept = far.reporting.home.archive / AGENCY / "PTN-000001-báo cáo tháng 10.xlsx"
    assert kept.read_bytes() == report
    assert take_in_everywhere(far.reporting.here, settle_seconds=0).answers == []


def test_what_is_wrong_comes_back_marked(box: Far) -> None:
    box.put(AGENCY, "hỏng.xlsx", b"PK\x03\x04 not whole")
    link = box.link()
    box.look(link)
    assert (box.look(link).waiting, box.look(link).received) == (1, 0)
    seen = link.looks._seen
    for key, (file, _) in list(seen.items()):
        seen[key] = (file, time.monotonic() - 61)  # a minute later, it is no slow copy any more
    assert box.look(link).received == 1
    box.reporting.answered()
    box.look(link)
    assert box.receipt(AGENCY)["state"] == "returned"
    assert "hỏng.xlsx" not in box.listing(AGENCY)


def test_a_file_that_grows_is_not_taken(box: Far, report: bytes) -> None:
    """A sender that drips: each look finds it larger."""
    link = box.link()
    for part in range(4):
        box.put(AGENCY, "chậm.xlsx", report[: (part + 1) * len(report) // 4])
        done = box.look(link)
        assert (done.received, done.waiting) == (0, 1)
    assert box.look(link).received == 1
    (entered,) = box.reporting.here.ledger.submissions()
    assert entered.size == len(report)


def test_nothing_is_taken_away_before_it_is_answered(far: Far, report: bytes) -> None:
    far.put(AGENCY, "a.xlsx", report)
    link = far.settle()
    assert far.look(link).received == 1
    for _ in range(2):
        assert far.look(link).received == 0
        assert "a.xlsx" in far.listing(AGENCY)
    far.reporting.answered()
    far.look(link)
    assert "a.xlsx" not in far.listing(AGENCY)
    assert len(far.reporting.here.ledger.submissions()) == 1


def test_a_newer_file_of_the_same_name_has_its_own_turn(box: Far, report: bytes) -> None:
    box.put(AGENCY, "a.xlsx", report)
    link = box.settle()
    box.look(link)
    box.reporting.answered()
    box.put(AGENCY, "a.xlsx", report + b"\0")
    box.look(link)
    assert "a.xlsx" in box.listing(AGENCY)
    assert box.look(link).received == 1


def test_a_folder_that_is_gone_is_out_of_reach_and_others_are_answered(far: Far, report: bytes) -> None:
    with FarStore(far.spec) as store:
        store.open_folder(OTHER)
    far.files.rm(f"{far.root}/{AGENCY}", recursive=True)
    far.put(OTHER, "a.xlsx", report)
    told = take_in_everywhere(far.reporting.here, settle_seconds=0)
    assert [(each.agency, each.reason) for each in told.unreachable] == [(AGENCY, "the folder is not there")]
    assert [each.agency for each in told.answers] == [OTHER]


def test_evidence_beside_a_report_comes_before_it(box: Far, report: bytes) -> None:
    box.put(AGENCY, "minh_chung/BM_2026-10/quyet-dinh.pdf", b"%PDF-1.7 scanned")
    box.put(AGENCY, "a.xlsx", report)
    link = box.link()
    assert box.look(link).received == 0
    box.look(link)
    here = box.reporting.home.intake / AGENCY / "minh_chung" / "BM_2026-10" / "quyet-dinh.pdf"
    assert here.read_bytes() == b"%PDF-1.7 scanned"
    box.look(link)
    assert len(box.reporting.here.ledger.submissions()) == 1


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_step_leaves_one_submission_and_one_receipt(box: Far, report: bytes, point: str) -> None:
    box.put(AGENCY, "a.xlsx", report)
    is_after = point in {"far.filled", "far.put", "far.archived", "far.taken_away"}
    if is_after:
        box.look(box.settle())
        box.reporting.answered()
    else:
        box.reporting.here.ledger.submissions()
    box.reporting.here.ledger.close()
    assert _killed(lambda: fetch_everywhere(box.reporting.here, 0), point) == 9
    told = take_in_everywhere(box.reporting.here, settle_seconds=0)
    assert told.troubles == []
    (entered,) = box.reporting.here.ledger.submissions()
    assert entered.state.value == "accepted"
    assert box.listing(AGENCY) == ["ket_qua/.chiso", "ket_qua/PTN-000001.json", "ket_qua/PTN-000001.txt"]
    assert [path.name for path in (box.reporting.home.archive / AGENCY).iterdir()] == ["PTN-000001-a.xlsx"]


def _killed(work: Callable[[], object], point: str) -> int:
    child = os.fork()
    if child == 0:
        os.environ["CHISO_DRILL"] = point
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def test_a_server_that_is_away_is_told_once_and_found_again(box: Far, server: Sftp, report: bytes) -> None:
    box.put(AGENCY, "a.xlsx", report)
    server.pause()
    link = box.link()
    for _ in range(3):
        assert box.look(link).troubles
    told = take_in_everywhere(box.reporting.here, settle_seconds=0)
    assert len(told.troubles) == 1
    assert "bí mật" not in told.troubles[0]
    server.resume()
    assert take_in_everywhere(box.reporting.here, settle_seconds=0).troubles == []
    events = box.reporting.here.ledger.events(kinds=[LOST, FOUND])
    assert [each.kind for each in events] == [LOST, FOUND]


def test_another_server_in_its_place_is_not_spoken_to(box: Far, server: Sftp, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncssh

    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with pytest.raises(StoreError, match="another host key"):
        FarStore(box.spec.model_copy(update={"host_key": other}))
    with pytest.raises(PlainError, match="host_key"):
        FarStore(box.spec.model_copy(update={"host_key": None}))
    monkeypatch.setenv("CHISO_KHO_SFTP", server.url.replace("so_kh", "nguoi_khac"))
    with pytest.raises(StoreError, match="uthentication"):
        FarStore(box.spec)


def test_what_was_replaced_at_the_last_moment_is_given_back(box: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    with FarStore(box.spec) as store:
        box.put(AGENCY, "a.xlsx", b"figures")
        (seen,) = store.reports(AGENCY)
        monkeypatch.setattr(FarStore, "_is_still", lambda self, file: True)
        box.put(AGENCY, "a.xlsx", b"newer figures")
        store.take_away(seen)
        assert box.listing(AGENCY) == ["a.xlsx", "ket_qua/.chiso"]
        # A crash between the two renames: the next look gives the file its name again.
        (Path(box.root) / AGENCY / "a.xlsx").rename(Path(box.root) / AGENCY / ".a.xlsx.0123abcd.leaving")
        assert store.reports(AGENCY) == []
        (back,) = store.reports(AGENCY)
        assert back.name == "a.xlsx"


def test_links_are_not_followed(box: Far) -> None:
    _opened(box, OTHER)
    with FarStore(box.spec) as store:
        box.put(OTHER, "a.xlsx", b"figures")
        (Path(box.root) / AGENCY / "link.xlsx").symlink_to(Path(box.root) / OTHER / "a.xlsx")
        assert store.reports(AGENCY) == []
        assert [file.name for file in store.reports(OTHER)] == ["a.xlsx"]


def test_one_agency_with_many_files_does_not_keep_others_waiting(box: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    _opened(box, OTHER)
    for number in range(300):
        (Path(box.root) / AGENCY / f"{number}.xlsx").write_bytes(b"%d" % number)
    box.put(OTHER, "a.xlsx", b"figures")
    taken: list[str] = []

    def note(self: FarStore, file: FarFile, target: Path) -> bool:
        taken.append(file.agency)
        return False

    link = box.settle()
    monkeypatch.setattr(FarStore, "fetch", note)
    box.look(link)
    assert OTHER in taken[:2]
    assert len(taken) == 51


def test_a_resident_watcher_answers_on_the_store(box: Far, report: bytes) -> None:
    box.put(AGENCY, "a.xlsx", report)
    ended = threading.Event()
    for told in keep_answering(box.reporting.here, ended):
        assert told.troubles == []
        if told.answers:
            break
    deadline = time.monotonic() + 20
    with exchanging(box.reporting.here):
        while "a.xlsx" in box.listing(AGENCY):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert box.receipt(AGENCY)["state"] == "accepted"


def test_mistakes_in_the_declaration_are_told_together(home: Home) -> None:
    home.root.mkdir()
    (home.root / FILE).write_text("stores:\n  - id: a\n    adress: file:///x\n    look_every: 1,5\n")
    with pytest.raises(SpecError) as told:
        fetch_everywhere(Reporting(home).here)
    assert FILE in str(told.value)


def test_the_command_opens_folders_and_says_which_store_is_away(
    home: Home, server: Sftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _on_sftp(home, server, monkeypatch)
    opened = CliRunner().invoke(app, ["intake", "stores", "--open"])
    assert opened.exit_code == 0, opened.output
    assert (server.folder / "hop_thu" / AGENCY / "ket_qua").is_dir()
    assert re.search(r"so_kh .* 1 .* 0 ", opened.output)
    monkeypatch.setenv("CHISO_KHO_SFTP", f"sftp://chiso:mat-khau@127.0.0.1:{free_port()}/hop_thu")
    away = CliRunner().invoke(app, ["intake", "stores"])
    assert away.exit_code == 1
    assert "so_kh" in away.output
    assert "mat-khau" not in away.output
