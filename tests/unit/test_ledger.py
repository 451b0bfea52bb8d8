"""The ledger: one commit point, repeatable, and a history of every file that an agency dropped."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import create_engine

from connectors.durable import Kept
from connectors.landing import Landed
from connectors.ledger import Cursor, Ledger, NewBatch, State, Submission
from connectors.ledger.engine import HEAD, MIGRATIONS, LedgerTooNewError, open_engine, writing
from connectors.ledger.tables import metadata
from indicator_specs.findings import Finding, Severity
from indicator_specs.home import Home


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return Ledger.open(home)


def drop(ledger: Ledger, agency: str = "P79", *, sha: str = "a", inode: int = 1, mtime_ns: int = 1) -> Submission:
    return ledger.receive(
        agency,
        "báo cáo.xlsx",
        inode=inode,
        mtime_ns=mtime_ns,
        sha256=sha * 64,
        size=9,
        evidence_path=f"evidence/{sha}",
    )


def batch(content: str = "1", *, agency: str = "", partition: str = "", taken: str | None = None) -> NewBatch:
    landed = Landed(f"landing/s/d/{content}.parquet", content * 64, 10)
    taken = content if taken is None else taken
    accepted = Landed(f"accepted/s/d/{taken}.parquet", taken * 64, 8) if taken else None
    return NewBatch("s", "d", Kept("e" * 64, "evidence/e", 1), landed, accepted, "spec", agency, partition, {"k": "v"})


FINDING = Finding("range", Severity.ERROR, "Số liệu!D12", "-1", ">= 0", "vi", "en", "m.x", "C00004", "2026-09", "g")


def test_what_is_committed_comes_back_as_it_was(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-10-09T09:00:00+07:00")
    number = drop(ledger).submission_no
    done = ledger.commit(
        batch(agency="P79"),
        submission_no=number,
        state="partly_accepted",
        reason="một phần",
        time_period="2026-09",
        findings=[FINDING, replace(FINDING, severity=Severity.INFO, group="")],
        cursor=Cursor("s", "d", "", "2026-09"),
    )
    assert done.is_new_batch
    assert done.batch == ledger.batches()[0]
    assert (done.batch.n_read, done.batch.n_accepted, done.batch.n_returned) == (10, 8, 2)
    assert (done.batch.partition, done.batch.origin) == ("2026-09", {"k": "v"})
    assert done.batch.accepted_at == datetime(2026, 10, 9, 2, tzinfo=UTC)
    stands = ledger.submission(number)
    assert (stands.state, stands.reason, stands.source, stands.dataset) == (State.PARTLY_ACCEPTED, "một phần", "s", "d")
    assert (stands.time_period, stands.answered_at) == ("2026-09", None)
    assert ledger.findings(submission_no=number) == ledger.findings(batch_no=1)
    assert ledger.findings(batch_no=1) == [FINDING, replace(FINDING, severity=Severity.INFO, group="")]
    assert ledger.cursor("s", "d") == "2026-09"
    assert ledger.cursor("s", "d", "x") is None


def test_a_failing_commit_leaves_nothing(ledger: Ledger) -> None:
    number = drop(ledger).submission_no
    broken = replace(FINDING, found=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)not.null"):
        ledger.commit(batch(agency="P79"), submission_no=number, state="returned", findings=[broken])
    assert ledger.batches() == []
    assert ledger.submission(number).state is State.RECEIVED


def test_the_same_pull_twice_is_one_batch_and_an_event(ledger: Ledger) -> None:
    first = ledger.commit(batch(), findings=[FINDING])
    again = ledger.commit(batch(), findings=[FINDING], cursor=Cursor("s", "d", "", "2027"))
    assert again.batch == first.batch
    assert not again.is_new_batch
    assert len(ledger.batches()) == 1
    assert len(ledger.findings(batch_no=1)) == 1
    assert ledger.cursor("s", "d") == "2027"
    assert [event.kind for event in ledger.events(kinds=["same_content_again"])] == ["same_content_again"]


def test_content_that_comes_back_after_other_content_counts_again(ledger: Ledger) -> None:
    """A source restates, then takes it back: the newest batch must be what the source says now."""
    for content in ("1", "2", "1", "1", "2", "1"):
        ledger.commit(batch(content))
    assert [entry.landing_sha256[0] for entry in ledger.batches()] == ["1", "2", "1", "2", "1"]
    assert len({entry.batch_id for entry in ledger.batches()}) == 5


def test_lines_do_not_disturb_each_other(ledger: Ledger) -> None:
    for partition in ("2026-09", "2026-10"):
        ledger.commit(batch(partition[-1], partition=partition))
    ledger.commit(batch("9", partition="2026-09"))
    assert len(ledger.batches()) == 2
    for agency in ("P01", "P79"):
        number = drop(ledger, agency, sha="c").submission_no
        ledger.commit(batch("5", agency=agency), submission_no=number, state="accepted", time_period="2026-09")
    assert len(ledger.batches()) == 4


def test_a_file_saved_anew_with_the_same_figures_is_answered_by_their_batch(ledger: Ledger) -> None:
    numbers = [drop(ledger, sha=sha).submission_no for sha in ("a", "b")]
    for number in numbers:
        content = batch("1", agency="P79", partition="2026-09")
        ledger.commit(content, submission_no=number, state="partly_accepted", findings=[FINDING])
    assert len(ledger.batches()) == 1
    assert [ledger.batches(submission_no=number) for number in numbers] == [ledger.batches()] * 2
    assert [ledger.findings(submission_no=number) for number in numbers] == [[FINDING]] * 2
    assert ledger.findings(batch_no=1) == [FINDING]


def test_the_same_rows_judged_by_new_rules_are_another_effect(ledger: Ledger) -> None:
    ledger.commit(batch("1", taken=""))
    again = ledger.commit(batch("1", taken="1"))
    assert again.is_new_batch
    assert [entry.n_accepted for entry in ledger.batches()] == [0, 8]


def test_nothing_accepted_lists_no_file(ledger: Ledger) -> None:
    empty = replace(batch(), accepted=Landed("accepted/s/d/0.parquet", "0" * 64, 0))
    done = ledger.commit(empty)
    assert done.batch is not None
    assert (done.batch.accepted_path, done.batch.n_returned) == (None, 10)


def test_a_concluded_submission_stays(ledger: Ledger) -> None:
    number = drop(ledger).submission_no
    ledger.commit(submission_no=number, state="returned", reason="một", source="s", dataset="d")
    late = ledger.commit(batch(agency="P79"), submission_no=number, state="accepted")
    assert late.submission is not None
    assert (late.submission.state, late.submission.reason, late.is_new_batch) == (State.RETURNED, "một", False)
    assert ledger.batches() == []
    assert [event.kind for event in ledger.events(kinds=["late_conclusion_ignored"])] == ["late_conclusion_ignored"]


@pytest.mark.parametrize(
    ("work", "why"),
    [
        ({}, "nothing to commit"),
        ({"submission_no": 1}, "final state"),
        ({"submission_no": 1, "state": "received"}, "final state"),
        ({"batch": batch(), "state": "accepted"}, "final state"),
        ({"submission_no": 1, "state": "duplicate"}, "duplicate_of"),
        ({"submission_no": 1, "state": "returned", "cursor": Cursor("s", "d", "", "x")}, "cursor"),
        ({"submission_no": 1, "state": "perhaps"}, "perhaps"),
    ],
)
def test_contradictions_are_refused(ledger: Ledger, work: dict[str, object], why: str) -> None:
    drop(ledger)
    with pytest.raises(ValueError, match=why):
        ledger.commit(**work)  # type: ignore[arg-type]


def test_a_file_is_entered_once(ledger: Ledger) -> None:
    first = drop(ledger)
    assert drop(ledger) == first
    assert drop(ledger, inode=7) == first  # its bytes are still open: whoever comes, that entry is finished first
    ledger.commit(submission_no=first.submission_no, state="accepted")
    assert drop(ledger).submission_no == first.submission_no
    assert drop(ledger).is_concluded


def test_the_same_bytes_again_are_a_duplicate_of_the_first(ledger: Ledger) -> None:
    first = drop(ledger)
    ledger.commit(submission_no=first.submission_no, state="accepted")
    ledger.mark_answered(first.submission_no)
    second, third = drop(ledger, inode=2), drop(ledger, mtime_ns=2)
    assert [second.state, third.state] == [State.DUPLICATE, State.DUPLICATE]
    assert [second.duplicate_of, third.duplicate_of] == [first.submission_no] * 2
    assert drop(ledger, inode=2) == second
    assert [entry.submission_no for entry in ledger.unanswered()] == [second.submission_no, third.submission_no]


def test_an_officer_may_go_back_to_the_first_figures(ledger: Ledger) -> None:
    first = drop(ledger, sha="a", inode=1)
    ledger.commit(batch("1", agency="P79"), submission_no=first.submission_no, state="accepted", time_period="2026-09")
    second = drop(ledger, sha="b", inode=2)
    ledger.commit(batch("2", agency="P79"), submission_no=second.submission_no, state="accepted", time_period="2026-09")
    back = drop(ledger, sha="a", inode=3)
    assert back.state is State.RECEIVED
    assert ledger.commit(
        batch("1", agency="P79"), submission_no=back.submission_no, state="accepted", time_period="2026-09"
    ).is_new_batch
    again = drop(ledger, sha="a", inode=4)
    assert (again.state, again.duplicate_of) == (State.DUPLICATE, back.submission_no)


def test_returned_bytes_may_be_sent_again(ledger: Ledger) -> None:
    first = drop(ledger)
    ledger.commit(submission_no=first.submission_no, state="returned")
    again = drop(ledger, inode=2)
    assert (again.state, again.submission_no) == (State.RECEIVED, first.submission_no + 1)


def test_held_bytes_are_not_opened_again(ledger: Ledger) -> None:
    first = drop(ledger)
    ledger.commit(submission_no=first.submission_no, state="quarantined")
    assert drop(ledger, inode=2).state is State.DUPLICATE


def test_another_agency_with_the_same_bytes_is_told(ledger: Ledger) -> None:
    first = drop(ledger, "P01")
    ledger.commit(submission_no=first.submission_no, state="accepted")
    other = drop(ledger, "P79")
    assert (other.state, other.sent_by_other) == (State.RECEIVED, first.submission_no)
    assert first.sent_by_other is None


def test_names_and_numbers_of_any_file_system(ledger: Ledger) -> None:
    kept = ledger.receive(
        "P79",
        "b\udcffáo\n\u202ecáo.xlsx",
        inode=2**64 - 1,
        mtime_ns=-1,
        sha256="f" * 64,
        size=2**40,
        evidence_path="x",
    )
    assert (kept.file_name, kept.inode, kept.mtime_ns, kept.size) == ("b\\xffáo\n\u202ecáo.xlsx", 2**64 - 1, -1, 2**40)
    assert ledger.submission(kept.submission_no) == kept


def test_an_answer_is_marked_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    number = drop(ledger).submission_no
    with pytest.raises(LookupError, match="not concluded"):
        ledger.mark_answered(number)
    ledger.commit(submission_no=number, state="returned")
    assert [entry.submission_no for entry in ledger.unanswered()] == [number]
    monkeypatch.setenv("CHISO_NOW", "2026-10-09T09:00:00+07:00")
    ledger.mark_answered(number)
    monkeypatch.setenv("CHISO_NOW", "2026-11-09T09:00:00+07:00")
    ledger.mark_answered(number)
    assert ledger.submission(number).answered_at == datetime(2026, 10, 9, 2, tzinfo=UTC)
    assert ledger.unanswered() == []
    with pytest.raises(LookupError):
        ledger.mark_answered(99)


def test_tables_for_the_warehouse_are_typed_even_when_empty(ledger: Ledger) -> None:
    empty = ledger.tables()
    assert list(empty) == ["batch", "submission", "finding", "part", "verification"]
    ledger.commit(batch(), findings=[FINDING])
    filled = ledger.tables()
    for name, frame in filled.items():
        assert frame.schema == empty[name].schema
        if name == "verification":
            continue  # drawn from batches and events
        told = [column.name for column in metadata.tables[name].columns if not column.info.get("is_internal")]
        assert frame.columns == told
    assert filled["batch"]["origin"].to_list() == ['{"k": "v"}']
    assert filled["batch"].schema["accepted_at"] == pl.Datetime("us", "UTC")
    assert filled["finding"].schema["batch_no"] == pl.Int64()


def test_events_and_findings_cannot_be_rewritten(ledger: Ledger, home: Home) -> None:
    ledger.event("noted", "P79", {"số": 1})
    ledger.commit(batch(), findings=[FINDING])
    raw = sqlite3.connect(home.ledger)
    for statement in ("update event set kind = 'x'", "delete from event", "delete from finding"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()
    assert ledger.events(kinds=["noted"])[0].detail == {"số": 1}


def test_counts_that_do_not_add_up_are_refused_by_the_database(ledger: Ledger) -> None:
    accepted = Landed("accepted/s/d/1.parquet", "1" * 64, 11)
    with pytest.raises(Exception, match="batch_not_negative"):
        ledger.commit(replace(batch(), accepted=accepted))


def test_the_ledger_survives_a_power_cut_by_its_settings(home: Home) -> None:
    engine = open_engine(home)
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_the_migrations_make_what_the_code_expects(home: Home) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    engine = open_engine(home)
    with writing(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_older_ledger_is_brought_up_to_date(home: Home) -> None:
    from alembic import command
    from alembic.config import Config

    home.root.mkdir(parents=True)
    engine = create_engine(f"sqlite:///{home.ledger}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "insert into submission values (1, 'P79', 'a', '1', 1, 'a', 1, 'x', '2026-10-09 02:00:00.000000',"
            " 'accepted', '', 's', 'd', '2026-09', null, null)"
        )
        connection.exec_driver_sql(
            "insert into batch values (7, 'id', 's', 'd', 1, '2026-09', '{}', 'e', 'e', 'l', 'l', 'a', 'a', 1, 1, 0,"
            " 'h', null, '2026-10-09 02:00:00.000000')"
        )
        connection.exec_driver_sql(
            "insert into event values (1, '2026-10-09 02:00:00.000000', 'noted', 'ổ đĩa', '{\"số\": 1}'),"
            " (2, '2026-10-09 02:00:00.000001', 'noted', 'again', '{}')"
        )
    engine.dispose()
    with Ledger.open(home) as ledger:
        assert ledger.submission(1).batch_no == 7
        assert [entry.batch_no for entry in ledger.batches(submission_no=1)] == [7]
        assert not ledger.batches()[0].is_provisional
        ledger.event("noted", "now")
        assert (ledger.audit().n_events, ledger.audit().broken) == (3, None), "old events are chained like new ones"
    with sqlite3.connect(home.ledger) as raw, pytest.raises(sqlite3.DatabaseError, match="append-only"):
        raw.execute("update event set kind = 'x'")


def test_a_ledger_of_a_newer_program_is_left_alone(home: Home) -> None:
    Ledger.open(home).close()
    raw = sqlite3.connect(home.ledger)
    raw.execute("update alembic_version set version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(LedgerTooNewError, match="9999"):
        Ledger.open(home)


def test_opening_an_existing_ledger_is_light(home: Home) -> None:
    Ledger.open(home).close()
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from connectors.ledger import Ledger\n"
            "from indicator_specs.home import Home\n"
            "Ledger.open(Home(Path(sys.argv[1])))\n"
            "print([name for name in ('alembic', 'polars', 'pandas', 'duckdb') if name in sys.modules])",
            str(home.root),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert told.stdout.strip() == "[]"
