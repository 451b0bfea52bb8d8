"""A small installation whose catalogue can be edited: real stores, ledger, models and releases, two indicators.

The dbt project is a copy with the models of the small catalogue, so that a build takes seconds.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.ledger import Committed
from dbt_project.codegen import generate
from indicator_specs.home import Home
from pipelines.compute import compute
from pipelines.installation import Installation
from pipelines.line import publish
from pipelines.release import Release
from tests.small_catalogue import Small
from tests.small_project import small_project
from tests.tiny_warehouse import TinyWarehouse

DOSSIERS = ("service", "dossiers")
RECEIVED, ONLINE, PAID = "service.received", "service.online", "service.paid_pct"


class SmallInstallation:
    """One installation of a test, with its declarations in a folder of their own."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = Home(root / "data")
        self.home.root.mkdir(parents=True)
        self.specs = Small.at(root / "specs")
        self._monkeypatch = monkeypatch
        self.now = Installation(self.home, self.specs.load())
        self.project = small_project(root / "dbt_project", self.now.registry)

    def at(self, instant: str) -> "SmallInstallation":
        """Hold the clock."""
        self._monkeypatch.setenv("CHISO_NOW", instant)
        return self

    def change(self, name: str, old: str, new: str) -> "SmallInstallation":
        """Edit a declaration and load the catalogue again."""
        self.specs.change(name, old, new)
        self.now = Installation(self.home, self.specs.load())
        return self

    def accept(self, values: Iterable[tuple[Any, ...]], agency: str = "", *, is_provisional: bool = False) -> Committed:
        """Accept values of the one dataset as a batch."""
        warehouse = TinyWarehouse(self.home, self.now.registry, self._monkeypatch)
        warehouse.n_files = 2 * len(self.now.ledger.batches())
        return warehouse.accept(*DOSSIERS, values, agency, is_provisional=is_provisional)

    def seal(self, **kind: str) -> Release:
        """Compute and seal a release."""
        generate(self.now.registry, check=False, project=self.project)
        compute(self.now, project=self.project).raise_on_failure()
        return publish(self.now, **kind)


def dossiers(unit: str, period: str, received: object, online: object, **columns: object) -> list[tuple[Any, ...]]:
    """Two values of one unit and period."""
    return [(RECEIVED, unit, period, received, columns), (ONLINE, unit, period, online, columns)]


@contextmanager
def small_installation(root: Path, instant: str) -> Iterator[SmallInstallation]:
    """An empty installation at an instant; the clock is let go afterwards."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield SmallInstallation(root, monkeypatch).at(instant)


def ask(file: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Ask a file of marts."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql, list(parameters)).fetchall()
