"""The same models on Spark give what DuckDB gives: sums over units, and indicators of every shape.

The inputs of the models are handed over as Parquet; what is compared is every row that each engine makes of them.
"""

import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from indicator_specs.home import PROJECT
from tests.tiny_warehouse import TinyWarehouse, tiny_warehouse

PYTHON = PROJECT / ".venv-spark" / "bin" / "python"
PLAY = PROJECT / "dbt_project" / "spark" / "play.py"
HISTORY = (
    "int_org_move", "int_org_way", "int_org_ancestor", "int_org_part", "int_org_era", "int_org_group",
    "int_org_group_pair", "int_divided",
)  # fmt: skip
GIVEN = {
    "reference": ("org_unit", "period"),
    "spec": ("measure", "breakdown", "assignment"),
    "intermediate": ("int_observations", "int_org_child", *HISTORY),
    "marts": ("dim_org_unit",),
}
"""What the played models read and do not make themselves."""
ROLLED = tuple(f"intermediate.int_{name}" for name in ("given_group", "expected", "reporting_group", "rolled"))
INDICATORS = (
    "indicators.ind_online_service_usage",
    "indicators.ind_electronic_document_processing",
    "indicators.ind_provincial_dti",
)


def _values() -> list[tuple[str, str, str, str]]:
    months = [f"2026-{month:02d}" for month in range(1, 11)]
    rows = [
        (measure, unit, month, str(base + 7 * number + at))
        for measure, base in (("public_service.dossiers_full_online", 31), ("public_service.dossiers_received", 211))
        for number, unit in enumerate(("P01", "P04", "P48", "P79"))
        for at, month in enumerate(months)
        # One province is silent for a month, and the nation with it.
        if not (unit == "P48" and month == "2026-05")
    ]
    return [*rows, ("public_service.dossiers_received", "P08", "2026-09", "0")]


def _main_indices() -> list[tuple[str, str, str, str]]:
    names = ("awareness", "institutions", "infrastructure", "workforce", "security", "government", "economy", "society")
    return [
        (f"dti.{name}", unit, "2022", f"0.{digits + place}")
        for unit, digits in (("F48", 5100), ("F22", 6203), ("F46", 7307))
        for place, name in enumerate(names)
    ]


def _communes() -> list[tuple[str, str, str, str]]:
    return [
        (f"administration.documents_{part}", unit, "2026-10", value)
        for unit, full, all_ in (("C00004", "12.5", "40"), ("C00008", "7", "19"))
        for part, value in (("full_electronic", full), ("processed", all_))
    ]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> TinyWarehouse:
    with pytest.MonkeyPatch.context() as patch:
        made = tiny_warehouse(tmp_path_factory.mktemp("spark"), patch)
        made.accept("online_services", "dossiers", _values())
        made.accept("online_services", "digital_transformation_index", _main_indices())
        made.accept("commune_report", "administration", _communes())
        return made.built()


@pytest.fixture(scope="module")
def played(warehouse: TinyWarehouse) -> Path:
    """The folder in which Spark left its tables."""
    if shutil.which("java") is None:
        pytest.skip("Java is missing: apt-get install default-jre-headless")
    if not PYTHON.exists():
        pytest.skip(f"Spark's environment is missing ({PYTHON}): make .venv-spark/.ready")
    given, left = warehouse.home.root / "given", warehouse.home.root / "left"
    with duckdb.connect(str(warehouse.home.warehouse), read_only=True) as connection:
        for schema, tables in GIVEN.items():
            (given / schema).mkdir(parents=True)
            for table in tables:
                connection.execute(f"copy (from {schema}.{table}) to '{given / schema / table}.parquet'")
    models = ["int_measure_values", *(name.split(".")[1] for name in (*ROLLED, *INDICATORS))]
    places = {
        "CHISO_HOME": str(warehouse.home.root),
        "CHISO_WAREHOUSE": "",
        "DO_NOT_TRACK": "1",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    done = subprocess.run(
        [PYTHON, "-I", PLAY, given, left, *models],
        env=os.environ | places,
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return left


@pytest.mark.parametrize("table", [*ROLLED, *INDICATORS])
def test_both_engines_give_the_same_rows(warehouse: TinyWarehouse, played: Path, table: str) -> None:
    schema, name = table.split(".")
    with duckdb.connect(str(warehouse.home.warehouse), read_only=True) as connection:
        connection.execute(f"create temp view on_spark as from '{played / schema / name}.parquet/*.parquet'")
        columns = [column for column, *_ in connection.execute(f"describe {table}").fetchall()]
        assert {column for column, *_ in connection.execute("describe on_spark").fetchall()} == set(columns)
        # Doubles are compared to fifteen digits: the engines may take their last step in another order.
        listed = ", ".join(_comparable(connection, table, column) for column in columns)
        ours = connection.execute(f"select {listed} from {table} order by all").fetchall()
        theirs = connection.execute(f"select {listed} from on_spark order by all").fetchall()
    assert ours, f"nothing to compare in {table}"
    assert theirs == ours


def _comparable(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> str:
    kind = connection.execute(f"select typeof({column}) from {table} limit 1").fetchone()
    return f"format('{{:.14e}}', {column}) as {column}" if kind == ("DOUBLE",) else column
