"""The national figure of one agency beside what the provinces sent, in one form and across two."""

import pytest

from tests.engine import Engine, indicator, source
from tests.small_catalogue import Small

MEASURES = {"quarterly": ("output dossier flow", "staff person stock", "rate percent non_additive")}
READ = 'valid_from: "2025-Q3", frequency: quarterly, formula: x, inputs: {{x: {{measure: figures.{}}}}}, roll_up: {}'
LEVELS = "{nation: {}, province: {}}"
ACCOUNTS = """\
id: accounts
name: {vi: Tài khoản quốc gia, en: National accounts}
kind: rest
owner: G06
connection: {secret: CHISO_ACCOUNTS}
datasets:
  - id: nation
    name: {vi: Tổng sản phẩm, en: Output of the nation}
    frequency: quarterly
    level: nation
    request: {path: /api/nation, records: /data}
    columns: {org_unit: unit, time_period: period}
    measures:
      - id: accounts.output
        column: output
        name: {vi: Tổng sản phẩm cả nước, en: Output of the nation}
        unit: dossier
        nature: flow
        checks: {min: "0", tolerance: "2", sum_of_units: figures.output}
"""
COLUMNS = "time_period, reported_value, units_sum, difference, n_reported, n_expected, is_complete, is_flagged"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = tmp_path_factory.mktemp("sums")
    small = Small.at(path / "declared")
    for name in ("government/rate.yml", "government/pair.yml"):
        (small.root / "catalogue" / name).unlink()
    small.write("sources/figures/source.yml", source(MEASURES))
    small.write("sources/accounts/source.yml", ACCOUNTS)
    for name in ("output", "staff", "rate"):
        unit = {"rate": "percent", "staff": "person"}.get(name, "dossier")
        small.write(
            *indicator(
                f"all_{name}", READ.format(name, "none" if name == "rate" else "recompute"), unit=unit, levels=LEVELS
            )
        )
    with pytest.MonkeyPatch.context() as patch:
        found = Engine(path, small.load(), patch)
        found.at("2026-11-10T09:00:00+07:00")
        fill(found)
        result = found.build(["+mart_sum_discrepancy", "+ind_all_output", "+ind_all_staff", "+ind_all_rate"])
        assert result.failures == ()
        yield found


def fill(made: Engine) -> None:
    """Three quarters: the provinces add up, they do not, and one of them is silent; staff is sent in by workbook."""
    made.give("quarterly", "output P01 2025-Q3 60", "output P25 2025-Q3 40", "output P01 2025-Q4 60")
    made.give("quarterly", "output P25 2025-Q4 40", "output P01 2026-Q1 600")
    made.give("quarterly", "rate VN 2026-Q1 90", "rate P01 2026-Q1 10", "rate P25 2026-Q1 20")
    nation = (("2025-Q3", 102), ("2025-Q4", 102.000000001), ("2026-Q1", 90))
    made.accept("accounts", "nation", [("accounts.output", "VN", quarter, value) for quarter, value in nation])
    for agency, unit, value in (("VPTW", "VN", "500.5"), ("P01", "P01", "300"), ("P25", "P25", "150.25")):
        made.accept("figures", "quarterly", [("figures.staff", unit, "2026-Q1", value)], agency)


def test_a_national_figure_is_held_against_the_provinces_of_another_source(made: Engine) -> None:
    """By the declared tolerance of 2, and not before every province has reported."""
    found = made.rows(f"select {COLUMNS} from marts.mart_sum_discrepancy where measure = 'accounts.output' order by 1")
    assert found == [
        ("2025-Q3", 102, 100, 2, 2, 2, True, False),
        ("2025-Q4", 102.000000001, 100, 2.000000001, 2, 2, True, True),
        ("2026-Q1", 90, 600, -510, 1, 2, False, False),
    ]


def test_both_sides_are_named(made: Engine) -> None:
    columns = "units_measure, producer_code, producer_name_vi, units_producer_name_vi, coverage, message_vi, message_en"
    where = "measure = 'accounts.output' and time_period = '2026-Q1'"
    [found] = made.rows(f"select {columns} from marts.mart_sum_discrepancy where {where}")
    assert found == (
        *("figures.output", "G06", "Bộ KH&CN", "VPCP", 0.5),
        "Bộ KH&CN báo cáo 90; cộng 1/2 đơn vị cấp dưới được 600: chưa đủ đơn vị báo cáo để đối chiếu",
        "MOST reported 90; 1/2 units below add up to 600: not all of them have reported yet",
    )


def test_a_measure_of_both_levels_is_held_against_itself_and_a_ratio_is_not(made: Engine) -> None:
    columns = "measure, units_measure, org_unit_code, difference, is_flagged, message_vi"
    assert made.rows(f"select {columns} from marts.mart_sum_discrepancy where measure not like 'accounts.%'") == [
        (
            *("figures.staff", "figures.staff", "VN", 50.25, True),
            "VPTW báo cáo 500,5; cộng 2/2 đơn vị cấp dưới được 450,25: lệch 50,25, quá mức cho phép",
        )
    ]
    told = "producer_name_vi, reporter_code, units_producer_name_vi, units_reporter_name_vi"
    [(*found,)] = made.rows(f"select {told} from marts.mart_sum_discrepancy where measure = 'figures.staff'")
    assert found == ["VPCP", "VPTW", "VPCP", "2 đơn vị"], "who made a figure is not who sent it"


def test_neither_figure_is_changed(made: Engine) -> None:
    """A unit's own report comes before the sum of its parts, a sum stands where it has none of the measure."""
    assert made.values("all_staff", "VN") == {"2026-Q1": 500.5}
    assert made.values("all_output", "VN")["2025-Q4"] == 100.0
    assert made.values("all_rate", "VN") == {"2026-Q1": 90.0}
