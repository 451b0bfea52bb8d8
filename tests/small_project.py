"""A dbt project with few models, so that a build takes seconds."""

import shutil
from pathlib import Path

from dbt_project.codegen import generate
from dbt_project.layout import PROJECT_DIR
from indicator_specs.registry import Registry


def small_project(root: Path, registry: Registry) -> Path:
    """A copy of the dbt project with the models of a registry."""
    shutil.copytree(PROJECT_DIR, root, ignore=shutil.ignore_patterns("target", "__pycache__", "*.py"))
    generate(registry, check=False, project=root)
    return root
