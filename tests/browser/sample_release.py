"""A small sealed release in the shape of the marts, for the dashboards alone: made-up figures, real org units."""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from indicator_specs.home import PROJECT, Home

LIGHTS = {
    "behind": ("Chậm tiến độ", 1),
    "at_risk": ("Có nguy cơ chậm", 2),
    "not_assessable": ("Chưa đủ cơ sở đánh giá", 3),
    "no_data": ("Chưa có số liệu", 4),
    "on_track": ("Đạt tiến độ", 5),
    "watch": ("Theo dõi xu hướng", 6),
}
MONTHS = [f"2025-{month:02}" for month in range(7, 13)] + [f"2026-{month:02}" for month in range(1, 11)]
STATES = {
    "missing": ("Chưa gửi", 1),
    "partial": ("Chưa đủ số liệu", 3),
    "late": ("Gửi chậm", 4),
    "on_time": ("Đúng thời hạn", 5),
}
SCOREBOARD = """
create table marts.mart_scoreboard (
  indicator varchar, indicator_name_vi varchar, indicator_name_en varchar, codes varchar, layer_vi varchar,
  theme_vi varchar, unit_vi varchar, decimals integer, direction varchar, org_unit_code varchar,
  org_unit_name_vi varchar, org_unit_kind varchar, province_code varchar, province_name_vi varchar,
  time_period varchar, period_label_vi varchar, period_start_date date, is_latest boolean, obs_value double,
  value_text_vi varchar, previous_time_period varchar, previous_value double, change double, change_text_vi varchar,
  target_text_vi varchar, target_value double, required_value double, gap double, light varchar, light_vi varchar,
  light_order integer, light_reason_vi varchar, light_reason_en varchar, coverage double, coverage_text_vi varchar,
  n_reported integer, n_expected integer, obs_status varchar, obs_status_vi varchar, is_synthetic boolean,
  provenance_vi varchar, confidence_vi varchar, lead_code varchar, lead_name_vi varchar, rank_in_peers double,
  n_peers integer, map varchar, method_version integer)
"""


@dataclass(frozen=True)
class _Indicator:
    id: str
    name: str
    code: str
    layer: str
    target: float
    monthly: bool


INDICATORS = [
    _Indicator(
        "online_service_usage",
        "Tỉ lệ sử dụng dịch vụ công trực tuyến toàn trình của người dân và doanh nghiệp",
        "CS11.1",
        "Trung ương",
        80,
        True,
    ),
    _Indicator("dossier_digitisation", "Tỉ lệ số hoá hồ sơ, kết quả giải quyết", "CS11.3", "Trung ương", 100, True),
    _Indicator("electronic_results", "Tỉ lệ cấp kết quả điện tử", "CS11.4", "Cơ quan", 100, True),
    _Indicator("online_payment", "Tỉ lệ thanh toán trực tuyến", "CS11.6", "Cơ quan", 60, True),
    _Indicator("digital_economy_share", "Tỉ trọng kinh tế số trong GDP", "CS10", "Trung ương", 30, False),
    _Indicator("rd_expenditure_share", "Tỉ lệ chi cho nghiên cứu và phát triển/GDP", "CS15", "Trung ương", 2, False),
]


def org_units() -> list[dict[str, str]]:
    """The org units of the project's own reference table."""
    with (PROJECT / "indicator_specs/reference/org_unit.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def build(home: Home) -> Path:
    """Write release 1 under ``home`` and point the symlink at it."""
    home.published.mkdir(parents=True, exist_ok=True)
    path = home.published / "mart@1.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(SCOREBOARD)
        units = [u for u in org_units() if u["kind"] in {"nation", "province"}]
        communes = [u for u in org_units() if u["kind"] == "commune"][:400]
        rows = [row for each in INDICATORS for row in _scores(each, units, communes)]
        _insert(connection, "mart_scoreboard", rows)
        _others(connection, units)
    path.chmod(0o444)
    temporary = home.published / ".mart.duckdb"
    temporary.symlink_to(path.name)
    temporary.replace(home.published / "mart.duckdb")
    return path


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, orient="row", infer_schema_length=None)
    connection.register("frame", frame)
    connection.execute(f"insert into marts.{table} select * from frame")
    connection.unregister("frame")


def _value(indicator: _Indicator, unit: str, index: int) -> float:
    spread = sum(unit.encode()) * 7919 % 41
    return min(100.0, indicator.target * (0.55 + spread / 100 + index / 120))


def _scores(
    indicator: _Indicator, units: list[dict[str, str]], communes: list[dict[str, str]]
) -> list[tuple[object, ...]]:
    found = []
    periods = MONTHS if indicator.monthly else ["2023", "2024", "2025"]
    shown = units if indicator.monthly else units[:1]
    if indicator.id == "electronic_results":
        shown = units + communes
    for unit in shown:
        previous = None
        for index, period in enumerate(periods):
            value = round(_value(indicator, unit["org_unit_code"], index), 3)
            required = indicator.target * 0.8
            light = "on_track" if value >= required else "at_risk" if value >= required * 0.9 else "behind"
            if indicator.id == "online_payment" and unit["kind"] == "nation":
                light = "not_assessable"
            found.append(_score(indicator, unit, period, value, previous, light, index == len(periods) - 1))
            previous = value
    return found


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _score(
    i: _Indicator, unit: dict[str, str], period: str, value: float, previous: float | None, light: str, latest: bool
) -> tuple[object, ...]:
    kind = unit["kind"]
    province = unit["org_unit_code"] if kind == "province" else unit["parent_code"] if kind == "commune" else None
    names = {u["org_unit_code"]: u["short_name_vi"] for u in org_units_cached()}
    label = f"Tháng {int(period[5:])}/{period[:4]}" if "-" in period else f"Năm {period}"
    start = f"{period}-01" if "-" in period else f"{period}-01-01"
    required = i.target * 0.8
    change = None if previous is None else value - previous
    words, order = LIGHTS[light]
    return (
        i.id, i.name, i.id, i.code, i.layer, "Chính quyền số", "%", 1, "higher_is_better",
        unit["org_unit_code"], unit["short_name_vi"], kind, province, names.get(province or ""),
        period, label, start, latest, value, f"{_comma(value)} %", None, previous, change,
        None if change is None else f"tăng {_comma(change)} điểm phần trăm", f"≥ {_comma(i.target)} % vào năm 2030",
        i.target, required, value - required, light, words, order,
        f"Đạt {_comma(value)} %, mức cần đạt trong kỳ là {_comma(required)} %", "reason", 1.0,
        "34/34 đơn vị (100 %)", 34, 34, "A", "Chính thức", i.monthly,
        "Số liệu giả lập" if i.monthly else "Số liệu công bố", "đã đối chiếu văn bản", "G06", "Bộ Công an",
        1, 34, "current", 1,
    )  # fmt: skip


_CACHE: list[dict[str, str]] = []


def org_units_cached() -> list[dict[str, str]]:
    """The org units, read once."""
    if not _CACHE:
        _CACHE.extend(org_units())
    return _CACHE


def _others(connection: duckdb.DuckDBPyConnection, units: list[dict[str, str]]) -> None:
    connection.execute("""
      create table marts.mart_trend as
      select indicator, indicator_name_vi, org_unit_code, org_unit_name_vi, province_code, time_period,
        period_start_date, s.series, s.series_vi,
        case s.series when 'value' then obs_value when 'required' then required_value else target_value end obs_value,
        is_synthetic and s.series = 'value' as is_synthetic
      from marts.mart_scoreboard cross join
        (values ('value', 'Giá trị'), ('required', 'Mức cần đạt'), ('target', 'Chỉ tiêu')) s(series, series_vi)
    """)
    connection.execute("""
      create table marts.mart_vintage as
      select indicator, indicator_name_vi, org_unit_code, org_unit_name_vi, province_code, province_name_vi,
        time_period, 'NSO' as producer_code, 'Cục Thống kê' as producer_name_vi, period_start_date as published_date,
        obs_value, obs_status_vi, true as is_current, true as is_chosen, 0.0 as difference_from_chosen,
        'Niên giám thống kê' as citation
      from marts.mart_scoreboard where is_latest
      union all
      select indicator, indicator_name_vi, org_unit_code, org_unit_name_vi, province_code, province_name_vi,
        time_period, 'G06', 'Bộ Công an', period_start_date, obs_value - 0.7, obs_status_vi, true, false, -0.7,
        'Báo cáo của bộ'
      from marts.mart_scoreboard where is_latest and indicator = 'digital_economy_share'
    """)
    connection.execute("""
      create table marts.mart_discrepancy as
      select indicator, indicator_name_vi, org_unit_code, org_unit_name_vi, province_code, province_name_vi,
        time_period, period_label_vi, obs_value as computed, obs_value + 0.5 as published, -0.5 as difference,
        0.1 as tolerance, 'NSO' as producer_code, 'Cục Thống kê' as producer_name_vi, 'Niên giám thống kê' as citation,
        true as is_flagged, 'Số công bố cao hơn giá trị tính được 0,5' as message_vi
      from marts.mart_scoreboard where is_latest and obs_value is not null
    """)
    connection.execute("""
      create table marts.mart_sum_discrepancy as
      select 'public_service.dossiers_received' as measure, 'Số hồ sơ tiếp nhận' as measure_name_vi, 'hồ sơ' as unit_vi,
        'public_service.dossiers_received' as units_measure, 'Số hồ sơ tiếp nhận' as units_measure_name_vi,
        org_unit_code, org_unit_name_vi, province_code, province_name_vi, time_period, period_label_vi,
        '_T' as breakdown, 120.0 as reported_value, 100.0 as units_sum, 20.0 as difference, 0.0 as tolerance,
        'G22' as producer_code, 'VPCP' as producer_name_vi, org_unit_code as reporter_code,
        org_unit_name_vi as reporter_name_vi, 'VPCP' as units_producer_name_vi,
        '3 đơn vị' as units_reporter_name_vi, 3 as n_reported, 3 as n_expected, 1.0 as coverage, '' as citation,
        true as is_complete, true as is_flagged, is_synthetic,
        org_unit_name_vi || ' báo cáo 120; cộng 3/3 đơn vị cấp dưới được 100: lệch 20, quá mức cho phép' as message_vi
      from marts.mart_scoreboard where indicator = 'online_payment' and is_latest and org_unit_kind = 'province'
    """)
    connection.execute("""
      create table marts.mart_residual as
      select 'public_service.dossiers_received' as measure, 'Số hồ sơ tiếp nhận' as measure_name_vi,
        'hồ sơ' as unit_vi, 'FC' || org_unit_code as org_unit_code,
        'Xã cũ của ' || org_unit_name_vi as org_unit_name_vi,
        province_code, province_name_vi, '2025-06' as time_period, 'Tháng 6/2025' as period_label_vi, '_T' as breakdown,
        120.0 as reported_value, 40.0 as residual_value, org_unit_code as held_by_code,
        org_unit_name_vi as held_by_name_vi, 'Đã chia tách, chưa có tỉ lệ chia' as note_vi
      from marts.mart_scoreboard where indicator = 'online_payment' and is_latest and org_unit_kind = 'province'
    """)
    connection.execute("""
      create table marts.mart_indicator_card as
      select distinct indicator, indicator_name_vi, l.line_no, l.label_vi, l.label_vi as label_en, l.text_vi,
        l.text_vi as text_en
      from marts.mart_scoreboard cross join (values
        (1, 'Khái niệm', 'Số hồ sơ nộp và xử lý trực tuyến toàn trình trên tổng số hồ sơ tiếp nhận trong kỳ.'),
        (2, 'Công thức', '100 × số hồ sơ toàn trình ÷ số hồ sơ tiếp nhận'),
        (3, 'Nguồn số liệu', 'Cổng dịch vụ công quốc gia'), (4, 'Cơ quan chủ trì', 'Bộ Công an'),
        (5, 'Căn cứ', '57-NQ/TW, mục II.1; 03/NQ-CP, Phụ lục I'),
        (6, 'Mức độ tin cậy', 'Khái niệm: đã đối chiếu văn bản')) l(line_no, label_vi, text_vi)
    """)
    _inputs(connection)
    connection.execute("""
      create table marts.mart_release as select 1 as release_no, 'regular' as kind, 'Chốt số liệu định kỳ' as reason,
        timestamp '2026-11-10 02:00:00' as sealed_at, 'abc' as spec_hash, 12 as n_batches,
        'Bản chốt số liệu số 1' as summary_vi
    """)
    rows: list[tuple[object, ...]] = []
    for index, unit in enumerate(u for u in units if u["kind"] == "province"):
        for period in ("2026-09", "2026-10"):
            state = [*STATES][(index + int(period[-1])) % 4]
            words, order = STATES[state]
            sent = None if state == "missing" else f"{period}-28 03:00:00"
            rows.append(
                (
                    unit["org_unit_code"], unit["short_name_vi"], unit["org_unit_code"], unit["short_name_vi"],
                    "commune_report",
                    "administration", "Báo cáo cấp xã (BM-XA-01)", period, f"Tháng {int(period[5:])}/2026",
                    f"2026-{int(period[5:]) + 1:02}-12", 400, 0 if state == "missing" else 380, 20, sent, 1, index,
                    f"BM-XA-01_{unit['org_unit_code']}.xlsx", state, words, order, 3, 0,
                    *(("verified", "Đã thẩm định", "VPTW", sent) if state == "on_time" else (None,) * 4),
                )
            )  # fmt: skip
    connection.execute("""
      create table marts.mart_submission_status (reporter_code varchar, reporter_name_vi varchar, province_code varchar,
        province_name_vi varchar, source varchar, dataset varchar, dataset_name_vi varchar, time_period varchar,
        period_label_vi varchar, deadline_date date, n_expected integer, n_reported integer, n_missing integer,
        submitted_at timestamp, n_submissions integer, last_submission_no integer, last_file_name varchar,
        state varchar, state_vi varchar, state_order integer, n_findings integer, days_late integer,
        verification varchar, verification_vi varchar, verifier_name_vi varchar, verification_at timestamp)
    """)
    _insert(connection, "mart_submission_status", rows)


def _inputs(connection: duckdb.DuckDBPyConnection) -> None:
    """One measure an indicator, with the indicator's own values, and what names it."""
    connection.execute("""
      create schema lineage;
      create table marts.dim_indicator as
      select distinct indicator, indicator_name_vi as name_vi, is_synthetic as is_reported_by_agencies
      from marts.mart_scoreboard;
      create table lineage.lineage_indicator_measure as
      select indicator, 'sample.' || indicator as measure from marts.dim_indicator;
      create table marts.dim_measure as
      select 'sample.' || indicator as measure, 'Thành phần: ' || name_vi as name_vi, '%' as unit_vi,
        'Bộ số liệu mẫu' as dataset_name_vi, 'Nguồn mẫu' as source_name_vi
      from marts.dim_indicator;
      create table marts.dim_org_unit as
      select distinct org_unit_code, org_unit_name_vi as short_name_vi, province_code, province_name_vi,
        cast(null as date) as valid_to
      from marts.mart_scoreboard;
      create table marts.dim_period as
      select distinct time_period, period_label_vi as label_vi, period_start_date as start_date
      from marts.mart_scoreboard;
      create table lineage.lineage_measure_value as
      select 'sample.' || indicator as measure, org_unit_code, time_period, 'current' as map,
        case org_unit_kind when 'nation' then 'rolled' else 'reported' end as origin, obs_value, obs_status,
        cast(null as varchar) as producer_code, true as is_preferred, 34 as n_reported, 34 as n_expected, coverage,
        is_synthetic
      from marts.mart_scoreboard
    """)
