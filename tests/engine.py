"""A catalogue of the smallest indicators that show one rule each, with a dbt project and a warehouse of their own."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from connectors.ledger import Ledger
from dbt_project import load_inputs
from dbt_project.build import BuildResult, build
from dbt_project.codegen import generate
from dbt_project.layout import GENERATED, PROJECT_DIR
from indicator_specs.home import Home
from indicator_specs.registry import Registry
from tests.small_catalogue import Small
from tests.tiny_warehouse import TinyWarehouse

QUALITY = "obs_value, obs_status, n_reported, n_expected"
"""What a value is, how sure it is and of how many units."""

_INDICATOR = """\
id: {id}
codes: []
programmes: [plan]
type: {type}
meaning:
  name: {{vi: Chỉ số {id}, en: Indicator {id}}}
  concept: {{vi: Để thử, en: For a test}}
  layer: {layer}
  group: operational
  field: government
  unit: {unit}
  direction: higher_is_better
  legal_basis: ["57-NQ/TW"]
  confidence: {{definition: draft, formula: draft}}
levels: {levels}
responsibility: {{lead: G06, updates: provinces, verifies: VPTW}}
methods:
{methods}{rest}
"""
_SOURCE = """\
id: figures
name: {vi: Số liệu, en: Figures}
kind: rest
owner: G22
connection: {secret: CHISO_FIGURES}
datasets:
"""
_DATASET = """\
  - id: {frequency}
    name: {{vi: Số liệu {frequency}, en: Figures {frequency}}}
    frequency: {frequency}
    level: [nation, ministry, province, commune]
    request: {{path: /api/{frequency}, records: /data}}
    columns: {{org_unit: unit, time_period: period}}
    measures:
"""
Measures = Mapping[str, Sequence[str]]
"""Frequency → ``id unit nature [reset]``."""


def indicator(
    name: str,
    *methods: str,
    unit: str = "dossier",
    levels: str = "{province: {}}",
    kind: str = "computed",
    rest: str = "",
    layer: str = "field",
) -> tuple[str, str]:
    """One file of the catalogue: its path and its text; a method is a YAML mapping in flow style."""
    listed = "".join(f"  - {{version: {number}, {method}}}\n" for number, method in enumerate(methods, start=1))
    text = _INDICATOR.format(id=name, type=kind, unit=unit, levels=levels, methods=listed, rest=rest, layer=layer)
    return f"catalogue/government/{name}.yml", text


def source(measures: Measures) -> str:
    """A source with a dataset for each frequency."""
    text = _SOURCE
    for frequency, lines in measures.items():
        text += _DATASET.format(frequency=frequency)
        for line in lines:
            name, unit, nature, *reset = line.split()
            extra = f", reset: {reset[0]}" if reset else ""
            text += (
                f"      - {{id: figures.{name}, column: {name}, name: {{vi: {name}, en: {name}}}, "
                f"unit: {unit}, nature: {nature}{extra}}}\n"
            )
    return text


class Engine(TinyWarehouse):
    """A warehouse of such a catalogue, built by a project of its own."""

    def __init__(self, path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
        home = Home(path / "data")
        home.root.mkdir(parents=True)
        super().__init__(home, registry, monkeypatch)
        self.project = path / "dbt_project"
        ignored = shutil.ignore_patterns(
            "*.py", "target", "__pycache__", "spark", *(folder.name for folder in GENERATED)
        )
        shutil.copytree(PROJECT_DIR, self.project, ignore=ignored)
        generate(registry, check=False, project=self.project)

    def give(self, frequency: str, *lines: str, **columns: object) -> None:
        """Accept values, each ``measure unit period value``; ``columns`` override those of the reading."""
        rows = [(f"figures.{m}", unit, period, value) for m, unit, period, value in map(str.split, lines)]
        self.accept("figures", frequency, [(*row, columns) for row in rows])

    def built(self) -> "Engine":
        """Build everything; anything that fails fails the test."""
        result = self.build()
        assert result.failures == (), "\n".join(result.failures)
        return self

    def build(self, select: Sequence[str] | None = None, *, unit_tests: bool = False) -> BuildResult:
        """Load the inputs and build."""
        with Ledger.open(self.home) as ledger:
            load_inputs(self.home, self.registry, ledger.tables())
        return build(self.home, select, unit_tests=unit_tests, project=self.project)

    def values(self, name: str, unit: str, columns: str = "obs_value", *, on: str = "current") -> dict[str, object]:
        """One unit's values of an indicator by period, on one map; several columns come as tuples."""
        rows = self.rows(
            f"""select p.time_period, {columns} from indicators.ind_{name} as v
            join reference.period as p using (period_key) join reference.org_unit as u using (org_unit_key)
            where u.org_unit_code = ? and v.map = ? order by 1""",
            unit,
            on,
        )
        return {period: found[0] if len(found) == 1 else tuple(found) for period, *found in rows}


def engine(
    path: Path, monkeypatch: pytest.MonkeyPatch, measures: Measures, indicators: Iterable[tuple[str, str]]
) -> Engine:
    """An empty installation of a small catalogue on a day of November 2026."""
    small = Small.at(path / "declared")
    for name in ("government/rate.yml", "government/pair.yml"):
        (small.root / "catalogue" / name).unlink()
    small.write("sources/figures/source.yml", source(measures))
    for name, text in indicators:
        small.write(name, text)
    made = Engine(path, small.load(), monkeypatch)
    made.at("2026-11-10T09:00:00+07:00")
    return made
