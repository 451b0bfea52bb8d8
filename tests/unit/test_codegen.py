"""Generated models as text: deterministic, from the specs alone, and refused where no model would be right."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from dbt_project.codegen import generate, generated_files
from dbt_project.examples import UnreadableFormulaError, worked_out
from dbt_project.render_indicator import indicator_model
from dbt_project.render_properties import indicator_properties
from dbt_project.variants import CodegenError, variants
from indicator_specs.keys import stable_key
from indicator_specs.periods import parse, period_key
from indicator_specs.registry import Registry
from indicator_specs.spec import Indicator
from tests.whole_catalogue import whole_catalogue


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


def changed(spec: Indicator, **changes: object) -> Indicator:
    """A spec whose newest method differs."""
    method = spec.methods[-1].model_copy(update=changes)
    return spec.model_copy(update={"methods": (*spec.methods[:-1], method)})


def test_writes_what_differs_once_and_deletes_what_no_spec_asks_for(registry: Registry, tmp_path: Path) -> None:
    stale = tmp_path / "models" / "indicators" / "ind_retired.sql"
    stale.parent.mkdir(parents=True)
    stale.write_text("select 1")
    kept = tmp_path / "models" / "marts" / "mart_by_hand.sql"
    kept.parent.mkdir(parents=True)
    kept.write_text("select 1")
    told = generate(registry, check=True, project=tmp_path)
    assert stale.exists()
    assert generate(registry, check=False, project=tmp_path) == told
    assert not stale.exists()
    assert kept.exists()
    assert generate(registry, check=False, project=tmp_path) == []
    edited = tmp_path / "models" / "indicators" / "ind_grdp.sql"
    edited.write_text(edited.read_text(encoding="utf-8") + "\n")
    assert generate(registry, check=True, project=tmp_path) == [edited]


def test_the_same_specs_in_any_order_give_the_same_bytes(registry: Registry) -> None:
    reversed_order = replace(
        registry,
        indicators=dict(reversed(list(registry.indicators.items()))),
        sources=dict(reversed(list(registry.sources.items()))),
    )
    assert generated_files(reversed_order) == generated_files(registry)


def test_every_generated_file_says_that_it_is(registry: Registry) -> None:
    for path, text in generated_files(registry).items():
        assert "do not edit" in text.splitlines()[0], path


def test_an_input_is_filtered_by_keys_and_its_own_periods(registry: Registry) -> None:
    text = indicator_model(registry, registry.indicators["online_service_usage"])
    for measure in ("public_service.dossiers_full_online", "public_service.dossiers_received"):
        assert f"measure_key = {stable_key(measure)}" in text
    assert f"period_key between {period_key('2025-01')} and 4999999" in text
    assert text.count("full outer join") == 1
    assert "origin = 'reported'" not in text
    assert "origin = 'reported'" in indicator_model(registry, registry.indicators["task_completion_rate"])


def test_a_named_producer_is_taken_instead_of_the_preferred_one(registry: Registry) -> None:
    text = indicator_model(registry, registry.indicators["digital_economy_share"])
    assert f"producer_key = {stable_key('NSO')}" in text
    assert "is_preferred" not in text


def test_an_indicator_reads_another_through_its_model(registry: Registry) -> None:
    text = indicator_model(registry, registry.indicators["resident_patent_share"])
    assert "{{ ref('ind_patent_applications') }}" in text


def test_each_method_computes_its_own_periods(registry: Registry) -> None:
    spec = registry.indicators["online_service_usage"]
    newer = spec.method.model_copy(
        update={"version": 2, "valid_from": "2026-07", "formula": "dossiers_online / dossiers_total * 100"}
    )
    twice = spec.model_copy(update={"methods": (*spec.methods, newer)})
    first, second = variants(twice)
    assert (first.first_key, first.last_key) == (period_key("2025-01"), period_key("2026-06"))
    assert second.first_key == period_key("2026-07")
    text = indicator_model(registry, twice)
    assert "indicator_rows('valued_1'" in text
    assert "indicator_rows('valued_2'" in text
    assert text.count("union all") == 1


def test_levels_that_compute_differently_are_kept_apart(registry: Registry) -> None:
    spec = registry.indicators["online_service_usage"]
    override = next(iter(spec.levels.values())).model_copy(update={"formula": "dossiers_online / dossiers_total * 100"})
    apart = spec.model_copy(update={"levels": {**spec.levels, "province": override}})
    found = {variant.levels: variant.formula for variant in variants(apart)}
    assert found[("province",)] == "dossiers_online / dossiers_total * 100"
    assert "where level in ('province')" in indicator_model(registry, apart)


def test_an_input_named_like_a_column_of_every_model_is_refused(registry: Registry) -> None:
    spec = registry.indicators["grdp"]
    inputs = {"coverage": spec.method.inputs["grdp"]}
    with pytest.raises(CodegenError, match="coverage"):
        indicator_model(registry, changed(spec, formula="coverage", inputs=inputs))


def test_an_example_that_does_not_hold_is_refused(registry: Registry) -> None:
    spec = registry.indicators["online_service_usage"]
    wrong = spec.examples[0].model_copy(update={"expect": Decimal(81)})
    with pytest.raises(CodegenError, match=r"80\.0, not 81"):
        indicator_properties(registry, spec.model_copy(update={"examples": (wrong,)}))


@pytest.mark.parametrize(
    ("formula", "given", "value"),
    [
        ("100 * a / b", {"a": Decimal(2), "b": Decimal(3)}, 200 / 3),
        ("a / b", {"a": Decimal(1), "b": Decimal(0)}, None),
        ("a + b", {"a": Decimal(1), "b": None}, None),
        ("(a + b) ^ 2", {"a": Decimal("0.1"), "b": Decimal("0.2")}, 0.09),
        ("ln(a)", {"a": Decimal(-1)}, None),
        ("sqrt(least(a, b))", {"a": Decimal(9), "b": Decimal(16)}, 3.0),
        ("exp(a)", {"a": Decimal(1000)}, None),
    ],
)
def test_examples_are_worked_out_exactly(formula: str, given: dict[str, Decimal | None], value: float | None) -> None:
    (found,) = worked_out(formula, {name: [figure] for name, figure in given.items()}, parse("2026-01"))
    assert found == (None if value is None else pytest.approx(value, rel=1e-15))


@pytest.mark.parametrize(
    ("formula", "figures", "values"),
    [
        ("lag(a, 1)", [1, None, 3], [None, 1, None]),
        ("change(a)", [1, 4, 2], [None, 3, -2]),
        ("growth(a, 2)", [4, 7, 5], [None, None, 25]),
        ("growth(a)", [0, 7, -5], [None, None, pytest.approx(-1200 / 7)]),
        ("yoy(a)", [4, *[None] * 11, 5], [*[None] * 12, 25]),
        ("ytd(a)", [1, 2, 4], [None, 2, 6]),
        ("rolling_sum(a, 2)", [1, 2, None, 4, 5], [None, 3, None, None, 9]),
        ("rolling_mean(a, 2)", [1, 2], [None, 1.5]),
        ("at(a, '2026-01')", [1, 2, 4], [2, 2, 2]),
        ("index_base(a, '2026-01')", [1, 2, 4], [50, 100, 200]),
        ("cagr(a, '2025-02')", [4, *[None] * 11, 5], [*[None] * 12, pytest.approx(25)]),
        ("latest(a, 1)", [1, None, None], [1, 1, None]),
        ("latest(1 / a, 1)", [2, 0], [0.5, 0.5]),
        ("goalposts(a, 10, 0)", [2, 12], [0.8, 0]),
    ],
)
def test_series_are_worked_out_too(formula: str, figures: list[int | None], values: list[float | None]) -> None:
    """The last figure is of February 2026."""
    given = [None if figure is None else Decimal(figure) for figure in figures]
    assert worked_out(formula, {"a": given}, parse("2026-02")) == values


@pytest.mark.parametrize("formula", ["rank(a)", "zscore(a)", "count_units(a > 1)", "a > 1"])
def test_what_looks_at_other_units_is_not_worked_out(formula: str) -> None:
    with pytest.raises(UnreadableFormulaError):
        worked_out(formula, {"a": [Decimal(1)]}, parse("2026-02"))
