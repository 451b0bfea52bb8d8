"""The ledger under several processes: killed at every step, opened at once, leased to one at a time."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectors.landing import Landing
from connectors.ledger import LeaseHeldError, LeaseLostError, Ledger
from connectors.ledger.engine import writing
from connectors.ledger.tables import lease as leases
from indicator_specs.home import Home

ROOT = Path(__file__).parents[2]

ADMIT = """
import sys
from pathlib import Path
import polars as pl
from connectors.durable import Evidence
from connectors.extracted import Extract
from connectors.landing import READING_SCHEMA, Landing
from connectors.ledger import Cursor, Ledger, NewBatch
from indicator_specs.findings import Finding, Severity
from indicator_specs.home import Home
from indicator_specs.reading import READING

home = Home(Path(sys.argv[1]))
rows = pl.DataFrame(
    [dict.fromkeys(READING) | {"row_no": n, "place": f"row {n}", "obs_value": str(n)} for n in (1, 2, 3)],
    schema=READING_SCHEMA,
)
kept = Evidence(home).keep(b"as received", ".xlsx")
landing, ledger = Landing(home), Ledger.open(home)
identity = {"inode": 5, "mtime_ns": 6, "sha256": kept.sha256, "size": kept.size, "evidence_path": kept.path}
entry = ledger.receive("P79", "a.xlsx", **identity)
if not entry.is_concluded:
    landed = landing.land(Extract("s", "d", rows, kept))
    accepted = landing.accept("s", "d", rows.head(2))
    finding = Finding("r", Severity.ERROR, "row 3", "3", "2", "vi", "en")
    ledger.commit(
        NewBatch("s", "d", kept, landed, accepted, "spec", agency="P79"),
        submission_no=entry.submission_no, state="partly_accepted", time_period="2026-09",
        findings=[finding], cursor=Cursor("s", "d", "2026-09", "x"),
    )
if any(one.submission_no == entry.submission_no for one in ledger.unanswered()):
    ledger.mark_answered(entry.submission_no)
"""


def run(home: Home, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, str(home.root)],
        env={**os.environ, "CHISO_NOW": "2026-10-09T09:00:00+07:00", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def content(home: Home) -> list[tuple[object, ...]]:
    raw = sqlite3.connect(home.ledger)
    tables = ("submission", "batch", "finding", "cursor", "event")
    rows = [row for table in tables for row in raw.execute(f"select '{table}', * from {table}")]
    raw.close()
    return rows


@pytest.mark.parametrize("point", ["landed", "accepted", "before_commit", "committed"])
def test_a_kill_anywhere_loses_and_doubles_nothing(home: Home, tmp_path: Path, point: str) -> None:
    clean = Home(tmp_path / "clean")
    assert run(clean, ADMIT).returncode == 0
    killed = run(home, ADMIT, CHISO_DRILL=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with Ledger.open(home) as ledger:
        is_committed = point == "committed"
        assert len(ledger.batches()) == is_committed
        assert [entry.is_concluded for entry in ledger.submissions()] == [is_committed]
        assert len(ledger.findings(submission_no=1)) == is_committed
    again = run(home, ADMIT)
    assert again.returncode == 0, again.stderr
    assert content(home) == content(clean)
    with Ledger.open(home) as ledger:
        (entry,) = ledger.batches()
        assert Landing(home).read(entry.landing_path).height == 3
        assert Landing(home).read(str(entry.accepted_path)).height == 2


def test_many_processes_may_open_a_new_home_at_once(home: Home) -> None:
    program = "import sys; from pathlib import Path\nfrom connectors.ledger import Ledger\n"
    program += "from indicator_specs.home import Home\nLedger.open(Home(Path(sys.argv[1]))).event('opened', 'x')"
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(home.root)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ends = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, ends
    with Ledger.open(home) as ledger:
        assert len(ledger.events(kinds=["opened"])) == 4


HOLD = """
import sys, time
from pathlib import Path
from connectors.ledger import Ledger
from indicator_specs.home import Home
with Ledger.open(Home(Path(sys.argv[1]))).lease("warehouse", ttl=600) as lease:
    print(lease.fence, flush=True)
    time.sleep(60)
"""


def test_a_lease_has_one_holder_and_passes_on_when_the_holder_dies(home: Home) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(home.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "1"
        with Ledger.open(home) as ledger:
            with pytest.raises(LeaseHeldError, match=f"pid {holder.pid}"), ledger.lease("warehouse"):
                pytest.fail("two holders")
            with ledger.lease("something else"):
                pass
            holder.kill()
            holder.wait()
            with ledger.lease("warehouse") as lease:
                assert lease.fence == 2
            with ledger.lease("warehouse") as lease:
                assert lease.fence == 3
    finally:
        holder.kill()
        holder.wait()


def test_a_silent_holder_elsewhere_loses_it_when_its_time_is_up(home: Home) -> None:
    with Ledger.open(home) as ledger:
        with ledger.lease("warehouse", ttl=600):
            pass
        _hand_to(ledger, home, "another machine pid 1 started 1", seconds=600)
        with pytest.raises(LeaseHeldError), ledger.lease("warehouse"):
            pytest.fail("two holders")
        _hand_to(ledger, home, "another machine pid 1 started 1", seconds=-1)
        with ledger.lease("warehouse") as lease:
            lease.check()


def test_a_late_holder_can_commit_nothing(home: Home) -> None:
    with Ledger.open(home) as ledger:
        number = ledger.receive(
            "P79", "a", inode=1, mtime_ns=1, sha256="a" * 64, size=1, evidence_path="x"
        ).submission_no
        with ledger.lease("warehouse") as lease:
            _hand_to(ledger, home, "another machine pid 1 started 1", seconds=600, fence=lease.fence + 1)
            with pytest.raises(LeaseLostError):
                ledger.commit(submission_no=number, state="accepted", lease=lease)
        assert not ledger.submission(number).is_concluded


def test_a_lease_is_renewed_while_its_holder_works(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-10-09T09:00:00+07:00")  # a clock that stands must not matter
    with Ledger.open(home) as ledger, ledger.lease("warehouse", ttl=0.6) as lease:
        time.sleep(1.5)
        lease.check()
        with pytest.raises(LeaseHeldError), ledger.lease("warehouse", ttl=0.6):
            pytest.fail("two holders")


def _hand_to(ledger: Ledger, home: Home, holder: str, *, seconds: float, fence: int | None = None) -> None:
    from datetime import UTC, datetime, timedelta

    values: dict[str, object] = {"holder": holder, "expires_at": datetime.now(UTC) + timedelta(seconds=seconds)}
    if fence is not None:
        values["fence"] = fence
    with writing(ledger._engine) as connection:
        connection.execute(leases.update().where(leases.c.name == "warehouse").values(**values))
