"""What is generated for Superset: the same bytes each time, nothing left over, mistakes named."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from indicator_specs.home import PROJECT
from superset_config.charts import STATE_WORDS
from superset_config.codegen import documents, generate
from superset_config.definition import DefinitionError, read_definitions
from superset_config.palette import LIGHTS
from tests.whole_catalogue import whole_catalogue

HERE = PROJECT / "superset_config"


@dataclass(frozen=True)
class Unit:
    kind: str
    name_vi: str


def registry(*indicators: str) -> Any:
    name = SimpleNamespace(meaning=SimpleNamespace(name=SimpleNamespace(vi="Tỉ lệ sử dụng")))
    units = {
        "VN": Unit("nation", "Việt Nam"),
        "P79": Unit("province", "Hồ Chí Minh"),
        "F79": Unit("former_province", "x"),
    }
    return SimpleNamespace(indicators=dict.fromkeys(indicators, name), reference=SimpleNamespace(org_units=units))


CATALOGUE = registry("online_service_usage")


def parsed() -> dict[str, Any]:
    return {name: yaml.safe_load(text) for name, text in documents(CATALOGUE, read_definitions()).items()}


def test_the_same_input_gives_the_same_bytes() -> None:
    assert documents(CATALOGUE, read_definitions()) == documents(CATALOGUE, read_definitions())


def test_a_page_starts_with_an_indicator_that_the_catalogue_has() -> None:
    chosen = [
        each.default_indicator
        for dashboard in read_definitions().dashboards
        for each in dashboard.filters
        if each.default_indicator is not None
    ]
    assert chosen
    assert set(chosen) <= set(whole_catalogue().indicators)
    ours = documents(CATALOGUE, read_definitions())
    assert documents(registry("another"), read_definitions()) == ours
    of_nothing = documents(registry(), read_definitions())
    assert of_nothing.keys() == ours.keys(), "a catalogue that is still to be written has its pages too"


def test_generating_writes_what_differs_and_removes_what_is_left_over(tmp_path: Path) -> None:
    first = generate(CATALOGUE, folder=tmp_path)
    assert len(first) == len(documents(CATALOGUE, read_definitions()))
    assert generate(CATALOGUE, folder=tmp_path) == []
    chart = tmp_path / "assets/charts/tong-quan.attention.yaml"
    chart.write_text("edited by hand")
    (tmp_path / "assets/charts/old.yaml").write_text("left over")
    expected = [tmp_path / "assets/charts/old.yaml", chart]
    assert generate(CATALOGUE, check=True, folder=tmp_path) == expected
    assert chart.read_text() == "edited by hand"
    assert generate(CATALOGUE, folder=tmp_path) == expected
    assert generate(CATALOGUE, check=True, folder=tmp_path) == []


def test_every_chart_reads_one_dataset_that_is_generated_and_stands_on_a_dashboard() -> None:
    found = parsed()
    datasets = {each["uuid"] for name, each in found.items() if "/datasets/" in name}
    charts = {each["uuid"]: each for name, each in found.items() if "/charts/" in name}
    assert {each["dataset_uuid"] for each in charts.values()} <= datasets
    placed = [
        node["meta"]["uuid"]
        for name, each in found.items()
        if "/dashboards/" in name
        for node in each["position"].values()
        if isinstance(node, dict) and node["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(charts)


def test_every_mart_is_shown_to_somebody() -> None:
    definitions = read_definitions()
    shown = {chart.mart for dashboard in definitions.dashboards for chart in dashboard.charts}
    assert shown == definitions.marts.keys()
    made = {path.stem for path in (PROJECT / "dbt_project/models/marts").glob("mart_*.sql")}
    stored = {name for name, mart in definitions.marts.items() if mart.sql is None}
    assert stored == {*made, "mart_release"}, "mart_release is written when a release is sealed"


def test_every_column_and_metric_has_a_name_for_people() -> None:
    for name, each in parsed().items():
        if "/datasets/" in name:
            assert all(column["verbose_name"] for column in each["columns"]), name
            assert all(metric["verbose_name"] for metric in each["metrics"]), name


def test_only_provinces_of_today_get_a_role() -> None:
    assert parsed()["access.yaml"]["provinces"] == {"P79": "Hồ Chí Minh"}


def test_a_dataset_with_a_province_is_restricted_by_it() -> None:
    definitions = read_definitions()
    assert {name: mart.restricted_by for name, mart in definitions.marts.items()} == {
        name: "province_code" if "province_code" in mart.columns else None for name, mart in definitions.marts.items()
    }


def test_no_metric_averages_what_is_already_a_ratio() -> None:
    expressions = [m.expression.lower() for mart in read_definitions().marts.values() for m in mart.metrics.values()]
    assert expressions
    assert not [each for each in expressions if "avg(" in each or "sum(obs_value" in each]


def test_the_words_of_the_marts_are_the_words_that_are_painted() -> None:
    words = (PROJECT / "dbt_project/macros/words.sql").read_text("utf-8")
    assert [word for word in (*LIGHTS, *STATE_WORDS.values()) if f"'{word}'" not in words] == []


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    for folder in ("datasets", "dashboards"):
        (tmp_path / folder).mkdir()
    (tmp_path / "datasets/mart_a.yml").write_text(
        "mart: mart_a\nname: A\ndescription: A\n"
        "columns: {a: [text, A]}\nmetrics: {n: {name: N, expression: COUNT(*)}}\n"
    )
    chart = "{{id: c{0}, title: C, width: 12, mart: mart_a, kind: rows, columns: [a{1}]}}"
    rows = "".join(f"      - {{height: 10, charts: [{chart.format(n, 'bc' if n == 3 else '')}]}}\n" for n in range(9))
    (tmp_path / "dashboards/d.yml").write_text(
        "slug: d\ntitle: D\nfilters: [{id: f, name: F, mart: mart_a, column: missing}]\n"
        f"tabs:\n  - id: t\n    title: T\n    rows:\n{rows}"
    )
    (tmp_path / "datasets/mart_b.yml").write_text("mart: mart_b\nnmae: B\n")
    with pytest.raises(DefinitionError) as caught:
        read_definitions(tmp_path)
    told = str(caught.value)
    for part in ("mart_b.yml: nmae", "9 charts; at most 8", "no column 'abc' in mart_a", "no column mart_a.missing"):
        assert part in told


def test_security_names_datasets_roles_and_provinces_that_exist() -> None:
    security = yaml.safe_load((HERE / "security.yml").read_text("utf-8"))
    marts = read_definitions().marts
    assert {name for name, mart in marts.items() if mart.restricted_by is None} == set(security["open_datasets"])
    assert {user["role"] for user in security["users"]} <= {"admin", "analyst", "agency"}
    assert {key for user in security["users"] for key in user} <= {
        "username",
        "first_name",
        "last_name",
        "role",
        "provinces",
    }
