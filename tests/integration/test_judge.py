"""Judgement as a whole, through the real engine, on the real declarations."""

import tempfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.content_address import READING_SCHEMA
from expectations import HISTORY, Case, EngineError, Verdict, judge
from expectations.engine import evaluate
from expectations.rendering import Both
from expectations.suites import Must, Rule, suite
from expectations.terms import MeasureTerms
from indicator_specs.findings import Finding, Severity
from indicator_specs.registry import Registry
from tests.judging import frame
from tests.judging import reading as small_reading
from tests.judging import terms as small_terms
from tests.whole_catalogue import whole_catalogue

PERIOD = "2026-10"
FORM = ("commune_report", "administration")
COLUMNS = {
    "administration.documents_processed": ("E", 500),
    "administration.documents_full_electronic": ("F", 350),
    "administration.tasks_assigned": ("G", 90),
    "administration.tasks_monitored_electronically": ("H", 70),
}
Change = Mapping[str, Any]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")


def communes(registry: Registry, province: str, n: int) -> list[str]:
    return [code for code, unit in registry.reference.org_units.items() if unit.parent_code == province][:n]


def workbook(
    registry: Registry,
    province: str = "P01",
    n: int = 6,
    changes: Mapping[str, Change] | None = None,
    more: tuple[Change, ...] = (),
) -> pl.DataFrame:
    """A form as read: ``changes`` by cell (``E5``) or line (``5``), ``more`` rows as copies ``of`` a cell."""
    rows: list[dict[str, Any]] = []
    for line, code in enumerate(communes(registry, province, n), 5):
        for measure, (column, value) in COLUMNS.items():
            text = str(value + line)
            row: dict[str, Any] = dict.fromkeys(READING_SCHEMA) | {
                "row_no": len(rows) + 1,
                "place": f"Số liệu!{column}{line}",
                "measure": measure,
                "org_unit": code,
                "time_period": PERIOD,
                "breakdown": "_T",
                "value_text": text,
                "obs_value": text,
                "obs_status": "A",
                "producer": "VPTW",
                "is_synthetic": True,
            }
            for cell in (f"{line}", f"{column}{line}"):
                row |= (changes or {}).get(cell, {})
            rows.append(row)
    for change in more:
        original = next(row for row in rows if row["place"].endswith(f"!{change['of']}"))
        rows.append({**original, "row_no": len(rows) + 1, **{key: v for key, v in change.items() if key != "of"}})
    return pl.DataFrame(rows, schema=READING_SCHEMA)


def case(registry: Registry, rows: pl.DataFrame, case_id: str = "one", agency: str = "P01") -> Case:
    return Case(case_id, registry.dataset(*FORM), rows, agency, PERIOD, {"org_unit": "B", "time_period": "D"})


def errors(verdict: Verdict) -> list[Finding]:
    return [one for one in verdict.findings if one.severity is Severity.ERROR]


def problem(code: str, text: str | None) -> Change:
    return {"problem": code, "value_text": text, "obs_value": None}


def value(text: str) -> Change:
    return {"value_text": text, "obs_value": text}


def test_a_correct_form_is_taken_whole_and_without_a_word(registry: Registry) -> None:
    [verdict] = judge([case(registry, workbook(registry))], registry, None)
    assert verdict.findings == ()
    assert (verdict.accepted.height, verdict.returned.height) == (24, 0)
    assert verdict.accepted.schema == READING_SCHEMA


def test_a_form_full_of_mistakes_comes_back_with_every_one_at_its_cell(registry: Registry) -> None:
    rows = workbook(
        registry,
        n=9,
        changes={
            "E5": problem("not_a_number", "năm trăm"),
            "F6": value("900"),
            "7": {"org_unit": "C99999"},
            "8": {"time_period": "2026-09"},
            "G10": problem("formula_without_value", None),
            "E11": problem("blank", None),
            "12": {"org_unit": communes(registry, "P04", 1)[0]},
        },
        more=({"of": "E9", "place": "Số liệu!E20", **value("1")}, {"of": "H13", "place": "Số liệu!H21"}),
    )
    [verdict] = judge([case(registry, rows)], registry, None)
    assert [(one.rule, one.place) for one in errors(verdict)] == [
        ("not_a_number", "Số liệu!E5"),
        ("numerator_above_denominator", "Số liệu!F6"),
        ("unknown_org_unit", "Số liệu!B7"),
        ("wrong_period", "Số liệu!D8"),
        ("duplicate_row", "Số liệu!E9"),
        ("formula_without_value", "Số liệu!G10"),
        ("not_own_org_unit", "Số liệu!B12"),
        ("duplicate_row", "Số liệu!E20"),
    ]
    others = [
        (one.rule, one.severity.value, one.place) for one in verdict.findings if one.severity is not Severity.ERROR
    ]
    assert others == [("blank", "warning", "Số liệu!E11"), ("repeated_row", "info", "Số liệu!H21")]
    returned = {place.partition("!")[2] for place in verdict.returned["place"]}
    pairs = {"E5", "F5", "E6", "F6", "E9", "F9", "E20", "G10", "H10"}
    lines = {f"{column}{line}" for column in "EFGH" for line in (7, 8, 12)}
    assert returned == pairs | lines | {"E11", "H21"}
    assert verdict.accepted.height + verdict.returned.height == rows.height


def test_messages_name_the_unit_the_figure_and_a_remedy(registry: Registry) -> None:
    code = communes(registry, "P01", 1)[0]
    rows = workbook(registry, changes={"5": {"org_unit": code.replace("C0", "C", 1)}, "F6": value("900.5")})
    [verdict] = judge([case(registry, rows)], registry, None)
    said = {one.rule: one for one in verdict.findings}
    name = registry.reference.org_units[code].name_vi
    assert f"Có phải là {name} ({code})?" in said["unknown_org_unit"].message_vi
    above = said["numerator_above_denominator"]
    assert above.message_vi.startswith(registry.measures["administration.documents_full_electronic"].name.vi)
    assert "là 900,5, lớn hơn" in above.message_vi
    assert "is 900.5, more than" in above.message_en
    assert above.group == "electronic_document_processing"
    assert "506" in above.expected
    assert "Số liệu!E6" in above.expected


def test_a_form_from_a_mac_or_a_tired_hand_is_read_and_told(registry: Registry) -> None:
    code = communes(registry, "P01", 1)[0]
    rows = workbook(registry, changes={"5": {"org_unit": f" {code.lower()} ", "time_period": "Tháng 10/2026"}})
    [verdict] = judge([case(registry, rows)], registry, None)
    assert {one.rule for one in verdict.findings} == {"tidied_org_unit", "tidied_period"}
    assert {one.severity for one in verdict.findings} == {Severity.INFO}
    assert verdict.accepted.filter(pl.col("org_unit") == code)["time_period"].to_list() == [PERIOD] * 4


def published(*values: tuple[str, str, str, str]) -> pl.DataFrame:
    rows = [(m, unit, period, "_T", "VPTW", Decimal(v)) for m, unit, period, v in values]
    types = {column: pl.Decimal(38, 9) if column == "obs_value" else pl.String() for column in HISTORY}
    return pl.DataFrame(rows, schema=types, orient="row")


def test_the_past_warns_and_returns_nothing(registry: Registry) -> None:
    first, second = communes(registry, "P01", 2)
    measure = "administration.documents_processed"
    history = published((measure, first, "2026-09", "50500"), (measure, second, "2026-09", "300"))
    [verdict] = judge([case(registry, workbook(registry))], registry, history)
    assert [(one.rule, one.severity.value, one.place) for one in verdict.findings] == [
        ("scale_slip", "warning", "Số liệu!E5"),
        ("large_change", "warning", "Số liệu!E6"),
    ]
    assert "chênh khoảng 100 lần" in verdict.findings[0].message_vi
    assert "68,7 %" in verdict.findings[1].message_vi
    assert verdict.returned.is_empty()


def test_last_months_file_sent_again_is_noticed(registry: Registry) -> None:
    rows = workbook(registry)
    values = rows.select("measure", "org_unit", "obs_value").iter_rows()
    history = published(*((measure, unit, "2026-09", text) for measure, unit, text in values))
    [verdict] = judge([case(registry, rows)], registry, history)
    assert [(one.rule, one.place) for one in verdict.findings] == [("copy_of_previous", "")]
    assert "Toàn bộ 24 số liệu của kỳ tháng 10/2026 trùng với kỳ tháng 9/2026" in verdict.findings[0].message_vi


def test_many_cases_in_one_run_are_judged_as_each_alone(registry: Registry) -> None:
    cases = [
        case(registry, workbook(registry), "good"),
        case(registry, workbook(registry, "P04", changes={"F6": value("900")}), "other", "P04"),
        case(registry, workbook(registry, changes={"E5": problem("cell_error", "#REF!")}), "bad"),
        case(registry, workbook(registry).clear(), "empty"),
    ]
    together = judge(cases, registry, None)
    assert [verdict.case_id for verdict in together] == ["good", "other", "bad", "empty"]
    for one, verdict in zip(cases, together, strict=True):
        [alone] = judge([one], registry, None)
        assert alone.findings == verdict.findings
        assert alone.accepted.equals(verdict.accepted)
        assert alone.returned.equals(verdict.returned)
    assert [len(errors(verdict)) for verdict in together] == [0, 1, 1, 0]


def test_two_cases_with_one_id_are_refused(registry: Registry) -> None:
    with pytest.raises(ValueError, match="case_id"):
        judge([case(registry, workbook(registry)), case(registry, workbook(registry))], registry, None)


def test_a_rule_that_cannot_be_asked_stops_judgement_and_is_no_verdict() -> None:
    rows = frame(small_reading(1))
    impossible = Rule("impossible", Severity.ERROR, "place", Must.LIE_BETWEEN, most=1)
    with pytest.raises(EngineError, match="impossible"):
        evaluate([(rows, [impossible])])


def test_a_sum_that_does_not_add_up_is_found_beside_one_that_does() -> None:
    whole = MeasureTerms(Both("Tổng", "Whole"), "docs", parts=("docs.online",), parts_tolerance=Decimal(1))
    of = small_terms(docs__all=whole)
    rows = frame(small_reading(3, E5={"obs_value": "82"}, E6={"obs_value": "82"}, E7={"obs_value": "83"}), of)
    [broken] = evaluate([(rows, suite(of))])
    found = {rule.id: list(at) for rule, at in broken.items() if at}
    assert found == {"parts_do_not_add_up": [("one", 1)]}, "80 and 82 differ by more than the tolerance of 1"


@pytest.mark.parametrize(
    ("text", "is_taken"), [("99999999999999999999.999999999", True), ("100000000000000000000", False), ("-1e20", False)]
)
def test_the_edge_of_what_can_be_stored(text: str, is_taken: bool) -> None:
    [broken] = evaluate([(frame(small_reading(1, E5={"obs_value": text})), suite(small_terms()))])
    assert [rule.id for rule, at in broken.items() if at] == ([] if is_taken else ["out_of_range"])


def test_a_service_that_lacks_figures_is_told_once(registry: Registry) -> None:
    dataset = registry.dataset("online_services", "innovation_index")
    rows = [
        dict.fromkeys(READING_SCHEMA)
        | {"row_no": n, "place": f"row {n}", "measure": "pii.score", "org_unit": f"F{n:02d}", "time_period": "2024"}
        | {"problem": "blank", "is_synthetic": False}
        for n in (1, 2, 4)
    ]
    [verdict] = judge([Case("pull", dataset, pl.DataFrame(rows, schema=READING_SCHEMA))], registry, None)
    assert [(one.rule, one.severity.value, one.place) for one in verdict.findings] == [("lacking_value", "warning", "")]
    assert "3 chỗ: row 1, row 2, row 4" in verdict.findings[0].message_vi
    assert verdict.returned.height == 3


def test_exactness_survives_the_engine(registry: Registry) -> None:
    # As floats both are 9007199254740993 or ...992: one more than the total must still be seen.
    changes = {"E5": value("9007199254740992"), "F5": value("9007199254740993")}
    [verdict] = judge([case(registry, workbook(registry, changes=changes))], registry, None)
    assert [one.rule for one in errors(verdict)] == ["numerator_above_denominator"]
    [verdict] = judge(
        [
            case(
                registry,
                workbook(registry, changes={"E5": value("9007199254740993")} | {"F5": value("9007199254740993")}),
            )
        ],
        registry,
        None,
    )
    assert errors(verdict) == []


def test_nothing_is_written_and_no_bar_is_drawn(
    registry: Registry, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    judge([case(registry, workbook(registry, changes={"E5": value("-1")}))], registry, None)
    assert list(tmp_path.iterdir()) == []
    said = capfd.readouterr()
    assert said.out + said.err == ""


MUTATIONS: dict[str, Callable[[str, str], tuple[dict[str, Change], str]]] = {
    "not_a_number": lambda column, line: ({f"{column}{line}": problem("not_a_number", "x")}, f"{column}{line}"),
    "formula_without_value": lambda column, line: (
        {f"{column}{line}": problem("formula_without_value", None)},
        f"{column}{line}",
    ),
    "cell_error": lambda column, line: ({f"{column}{line}": problem("cell_error", "#DIV/0!")}, f"{column}{line}"),
    "ambiguous_number": lambda column, line: (
        {f"{column}{line}": problem("ambiguous_number", "1.234")},
        f"{column}{line}",
    ),
    "out_of_range": lambda column, line: ({f"{column}{line}": value("1e30")}, f"{column}{line}"),
    "below_minimum": lambda column, line: ({f"{column}{line}": value("-1")}, f"{column}{line}"),
    "not_whole": lambda column, line: (
        {f"{column}{line}": value("1.5" if column in "FH" else "1000.5")},
        f"{column}{line}",
    ),
    "numerator_above_denominator": lambda column, line: (
        {f"{'F' if column in 'EF' else 'H'}{line}": value("100000")},
        f"{'F' if column in 'EF' else 'H'}{line}",
    ),
    "unknown_org_unit": lambda _, line: ({line: {"org_unit": "C98765"}}, f"B{line}"),
    "wrong_level": lambda _, line: ({line: {"org_unit": "P01"}}, f"B{line}"),
    "unreadable_period": lambda _, line: ({line: {"time_period": "tháng này"}}, f"D{line}"),
    "wrong_frequency": lambda _, line: ({line: {"time_period": "2026-Q4"}}, f"D{line}"),
    "wrong_period": lambda _, line: ({line: {"time_period": "2026-09"}}, f"D{line}"),
}
mutation = st.tuples(st.sampled_from(sorted(MUTATIONS)), st.sampled_from("EFGH"), st.integers(5, 12))


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(mutation, min_size=20, max_size=40))
def test_one_mutation_of_a_valid_form_is_one_error_at_that_cell(
    registry: Registry, mutations: list[tuple[str, str, int]]
) -> None:
    """Each example judges a batch of forms, each of them wrong in one place."""
    cases, wanted = [], []
    for number, (rule, column, line) in enumerate(mutations):
        changes, cell = MUTATIONS[rule](column, str(line))
        cases.append(case(registry, workbook(registry, n=8, changes=changes), f"case {number}"))
        wanted.append([(rule, f"Số liệu!{cell}")])
    found = [[(one.rule, one.place) for one in errors(verdict)] for verdict in judge(cases, registry, None)]
    assert found == wanted
