"""The whole line on real input: what came in, what came back, what the marts say."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import jinja2
import openpyxl
import pytest

from connectors.ledger import Ledger
from dbt_project.layout import PROJECT_DIR
from indicator_specs.findings import Severity
from tests.conftest import Played

GOLDEN = [
    # Published scores of 2022 (dti.gov.vn/xep-hang-2022), reproduced from the published main indices.
    ("provincial_dti", "F48", "2022", Decimal("0.8002"), Decimal("0.0001")),
    ("provincial_dti", "F22", "2022", Decimal("0.7024"), Decimal("0.0001")),
    ("provincial_dti", "F46", "2022", Decimal("0.6975"), Decimal("0.0001")),
    # Huế 2025 (vneconomy.vn, 01/10/2025).
    ("provincial_innovation_index", "P46", "2025", Decimal("49.37"), Decimal("0.006")),
    # Growth of the national index, 0.7326 to 0.7955 (dantri.com.vn, 21/10/2025), from the workbooks of its ministry.
    ("national_dti_growth", "VN", "2024", Decimal("8.6"), Decimal("0.05")),
    # Tasks of the central steering committee, 04/12/2025 (vietnam.vn).
    ("task_completion_rate", "VN", "2025-12", Decimal("47"), Decimal("0.5")),
    ("task_overdue_rate", "VN", "2025-12", Decimal("8"), Decimal("0.5")),
]

RULES = {"text_in_number": "not_a_number", "duplicate_with_different_value": "duplicate_row"}
"""What judgement calls an officer's mistake, where the two use different words."""


def ask(played: Played, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    path = (played.home.published / "mart.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as mart:
        return mart.execute(sql, list(parameters)).fetchall()


@pytest.mark.parametrize(("indicator", "unit", "period", "published", "tolerance"), GOLDEN)
def test_published_results_follow_from_published_inputs(
    played: Played, indicator: str, unit: str, period: str, published: Decimal, tolerance: Decimal
) -> None:
    [(value,)] = ask(
        played,
        "select obs_value from marts.mart_scoreboard where indicator = ? and org_unit_code = ? and time_period = ?",
        indicator,
        unit,
        period,
    )
    assert abs(Decimal(str(value)) - published) <= tolerance


def test_every_row_read_is_accepted_or_returned(played: Played) -> None:
    with Ledger.open(played.home) as ledger:
        batches = ledger.batches()
    assert batches
    assert {b.batch_no for b in batches if b.n_read != b.n_accepted + b.n_returned} == set()
    assert {b.source for b in batches} == {
        "national_statistics",
        "online_services",
        "commune_report",
        "published_rankings",
        "system_conduct",
    }


def test_the_wrong_workbook_comes_back_with_every_mistake_at_its_cell(played: Played) -> None:
    with Ledger.open(played.home) as ledger:
        [submission] = [s for s in ledger.submissions(agency="P48") if s.time_period == "2026-10"]
        findings = ledger.findings(submission_no=submission.submission_no)
    assert submission.state == "partly_accepted"
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    made = {(RULES.get(mistake.kind, mistake.kind), mistake.place) for mistake in played.report.mistakes}
    assert len(made) == 6
    told = {(finding.rule, finding.place) for finding in errors}
    [other_row] = told - made
    assert made <= told
    assert other_row[0] == "duplicate_row", "of two rows that contradict each other both are marked, and nothing else"
    [annotated] = (played.home.intake / "P48" / "ket_qua").glob(f"*{submission.submission_no:06d}*.xlsx")
    sheet = openpyxl.load_workbook(annotated)["Số liệu"]
    for finding in errors:
        cell = sheet[finding.place.split("!")[1]]
        assert cell.comment is not None, finding
        assert cell.fill.fgColor.rgb not in {None, "00000000"}, finding


def test_nothing_of_a_returned_group_reaches_the_warehouse_and_its_good_groups_do(played: Played) -> None:
    with Ledger.open(played.home) as ledger:
        [submission] = [s for s in ledger.submissions(agency="P48") if s.time_period == "2026-10"]
        findings = ledger.findings(submission_no=submission.submission_no)
        [batch] = ledger.batches(submission_no=submission.submission_no)
    returned = {(f.org_unit, f.measure) for f in findings if f.severity is Severity.ERROR and f.org_unit and f.measure}
    assert returned
    released = {
        (str(unit), str(measure))
        for unit, measure in ask(
            played, "select org_unit_code, measure from lineage.lineage_observation where batch_no = ?", batch.batch_no
        )
    }
    assert returned & released == set()
    assert len(released) == batch.n_accepted


def test_receipts_are_text_and_json_for_every_file(played: Played) -> None:
    with Ledger.open(played.home) as ledger:
        submissions = ledger.submissions()
    assert len(submissions) == 34 + 33 + 2
    by_state = Counter(str(s.state) for s in submissions)
    assert by_state["partly_accepted"] == 1
    for submission in submissions:
        folder: Path = played.home.intake / submission.agency / "ket_qua"
        [text] = folder.glob(f"*{submission.submission_no:06d}*.txt")
        [receipt] = folder.glob(f"*{submission.submission_no:06d}*.json")
        assert submission.sha256 in text.read_text(encoding="utf-8")
        assert json.loads(receipt.read_text(encoding="utf-8"))["submission_no"] == submission.submission_no


def test_a_silent_commune_shows_as_coverage_and_never_as_a_false_total(played: Played) -> None:
    incomplete = ask(
        played,
        """select org_unit_code, obs_value, coverage, light, n_reported, n_expected from marts.mart_scoreboard
        where indicator = 'electronic_task_monitoring' and org_unit_kind in ('province', 'nation') and coverage < 1""",
    )
    assert {row[0] for row in incomplete} > {"VN", "P96"}
    for unit, value, coverage, light, n_reported, n_expected in incomplete:
        assert value is None, f"{unit}: below full coverage there is no total"
        assert light == ("not_assessable" if n_reported else "no_data")
        assert coverage == pytest.approx(n_reported / n_expected)  # type: ignore[operator]
    tolerant = ask(
        played,
        """select count(*) from marts.mart_scoreboard where indicator = 'electronic_document_processing'
        and org_unit_kind = 'province' and coverage between 0.95 and 0.9999 and obs_value is not null""",
    )
    assert tolerant[0][0], "above its minimum coverage an indicator is computed, and says so"


def test_the_silent_province_is_missing_and_the_others_on_time(played: Played) -> None:
    states = dict(
        ask(
            played,
            """select reporter_code, state from marts.mart_submission_status
            where dataset = 'administration' and time_period = '2026-10'""",
        )
    )
    assert len(states) == 34
    assert states["P96"] in {"missing", "not_due"}
    assert all(state in {"on_time", "partial"} for unit, state in states.items() if unit != "P96")


def test_synthetic_figures_say_so(played: Played) -> None:
    marks = dict(
        ask(
            played,
            """select indicator, bool_and(is_synthetic) from marts.mart_scoreboard
            where obs_value is not null group by 1""",
        )
    )
    assert marks["online_service_usage"] is True
    assert marks["electronic_document_processing"] is True
    assert marks["digital_economy_share"] is False
    assert marks["provincial_dti"] is False


def test_two_producers_are_both_kept_and_one_is_chosen(played: Played) -> None:
    rows = ask(
        played,
        """select producer_code, obs_value, is_chosen from marts.mart_vintage
        where indicator = 'digital_economy_share' and time_period = '2024' and is_current order by is_chosen desc""",
    )
    assert next((code, float(value), chosen) for code, value, chosen in rows) == ("NSO", 13.17, True)
    assert any(float(value) == 18.3 and not chosen for _, value, chosen in rows)


def test_each_value_is_chosen_once_and_of_todays_map_where_it_stands_there(played: Played) -> None:
    """The choice looks only at units that can be on one map alone; here it is held against all rows."""
    template = (PROJECT_DIR / "models" / "intermediate" / "int_chosen_value.sql").read_text(encoding="utf-8")
    chosen = jinja2.Template(template).render(
        config=lambda **_: "",
        source=lambda schema, table: f"{schema}.{table}",
        ref=lambda model: f"intermediate.{model}",
        values_to_build=lambda: "marts.fct_indicator_value",
    )
    with duckdb.connect(str(played.home.warehouse), read_only=True) as warehouse:
        differing = warehouse.execute(
            f"""
            with wanted as (
                select indicator_key, org_unit_key, period_key, min(map) as map
                from marts.fct_indicator_value group by all
            ),
            chosen as (select indicator_key, org_unit_key, period_key, map from ({chosen}))
            select 'left out', * from (from wanted except all from chosen)
            union all
            select 'too many', * from (from chosen except all from wanted)
            """
        ).fetchall()
        maps = warehouse.execute(f"select distinct map from ({chosen}) order by map").fetchall()
    assert differing == []
    assert maps == [("current",), ("reported",)]
