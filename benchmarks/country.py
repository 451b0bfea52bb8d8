"""A made-up country of any size for benchmarks: its catalogue, its source, and what it has reported, as accepted rows.

Communes report monthly measures; an indicator is the ratio of two of them, for communes, provinces and the nation. A
tenth of the communes changed their name half-way, so that the two maps differ. Every value is a function of its
measure, unit and month: the same country is the same to the last digit, and DuckDB makes it, not a loop. All of it is
synthetic.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from connectors.durable import Evidence
from connectors.landing import Landed
from connectors.ledger import Ledger, NewBatch
from indicator_specs.home import Home
from indicator_specs.registry import Registry, load_registry
from pipelines.installation import Installation

SOURCE, DATASET = "communes", "monthly"
CLOCK = "2027-02-10T09:00:00+07:00"
FIRST_YEAR = 2010

_INDICATOR = """\
id: {name}_{number:03}
codes: ["{letter}{number:03}"]
programmes: [plan]
type: computed
meaning:
  name: {{vi: Chỉ số {name} {number}, en: Indicator {name} {number}}}
  concept: {{vi: Chỉ số giả lập, en: A made-up indicator}}
  layer: central
  field: government
  unit: percent
  direction: higher_is_better
  legal_basis: ["57-NQ/TW"]
  confidence: {{definition: verified, formula: verified}}
levels:
  nation: {{}}
  province: {{}}
  commune: {{}}
responsibility: {{lead: G06, updates: communes, verifies: VPTW}}
methods:
  - version: 1
    valid_from: "2005-01"
    frequency: monthly
    formula: {formula}
    inputs: {inputs}
    roll_up: recompute
    min_coverage: "0.95"
"""
_SOURCE = """\
id: communes
name: {vi: Báo cáo giả lập, en: Made-up reports}
kind: rest
owner: G22
connection: {secret: CHISO_COMMUNES}
datasets:
  - id: monthly
    name: {vi: Số liệu hằng tháng, en: Monthly figures}
    frequency: monthly
    level: commune
    partition: period
    request: {path: /api/monthly, params: {period: "{period}"}, records: /data}
    columns: {org_unit: unit, time_period: period}
    deadline_days: 20
    measures:
"""
_MEASURE = """\
      - id: figure.m{number:04}
        column: m{number:04}
        name: {{vi: Chỉ tiêu {number}, en: Figure {number}}}
        unit: dossier
        nature: flow
"""
_CATALOGUE = {
    "programmes.yml": "plan:\n  name: {vi: Chương trình, en: Programme}\n",
    "themes.yml": "government: {vi: Chính phủ, en: Government}\n",
}
_TABLES = {
    "assignment.csv": "dataset,reporter_kind,reporter_code,subject,level,valid_from,valid_to,source\n",
    "reporting_calendar.csv": (
        "dataset,frequency,period_basis,deadline_days,valid_from,valid_to,legal_basis,source\n"
        "communes.monthly,monthly,calendar,20,2005-01-01,,x,x\n"
    ),
}


@dataclass(frozen=True)
class Country:
    """How large it is. Ratio ``i`` divides measure ``2i`` by measure ``2i + 1``."""

    n_indicators: int = 50
    n_communes: int = 3_400
    n_months: int = 60
    n_provinces: int = 34
    has_growth: bool = False
    """Whether each ratio is also held against the same month of the year before, as an indicator of its own."""

    @property
    def n_measures(self) -> int:
        """Two for each indicator."""
        return 2 * self.n_indicators

    @property
    def n_observations(self) -> int:
        """Values reported, those left out included."""
        return self.n_measures * self.n_communes * self.n_months

    @property
    def months(self) -> list[str]:
        """The months that were reported."""
        return [f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02}" for month in range(self.n_months)]

    def settle(self, root: Path) -> "Settled":
        """Write the catalogue, the source and the reference tables below ``root``."""
        for number in range(self.n_indicators):
            parts = f"{{part: {{measure: figure.m{2 * number:04}}}, whole: {{measure: figure.m{2 * number + 1:04}}}}}"
            _declare(root, "ratio", number, "100 * part / whole", parts)
            if self.has_growth:
                _declare(root, "growth", number, "yoy(ratio)", f"{{ratio: {{indicator: ratio_{number:03}}}}}")
        for name, text in _CATALOGUE.items():
            _write(root / "catalogue" / name, text)
        measures = "".join(_MEASURE.format(number=number) for number in range(self.n_measures))
        _write(root / "sources" / SOURCE / "source.yml", _SOURCE + measures)
        for name, text in _TABLES.items():
            _write(root / "reference" / name, text)
        self._units().write_csv(root / "reference" / "org_unit.csv")
        self._events().write_csv(root / "reference" / "org_unit_event.csv")
        return Settled(Home(root))

    @cached_property
    def _renamed(self) -> int:
        return self.n_communes // 10

    @property
    def _half_way(self) -> tuple[date, date]:
        """The last day of the old names and the first of the new."""
        month = self.n_months // 2
        first_day = date(FIRST_YEAR + month // 12, month % 12 + 1, 1)
        return first_day - timedelta(days=1), first_day

    def _units(self) -> pl.DataFrame:
        """Communes C00000 …; those that lost their name halfway are F00000 …, of the same numbers."""
        last_day, first_day = self._half_way
        rows = [
            ("VN", "nation", "VN", "", "territory", "", ""),
            *((f"P{number:02}", "province", f"Tỉnh {number}", "VN", "territory", "", "") for number in self._provinces),
            ("G06", "ministry", "Bộ A", "", "government", "", ""),
            ("G22", "ministry", "Bộ B", "", "government", "", ""),
            ("VPTW", "party_body", "Văn phòng", "", "party", "", ""),
        ]
        for number in range(self.n_communes):
            parent, is_renamed = f"P{number % self.n_provinces + 1:02}", number < self._renamed
            since = first_day.isoformat() if is_renamed else ""
            rows.append((f"C{number:05}", "commune", f"Xã {number}", parent, "territory", since, ""))
            if is_renamed:
                rows.append(
                    (f"F{number:05}", "commune", f"Xã cũ {number}", parent, "territory", "", last_day.isoformat())
                )
        names = ("org_unit_code", "kind", "name_vi", "parent_code", "hierarchy", "valid_from", "valid_to")
        frame = pl.DataFrame(rows, schema=list(names), orient="row")
        name = pl.col("name_vi")
        return frame.with_columns(name_en=name, short_name_vi=name, source=pl.lit("x")).select(
            "org_unit_code", "kind", "name_vi", "name_en", "short_name_vi", *names[3:], "source"
        )

    @property
    def _provinces(self) -> range:
        return range(1, self.n_provinces + 1)

    def _events(self) -> pl.DataFrame:
        _, first_day = self._half_way
        columns = ("event", "from_code", "to_code", "effective_date", "share", "legal_basis", "source")
        rows = [
            ("continue", f"F{number:05}", f"C{number:05}", first_day.isoformat(), "1", "x", "x")
            for number in range(self._renamed)
        ]
        return pl.DataFrame(rows, schema=list(columns), orient="row")

    def rows_of(self, month: int, measures: range, vintage: int = 0) -> str:
        """SQL of the accepted rows of one month: one value in a thousand is not there."""
        prefix = "case when unit < {renamed} and {month} < {half} then 'F' else 'C' end"
        named = prefix.format(renamed=self._renamed, month=month, half=self.n_months // 2)
        seed = f"hash(measure * 1000003 + unit * 1009 + {month} + {vintage} * 7919)"
        return f"""
            select
                row_number() over () as row_no, 'row ' || row_number() over () as place,
                printf('figure.m%04d', measure) as measure, {named} || printf('%05d', unit) as org_unit,
                '{self.months[month]}' as time_period, '_T' as breakdown,
                cast(value as varchar) as value_text, cast(value as varchar) as obs_value, 'A' as obs_status,
                'G22' as producer, cast(null as varchar) as published_date, true as is_synthetic,
                cast(null as varchar) as citation, cast(null as varchar) as problem, cast(null as varchar) as conversion
            from (
                select measure, unit, cast(1 + {seed} % 99999 as decimal(18, 2)) / 100 as value
                from range({measures.start}, {measures.stop}) as m(measure), range({self.n_communes}) as u(unit)
                where {seed} // 1000003 % 1000 > 0
            )"""


@dataclass(frozen=True)
class Settled:
    """A country with its declarations on disk."""

    home: Home

    @cached_property
    def registry(self) -> Registry:
        """What it declares."""
        root = self.home.root
        return load_registry(root / "catalogue", root / "sources", root / "reference")

    def report(self, country: Country, month: int, measures: range | None = None, vintage: int = 0) -> None:
        """One month's figures as one batch: Parquet of accepted rows, and its row in the ledger."""
        asked = measures or range(country.n_measures)
        address = hashlib.sha256(f"{country} {month} {asked} {vintage}".encode()).hexdigest()
        path = self.home.accepted / SOURCE / DATASET / f"{address}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as connection:
            connection.execute(f"copy ({country.rows_of(month, asked, vintage)}) to '{path}' (compression zstd)")
            (n_rows,) = connection.execute(f"select count(*) from '{path}'").fetchall()[0]
        kept = Landed(path.relative_to(self.home.root).as_posix(), address, n_rows)
        evidence = Evidence(self.home).keep(address.encode(), ".txt")
        partition = f"{country.months[month]}/{vintage}"
        with Ledger.open(self.home) as ledger:
            batch = NewBatch(SOURCE, DATASET, evidence, kept, kept, self.registry.spec_hash, "", partition)
            ledger.commit(batch)


class InCountry(Installation):
    """The installation of a country: its own catalogue in place of the project's."""

    @cached_property
    def settled(self) -> Settled:
        """The country."""
        return Settled(self.home)

    @property
    def registry(self) -> Registry:
        """What the country declares."""
        return self.settled.registry


def _declare(root: Path, name: str, number: int, formula: str, inputs: str) -> None:
    text = _INDICATOR.format(name=name, letter=name[0].upper(), number=number, formula=formula, inputs=inputs)
    _write(root / "catalogue" / "government" / f"{name}_{number:03}.yml", text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
