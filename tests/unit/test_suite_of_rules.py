"""Suites are values: derived from terms, complete, and asked of columns that the frame really has."""

import subprocess
import sys

from expectations.rendering import Both
from expectations.suites import Must, Scope, suite
from expectations.terms import MeasureTerms
from indicator_specs.findings import Severity
from tests.judging import frame, reading, terms


def test_every_rule_asks_about_columns_of_the_frame() -> None:
    whole = MeasureTerms(Both("Tổng", "Whole"), "tasks", parts=("tasks.online", "docs.online"))
    of = terms(tasks__all=whole)
    columns = set(frame(reading(1), of).columns)
    asked = {column for rule in suite(of) for column in (rule.column, rule.other) if column}
    assert asked - columns == set()


def test_ids_are_unique_except_for_one_ceiling_each() -> None:
    ids = [rule.id for rule in suite(terms())]
    assert len(ids) == len(set(ids))
    third = MeasureTerms(Both("Ba", "Three"), "docs", ceilings=("docs.all", "tasks.all"))
    assert [
        rule.other
        for rule in suite(terms(docs__online=third))
        if rule.must is Must.NOT_BE_ABOVE and "ceiling" in rule.other
    ] == [
        "ceiling_0",
        "ceiling_1",
    ]


def test_a_published_series_may_be_recast_on_todays_units_but_a_form_may_not() -> None:
    severities = {kind: {rule.id: rule.severity for rule in suite(terms(kind))} for kind in ("workbook", "database")}
    assert severities["workbook"]["future_org_unit"] is Severity.ERROR
    assert severities["database"]["recast_org_unit"] is Severity.INFO
    assert "future_org_unit" not in severities["database"]


def test_parts_are_only_asked_about_where_declared() -> None:
    assert "parts_do_not_add_up" not in {rule.id for rule in suite(terms())}


def test_comparison_with_the_past_never_returns_a_figure() -> None:
    past = {"scale_slip", "large_change", "copy_of_previous", "swapped_columns"}
    assert {rule.severity for rule in suite(terms()) if rule.id in past} == {Severity.WARNING}


def test_notes_speak_of_the_whole_case() -> None:
    notes = [rule for rule in suite(terms()) if rule.severity is Severity.INFO and rule.id != "repeated_row"]
    assert {rule.scope for rule in notes} == {Scope.CASE, Scope.COLUMN}


def test_the_room_is_entered_without_the_engine() -> None:
    code = "import sys, expectations; sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
