"""Modules stay short, and nothing hides in rooms without a name."""

import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("indicator_specs", "connectors", "expectations", "dbt_project", "superset_config", "pipelines")


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def tracked(suffix: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if name.endswith(suffix)]


def test_no_module_is_longer_than_300_lines_and_the_median_is_short() -> None:
    modules = {path: lines(path) for path in tracked(".py")}
    assert {path.name: n for path, n in modules.items() if n > 300} == {}
    assert statistics.median(modules.values()) <= 120


def test_hand_written_models_are_at_most_80_lines() -> None:
    models = [path for path in tracked(".sql") if "generated" not in path.parts and "indicators" not in path.parts]
    assert {path.name: lines(path) for path in models if lines(path) > 80} == {}


def test_specs_are_at_most_80_lines() -> None:
    specs = [path for path in tracked(".yml") if "catalogue" in path.parts]
    assert specs
    assert {path.name: lines(path) for path in specs if lines(path) > 80} == {}


def test_no_room_is_named_for_what_was_left_over() -> None:
    nameless = {"utils", "common", "helpers", "lib", "scripts", "misc"}
    assert [
        str(path) for path in tracked("") if nameless & {part.removesuffix(".py") for part in path.parts[-3:]}
    ] == []


def test_definitions_stay_under_60_lines() -> None:
    assert lines(ROOT / "pipelines" / "definitions.py") < 60


def test_no_tracked_file_is_over_two_megabytes_or_names_an_index() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    files = [ROOT / name for name in listed if name and (ROOT / name).exists()]
    assert [path.name for path in files if path.stat().st_size > 2 * 1024 * 1024] == []
    locks = [path.read_text(encoding="utf-8") for path in files if path.suffix == ".lock"]
    assert len(locks) == 4
    assert all("://" not in text and "--hash=sha256:" in text for text in locks)
