"""Everything that is generated from the specs and checked in, in one call."""

from pathlib import Path

import dbt_project.codegen
import superset_config.codegen
from indicator_specs.registry import load_registry
from indicator_specs.schema import generate_schema


def generate_all(*, check: bool) -> list[Path]:
    """Write the generated files that differ, or only name them.

    Args:
        check: write nothing.

    Returns:
        The files that changed, or would.

    Raises:
        SpecError: the catalogue has mistakes.
    """
    registry = load_registry()
    return [
        *generate_schema(check=check),
        *dbt_project.codegen.generate(registry, check=check),
        *superset_config.codegen.generate(registry, check=check),
    ]
