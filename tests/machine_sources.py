"""Small sources for tests of the connectors, declared as a source folder would declare them."""

from pathlib import Path

from indicator_specs.source_spec import Dataset, Source

ROLES = {"org_unit": "unit_code", "time_period": "period"}


def measure(name: str, column: str) -> dict[str, object]:
    """A measure ``probe.<name>`` that stands in ``column``."""
    return {"id": f"probe.{name}", "column": column, "name": {"vi": name, "en": name}, "unit": "item", "nature": "flow"}


def source(
    kind: str, folder: Path, *, timeout: str = "5", connection: dict[str, object] | None = None, **dataset: object
) -> tuple[Source, Dataset]:
    """A source with one dataset ``counts`` of measures ``received`` and ``online``, wide unless told otherwise."""
    declared = {
        "id": "counts",
        "name": {"vi": "Số đếm", "en": "Counts"},
        "frequency": "monthly",
        "level": ["province"],
        "columns": ROLES,
        "measures": [measure("received", "received"), measure("online", "full_online")],
        **dataset,
    }
    made = Source.model_validate(
        {
            "id": "probe",
            "name": {"vi": "Nguồn thử", "en": "Probe"},
            "kind": kind,
            "owner": "NSO",
            "connection": {"secret": "CHISO_PROBE", "timeout_seconds": timeout, **(connection or {})},
            "datasets": [declared],
        }
    ).placed(folder, "source.yml")
    return made, made.datasets[0]
