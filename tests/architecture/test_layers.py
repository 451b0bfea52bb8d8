"""The arrows between rooms, held by import-linter; and who may import the heavy libraries."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_imports_follow_the_layers() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def importers(library: str) -> set[str]:
    """Files of the rooms that import a library anywhere in them."""
    found = set()
    for room in ("indicator_specs", "connectors", "expectations", "dbt_project", "superset_config", "pipelines"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                if any(name.split(".")[0] == library for name in names):
                    found.add(str(path.relative_to(ROOT)))
    return found


@pytest.mark.parametrize(
    ("library", "room"),
    [
        ("dagster", "pipelines/"),
        ("dagster_dbt", "pipelines/"),
        ("great_expectations", "expectations/engine.py"),
        ("sqlglot", "indicator_specs/formula/"),
        ("superset", "superset_config/"),
    ],
)
def test_heavy_libraries_stay_in_their_room(library: str, room: str) -> None:
    found = importers(library)
    assert found, f"nothing imports {library}: this test would hold nothing"
    assert {path for path in found if not path.startswith(room)} == set()
