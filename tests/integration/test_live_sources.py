"""The contract of a source, whatever its kind: frozen by command, held at every pull, told old beside new.

Each source changes as its owner likes, without a word; the others go on, and what came before stands.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from connectors import contracts
from connectors.acceptance import CHECKS, commit
from connectors.errors import PermanentSourceError, SourceError
from indicator_specs import registry as kernel
from indicator_specs.errors import PlainError
from indicator_specs.home import Home
from pipelines import installation as pipelines_installation
from pipelines.cli import app
from pipelines.installation import Installation
from pipelines.line import pull_all
from pipelines.pulling import ACCEPTED_AS_IT_IS, pull
from tests.live_sources import KINDS, TOKEN, Live, LiveSources, Spoilt, home_of, live_sources

NOW = "2026-10-10T09:00:00+07:00"
RENAMED = {kind: {"received": "accepted"} for kind in KINDS} | {"sdmx": {"REF_AREA": "AREA"}}
OLD_NEW = dict.fromkeys(KINDS, r"received → accepted \(renamed\?\)") | {"sdmx": r"REF_AREA → AREA \(renamed\?\)"}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSources]:
    with live_sources(tmp_path_factory.mktemp("live")) as made:
        yield made


@pytest.fixture
def home(sources: LiveSources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An empty home; the commands find the live sources, of which none is frozen."""
    made = home_of(tmp_path)
    monkeypatch.setenv("CHISO_HOME", str(made.root))
    monkeypatch.setenv("CHISO_NOW", NOW)
    for module in (kernel, pipelines_installation):
        monkeypatch.setattr(module, "load_registry", lambda: sources.registry)
    monkeypatch.setattr("pipelines.line.partitions_due", lambda dataset: [partition(dataset.source_id)])
    yield made
    for live in sources.of.values():
        live.change()
        (sources.folder / "sources" / live.source / contracts.FILE).unlink(missing_ok=True)


def partition(source: str) -> str | None:
    return "2026-09" if source.removeprefix("probe_") in {"file", "rest", "sdmx"} else None


def command(*words: str) -> Result:
    return CliRunner().invoke(app, ["source", *words])


def pulled(here: Installation, live: Live) -> list[str]:
    """One pull; the rules of what the reader had to say."""
    source = here.registry.sources[live.source]
    candidate = pull(here, source, source.datasets[0], partition(live.source))
    assert candidate is not None
    return [note.rule for note in candidate.notes]


def take(here: Installation, live: Live) -> None:
    """One pull, committed as it is: what is held against it later is not what judgement thinks of it."""
    source = here.registry.sources[live.source]
    candidate = pull(here, source, source.datasets[0], partition(live.source))
    assert candidate is not None
    commit(here.home, here.ledger, candidate.extract)


def opened(home: Home, sources: LiveSources) -> Installation:
    return Installation(home, sources.registry)


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_is_frozen_and_then_held_to_what_it_was(kind: str, sources: LiveSources, home: Home) -> None:
    live, here = sources.of[kind], opened(home, sources)
    assert pulled(here, live) == []
    frozen = command("freeze", live.source)
    assert frozen.exit_code == 0, frozen.output
    assert contracts.FILE in frozen.output
    assert pulled(here, live) == [], "it is as it was frozen"
    live.change(added=("note",))
    assert pulled(here, live) == ["new_column"], "a new column is ignored and told"
    live.change(**RENAMED[kind])
    with pytest.raises(PermanentSourceError, match=f"E-SRC-CONTRACT.*{OLD_NEW[kind]}"):
        pulled(here, live)


@pytest.mark.parametrize("kind", ["file", "rest", "sdmx"])
def test_without_a_contract_a_missing_column_is_told_too(kind: str, sources: LiveSources, home: Home) -> None:
    live = sources.of[kind]
    live.change(**RENAMED[kind])
    with pytest.raises(PermanentSourceError, match=r"E-SRC-(SHAPE|SDMX)"):
        pulled(opened(home, sources), live)
    assert isinstance(command("freeze", live.source).exception, SourceError)
    assert not (sources.folder / "sources" / live.source / contracts.FILE).exists(), "nor is it frozen so"


def test_who_breaks_the_contract_is_stopped_alone(sources: LiveSources, home: Home) -> None:
    for live in sources.of.values():
        assert command("freeze", live.source).exit_code == 0
    here, failures = opened(home, sources), list[SourceError]()
    assert len(pull_all(here, failures)) == len(KINDS)
    good = {batch.source: batch.accepted_sha256 for batch in here.ledger.batches()}
    for broken in ("file", "postgres", "rest"):
        sources.of[broken].change(**RENAMED[broken])
    admitted = pull_all(here, failures)
    assert {error.place.split(".")[0] for error in failures} == {"probe_file", "probe_postgres", "probe_rest"}
    assert {error.code for error in failures} == {"E-SRC-CONTRACT"}
    assert {each.batch.source for each in admitted} == {"probe_mariadb", "probe_sdmx", "probe_sqlite"}
    assert {batch.source: batch.accepted_sha256 for batch in here.ledger.batches()} == good, "what came before stands"


def test_a_source_that_has_really_changed_is_frozen_anew(sources: LiveSources, home: Home) -> None:
    live, here = sources.of["sqlite"], opened(home, sources)
    assert command("freeze", live.source).exit_code == 0
    live.change(added=("note",))
    assert pulled(here, live) == ["new_column"]
    assert command("freeze", live.source).exit_code == 0
    assert pulled(here, live) == []
    live.change()
    with pytest.raises(PermanentSourceError, match=r"E-SRC-CONTRACT.*note \(str\) is gone"):
        pulled(here, live)


def test_a_fall_in_rows_is_taken_once_a_person_says_why(sources: LiveSources, home: Home) -> None:
    live, here = sources.of["file"], opened(home, sources)
    take(here, live)
    live.change(n_records=5)
    with pytest.raises(PermanentSourceError, match="E-SRC-FALL"):
        pulled(here, live)
    assert command("accept", f"{live.source}.counts").exit_code == 2, "a reason is needed"
    taken = command("accept", f"{live.source}.counts", "--reason", "Đã bỏ các tỉnh không có số liệu")
    assert taken.exit_code == 0, taken.output
    assert pulled(here, live) == []
    (event,) = here.ledger.events(kinds=[ACCEPTED_AS_IT_IS])
    assert (event.subject, event.detail["reason"]) == (f"{live.source}/counts", "Đã bỏ các tỉnh không có số liệu")


@pytest.mark.parametrize("kind", ["postgres", "rest"])
def test_a_column_in_another_unit_stops_the_source_though_its_shape_holds(
    kind: str, sources: LiveSources, home: Home
) -> None:
    live, here = sources.of[kind], opened(home, sources)
    take(here, live)
    live.change(spoilt="other unit")
    with pytest.raises(PermanentSourceError, match=rf"E-SRC-SCALE.*{live.source}\.received.*×1000"):
        pulled(here, live)
    assert len([each for each in here.ledger.batches() if each.source == live.source]) == 1, "what came before stands"


@pytest.mark.parametrize("kind", ["mariadb", "sdmx"])
def test_a_past_that_is_told_otherwise_waits_for_a_person_where_that_is_declared(
    kind: str, sources: LiveSources, home: Home
) -> None:
    live = sources.of[kind]
    sources.declare(kind, mode="snapshot_diff", volume={"max_restated_pct": "5"})
    here = opened(home, sources)
    take(here, live)
    assert pulled(here, live) == [], "the same again restates nothing"
    live.change(spoilt="restated")
    with pytest.raises(PermanentSourceError, match=r"E-SRC-RESTATED.*3 of 24 figures.*P01, 2026-09: 101.* → 102"):
        pulled(here, live)
    assert command("accept", f"{live.source}.counts", "--reason", "Công văn đính chính số 7").exit_code == 0
    assert pulled(here, live).count("restated_by_source") == 3, "it is taken, and still told"
    sources.declare(kind, mode="full", volume={})


@pytest.mark.parametrize("words", [("freeze", "no_such"), ("accept", "no_such.counts", "--reason", "x")])
def test_a_wrong_name_is_told(words: tuple[str, ...], home: Home) -> None:
    run = command(*words)
    assert run.exit_code == 1
    assert "no_such" in str(run.exception)


# The list that every source is held to, as a person asks for it.


@pytest.mark.parametrize("kind", KINDS)
def test_a_live_source_of_each_kind_is_held_to_the_list(kind: str, sources: LiveSources, home: Home) -> None:
    run = command("check", f"probe_{kind}")
    assert run.exit_code == 0, run.output
    assert run.output.count("đạt · met") == len(CHECKS)
    assert "KHÔNG" not in run.output
    assert not list(home.root.iterdir()), "nothing of it is kept"


SPOILT: Mapping[str, tuple[Spoilt, ...]] = {
    "file": ("repeats",),
    "mariadb": ("repeats",),
    "postgres": ("repeats",),
    "rest": ("repeats", "restless", "silent"),
    "sdmx": ("repeats", "restless", "silent"),
    "sqlite": ("repeats",),
}
FAILS: Mapping[Spoilt, str] = {"repeats": "once", "restless": "twice", "silent": "reads"}


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize(("kind", "spoilt"), [(kind, each) for kind, of in SPOILT.items() for each in of])
def test_what_a_source_does_wrong_is_told_by_command(
    kind: str, spoilt: Spoilt, sources: LiveSources, home: Home
) -> None:
    sources.of[kind].change(spoilt=spoilt)
    run = command("check", f"probe_{kind}")
    assert run.exit_code == 1
    failed = [line for line in run.output.splitlines() if "KHÔNG ĐẠT" in line]
    assert len(failed) == 1
    assert CHECKS[FAILS[spoilt]].split(" / ")[0] in " ".join(run.output.split())
    assert "Traceback" not in run.output
    assert TOKEN not in run.output


@pytest.mark.parametrize(
    "words",
    [
        ("check", "no_such"),
        ("check", "probe_file", "--period", "tháng 9"),
        ("check", "probe_file", "--period", "2026"),
        ("check", "probe_sqlite", "--period", "2026-09"),
    ],
)
def test_a_check_of_nothing_is_refused_in_a_sentence(words: tuple[str, ...], home: Home) -> None:
    run = command(*words)
    assert run.exit_code == 1
    assert isinstance(run.exception, PlainError), run.output
