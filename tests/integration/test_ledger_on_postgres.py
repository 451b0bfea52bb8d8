"""The ledger on a real PostgreSQL: migrated from its first revision, the same behaviour, several writers at once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from connectors.ledger import LeaseHeldError, Ledger, State
from connectors.ledger.engine import HEAD, MIGRATIONS, open_engine, writing
from connectors.ledger.tables import metadata
from indicator_specs.home import PROJECT, Home
from pipelines.auditing import faults
from tests.reporting import Reporting
from tests.servers import Server, postgres
from tests.unit.test_ledger import (  # noqa: F401 - the ledger's own tests, with the fixture of this file
    FINDING,
    batch,
    drop,
    test_a_concluded_submission_stays,
    test_a_failing_commit_leaves_nothing,
    test_a_file_is_entered_once,
    test_a_file_saved_anew_with_the_same_figures_is_answered_by_their_batch,
    test_an_answer_is_marked_once,
    test_an_officer_may_go_back_to_the_first_figures,
    test_another_agency_with_the_same_bytes_is_told,
    test_content_that_comes_back_after_other_content_counts_again,
    test_counts_that_do_not_add_up_are_refused_by_the_database,
    test_held_bytes_are_not_opened_again,
    test_lines_do_not_disturb_each_other,
    test_names_and_numbers_of_any_file_system,
    test_nothing_accepted_lists_no_file,
    test_returned_bytes_may_be_sent_again,
    test_tables_for_the_warehouse_are_typed_even_when_empty,
    test_the_same_bytes_again_are_a_duplicate_of_the_first,
    test_the_same_pull_twice_is_one_batch_and_an_event,
    test_the_same_rows_judged_by_new_rules_are_another_effect,
    test_what_is_committed_comes_back_as_it_was,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one migrated database to copy."""
    with postgres() as running:
        running.run("create database migrated")
        with pytest.MonkeyPatch.context() as held:
            held.setenv("CHISO_LEDGER_URL", address(running, "migrated"))
            Ledger.open(Home(tmp_path_factory.mktemp("migrated"))).close()
        yield running


def address(server: Server, database: str) -> str:
    return f"postgresql://postgres@127.0.0.1:{server.port}/{database}"


@pytest.fixture
def url(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty, migrated ledger, and nothing else."""
    server.run("drop database if exists ledger with (force); create database ledger template migrated")
    monkeypatch.setenv("CHISO_LEDGER_URL", address(server, "ledger"))
    return address(server, "ledger")


@pytest.fixture
def ledger(url: str, home: Home) -> Iterator[Ledger]:
    with Ledger.open(home) as opened:
        yield opened


def test_the_migrations_make_what_the_code_expects(ledger: Ledger, home: Home) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with writing(open_engine(home)) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_ledger_of_the_first_revision_keeps_what_it_holds(
    server: Server, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command
    from alembic.config import Config

    server.run("drop database if exists old with (force); create database old")
    monkeypatch.setenv("CHISO_LEDGER_URL", address(server, "old"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(address(server, "old").replace("postgresql", "postgresql+psycopg"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "insert into submission values (1, 'P79', 'a', '1', 1, 'a', 1, 'x', '2026-10-09 02:00:00', 'accepted', '',"
            " 's', 'd', '2026-09', null, null)",
            "insert into batch values (7, 'id', 's', 'd', 1, '2026-09', '{}', 'e', 'e', 'l', 'l', 'a', 'a', 1, 1, 0,"
            " 'h', null, '2026-10-09 02:00:00')",
            "insert into event values (1, '2026-10-09 02:00:00', 'noted', 'ổ đĩa', cast('{\"số\": 1}' as json)),"
            " (2, '2026-10-09 02:00:00.000001', 'noted', 'again', '{}')",
            "select setval(pg_get_serial_sequence('event', 'event_no'), 2)",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    with Ledger.open(home) as ledger:
        assert ledger.submission(1).batch_no == 7
        assert not ledger.batches()[0].is_provisional
        ledger.event("noted", "now")
        assert (ledger.audit().n_events, ledger.audit().broken) == (3, None)


def test_events_and_findings_cannot_be_rewritten(ledger: Ledger, url: str) -> None:
    ledger.event("noted", "P79", {"số": 1})
    ledger.commit(batch(), findings=[FINDING])
    engine = create_engine(url.replace("postgresql", "postgresql+psycopg"))
    for statement in ("update event set kind = 'x'", "delete from event", "delete from finding"):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    engine.dispose()


def test_writers_at_once_follow_each_other(ledger: Ledger, home: Home) -> None:
    """No event of two follows the same one, no file is entered twice, no lease has two holders."""
    held: list[int] = []

    def work(number: int) -> None:
        with Ledger.open(home) as mine:
            for turn in range(5):
                mine.event("noted", f"{number}", {"turn": turn})
                drop(mine, sha=f"{turn}", inode=turn, mtime_ns=turn)
            try:
                with mine.lease("intake") as lease:
                    held.append(lease.fence)
                    barrier.wait(10)
            except LeaseHeldError:
                barrier.wait(10)

    barrier = threading.Barrier(4)
    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert not any(worker.is_alive() for worker in workers)
    assert (ledger.audit().n_events, ledger.audit().broken) == (20 + 5, None)
    assert len(ledger.submissions()) == 5
    assert len(held) == 1


OPEN = """
import sys
from pathlib import Path
from connectors.ledger import Ledger
from indicator_specs.home import Home
Ledger.open(Home(Path(sys.argv[1]))).close()
"""


def test_several_processes_may_make_the_ledger(server: Server, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    server.run("drop database if exists fresh with (force); create database fresh")
    monkeypatch.setenv("CHISO_LEDGER_URL", address(server, "fresh"))
    openers = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(home.root)], cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ends = [opener.communicate(timeout=60)[1] for opener in openers]
    assert [opener.returncode for opener in openers] == [0] * 3, ends
    assert server.run("\\connect fresh\nselect version_num from alembic_version").strip() == HEAD


def test_a_connection_that_the_server_ends_is_made_anew(ledger: Ledger, server: Server) -> None:
    ledger.event("noted", "before")
    server.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'ledger'")
    ledger.event("noted", "after")
    assert (ledger.audit().n_events, ledger.audit().broken) == (2, None)


@pytest.mark.usefixtures("url")
def test_an_intake_answers_and_audits_there(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
    officer = Reporting(home)
    assert officer.send().state is State.ACCEPTED
    again = officer.send(E14=101)
    assert "resubmitted" in officer.rules(again)
    assert faults(officer.here) == []
    frames = officer.here.ledger.tables()
    assert frames["submission"].filter(pl.col("state") == "accepted").height == 2
    assert not Path(home.ledger).exists()
