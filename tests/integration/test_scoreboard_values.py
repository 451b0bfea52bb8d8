"""From a handful of accepted values to the scoreboard: published results, silence, both maps, targets, producers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.tiny_warehouse import TinyWarehouse, Value, tiny_warehouse
from tests.whole_catalogue import whole_catalogue

DTI = ("awareness", "institutions", "infrastructure", "workforce", "security", "government", "economy", "society")
DTI_2022 = {
    # Main indices of three provinces and the score published for them (dti.gov.vn, 2022).
    "F48": ("1.0000 0.9000 0.8253 0.8487 0.7578 0.8575 0.7836 0.5197", 0.8002),
    "F22": ("0.9581 0.9000 0.7648 0.6250 0.5382 0.8385 0.5904 0.4505", 0.7024),
    "F46": ("0.9500 0.9000 0.6823 0.6794 0.6423 0.8262 0.6787 0.3001", 0.6975),
}
DOCUMENTS = ("administration.documents_processed", "administration.documents_full_electronic")
TASKS = ("administration.tasks_assigned", "administration.tasks_monitored_electronically")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyWarehouse]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = tiny_warehouse(tmp_path_factory.mktemp("scoreboard"), monkeypatch)
        fill_nation(made)
        fill_provinces(made)
        fill_communes(made)
        yield made.built()


def communes(province: str) -> list[str]:
    return [unit.org_unit_code for unit in whole_catalogue().reference.children(province, date(2026, 10, 31))]


def provinces() -> list[str]:
    return [unit.org_unit_code for unit in whole_catalogue().reference.of_kind("province")]


def fill_nation(made: TinyWarehouse) -> None:
    made.accept(
        "national_statistics",
        "macro_series",
        [
            ("ip.patent_applications_resident", "VN", "2010", "720"),
            ("ip.patent_applications_nonresident", "VN", "2010", "6800"),
            ("ip.patent_applications_resident", "VN", "2011", "300"),
            ("ip.patent_applications_resident", "VN", "2012", "382"),
            ("ip.patent_applications_nonresident", "VN", "2012", "3423"),
        ],
    )
    share = "digital_economy.share_of_gdp"
    made.accept(
        "national_statistics",
        "digital_economy",
        [
            (share, "VN", "2023", "12.33", {"producer": "NSO", "published_date": "2023-12-29"}),
            (share, "VN", "2023", "12.87", {"producer": "NSO", "published_date": "2025-01-06"}),
            (share, "VN", "2023", "16.5", {"producer": "MIC", "published_date": "2025-06-01"}),
            (share, "VN", "2027", "21.0", {"producer": "NSO", "published_date": "2027-12-29", "obs_status": "E"}),
            (share, "VN", "2027", "21.5", {"producer": "NSO", "published_date": "2028-01-06"}),
            (share, "VN", "2028", "20.0", {"producer": "NSO", "published_date": "2029-01-06", "obs_status": "P"}),
        ],
    )
    made.accept(  # what came late: an estimate and an older vintage of what is official by now
        "national_statistics",
        "digital_economy",
        [
            (share, "VN", "2023", "12.0", {"producer": "NSO", "published_date": "2023-10-01"}),
            (share, "VN", "2027", "30.0", {"producer": "NSO", "published_date": "2028-06-01", "obs_status": "E"}),
        ],
    )
    counts = [("tasks.assigned", "1287"), ("tasks.overdue", "104"), ("tasks.completed", "601")]
    made.accept("online_services", "task_status", [(m, "VN", "2025-12", v) for m, v in counts])
    rate = "public_service.full_online_rate_published"
    made.accept(
        "online_services",
        "published_rates",
        [(rate, "VN", "2029", "80.5"), (rate, "VN", "2030", "80"), (rate, "F01", "2024", "12.5")],
    )


def fill_provinces(made: TinyWarehouse) -> None:
    made.accept(
        "online_services",
        "digital_transformation_index",
        [
            (f"dti.{name}", unit, "2022", value)
            for unit, (values, _) in DTI_2022.items()
            for name, value in zip(DTI, values.split(), strict=True)
        ],
    )
    made.accept(
        "online_services",
        "innovation_index",
        [("pii.input_score", "P46", "2025", "51.50"), ("pii.output_score", "P46", "2025", "47.23")],
    )
    grdp = [("F79", "1780000"), ("F74", "520205"), ("F77", "417306"), ("F01", "1"), ("P01", "1425521")]
    made.accept("national_statistics", "grdp", [("economy.grdp", unit, "2024", value) for unit, value in grdp])
    received, online = "public_service.dossiers_received", "public_service.dossiers_full_online"
    september: list[Value] = []
    for number, unit in enumerate(provinces()):
        september += [(received, unit, "2026-09", 1000 + number), (online, unit, "2026-09", 500 + number)]
    made.accept("online_services", "dossiers", september)
    made.accept("online_services", "dossiers", [(m, u, "2026-10", v) for m, u, _, v in september if u != "P01"])
    fees, paid = "public_service.dossiers_with_fee", "public_service.dossiers_paid_online"
    made.accept(
        "online_services",
        "dossiers",
        [
            (fees, "P01", "2030-12", "100"), (paid, "P01", "2030-12", "80"),
            (fees, "P04", "2030-12", "1000"), (paid, "P04", "2030-12", "799"),
            (fees, "P08", "2030-12", "0"), (paid, "P08", "2030-12", "0"),
            (fees, "P11", "2030-12", "0"), (paid, "P11", "2030-12", "5"),
        ],
    )  # fmt: skip


def report(units: list[str], time_period: str) -> list[Value]:
    return [
        (measure, unit, time_period, value, {"is_synthetic": True})
        for unit in units
        for measure, value in zip((*DOCUMENTS, *TASKS), (200, 190, 12, 9), strict=True)
    ]


def fill_communes(made: TinyWarehouse) -> None:
    place = ("commune_report", "administration")
    made.at("2026-10-12T23:59:59+07:00").accept(*place, report(communes("P04"), "2026-09"), agency="P04")
    made.at("2026-10-13T00:00:01+07:00").accept(*place, report(communes("P11"), "2026-09"), agency="P11")
    made.send_back(*place, "P08", "2026-09")
    made.at("2026-11-10T09:00:00+07:00").accept(*place, report(communes("P04")[1:], "2026-10"), agency="P04")


@pytest.mark.parametrize("unit", DTI_2022)
def test_published_dti_scores_come_out(warehouse: TinyWarehouse, unit: str) -> None:
    value, map_, n_expected = warehouse.score("provincial_dti", unit, "2022", "obs_value", "map", "n_expected")
    assert abs(value - DTI_2022[unit][1]) <= 0.0001
    assert (map_, n_expected) == ("reported", 1)


def test_a_province_of_today_takes_the_mean_of_its_former_provinces(warehouse: TinyWarehouse) -> None:
    columns = ("obs_value", "map", "n_reported", "n_expected", "obs_status")
    own = warehouse.score("provincial_dti", "F46", "2022", "obs_value")[0]
    assert warehouse.score("provincial_dti", "P46", "2022", *columns) == (pytest.approx(own), "current", 1, 1, "A")
    assert warehouse.score("provincial_dti", "P48", "2022", *columns) == (None, "current", 1, 2, "O")


def test_published_innovation_score_comes_out(warehouse: TinyWarehouse) -> None:
    value, text = warehouse.score("provincial_innovation_index", "P46", "2025", "obs_value", "value_text_vi")
    assert value == pytest.approx(49.365, abs=1e-9)
    assert text in {"49,36 điểm", "49,37 điểm"}


def test_three_former_provinces_are_summed_on_todays_map_only(warehouse: TinyWarehouse) -> None:
    rolled = warehouse.rows(
        """select v.map, v.obs_value, v.n_reported, v.n_expected from intermediate.int_measure_values as v
        join reference.org_unit as u using (org_unit_key) join spec.measure as m using (measure_key)
        where m.measure = 'economy.grdp' and u.org_unit_code = 'P79'"""
    )
    assert rolled == [("current", Decimal("2717511"), 3, 3)]
    assert warehouse.score("grdp", "P79", "2024", "obs_value", "coverage_text_vi", "map") == (
        2717511.0,
        "3/3 đơn vị (100,0 %)",
        "current",
    )
    assert warehouse.score("grdp", "F79", "2024", "obs_value", "map") == (1780000.0, "reported")


def test_a_units_own_report_comes_before_the_sum_of_its_parts(warehouse: TinyWarehouse) -> None:
    assert warehouse.score("grdp", "P01", "2024", "obs_value", "n_expected") == (1425521.0, 1)
    rolled = warehouse.rows(
        """select r.map, r.obs_value, r.n_reported, r.n_expected from intermediate.int_rolled as r
        join reference.org_unit as u using (org_unit_key) join spec.measure as m using (measure_key)
        where m.measure = 'economy.grdp' and u.org_unit_code = 'VN' order by r.map"""
    )
    former = Decimal(1780000 + 520205 + 417306)
    # Today's map counts Hà Nội's own figure and not its predecessor's; the reported map knows only the 63.
    assert rolled == [("current", former + 1425521, 4, 63), ("reported", former + 1, 4, 63)]


def test_a_nation_of_which_part_has_reported_has_no_total(warehouse: TinyWarehouse) -> None:
    row = warehouse.score("grdp", "VN", "2024", "obs_value", "obs_status", "light", "light_reason_vi")
    assert row == (None, "O", "not_assessable", "Mới có 4/63 đơn vị báo cáo")


def test_the_nation_is_recomputed_from_sums_not_from_rates(warehouse: TinyWarehouse) -> None:
    extra = sum(range(34))
    value, n_expected = warehouse.score("online_service_usage", "VN", "2026-09", "obs_value", "n_expected")
    assert value == pytest.approx(100 * (34 * 500 + extra) / (34 * 1000 + extra), rel=1e-12)
    assert n_expected == 34


def test_one_silent_province_leaves_the_nation_without_a_value(warehouse: TinyWarehouse) -> None:
    row = warehouse.score("online_service_usage", "VN", "2026-10", "obs_value", "light", "light_reason_vi", "coverage")
    assert row == (None, "not_assessable", "Mới có 33/34 đơn vị báo cáo", 33 / 34)
    silent = warehouse.score("online_service_usage", "P01", "2026-10", "light", "light_reason_vi", "is_latest")
    assert silent == ("no_data", "Chưa báo cáo; thời hạn gửi 20/11/2026", True)


def test_one_silent_commune_shows_in_the_coverage(warehouse: TinyWarehouse) -> None:
    n = len(communes("P04"))
    documents = warehouse.score(
        "electronic_document_processing", "P04", "2026-10", "obs_value", "obs_status", "coverage_text_vi"
    )
    share = f"{100 * (n - 1) / n:.1f}".replace(".", ",")
    assert documents == (95.0, "E", f"{n - 1}/{n} đơn vị ({share} %)")
    tasks = warehouse.score("electronic_task_monitoring", "P04", "2026-10", "obs_value", "light", "light_reason_vi")
    assert tasks == (None, "not_assessable", f"Mới có {n - 1}/{n} đơn vị báo cáo")
    whole = warehouse.score("electronic_task_monitoring", "P04", "2026-09", "obs_value", "obs_status")
    assert whole == (75.0, "A")


def test_communes_that_owe_and_are_silent_stand_on_the_scoreboard(warehouse: TinyWarehouse) -> None:
    first = communes("P04")[0]
    row = warehouse.score(
        "electronic_task_monitoring", first, "2026-10", "obs_value", "light_vi", "province_code", "previous_value"
    )
    assert row == (None, "Chưa có số liệu", "P04", 75.0)


def test_above_eighty_is_not_reached_at_exactly_eighty(warehouse: TinyWarehouse) -> None:
    strict = warehouse.score("online_dossier_rate_published", "VN", "2030", "obs_value", "light", "gap")
    assert strict == (80.0, "behind", 0.0)
    assert warehouse.score("online_dossier_rate_published", "VN", "2029", "light") == ("on_track",)
    assert warehouse.score("online_payment", "P01", "2030-12", "obs_value", "light") == (80.0, "on_track")
    assert warehouse.score("online_payment", "P04", "2030-12", "obs_value", "light") == (79.9, "behind")


def test_nothing_over_nothing_does_not_apply_and_something_over_nothing_is_missing(warehouse: TinyWarehouse) -> None:
    columns = ("obs_value", "obs_status", "light")
    assert warehouse.score("online_payment", "P08", "2030-12", *columns) == (None, "M", "not_assessable")
    assert warehouse.score("online_payment", "P11", "2030-12", *columns) == (None, "O", "not_assessable")


def test_a_missing_input_makes_the_value_missing(warehouse: TinyWarehouse) -> None:
    assert warehouse.score("resident_patent_share", "VN", "2010", "obs_value")[0] == pytest.approx(100 * 720 / 7520)
    row = warehouse.score("resident_patent_share", "VN", "2011", "obs_value", "obs_status", "light")
    assert row == (None, "O", "no_data")


def test_the_preferred_producers_newest_figure_is_taken_and_the_others_are_shown(warehouse: TinyWarehouse) -> None:
    assert warehouse.score("digital_economy_share", "VN", "2023", "obs_value") == (12.87,)
    versions = warehouse.rows(
        """select producer_code, obs_value, is_current, is_chosen, difference_from_chosen from marts.mart_vintage
        where indicator = 'digital_economy_share' and time_period = '2023' order by producer_code, published_date"""
    )
    assert versions == [
        ("MIC", 16.5, True, False, pytest.approx(3.63)),
        ("NSO", 12.0, False, False, pytest.approx(-0.87)),
        ("NSO", 12.33, False, False, pytest.approx(-0.54)),
        ("NSO", 12.87, True, True, 0.0),
    ]


def test_an_estimate_never_supersedes_an_official_figure_however_late_it_comes(warehouse: TinyWarehouse) -> None:
    versions = warehouse.rows(
        """select obs_value, obs_status_vi, is_current, is_chosen, precedence from marts.mart_vintage
        where indicator = 'digital_economy_share' and time_period = '2027' order by published_date"""
    )
    assert versions == [
        (21.0, "Ước tính", False, False, 1),
        (21.5, "Chính thức", True, True, 1),
        (30.0, "Ước tính", False, False, 1),
    ]
    assert warehouse.score("digital_economy_share", "VN", "2027", "obs_value") == (21.5,)


def test_the_light_follows_a_straight_line_from_the_baseline(warehouse: TinyWarehouse) -> None:
    def required(end: date) -> float:
        start, deadline = date(2024, 12, 31), date(2030, 12, 31)
        return 13.17 + (30 - 13.17) * (end - start).days / (deadline - start).days

    above = warehouse.score("digital_economy_share", "VN", "2027", "required_value", "gap", "light")
    assert above == (
        pytest.approx(required(date(2027, 12, 31))),
        pytest.approx(21.5 - required(date(2027, 12, 31))),
        "at_risk" if required(date(2027, 12, 31)) > 21.5 else "on_track",
    )
    below = warehouse.score("digital_economy_share", "VN", "2028", "light", "obs_status_vi", "change_text_vi")
    assert below == ("behind", "Sơ bộ", "Giảm 1,50 điểm % so với năm 2027")
    before = warehouse.score("digital_economy_share", "VN", "2023", "light", "light_reason_vi")
    assert before == ("watch", "Kỳ gốc của lộ trình hoặc trước đó")


def test_lower_is_better_and_a_passed_deadline(warehouse: TinyWarehouse) -> None:
    row = warehouse.score("task_overdue_rate", "VN", "2025-12", "value_text_vi", "light", "light_reason_vi")
    assert row == (
        "8,1 %",
        "behind",
        "Đã hết thời hạn thực hiện (năm 2025) mà chưa đạt chỉ tiêu ≤ 0 %",
    )


def test_no_target_is_watched_and_no_baseline_is_not_assessed(warehouse: TinyWarehouse) -> None:
    assert warehouse.score("online_dossier_rate_published", "F01", "2024", "light") == ("watch",)
    light, reason = warehouse.score("electronic_task_monitoring", "P04", "2026-09", "light", "light_reason_vi")
    assert light == "not_assessable"
    assert "chưa có giá trị gốc để tính lộ trình" in reason
    assert "chưa kiểm chứng" in reason


def test_made_up_figures_are_marked_all_the_way_up(warehouse: TinyWarehouse) -> None:
    assert warehouse.score("electronic_document_processing", "P04", "2026-10", "provenance_vi", "is_synthetic") == (
        "Số liệu giả lập",
        True,
    )
    assert warehouse.score("provincial_dti", "F48", "2022", "provenance_vi") == ("Số liệu công bố",)


def test_every_reporter_stands_with_how_it_reported(warehouse: TinyWarehouse) -> None:
    rows = warehouse.rows(
        """select reporter_code, time_period, state, n_missing, days_late, n_submissions
        from marts.mart_submission_status
        where dataset = 'administration' and reporter_code in ('P01', 'P04', 'P08', 'P11') order by all"""
    )
    n_01, n_08, n_11 = (len(communes(code)) for code in ("P01", "P08", "P11"))
    assert rows == [
        ("P01", "2026-09", "missing", n_01, 29, 0),
        ("P01", "2026-10", "not_due", n_01, 0, 0),
        ("P04", "2026-09", "on_time", 0, 0, 1),
        ("P04", "2026-10", "partial", 1, 0, 1),
        ("P08", "2026-09", "returned", n_08, 29, 1),
        ("P08", "2026-10", "not_due", n_08, 0, 0),
        ("P11", "2026-09", "late", 0, 1, 1),
        ("P11", "2026-10", "not_due", n_11, 0, 0),
    ]


def test_a_published_figure_came_on_the_day_of_its_publication(warehouse: TinyWarehouse) -> None:
    rows = warehouse.rows(
        """select state, days_late from marts.mart_submission_status
        where reporter_code = 'NSO' and dataset = 'digital_economy' and time_period = '2023'"""
    )
    assert rows == [("on_time", 0)]


def test_only_units_that_owe_stand_there_without_a_value(warehouse: TinyWarehouse) -> None:
    units = warehouse.rows(
        "select org_unit_code from marts.mart_scoreboard where indicator = 'provincial_dti' order by 1"
    )
    assert units == [(unit,) for unit in sorted([*DTI_2022, *(unit.replace("F", "P") for unit in DTI_2022)])]


def test_the_trend_draws_the_required_line_to_the_deadline(warehouse: TinyWarehouse) -> None:
    rows = warehouse.rows(
        """select time_period, series, obs_value from marts.mart_trend
        where indicator = 'digital_economy_share' and time_period in ('2024', '2030') order by all"""
    )
    assert rows == [
        ("2024", "required", pytest.approx(13.17)),
        ("2024", "target", 30.0),
        ("2030", "required", 30.0),
        ("2030", "target", 30.0),
    ]


def test_every_indicator_has_its_sheet(warehouse: TinyWarehouse) -> None:
    lines = dict(
        warehouse.rows(
            "select label_vi, text_vi from marts.mart_indicator_card where indicator = 'digital_economy_share'"
        )
    )
    assert lines["Chỉ tiêu"] == (
        "cả nước ≥ 20 % đến năm 2025 (Nghị quyết Đại hội XIII); cả nước ≥ 30 % đến năm 2030 (57-NQ/TW); "
        "cả nước ≥ 50 % đến năm 2045 (57-NQ/TW)"
    )
    counts = warehouse.rows("select count(distinct indicator) from marts.mart_indicator_card")
    assert counts == [(len(whole_catalogue().indicators),)]
