"""A warehouse made of a handful of accepted values: real stores, real ledger, real models, nothing judged.

Values are ``(measure, org unit, period, value)``; a fifth item overrides columns of the reading.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest

from connectors.content_address import READING_SCHEMA
from connectors.durable import Evidence
from connectors.landing import Landing
from connectors.ledger import Committed, Ledger, NewBatch, State
from dbt_project import Changed, load_inputs
from dbt_project.build import BuildResult, build
from dbt_project.layout import PROJECT_DIR
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from tests.whole_catalogue import whole_catalogue

Value = tuple[Any, ...]


class TinyWarehouse:
    """One installation of a test."""

    def __init__(
        self, home: Home, registry: Registry, monkeypatch: pytest.MonkeyPatch, project: Path = PROJECT_DIR
    ) -> None:
        self.home, self.registry, self.project, self._monkeypatch = home, registry, project, monkeypatch
        self.n_files = 0

    def at(self, instant: str) -> "TinyWarehouse":
        """Hold the clock."""
        self._monkeypatch.setenv("CHISO_NOW", instant)
        return self

    def accept(
        self,
        source: str,
        dataset: str,
        values: Iterable[Value],
        agency: str = "",
        state: str = "accepted",
        *,
        is_provisional: bool = False,
    ) -> Committed:
        """Accept values as one batch; of an agency, as a dropped file."""
        rows = reading(values, self.registry.dataset(source, dataset).owner)
        landing = Landing(self.home)
        with Ledger.open(self.home) as ledger:
            number = self._receive(ledger, agency) if agency else None
            period = rows["time_period"][0] if agency else ""
            batch = NewBatch(
                source,
                dataset,
                Evidence(self.home).keep(self._bytes(), ".txt"),
                landing.land(SimpleNamespace(source=source, dataset=dataset, rows=rows)),
                landing.accept(source, dataset, rows),
                self.registry.spec_hash,
                agency,
                period,
                is_provisional=is_provisional,
            )
            return ledger.commit(
                batch, submission_no=number, state=State(state) if agency else None, time_period=period or None
            )

    def send_back(self, source: str, dataset: str, agency: str, time_period: str) -> None:
        """A dropped file that was returned whole."""
        with Ledger.open(self.home) as ledger:
            number = self._receive(ledger, agency)
            ledger.commit(
                submission_no=number, state="returned", source=source, dataset=dataset, time_period=time_period
            )

    def build(
        self, select: Sequence[str] | None = None, *, changed: Changed | None = None, unit_tests: bool = False
    ) -> BuildResult:
        """Load the inputs and build; the result is for the caller to judge."""
        with Ledger.open(self.home) as ledger:
            load_inputs(self.home, self.registry, ledger.tables())
        return build(self.home, select, changed=changed, unit_tests=unit_tests, project=self.project)

    def built(self) -> "TinyWarehouse":
        """Build everything; anything that fails fails the test."""
        result = self.build()
        assert result.failures == ()
        return self

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def score(self, indicator: str, org_unit: str, time_period: str, *columns: str) -> tuple[Any, ...]:
        """Columns of one row of the scoreboard."""
        found = self.rows(
            f"select {', '.join(columns)} from marts.mart_scoreboard "
            "where indicator = ? and org_unit_code = ? and time_period = ?",
            indicator,
            org_unit,
            time_period,
        )
        assert len(found) == 1, f"{len(found)} rows of {indicator} {org_unit} {time_period}"
        return found[0]

    def _bytes(self) -> bytes:
        self.n_files += 1
        return f"file {self.n_files}".encode()

    def _receive(self, ledger: Ledger, agency: str) -> int:
        content = self._bytes()
        kept = Evidence(self.home).keep(content, ".xlsx")
        return ledger.receive(
            agency,
            f"bao_cao_{self.n_files}.xlsx",
            inode=self.n_files,
            mtime_ns=self.n_files,
            sha256=kept.sha256,
            size=len(content),
            evidence_path=kept.path,
        ).submission_no


def reading(values: Iterable[Value], owner: str) -> pl.DataFrame:
    """Values as accepted rows."""
    rows = []
    for number, (measure, org_unit, time_period, value, *rest) in enumerate(values, start=1):
        text = None if value is None else str(value)
        row = dict.fromkeys(READING_SCHEMA, None) | {
            "row_no": number,
            "place": f"row {number}",
            "measure": measure,
            "org_unit": org_unit,
            "time_period": time_period,
            "breakdown": "_T",
            "value_text": text,
            "obs_value": text,
            "obs_status": "A",
            "producer": owner,
            "is_synthetic": False,
        }
        rows.append(row | (rest[0] if rest else {}))
    return pl.DataFrame(rows, schema=READING_SCHEMA)


def tiny_warehouse(
    path: Path, monkeypatch: pytest.MonkeyPatch, registry: Registry | None = None, project: Path = PROJECT_DIR
) -> TinyWarehouse:
    """An empty installation on the day of the October reports; of another catalogue with the project made for it."""
    home = Home(path / "data")
    home.root.mkdir(parents=True)
    return TinyWarehouse(home, registry or whole_catalogue(), monkeypatch, project).at("2026-11-10T09:00:00+07:00")
