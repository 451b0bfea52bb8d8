"""A source that goes back to what it said before is believed: a record is known only while the newest of its key is."""

import sqlite3
from pathlib import Path

import pytest

from connectors.acceptance import commit
from connectors.extract import extract
from connectors.extracted import FIRST, Before, Extract
from connectors.ledger import Ledger
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.integration.test_pull_modes import INCREMENTAL, SINCE, TABLE, after, keys
from tests.integration.test_pull_modes import declared as database
from tests.integration.test_rest_incremental import Registrar, received, registrar
from tests.integration.test_rest_incremental import declared as service

__all__ = ["registrar"]
pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 1
"""Tries of a request, at the most."""

AT = "2026-10-05 08:00:00"


class Pulled:
    """One incremental dataset that is pulled again and again, with what the ledger lists of it."""

    def __init__(self, home: Home, asked: tuple[Source, Dataset]) -> None:
        self.home, self.asked, self.before = home, asked, Before()

    def again(self) -> Extract:
        """Pull it; nothing new is no batch."""
        read = extract(*self.asked, self.home, None, self.before)
        if read.n_rows:
            self.before = after(self.home, self.before, read)
            with Ledger.open(self.home) as ledger:
                commit(self.home, ledger, read)
        return read


class Register:
    """A table ``ho_so`` in SQLite."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.run(TABLE.format(instant="text"))

    def run(self, sql: str) -> None:
        with sqlite3.connect(self._file) as connection:
            connection.executescript(sql)

    def hold(self, *rows: tuple[str, int, str]) -> None:
        """Unit, figure and instant of every row there is."""
        self.run("delete from ho_so;")
        for unit, figure, at in rows:
            self.run(f"insert into ho_so values ('{unit}', '2026-09', {figure}, 1, '{at}');")


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setenv("CHISO_PROBE", f"sqlite:///{tmp_path / 'ho_so.db'}")
    return Register(tmp_path / "ho_so.db")


@pytest.fixture
def table(register: Register, tmp_path: Path, home: Home) -> Pulled:
    return Pulled(home, database(tmp_path, SINCE, **INCREMENTAL))


def test_a_service_that_goes_back_to_a_figure(registrar: Registrar, home: Home) -> None:
    pulled = Pulled(home, service())
    for figure in (1, 2, 1, 2):
        registrar.records = [("P01", figure, "2026-10-05T08:00:00+07:00"), ("P04", 7, "2026-10-05T08:00:00+07:00")]
        changed = received(pulled.again())
        assert changed.pop("P01") == str(figure)
        assert changed == ({"P04": "7"} if len(pulled.before.batches) == 1 else {}), "what did not change is known"
        assert received(pulled.again()) == {}
    with Ledger.open(home) as ledger:
        assert len(ledger.batches()) == 4, "a batch for each change, though two and two hold the same"


def test_a_database_that_goes_back_to_a_figure(register: Register, table: Pulled, home: Home) -> None:
    for figure in (1, 2, 1, 2, 1):
        register.hold(("P01", figure, AT), ("P04", 7, AT))
        changed = keys(table.again())
        assert changed == [f"P01 {figure}", *(["P04 7"] if len(table.before.batches) == 1 else [])]
        assert keys(table.again()) == []
    with Ledger.open(home) as ledger:
        assert len(ledger.batches()) == 5


def test_a_table_that_keeps_what_it_said_before_is_read_once(register: Register, table: Pulled) -> None:
    """A row for each change: the older one is still there, and is not what the source says now."""
    register.hold(("P01", 1, AT))
    table.again()
    register.hold(("P01", 1, AT), ("P01", 2, "2026-10-05 09:00:00"))
    assert keys(table.again()) == ["P01 2"]
    assert keys(table.again()) == []


def test_a_service_that_keeps_what_it_said_before_is_read_once(registrar: Registrar, home: Home) -> None:
    pulled = Pulled(home, service())
    registrar.records = [("P01", 1, "2026-10-05T08:00:00+07:00")]
    pulled.again()
    registrar.records.append(("P01", 2, "2026-10-05T09:00:00+07:00"))
    registrar.records.append(("P04", 7, "2026-10-05T09:00:00+07:00"))
    assert received(pulled.again()) == {"P01": "2", "P04": "7"}
    assert received(pulled.again()) == {}


def test_a_figure_of_one_unit_needs_no_key(register: Register, tmp_path: Path, home: Home) -> None:
    """Unit and period are constants: every record gives the same figures, and the newest of them is in force."""
    same = {"columns": {}, "constants": {"org_unit": "VN", "time_period": "2026-09"}}
    pulled = Pulled(home, database(tmp_path, SINCE, **INCREMENTAL, **same))
    for figure in (1, 2, 1):
        register.hold(("VN", figure, AT))
        assert keys(pulled.again()) == [f"VN {figure}"]
        assert keys(pulled.again()) == []
    assert pulled.before.batches[0] != FIRST
