"""Two programmes over one catalogue: what both need is asked once, and each tells its own codes apart."""

from decimal import Decimal

import pytest

from indicator_specs import graph
from indicator_specs.lint import lint
from indicator_specs.registry import Registry
from tests.whole_catalogue import whole_catalogue

SECOND = "public_service_quality"
GROUPS = {"openness": 18, "on_time_settlement": 20, "digitisation": 22, "online_services": 22, "satisfaction": 18}
"""Most points of the five groups of Decision 766/QĐ-TTg."""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


def test_an_indicator_of_both_programmes_bears_a_code_of_each(registry: Registry) -> None:
    both = [spec for spec in registry.indicators.values() if {"nq57", SECOND} <= set(spec.programmes)]
    assert sorted(spec.id for spec in both) == ["dossier_digitisation", "electronic_results", "online_payment"]
    for spec in both:
        assert len(registry.programmes[SECOND].codes_of(spec.codes)) == 1
        assert len(spec.codes) == 2


def test_every_indicator_of_the_second_programme_has_its_code(registry: Registry) -> None:
    codes = sorted(
        code
        for spec in registry.indicators.values()
        if SECOND in spec.programmes
        for code in registry.programmes[SECOND].codes_of(spec.codes)
    )
    groups = ["0", "1a", "1b", "2", "3a", "3b", "4a", "4b", "5a", "5b", "5c"]
    assert codes == [f"QD766.{group}" for group in groups]


def test_the_index_joins_all_of_them_by_the_points_of_the_decision(registry: Registry) -> None:
    index = registry.indicators["public_service_quality"]
    composite = index.method.composite
    assert composite is not None
    assert {member.input_name: member.weight for member in composite.members} == GROUPS
    assert sum(member.weight for member in composite.members) == Decimal(100)
    others = {spec.id for spec in registry.indicators.values() if SECOND in spec.programmes} - {index.id}
    assert graph.inputs_of(index)[1] == others


def test_no_figure_is_asked_twice(registry: Registry) -> None:
    assert [finding for finding in lint(registry) if finding.check in {"asked_twice", "same_code"}] == []
