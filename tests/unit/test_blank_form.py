"""Whose rows a form has: the reporter's own, those of the units under it, or every unit of its levels."""

from datetime import date

import pytest

from connectors.workbook.form import blank_form
from indicator_specs.registry import Registry
from tests.whole_catalogue import whole_catalogue

DAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


def asked(registry: Registry, dataset: str, agency: str, period: str) -> list[str]:
    form = blank_form(registry, registry.datasets[dataset], agency, period)
    return [row.org_unit for row in form.rows]


def test_a_body_that_reports_on_the_nation_and_the_provinces_has_a_row_for_each(registry: Registry) -> None:
    rows = asked(registry, "ministry_report.bank_accounts", "G19", "2026")
    assert rows[0] == "VN"
    assert len(rows) == 1 + 34
    assert rows[1:] == sorted(unit.org_unit_code for unit in registry.reference.of_level("province", DAY))


def test_a_form_about_ministries_leaves_out_those_that_have_ended(registry: Registry) -> None:
    rows = asked(registry, "ministry_report.licensing", "G22", "2026-Q2")
    assert "G06" in rows
    assert "MIC" not in rows
    assert "MIC" in asked(registry, "ministry_report.licensing", "G22", "2024-Q4")


def test_the_rows_of_the_units_below_and_of_the_reporter_alone(registry: Registry) -> None:
    assert len(asked(registry, "commune_report.administration", "P01", "2026-10")) == 126
    assert asked(registry, "ministry_report.connected_units", "G12", "2026-Q2") == ["G12"]
