"""Counts that stand: of a month of which nothing was heard since it was counted, nothing is counted anew.

Owns what a count of updates is made from. Whoever changes what ``updates`` looks at changes ``made_from``.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import connectors
import pipelines
from dbt_project import rules_hash
from indicator_specs import periods
from indicator_specs.source_spec import Dataset
from pipelines.candidates import PULLED
from pipelines.conduct.updates import due_in
from pipelines.installation import Installation


def made_from(here: Installation, dataset: Dataset, time_period: str) -> str:
    """Hash of all that a count of updates would be made from: rules, program, deadlines, and what the ledger holds.

    Empty where the count has to be made to be known: other counts, and months in which nothing fell due.
    """
    due = due_in(here, periods.parse(time_period)) if dataset.conduct == "updates" else {}
    if not due:
        return ""
    # A pull that brings all periods at once is listed under none.
    named = here.registry.datasets
    lines = {(named[name].source_id, named[name].id, of) for name, period in due for of in (period, "")}
    deadlines = sorted((*line, day.isoformat()) for line, day in due.items())
    extent = here.ledger.reports.extent(sorted(lines))
    told = [rules_hash(here.registry), _program_hash(), dataset.full_id, time_period, deadlines, extent]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def stands(here: Installation, dataset: Dataset, time_period: str, made: str) -> bool:
    """Whether the last count of a month was made from the same, and was accepted whole."""
    pulls = here.ledger.events(kinds=[PULLED], subjects=[f"{dataset.source_id}/{dataset.id}"])
    last = next((each.detail for each in reversed(pulls) if each.detail["partition"] == time_period), None)
    return bool(made and last and last.get("made_from") == made and not last["values_returned"])


@cache
def _program_hash() -> str:
    digest = hashlib.sha256()
    for package in (connectors, pipelines):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
