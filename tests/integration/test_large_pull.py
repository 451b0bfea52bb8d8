"""A pull that is too large to be held is read, judged and accepted in slices: the same batch as in one go."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from benchmarks import large_pull
from connectors import content_address, landing
from connectors.accepted import accepted_rows
from connectors.databases import slicing
from connectors.errors import PermanentSourceError
from connectors.landing import Landing
from indicator_specs.findings import Severity
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from pipelines import pulling, slices
from pipelines.admission import admit
from pipelines.candidates import Admitted, CountsDifferError
from pipelines.installation import Installation
from pipelines.pulling import pull
from tests.servers import Server, postgres

UNITS = ["F01", "F79", "F48"]
N = 270
"""Values; a slice of fifty is less than the ninety of a unit, one of a hundred more."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        running.run(large_pull.table(N, UNITS))
        running.run("update lon set so = -1 where ma = 'F48' and nam = '2019';")
        yield running


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return large_pull.registry_of(tmp_path_factory.mktemp("declared"))


@pytest.fixture(autouse=True)
def _at(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NATIONAL_STATISTICS", server.url)
    monkeypatch.setenv("CHISO_NOW", large_pull.CLOCK)


def admitted(home: Home, registry: Registry) -> tuple[Installation, Admitted, int]:
    """One pull and its admission, and of how many slices it was."""
    here = Installation(home, registry)
    dataset = registry.dataset(large_pull.SOURCE, large_pull.DATASET)
    candidate = pull(here, registry.sources[large_pull.SOURCE], dataset, None)
    assert candidate is not None
    n_parts = len(list(candidate.extract.parts()))
    (one,) = admit(here, [candidate])
    return here, one, n_parts


def told(one: Admitted, *severities: Severity) -> list[str]:
    """Findings, of these severities or of all."""
    return sorted(repr(finding) for finding in one.findings if not severities or finding.severity in severities)


def test_slices_make_the_batch_that_one_go_makes(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, whole, n_parts = admitted(Home(tmp_path / "whole"), registry)
    assert (n_parts, whole.batch.n_read, whole.batch.n_returned) == (1, N, 9)
    for at_once in (50, 100):
        monkeypatch.setattr(slicing, "AT_ONCE", at_once)
        here, sliced, n_parts = admitted(Home(tmp_path / str(at_once)), registry)
        assert n_parts == {50: 6, 100: 3}[at_once]
        for of in ("batch_id", "landing_sha256", "accepted_sha256", "n_read", "n_accepted", "n_returned"):
            assert getattr(sliced.batch, of) == getattr(whole.batch, of), of
        assert told(sliced, Severity.ERROR) == told(whole, Severity.ERROR)
        if at_once == 100:  # whole units: their past is as long as in one go
            assert told(sliced) == told(whole)
        assert accepted_rows(here.home, here.ledger, sliced.batch).height == N - 9
        assert Landing(here.home).read(sliced.batch.landing_path).height == N
        assert not [*here.home.root.rglob("*.part")]


def test_pulled_again_it_is_the_same_batch_and_a_factor_of_ten_is_seen(
    tmp_path: Path, server: Server, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "AT_ONCE", 100)
    monkeypatch.setattr(pulling, "AT_ONCE", 50)
    home = Home(tmp_path / "data")
    _, first, _ = admitted(home, registry)
    _, again, _ = admitted(home, registry)
    assert first.is_new
    assert not again.is_new
    assert again.batch.batch_no == first.batch.batch_no
    server.run("update lon set so = so * 10;")
    try:
        with pytest.raises(PermanentSourceError, match="E-SRC-SCALE"):
            admitted(home, registry)
    finally:
        server.run("update lon set so = so / 10;")


def test_a_unit_written_in_two_ways_is_refused_where_its_rows_would_part(
    tmp_path: Path, server: Server, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.run("update lon set ma = ' f01' where ma = 'F01' and nam = '2019';")
    try:
        _, whole, _ = admitted(Home(tmp_path / "whole"), registry)
        assert whole.batch.n_accepted == N - 9, "in one go they are one unit"
        monkeypatch.setattr(slicing, "AT_ONCE", 50)
        with pytest.raises(PermanentSourceError, match=r"E-SRC-SHAPE.*' f01'.*'F01'"):
            admitted(Home(tmp_path / "sliced"), registry)
    finally:
        server.run("update lon set ma = 'F01' where ma = ' f01';")


def test_a_slice_that_is_lost_commits_nothing(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "AT_ONCE", 100)
    real = landing.Gathering.add

    def lossy(self: landing.Gathering, rows: pl.DataFrame) -> None:
        real(self, rows.head(rows.height - 1))

    monkeypatch.setattr(landing.Gathering, "add", lossy)
    home = Home(tmp_path / "data")
    with pytest.raises(CountsDifferError):
        admitted(home, registry)
    assert Installation(home, registry).ledger.batches() == []


def test_more_findings_than_can_be_told_are_counted(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "AT_ONCE", 100)
    monkeypatch.setattr(slices, "MOST_TOLD", 3)
    _, one, _ = admitted(Home(tmp_path / "data"), registry)
    assert len(one.findings) == 4
    assert one.findings[-1].rule == "many_findings"
    assert int(one.findings[-1].found) > 3


def test_the_address_of_a_file_is_that_of_its_rows(tmp_path: Path, registry: Registry) -> None:
    here, one, _ = admitted(Home(tmp_path / "data"), registry)
    file = here.home.root / str(one.batch.accepted_path)
    rows = pl.read_parquet(file)
    assert content_address.file_address(file) == content_address.content_address(rows) == file.stem
    for part in (
        rows.clear(),
        rows.head(1),
        rows.with_columns(citation=pl.lit("Hà Nội"), value_text=None).cast(rows.schema),
    ):
        part.write_parquet(tmp_path / "part.parquet", row_group_size=7)
        assert content_address.file_address(tmp_path / "part.parquet") == content_address.content_address(part)
