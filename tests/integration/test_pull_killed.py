"""Incremental pulls killed at random while their table grows: no row is lost or doubled, and the cursor is right.

``CHISO_KILLS`` says how many; each kill comes at another instant of a pull, commits included.
"""

import os
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import polars as pl

from connectors.landing import Landing
from connectors.ledger import Ledger
from indicator_specs.home import Home
from tests.forked import drilling, kill_at_random
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


def test_rows_are_neither_lost_nor_doubled(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    home.root.mkdir()
    (tmp_path / "counts.sql").write_text(SQL, encoding="utf-8")
    with postgres() as server:
        table = Growing(server)
        with drilling("tests.pull_drill", CHISO_PROBE=server.url) as drill:
            pull = partial(drill.run, home.root, tmp_path)
            kill_at_random(pull, table.grow, KILLS, seed=11)
            assert pull("") == 0
    with Ledger.open(home) as ledger:
        batches = ledger.batches()
        cursor = ledger.cursor("probe", "counts")
    rows = pl.concat([Landing(home).read(batch.landing_path) for batch in batches])
    received = rows.filter(pl.col("measure") == "probe.received")["obs_value"].cast(pl.Float64).sort().to_list()
    assert received == [number + 0.25 for number in range(1, table.n_rows + 1)]
    assert rows.height == 2 * table.n_rows
    assert cursor is not None
    assert datetime.fromisoformat(cursor) == table.newest
