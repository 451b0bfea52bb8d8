"""How many of the mistakes that people make judgement finds and names rightly, and how often it cries wolf.

A thousand clean reports on the form of communes, then each of them with one seeded mistake. Everything is synthetic,
drawn with fixed seeds from the demo's own generator; the judge is the real one.

``make bench NAME=faults SIZE=full``; small is a fifth of it.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from connectors.content_address import READING_SCHEMA
from expectations import HISTORY, Case, judge
from indicator_specs import periods
from indicator_specs.findings import Finding, Severity
from indicator_specs.reference import OrgUnit
from indicator_specs.registry import Registry, load_registry
from pipelines.demo.synthetic import commune_report

FORM = ("commune_report", "administration")
PERIOD, BEFORE = "2026-10", "2026-09"
N_MONTHS = 6
COMMUNES_IN_A_REPORT = 10
AT_ONCE = 200
TODAY = "2026-11-10T09:00:00+07:00"

Rows = list[dict[str, object]]
Expected = Callable[[Sequence[Finding]], bool]


@dataclass(frozen=True)
class Seeded:
    """One report with one mistake; ``is_named`` says whether a finding names it, at its place."""

    fault: str
    case: Case
    is_named: Expected


@dataclass(frozen=True)
class Score:
    """What came of it. ``false_alarms`` are clean reports in which something was found that is not there."""

    n_seeded: Counter[str]
    n_found: Counter[str]
    n_named: Counter[str]
    n_clean: int
    false_alarms: int
    seconds: float

    @property
    def named_share(self) -> float:
        """Share of the seeded mistakes that were found and rightly named."""
        return self.n_named.total() / self.n_seeded.total()


def score(n_reports: int, registry: Registry) -> Score:
    """Judge ``n_reports`` clean reports, and each of them again with one mistake."""
    draw = random.Random(57)  # noqa: S311 - the same reports every time
    reports = [_report(registry, draw) for _ in range(n_reports)]
    history = _history({str(row["org_unit"]) for _, rows in reports for row in rows})
    faults = list(FAULTS.items())
    seeded = []
    for number, (agency, rows) in enumerate(reports):
        fault, spoil = faults[number % len(faults)]
        spoiled = [dict(row) for row in rows]
        is_named = spoil(spoiled, draw)
        seeded.append(Seeded(fault, _case(registry, f"spoiled {number}", agency, spoiled), is_named))
    started = time.perf_counter()
    clean = _judged([_case(registry, f"clean {n}", *report) for n, report in enumerate(reports)], registry, history)
    found = _judged([each.case for each in seeded], registry, history)
    took = time.perf_counter() - started
    n_seeded = Counter(each.fault for each in seeded)
    n_found = Counter(each.fault for each in seeded if _alarms(found[each.case.case_id]))
    n_named = Counter(each.fault for each in seeded if each.is_named(found[each.case.case_id]))
    return Score(n_seeded, n_found, n_named, n_reports, sum(bool(_alarms(told)) for told in clean.values()), took)


def _judged(cases: Sequence[Case], registry: Registry, history: pl.DataFrame) -> dict[str, tuple[Finding, ...]]:
    turns = (cases[first : first + AT_ONCE] for first in range(0, len(cases), AT_ONCE))
    return {verdict.case_id: verdict.findings for turn in turns for verdict in judge(turn, registry, history)}


def _alarms(findings: Sequence[Finding]) -> list[Finding]:
    return [each for each in findings if each.severity is not Severity.INFO]


def _report(registry: Registry, draw: random.Random) -> tuple[str, Rows]:
    """A province's report on ten of its communes, as it should be."""
    provinces = registry.reference.of_kind("province", date(2026, 10, 31))
    province = draw.choice([unit for unit in provinces if len(_communes(registry, unit.org_unit_code)) >= 10])
    chosen = draw.sample(_communes(registry, province.org_unit_code), COMMUNES_IN_A_REPORT)
    rows: Rows = []
    for line, unit in enumerate(chosen, 14):
        for column, (measure, value) in zip("EFGH", commune_report(unit.org_unit_code, PERIOD).items(), strict=True):
            rows.append(_row(len(rows) + 1, f"Số liệu!{column}{line}", measure, unit.org_unit_code, value))
    return province.org_unit_code, rows


def _communes(registry: Registry, code: str) -> tuple[OrgUnit, ...]:
    return registry.reference.children(code, date(2026, 10, 31))


def _row(number: int, place: str, measure: str, unit: str, value: int) -> dict[str, object]:
    return dict.fromkeys(READING_SCHEMA) | {
        "row_no": number,
        "place": place,
        "measure": measure,
        "org_unit": unit,
        "time_period": PERIOD,
        "breakdown": "_T",
        "value_text": str(value),
        "obs_value": str(value),
        "obs_status": "A",
        "producer": "VPTW",
        "is_synthetic": True,
    }


def _case(registry: Registry, case_id: str, agency: str, rows: Rows) -> Case:
    frame = pl.DataFrame(rows, schema=READING_SCHEMA)
    columns = {"org_unit": "B", "time_period": "D"}
    return Case(case_id, registry.dataset(*FORM), frame, agency, PERIOD, columns)


def _history(units: set[str]) -> pl.DataFrame:
    """The six months before, of every commune that a report speaks of."""
    rows = [
        (measure, unit, period.time_period, "_T", "VPTW", str(value))
        for period in _months_before()
        for unit in sorted(units)
        for measure, value in commune_report(unit, period.time_period).items()
    ]
    return pl.DataFrame(rows, schema=list(HISTORY), orient="row")


def _months_before() -> Iterator[periods.Period]:
    period = periods.parse(PERIOD)
    for _ in range(N_MONTHS):
        period = period.previous
        yield period


def _scaled(factor: int) -> Callable[[Rows, random.Random], Expected]:
    """A figure in the wrong unit: of ten and more, since a slip of a figure near zero is no slip."""

    def spoil(rows: Rows, draw: random.Random) -> Expected:
        row = draw.choice([row for row in rows if int(str(row["obs_value"])) >= 10])
        row["obs_value"] = row["value_text"] = str(int(str(row["obs_value"])) * factor)
        place = row["place"]
        return lambda told: any(
            each.rule == "scale_slip" and each.place == place and f"{factor:,}".replace(",", ".") in each.message_vi
            for each in told
        )

    return spoil


def _shifted(rows: Rows, draw: random.Random) -> Expected:
    """Every row says the month before."""
    for row in rows:
        row["time_period"] = BEFORE
    return lambda told: any(each.rule == "wrong_period" for each in told)


def _copied(rows: Rows, draw: random.Random) -> Expected:
    """Last month's figures under this month."""
    for row in rows:
        value = commune_report(str(row["org_unit"]), BEFORE)[str(row["measure"])]
        row["obs_value"] = row["value_text"] = str(value)
    return lambda told: any(each.rule == "copy_of_previous" for each in told)


def _swapped(rows: Rows, draw: random.Random) -> Expected:
    """Two columns in each other's place."""
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    one, other = draw.sample(measures, 2)
    values = {(row["org_unit"], row["measure"]): row["obs_value"] for row in rows}
    for row in rows:
        if row["measure"] in (one, other):
            value = values[row["org_unit"], other if row["measure"] == one else one]
            row["obs_value"] = row["value_text"] = value
    return lambda told: any(each.rule == "swapped_columns" for each in told)


FAULTS: dict[str, Callable[[Rows, random.Random], Expected]] = {
    "×100": _scaled(100),
    "×1000": _scaled(1000),
    "shifted month": _shifted,
    "copied month": _copied,
    "swapped columns": _swapped,
}


def main() -> None:
    """Print the score."""
    from indicator_specs.environment import environment

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full", help="200 or 1,000 reports")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args()
    with environment(CHISO_NOW=TODAY):
        result = score({"small": 200, "full": 1000}[asked.size], load_registry())
    if asked.json:
        print(json.dumps({**vars(result), "named_share": result.named_share}, ensure_ascii=False))
        return
    for fault, seeded in result.n_seeded.items():
        print(f"{fault:<16} seeded {seeded:>5}  found {result.n_found[fault]:>5}  named {result.n_named[fault]:>5}")
    print(f"rightly named: {result.named_share:.1%} of {result.n_seeded.total()}")
    print(f"false alarms: {result.false_alarms} of {result.n_clean} clean reports; judged in {result.seconds:.1f} s")


if __name__ == "__main__":
    main()
