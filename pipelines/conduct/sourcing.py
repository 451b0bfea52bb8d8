"""How many indicators of the catalogue are fed by machines, and how many there are (DL-3)."""

from collections.abc import Iterator

from connectors.extracted import Counted
from connectors.kinds import KINDS
from indicator_specs.periods import Period
from indicator_specs.registry import Registry
from pipelines.conduct.days import opened_on
from pipelines.installation import Installation

NATION = "VN"


def sourcing(here: Installation, period: Period) -> list[Counted]:
    """Indicators with a method in force at the end of a period, and those of them that no form feeds.

    An indicator is automatic if every measure that it reads, directly or through other indicators, is pulled, and its
    source has brought accepted figures by now, also where the period is a past one: what is only declared feeds
    nothing. Nothing is counted of a period that had ended before the ledger was opened.
    """
    opened = opened_on(here.ledger)
    if opened is None or period.end_date < opened:
        return []
    delivered = {f"{each.source}.{each.dataset}" for each in here.ledger.batches() if each.n_accepted}
    found = []
    for name, spec in here.registry.indicators.items():
        if spec.method_of(period) is None:
            continue
        reads = sorted(set(_datasets(here.registry, name, period)))
        by_form = [each for each in reads if KINDS[here.registry.datasets[each].source.kind].pull is None]
        silent = [each for each in reads if each not in by_form and each not in delivered]
        is_automatic = bool(reads) and not by_form and not silent
        found.append({"indicator": name, "reads": reads, "is_automatic": is_automatic})
    n_automatic = sum(bool(each["is_automatic"]) for each in found)
    return [Counted(NATION, {"indicators_in_force": len(found), "indicators_automatic": n_automatic}, found)]


def _datasets(registry: Registry, indicator: str, period: Period) -> Iterator[str]:
    """Datasets that an indicator reads, also through others; the registry has no circles."""
    spec = registry.indicators[indicator]
    method = spec.method_of(period)
    if method is None:
        return
    given_at = [given for level in (None, *spec.levels) for given in spec.inputs_of(method, level).values()]
    for given in [*given_at, *([method.weights] if method.weights else [])]:
        if given.measure:
            yield registry.measures[given.measure].dataset.full_id
        elif given.indicator:
            yield from _datasets(registry, given.indicator, period)
