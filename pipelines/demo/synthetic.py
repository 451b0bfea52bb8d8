"""Figures that nobody published, made with a fixed random state: dossiers of provinces, forms of communes.

Every row says that it is synthetic. The levels are of the order of the published rates, and that is all they share
with reality: no conclusion about any unit can be drawn from them. The same text seeds the same figures on any
machine, since each unit draws from its own generator.
"""

import random
from collections.abc import Iterator, Mapping, Sequence

from indicator_specs.home import PROJECT
from pipelines.demo import figures

DOSSIER_PERIODS = (*(f"2025-{month:02d}" for month in range(7, 13)), *(f"2026-{month:02d}" for month in range(1, 11)))
COMMUNE_PERIODS = ("2026-09", "2026-10")
ONE_SILENT_IN = 100
NOTE = "Số liệu giả lập"

Dossier = dict[str, str | int | bool]
CommuneFigures = Mapping[str, Mapping[str, int]]
"""Commune code → measure → value; a silent commune has none."""


def dossiers(periods: Sequence[str] = DOSSIER_PERIODS) -> list[Dossier]:
    """Monthly dossiers of the 34 provinces: one row per province and period, in that order of period, then code."""
    provinces = figures.read("province_population")
    made = {row["unit_code"]: dict(_months(row["unit_code"], int(row["population"]))) for row in provinces}
    return [{"unit_code": unit, "period": period, **made[unit][period]} for period in periods for unit in sorted(made)]


def commune_figures(time_period: str) -> CommuneFigures:
    """What the 3,321 communes did in one month, by commune; one in a hundred is silent and does not appear.

    Raises:
        ValueError: nothing is made for that period.
    """
    if time_period not in COMMUNE_PERIODS:
        raise ValueError(f"{time_period}: synthetic commune figures exist for {', '.join(COMMUNE_PERIODS)}")
    communes = _communes()
    silent = set(_generator(f"silent {time_period}").sample(communes, len(communes) // ONE_SILENT_IN))
    return {code: commune_report(code, time_period) for code in communes if code not in silent}


def _generator(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311  (nothing here is secret: the same seed must give the same figures)


def _months(unit: str, population: int) -> Iterator[tuple[str, Dossier]]:
    """A province's sixteen months: its own level, rising slowly, with noise."""
    draw = _generator(f"dossiers {unit}")
    per_head, online = draw.uniform(0.030, 0.055), draw.uniform(0.13, 0.55)
    digitised, electronic = draw.uniform(0.40, 0.70), draw.uniform(0.45, 0.75)
    reused, paid = draw.uniform(0.10, 0.35), draw.uniform(0.25, 0.60)
    monthly_gain = draw.uniform(0.004, 0.016)
    for number, period in enumerate(DOSSIER_PERIODS):
        gain = 1 - (1 - monthly_gain) ** number

        def part(whole: int, level: float, rise: float = gain) -> int:
            """A share of ``whole``: nearer to all of it as the months pass, never above it."""
            share = level + (1 - level) * rise + draw.uniform(-0.012, 0.012)
            return round(whole * min(max(share, 0.0), 1.0))

        received = round(population * per_head * draw.uniform(0.92, 1.08))
        issued = round(received * draw.uniform(0.93, 1.01))
        with_fee = round(received * draw.uniform(0.50, 0.58))
        yield (
            period,
            {
                "received": received,
                "full_online": part(received, online),
                "digitised": part(received, digitised),
                "results_issued": issued,
                "results_electronic": part(issued, electronic),
                "reusing_data": part(received, reused),
                "with_fee": with_fee,
                "paid_online": part(with_fee, paid),
                "synthetic": True,
                "source_note": NOTE,
            },
        )


def _communes() -> list[str]:
    with (PROJECT / "indicator_specs" / "reference" / "org_unit.csv").open(encoding="utf-8") as file:
        return [code for line in file if (code := line.partition(",")[0])[0] == "C" and code[1:].isdigit()]


def commune_report(code: str, time_period: str) -> dict[str, int]:
    """One commune's figures of one month, by measure: its own level with noise, the same whenever it is asked for."""
    own = _generator(f"commune {code}")
    usual_documents, usual_tasks = own.randint(120, 900), own.randint(12, 90)
    document_share, task_share = own.uniform(0.62, 0.99), own.uniform(0.50, 0.98)
    has_tasks = own.random() > 0.004
    draw = _generator(f"commune {code} {time_period}")
    processed = round(usual_documents * draw.uniform(0.85, 1.2))
    assigned = round(usual_tasks * draw.uniform(0.85, 1.2)) if has_tasks else 0
    electronic = round(processed * min(1.0, document_share * draw.uniform(0.97, 1.04)))
    monitored = round(assigned * min(1.0, task_share * draw.uniform(0.97, 1.04)))
    return {
        "administration.documents_processed": processed,
        "administration.documents_full_electronic": electronic,
        "administration.tasks_assigned": assigned,
        "administration.tasks_monitored_electronically": monitored,
    }
