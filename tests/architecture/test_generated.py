"""What is generated and checked in is what the specs give today."""

from dbt_project.codegen import generate
from indicator_specs.registry import load_registry


def test_generated_models_are_up_to_date() -> None:
    assert generate(load_registry(), check=True) == [], "run: chiso generate"
