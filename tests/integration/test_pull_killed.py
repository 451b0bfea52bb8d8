"""Incremental pulls killed at random while their table grows: no row is lost or doubled, and the cursor is right.

``CHISO_KILLS`` says how many; each kill comes at another instant of a pull, commits included.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from connectors.landing import Landing
from connectors.ledger import Ledger
from indicator_specs.home import PROJECT, Home
from tests.servers import Server, postgres

KILLS = int(os.environ.get("CHISO_KILLS", "12"))
ROWS = 40
"""New rows before each pull; the first of every four comes late, within the window."""

SQL = (
    "select ma as unit_code, ky as period, tiep_nhan as received, truc_tuyen as full_online, cap_nhat as seen "
    "from ho_so where cap_nhat >= :since"
)
TABLE = "create table ho_so (ma text, ky text, tiep_nhan numeric, truc_tuyen int, cap_nhat timestamp);"


class Growing:
    """A table that grows; every row is a figure of its own, told apart by its value."""

    def __init__(self, server: Server) -> None:
        self._server, self.n_rows = server, 0
        self.newest = datetime(2026, 10, 1)  # noqa: DTZ001 - as the column has it
        server.run(TABLE)

    def grow(self) -> None:
        rows = []
        for _ in range(ROWS):
            self.n_rows += 1
            self.newest += timedelta(minutes=1)
            seen = self.newest - timedelta(hours=20) if self.n_rows % 4 == 1 else self.newest
            rows.append(f"('P{self.n_rows % 34 + 1:02}', '2026-09', {self.n_rows}.25, 1, '{seen}')")
        self._server.run(f"insert into ho_so values {', '.join(rows)};")


def test_rows_are_neither_lost_nor_doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, home = random.Random(11), Home(tmp_path / "data")
    home.root.mkdir()
    (tmp_path / "counts.sql").write_text(SQL, encoding="utf-8")
    with postgres() as server:
        monkeypatch.setenv("CHISO_PROBE", server.url)
        table = Growing(server)
        command = [sys.executable, "-m", "tests.pull_drill"]
        with subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:

            def pull(seconds: str = "") -> int:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(f"{home.root}\t{tmp_path}\t{seconds}\n")
                process.stdin.flush()
                return int(process.stdout.readline())

            for _ in range(2):  # the first waits until the process has imported everything
                table.grow()
                began = time.monotonic()
                assert pull() == 0
            usual, n_killed = time.monotonic() - began, 0
            while n_killed < KILLS:
                table.grow()
                status = pull(f"{chance.uniform(0, usual):.4f}")
                assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL
                n_killed += os.WIFSIGNALED(status)
            assert pull() == 0
    with Ledger.open(home) as ledger:
        batches = ledger.batches()
        cursor = ledger.cursor("probe", "counts")
    rows = pl.concat([Landing(home).read(batch.landing_path) for batch in batches])
    received = rows.filter(pl.col("measure") == "probe.received")["obs_value"].cast(pl.Float64).sort().to_list()
    assert received == [number + 0.25 for number in range(1, table.n_rows + 1)]
    assert rows.height == 2 * table.n_rows
    assert cursor is not None
    assert datetime.fromisoformat(cursor) == table.newest
