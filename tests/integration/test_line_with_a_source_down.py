"""One source away and one agency's folder broken: everybody else is served, and what is missing is said."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from connectors.ledger import Ledger
from indicator_specs.environment import environment
from indicator_specs.home import Home
from pipelines.cli import app
from pipelines.demo.run import OCTOBER, ministry_servers, officers_send
from pipelines.installation import Installation
from pipelines.line import LineReport, run_line
from tests.servers import free_port
from tests.whole_catalogue import whole_catalogue

BROKEN, WHOLE = "P48", "P96"


@dataclass(frozen=True)
class Hindered:
    """An installation after a run in which much was out of reach, and after the next, in which all was mended."""

    exit_code: int
    said: str
    first: Path
    unanswered: tuple[str, ...]
    mended: LineReport
    second: Path


@pytest.fixture(scope="module")
def hindered(tmp_path_factory: pytest.TempPathFactory) -> Hindered:
    home = Home(tmp_path_factory.mktemp("a 'quoted' home") / "số liệu")
    with environment(CHISO_NOW=OCTOBER.clock, CHISO_HOME=str(home.root)):
        everybody = {
            unit.org_unit_code for unit in Installation(home, whole_catalogue()).registry.reference.of_kind("province")
        }
        officers_send(Installation(home, whole_catalogue()), OCTOBER, but=frozenset(everybody - {BROKEN, WHOLE}))
        answers = home.intake / BROKEN / "ket_qua"
        answers.rmdir()
        answers.write_text("not a folder")
        with ministry_servers(home):
            nobody = f"postgresql://chiso_doc:mat-khau@127.0.0.1:{free_port()}/thong_ke"
            with environment(CHISO_NATIONAL_STATISTICS=nobody):
                ran = CliRunner().invoke(app, ["run", "--no-show"])
            first = (home.published / "mart.duckdb").resolve()
            with Ledger.open(home) as ledger:
                unanswered = tuple(submission.agency for submission in ledger.unanswered())
            answers.unlink()
            answers.mkdir()
            mended = run_line(Installation(home, whole_catalogue()), settle_seconds=0)
    return Hindered(ran.exit_code, ran.output, first, unanswered, mended, (home.published / "mart.duckdb").resolve())


def ask(release: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(release), read_only=True) as mart:
        return mart.execute(sql).fetchall()


def test_the_command_fails_at_its_end_and_says_what_is_missing(hindered: Hindered) -> None:
    assert hindered.exit_code == 1
    assert "E-SRC-UNREACHABLE" in hindered.said
    assert "national_statistics" in hindered.said
    assert "mat-khau" not in hindered.said
    assert f"intake/{BROKEN}" in hindered.said


def test_a_source_that_is_away_is_asked_once(hindered: Hindered) -> None:
    sentences = [line for line in hindered.said.splitlines() if line.startswith("E-SRC-")]
    assert len(sentences) == 1, "three datasets, one sentence"


def test_what_the_others_gave_is_released(hindered: Hindered) -> None:
    sources = ask(hindered.first, "select distinct source from lineage.lineage_batch order by 1")
    assert sources == [("commune_report",), ("online_services",)]
    values = ask(
        hindered.first,
        """select count(obs_value) from marts.mart_scoreboard
        where indicator = 'online_service_usage' and time_period = '2026-10'""",
    )
    assert values == [(35,)], "34 provinces and the nation"


def test_both_agencies_are_judged_though_one_cannot_be_answered(hindered: Hindered) -> None:
    states = dict(
        ask(
            hindered.first,
            f"""select reporter_code, state from marts.mart_submission_status
            where time_period = '2026-10' and reporter_code in ('{BROKEN}', '{WHOLE}')""",
        )
    )
    assert set(states) == {BROKEN, WHOLE}
    assert "missing" not in states.values()
    assert hindered.unanswered == (BROKEN,)


def test_the_next_run_makes_good_what_was_missing(hindered: Hindered) -> None:
    assert hindered.mended.missing == []
    assert hindered.mended.release is not None
    assert hindered.mended.release.number == 2
    assert hindered.mended.intake is not None
    assert [submission.agency for submission in hindered.mended.intake.answers] == [BROKEN]
    sources = ask(hindered.second, "select count(distinct source) from lineage.lineage_batch")
    assert sources == [(3,)]
