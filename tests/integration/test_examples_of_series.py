"""Examples with one figure per period, and of composites, become unit tests of the model, period by period."""

from pathlib import Path

import pytest

from tests.engine import engine, indicator

MEASURES = {"monthly": ("flow dossier flow",), "quarterly": ("stock dossier stock",)}


def example(given: str, expect: str, more: str = "") -> str:
    return f"examples:\n  - {{given: {{{given}}}, expect: {expect}{more}}}"


def method(formula: str, *names: str, frequency: str = "monthly") -> str:
    inputs = ", ".join(f"{name}: {{measure: figures.{name}}}" for name in names)
    return f'valid_from: "2025-01", frequency: {frequency}, formula: "{formula}", inputs: {{{inputs}}}'


def composite(aggregation: str, first: str, second: str, policy: str = "") -> str:
    joined = f"{{members: [{first}, {second}], aggregation: {aggregation}{policy}}}"
    return f'valid_from: "2025-01", frequency: monthly, composite: {joined}'


BANDS = "{method: bands, bands: [{floor: 2, points: 5}, {floor: 4, points: 8}]}"
REWEIGHT = ", missing: reweight, min_weight: 0.5"
INDICATORS = (
    indicator(
        "growing", method("growth(flow)", "flow"), unit="percent", rest=example("flow: [4, 2, null, 4, 5]", "25")
    ),
    indicator("to_date", method("ytd(flow)", "flow"), rest=example("flow: [1, 2, 4]", "6", ', period: "2026-02"')),
    indicator(
        "since", method("index_base(flow, '2025-02')", "flow"), unit="percent", rest=example("flow: [9, 4, 6]", "150")
    ),
    indicator("newest", method("latest(flow, 1)", "flow"), rest=example("flow: [null, 3, null, 5]", "5")),
    indicator(
        "mixed",
        method("rolling_sum(flow, 2) + lag(stock, 1)", "flow", "stock", frequency="quarterly"),
        rest=example("flow: [10, 20, 30], stock: [1, 2, 3]", "52"),
    ),
    indicator(
        "reached",
        method("flow", "flow"),
        rest='targets: [{id: t, by: "2030", level: province, operator: ">=", value: "40", source: x, governs: true}]\n'
        + example("flow: 3", "3"),
    ),
    indicator(
        "points",
        composite(
            "sum",
            "{indicator: reached, weight: 10, normalise: {method: distance_to_target}}",
            f"{{measure: figures.flow, normalise: {BANDS}}}",
        ),
        unit="point",
        kind="composite",
        rest=example("reached: 20, flow: 4", "13") + "\n  - {given: {reached: 80, flow: 1}, expect: 10}",
    ),
    indicator(
        "weakest",
        composite("geometric", "{measure: figures.flow}", "{indicator: reached, weight: 3}"),
        kind="composite",
        rest=example("flow: 0, reached: 5", "0")
        + "\n  - {given: {flow: 16, reached: 1}, expect: 2}\n  - {given: {flow: -1, reached: 5}, expect: null}",
    ),
    indicator(
        "without_one",
        composite("arithmetic", "{measure: figures.flow}", "{indicator: reached, weight: 3}", REWEIGHT),
        kind="composite",
        rest=example("flow: null, reached: 5", "5") + "\n  - {given: {flow: 5, reached: null}, expect: null}",
    ),
)


def test_the_unit_tests_of_series_and_composites_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine(tmp_path, monkeypatch, MEASURES, INDICATORS)
    result = made.build(unit_tests=True)
    assert result.failures == (), "\n".join(result.failures)
    tested = [node.unique_id for node in result.nodes if node.unique_id.startswith("unit_test.")]
    assert len(tested) == len(INDICATORS)
