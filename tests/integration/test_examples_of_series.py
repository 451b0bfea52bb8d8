"""Examples with one figure per period become unit tests of the model, period by period."""

from pathlib import Path

import pytest

from tests.engine import engine, indicator

MEASURES = {"monthly": ("flow dossier flow",), "quarterly": ("stock dossier stock",)}


def example(given: str, expect: str, more: str = "") -> str:
    return f"examples:\n  - {{given: {{{given}}}, expect: {expect}{more}}}"


def method(formula: str, *names: str, frequency: str = "monthly") -> str:
    inputs = ", ".join(f"{name}: {{measure: figures.{name}}}" for name in names)
    return f'valid_from: "2025-01", frequency: {frequency}, formula: "{formula}", inputs: {{{inputs}}}'


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
)


def test_the_unit_tests_of_series_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine(tmp_path, monkeypatch, MEASURES, INDICATORS)
    result = made.build(unit_tests=True)
    assert result.failures == (), "\n".join(result.failures)
    tested = [node.unique_id for node in result.nodes if node.unique_id.startswith("unit_test.")]
    assert len(tested) == len(INDICATORS)
