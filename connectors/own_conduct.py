"""Kind ``ledger``: how the system itself is kept up to date, counted and not typed by anybody.

Owns the evidence of such a count and the way back to one value of it. What is counted, and how, is for whoever holds
the catalogue beside the ledger: the count is handed over (``Before.conduct``).
"""

import json
import re
from pathlib import Path
from typing import Any

import polars as pl

from connectors import shape
from connectors.durable import Evidence
from connectors.errors import PermanentSourceError
from connectors.extracted import FIRST, Before, Counted, Extract
from indicator_specs import periods
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

_PLACE = re.compile(r"item (\d+)")


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None, before: Before = FIRST) -> Extract:
    """Keep a count with all that it was counted from, and make readings of it.

    Nothing of the moment of counting is kept: while nothing has changed, the count is the same bytes.

    Raises:
        PermanentSourceError: nobody handed over a count.
    """
    if before.conduct is None or partition is None:
        raise PermanentSourceError(
            "E-SRC-KIND",
            dataset.full_id,
            f"Chưa có sổ tiếp nhận để đếm cho nguồn {source.id}.",
            f"There is no ledger at hand of which {source.id} could be counted.",
        )
    period = periods.parse(partition).time_period
    counted = sorted(before.conduct(dataset, period), key=lambda each: each.org_unit)
    items = [_item(each) for each in counted]
    told = {"dataset": dataset.full_id, "time_period": period, "items": items}
    kept = Evidence(home).keep(json.dumps(told, ensure_ascii=False, indent=1).encode(), ".json")
    rows = shape.readings(dataset, _records(dataset, items, period), period)
    origin = {"kind": "ledger", "counted": dataset.conduct or "", "partition": period, "n_records": str(len(counted))}
    return Extract.of(dataset, rows, kept, origin, period)


def original_text(evidence: Path, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value in the kept count.

    Args:
        evidence: the kept file.
        dataset: whose count it is.
        place: ``item 12``, counted from 1.
        measure: measure id.

    Raises:
        LookupError: there is no such item, or it does not carry that measure.
    """
    match = _PLACE.fullmatch(place)
    told = json.loads(evidence.read_bytes())
    number = int(match[1]) if match else 0
    if not 1 <= number <= len(told["items"]):
        raise LookupError(f"{place!r} is not in {evidence.name}")
    return shape.value_of(dataset, measure, _fields(dataset, told["items"][number - 1], told["time_period"]))


def _item(counted: Counted) -> dict[str, Any]:
    return {"org_unit": counted.org_unit, **counted.counts, "of": [dict(each) for each in counted.of]}


def _fields(dataset: Dataset, item: dict[str, Any], period: str) -> dict[str, str | None]:
    found = {**item, "time_period": period}
    return {name: str(found[name]) for name in shape.named_columns(dataset)}


def _records(dataset: Dataset, items: list[dict[str, Any]], period: str) -> shape.Records:
    names = shape.named_columns(dataset)
    values = {name: pl.Boolean() for name in shape.value_columns(dataset)}
    return shape.Records(
        pl.DataFrame([_fields(dataset, item, period) for item in items], schema=dict.fromkeys(names, pl.String())),
        pl.Series("place", [f"item {number}" for number in range(1, len(items) + 1)], dtype=pl.String()),
        pl.DataFrame([dict.fromkeys(values, False) for _ in items], schema=values),
    )
