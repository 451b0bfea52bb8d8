"""What the warehouse remembers of its last build, and that a warehouse which is no use is made anew."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dbt_project.build import content_hash
from indicator_specs.home import Home
from pipelines.built import Mark, at_work, note_built, noted_mark
from pipelines.installation import Installation


@pytest.fixture
def installation(home: Home) -> Installation:
    home.warehouse.parent.mkdir(parents=True)
    return Installation(home)


def note(installation: Installation, mark: Mark) -> None:
    with at_work(installation.home) as warehouse:
        note_built(warehouse, mark, None)


def noted(installation: Installation) -> Mark | None:
    with at_work(installation.home) as warehouse:
        return noted_mark(warehouse)


def test_a_mark_is_read_as_it_was_written(installation: Installation) -> None:
    assert noted(installation) is None
    note(installation, Mark("catalogue", "models", "/home", 7, "2026-11-10"))
    assert noted(installation) == Mark("catalogue", "models", "/home", 7, "2026-11-10")


def test_other_models_and_another_home_are_other_rules() -> None:
    built = Mark("catalogue", "models", "/home", 7, "2026-11-10")
    assert built.has_same_rules(Mark("catalogue", "models", "/home", 9, "2026-11-11"))
    assert not built.has_same_rules(Mark("catalogue", "models of an upgrade", "/home", 7, "2026-11-10"))
    assert not built.has_same_rules(Mark("catalogue", "models", "/moved", 7, "2026-11-10"))


def test_a_mark_of_an_earlier_program_counts_as_none(installation: Installation) -> None:
    with duckdb.connect(str(installation.home.warehouse)) as warehouse:
        warehouse.execute("""create table built_from as select '{"spec_hash": "x", "last_batch": 1}' as mark""")
    assert noted(installation) is None


def test_a_warehouse_that_cannot_be_opened_is_thrown_away(installation: Installation) -> None:
    note(installation, Mark("catalogue", "models", "/home", 7, "2026-11-10"))
    with installation.home.warehouse.open("r+b") as file:
        file.write(b"x" * 8192)
    assert noted(installation) is None


def test_a_warehouse_in_which_another_process_works_is_kept(installation: Installation) -> None:
    note(installation, Mark("catalogue", "models", "/home", 7, "2026-11-10"))
    holds = "import duckdb, sys; w = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holds, str(installation.home.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(duckdb.IOException, match="lock"):
            noted(installation)
        other.kill()
    assert noted(installation) is not None


def test_the_hash_of_the_models_knows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    model = tmp_path / "models" / "a.sql"
    seen = []
    for name, text in (("a.sql", "select 1"), ("a.sql", "select 2"), ("b.sql", "select 2")):
        model.unlink(missing_ok=True)
        model = tmp_path / "models" / name
        model.write_text(text)
        seen.append(content_hash(tmp_path))
    assert len(set(seen)) == 3
    assert content_hash(tmp_path) == seen[-1]
