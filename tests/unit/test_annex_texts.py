"""What the texts of an annex mean: headings, targets, frequencies, units, agencies, formulas, ids."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicator_specs.annex.agencies import Agencies
from indicator_specs.annex.formula_texts import ratio
from indicator_specs.annex.frequency_texts import frequencies
from indicator_specs.annex.headings import heading
from indicator_specs.annex.kinds import direction, levels_named, nature, spec_type
from indicator_specs.annex.numerals import number, readings
from indicator_specs.annex.spec_text import declaration
from indicator_specs.annex.target_texts import Aim, aims
from indicator_specs.annex.unit_names import unit_counted, units_named
from indicator_specs.annex.words import identifier
from indicator_specs.reference_files import load_reference
from indicator_specs.registry import REFERENCE
from indicator_specs.strict_yaml import read_text
from indicator_specs.units import UNITS


@pytest.mark.parametrize(
    ("lines", "field", "year"),
    [
        (("TT",), "ordinal", ""),
        (("S T T",), None, ""),
        (("Số TT",), "ordinal", ""),
        (("Chỉ tiêu",), "name", ""),
        (("Chỉ tiêu/Chỉ số",), "name", ""),
        (("CHỈ  TIÊU /\nCHỈ SỐ",), "name", ""),
        (("Tên chỉ số (*)",), "name", ""),
        (("Te\u0302n chi\u0309 tie\u0302u",), "name", ""),
        (("Đơn vị tính",), "unit", ""),
        (("ĐVT",), "unit", ""),
        (("Chỉ tiêu", "Năm 2030"), "target", "2030"),
        (("Chỉ tiêu", "2045"), "target", "2045"),
        (("Mục tiêu đến năm 2030",), "target", "2030"),
        (("Giai đoạn 2026 - 2030",), "target", "2030"),
        (("Thực hiện năm 2024",), "baseline", "2024"),
        (("Hiện trạng", "Năm 2024"), "baseline", "2024"),
        (("Mục tiêu",), "target", ""),
        (("Cơ quan chủ trì",), "lead", ""),
        (("Cơ quan, đơn vị chủ trì",), "lead", ""),
        (("Phân công", "Chủ trì"), "lead", ""),
        (("Phân công", "Phối hợp"), "implementing", ""),
        (("Kỳ/tần suất",), "frequency", ""),
        (("Phương pháp tính",), "method", ""),
        (("Nguồn số liệu",), "data_source", ""),
        (("Ghi chú",), "note", ""),
        (("Mã số",), "code", ""),
        (("Người liên hệ",), None, ""),
        (("Theo Nghị định 47/2020",), None, ""),
    ],
)
def test_a_heading_is_read_by_its_meaning(lines: tuple[str, ...], field: str | None, year: str) -> None:
    found = heading(*lines)
    assert (found.field if found else None, found.year if found else "") == (field, year)


def aim(operator: str = "", value: str = "", high: str = "", **others: object) -> Aim:
    low, top = (Decimal(text) if text else None for text in (value, high))
    return Aim(operator=operator, value=low, value_high=top, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">80", [aim(">", "80")]),
        ("≥ 80 %", [aim(">=", "80")]),
        (">= 80%", [aim(">=", "80")]),
        ("Tối thiểu 40%", [aim(">=", "40")]),
        ("từ 80% trở lên", [aim(">=", "80")]),
        ("Đạt trên 70", [aim(">", "70")]),
        ("không quá 5", [aim("<=", "5")]),
        ("dưới 10%", [aim("<", "10")]),
        ("90", [aim("", "90")]),
        ("0,7", [aim("", "0.7")]),
        ("0.7", [aim("", "0.7")]),
        ("1.500.000", [aim("", "1500000")]),
        ("1.234,5", [aim("", "1234.5")]),
        ("40–50", [aim("range", "40", "50")]),
        ("8 - 10", [aim("range", "8", "10")]),
        ("16-18 %/năm", [aim("range", "16", "18", per_year=True, tail="%")]),
        ("10%/năm", [aim("", "10", per_year=True)]),
        ("bình quân 8%/năm", [aim("", "8", per_year=True, kind="average_of_period")]),
        ("duy trì ≥ 95%", [aim(">=", "95", kind="keep")]),
        ("≥3, tăng dần", [aim(">=", "3"), aim(kind="rising")]),
        ("≤3 ĐNÁ; ≤50 TG", [aim("<=", "3", region="sea"), aim("<=", "50", region="world")]),
        ("Trong nhóm 3 nước đứng đầu khu vực ASEAN", [aim("<=", "3", region="sea")]),
        ("Top 50", [aim("<=", "50")]),
        ("thuộc nhóm 30 nước dẫn đầu", [aim("<=", "30")]),
        (">55 (NQ57); ≥55 (NQ03)", [aim(">", "55", source="NQ57"), aim(">=", "55", source="NQ03")]),
        ("≥80 (NQ57: >80)", [aim(">=", "80"), aim(">", "80", source="NQ57")]),
        ("20 (NQ ĐH XIII)", [aim("", "20", source="NQ ĐH XIII")]),
        ("hoàn thành", [aim(kind="assessed", tail="hoàn thành")]),
        ("một số lĩnh vực", [aim(kind="assessed", tail="một số lĩnh vực")]),
        ("57,5% số trạm 4G", [aim("", "57.5", tail="so tram 4g")]),
        ("1.000", [aim(unread="1.000")]),
        ("trên 50.000", [aim(unread="trên 50.000")]),
        ("khoảng 5", [aim(unread="khoảng 5")]),
        ("50-40", [aim(unread="50-40")]),
        ("≤ 5 - 7", [aim(unread="≤ 5 - 7")]),
        ("80 hoặc 90", [aim("", "80", tail="hoac 90")]),
        ("", []),
        ("-", []),
        ("x", []),
    ],
)
def test_a_target_cell_says_its_aims(text: str, expected: list[Aim]) -> None:
    assert list(aims(text)) == expected


@pytest.mark.parametrize(
    ("text", "value", "both_readings"),
    [
        ("12,5", Decimal("12.5"), ()),
        ("1 234 567", Decimal(1234567), ()),
        ("1.234", None, ("1,234", "1234")),
        ("1,234", None, ("1,234", "1234")),
        ("0.700", Decimal("0.700"), ()),
        ("12.34.5", None, ()),
    ],
)
def test_a_number_with_two_readings_is_none(text: str, value: Decimal | None, both_readings: tuple[str, ...]) -> None:
    assert number(text) == value
    assert readings(text) == both_readings


@pytest.mark.parametrize(
    ("text", "found", "is_sparse", "is_whole"),
    [
        ("tháng", ["monthly"], False, True),
        ("Hằng quý", ["quarterly"], False, True),
        ("Năm (số tận cùng 0, 3, 5)", ["yearly"], False, True),
        ("6 tháng", ["half_yearly"], False, True),
        ("quý;6T;9T;năm", ["quarterly", "half_yearly", "nine_monthly", "yearly"], False, True),
        ("tháng/quý/năm", ["monthly", "quarterly", "yearly"], False, True),
        ("2 năm/lần", ["yearly"], True, True),
        ("2-4 năm", ["yearly"], True, True),
        ("1 năm/lần", ["yearly"], False, True),
        ("tuần", ["weekly"], False, True),
        ("thời gian thực/tháng", ["monthly"], False, False),
        ("đột xuất", [], False, False),
    ],
)
def test_a_frequency_is_read(text: str, found: list[str], is_sparse: bool, is_whole: bool) -> None:
    reading = frequencies(text)
    assert (list(reading.found), reading.is_sparse, not reading.unread) == (found, is_sparse, is_whole)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("%", ["percent"]),
        ("Phần trăm (%)", ["percent"]),
        ("% tổng chi NSNN", ["percent"]),
        ("%/năm", ["percent"]),
        ("Thứ bậc", ["rank"]),
        ("DN", ["enterprise"]),
        ("Hồ sơ", ["dossier"]),
        ("Người/vạn dân", ["person_per_10000"]),
        ("tỷ đồng", ["billion_vnd"]),
        ("Triệu USD", ["million_usd"]),
        ("Gb/s", ["gbps"]),
        ("0-1", ["score_0_1"]),
        ("điểm", ["point", "point_of_100", "point_of_1000", "score_0_1", "score_0_100"]),
        ("sàn", ["exchange"]),
        ("DN/1.000 dân", ["enterprise_per_1000"]),
    ],
)
def test_a_unit_is_found_by_the_names_that_people_use(text: str, codes: list[str]) -> None:
    assert list(units_named(text)) == codes


@pytest.mark.parametrize(
    ("name", "unit", "kind"),
    [
        ("Số hồ sơ tiếp nhận trong kỳ", ("dossier", True), ("flow", True)),
        ("Tổng số doanh nghiệp đang hoạt động", ("enterprise", True), ("stock", True)),
        ("Số hồ sơ nộp trực tuyến", ("dossier", True), ("flow", False)),
        ("Dân số từ 15 tuổi", ("person", False), ("stock", True)),
        ("Số văn bản luỹ kế từ đầu năm", ("document", True), ("cumulative", True)),
        ("Kinh phí chi cho khoa học", ("", False), (None, False)),
    ],
)
def test_a_measure_says_what_it_counts_and_how_it_adds_up(
    name: str, unit: tuple[str, bool], kind: tuple[str | None, bool]
) -> None:
    assert unit_counted(name) == unit
    assert nature(name) == kind


@pytest.fixture(scope="module")
def agencies() -> Agencies:
    return Agencies(load_reference(REFERENCE, str)[0])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Bộ KH&CN", ["G06"]),
        ("Bộ KHCN", ["G06"]),
        ("Bộ Khoa học & Công nghệ", ["G06"]),
        ("BỘ KHOA HỌC VÀ CÔNG NGHỆ", ["G06"]),
        ("Bộ Văn hóa, Thể thao và Du lịch", ["G16"]),
        ("Ngân hàng Nhà nước", ["G19"]),
        ("VPCP", ["G22"]),
        ("Văn phòng Trung ương Đảng", ["VPTW"]),
        ("Đảng uỷ Chính phủ", ["DUCP"]),
        ("Cục Thống kê (Bộ Tài chính)", ["NSO"]),
        ("Tổng cục Thống kê", ["NSO"]),
        ("UBND thành phố Hà Nội", ["P01"]),
        ("Các bộ, ngành, địa phương", ["ministries", "provinces"]),
        ("UBND các tỉnh, thành phố trực thuộc trung ương", ["provinces"]),
        ("Bộ Công an; Bộ Nội vụ", ["G01", "G09"]),
        ("Bộ Công an, Bộ TT&TT và các bộ", ["G01", "G06", "ministries"]),
        ("Bộ LĐ-TB&XH", ["G09"]),
        ("Sở Nội vụ", [""]),
        ("VCCI", ["VCCI"]),
    ],
)
def test_a_body_is_found_by_what_people_call_it(agencies: Agencies, text: str, codes: list[str]) -> None:
    assert [body.code for body in agencies.bodies(text)] == codes


def test_a_body_that_has_ended_leads_to_its_successor_and_says_so(agencies: Agencies) -> None:
    (body,) = agencies.bodies("Bộ Thông tin và Truyền thông")
    assert (body.code, body.before) == ("G06", "")
    assert body.said == "MIC → G06 (01/03/2025, NQ 176/2025/QH15)"
    (both_bodies,) = agencies.bodies("Bộ KH&CN (trước 01/3/2025: Bộ TT&TT)")
    assert (both_bodies.code, both_bodies.before, both_bodies.until) == ("G06", "MIC", date(2025, 2, 28))
    (undated,) = agencies.bodies("Bộ Tài chính (trước: Bộ KH&ĐT)")
    assert (undated.code, undated.before, undated.until) == ("G12", "MPI", date(2025, 2, 28))


def test_near_names_are_offered_not_taken(agencies: Agencies) -> None:
    (body,) = agencies.bodies("Bộ Khoa học Công ngệ")
    assert body.code == ""
    assert "G06" in body.choices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số hồ sơ A / tổng số hồ sơ × 100", ("Số hồ sơ A", "Tổng số hồ sơ", 100)),
        ("Tỷ lệ = (Số A / Tổng B) x 100%", ("Số A", "Tổng B", 100)),
        ("Tử số: số hồ sơ; mẫu số: tổng số hồ sơ.", ("Số hồ sơ", "Tổng số hồ sơ", 100)),
        ("Số DN chia cho tổng số DN nhân 100", ("Số DN", "Tổng số DN", 100)),
        ("100 × Số hộ / Tổng số hộ", ("Số hộ", "Tổng số hộ", 100)),
        ("Số người nghiên cứu / Dân số × 10.000", ("Số người nghiên cứu", "Dân số", 10000)),
        ("Số người/vạn dân", None),
        ("(A - B) / C * 100", None),
        ("A / B / C", None),
        ("(x_t / x_prev - 1) * 100", None),
        ("HDI = (a * b * c)^(1/3)", None),
        ("Theo hướng dẫn của Bộ", None),
        ("", None),
    ],
)
def test_only_one_fraction_is_taken_for_a_formula(text: str, expected: tuple[str, str, int] | None) -> None:
    assert ratio(text) == expected


@pytest.mark.parametrize(
    ("name", "unit", "method", "target", "kind", "way"),
    [
        ("Xếp hạng GII", "", "", "Top 40", "published_rank", ("lower_is_better", True)),
        ("Năng lực cạnh tranh số", "thứ bậc", "", "", "published_rank", ("lower_is_better", True)),
        ("Tỷ lệ hồ sơ", "%", "Số A / Số B × 100", "≥80", "computed", ("higher_is_better", True)),
        ("Tỷ lệ vùng trắng sóng", "%", "", "0", "published_value", ("lower_is_better", False)),
        ("Số sàn dữ liệu", "sàn", "", "5", "published_value", ("higher_is_better", False)),
        ("Số sàn dữ liệu", "sàn", "", "", "published_value", (None, False)),
        ("Cơ sở dữ liệu đất đai", "", "", "hoàn thành", "milestone", ("higher_is_better", False)),
        ("Trình độ công nghệ", "định tính", "", "nhóm dẫn đầu", "assessed", ("higher_is_better", False)),
        ("Chi ngân sách", "%", "", "≥3, tăng dần", "published_value", ("higher_is_better", True)),
    ],
)
def test_type_and_direction_follow_from_the_words(
    name: str, unit: str, method: str, target: str, kind: str, way: tuple[str | None, bool]
) -> None:
    assert spec_type(name, unit, method, aims(target), ratio(method)) == kind
    assert direction(kind, name, aims(target)) == way  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("quốc gia; bộ; tỉnh; xã", ["nation", "ministry", "province", "commune"]),
        ("Cấp tỉnh", ["province"]),
        ("quốc gia; tỉnh (GRDP)", ["nation", "province"]),
        ("huyện", []),
    ],
)
def test_levels_are_read_whole_or_not_at_all(text: str, levels: list[str]) -> None:
    assert list(levels_named(text)) == levels


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Tỷ lệ hộ nghèo (%)", "ti_le_ho_ngheo"),
        ("Tỉ lệ hộ nghèo", "ti_le_ho_ngheo"),
        ("Tỷ trọng kinh tế số trong GDP", "ti_trong_kinh_te_so_gdp"),
        ("5G phủ sóng", "phu_song_5g"),
        ("Đô thị thông minh của các tỉnh", "do_thi_thong_minh_tinh"),
        ("123", ""),
    ],
)
def test_an_id_is_made_of_plain_words(text: str, made: str) -> None:
    assert identifier(text) == made


@given(st.text(alphabet=st.sampled_from("aăđễ 0123456789.,;:()-–/%≥≤<>=×&\n")) | st.text())
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    for aim_read in aims(text):
        assert aim_read.value is None or aim_read.value >= 0
    assert re.fullmatch(r"([a-z][a-z0-9_]{0,47})?", identifier(text))
    assert set(frequencies(text).found) <= {"weekly", "monthly", "quarterly", "half_yearly", "nine_monthly", "yearly"}
    assert set(units_named(text)) <= set(UNITS)
    assert ratio(text) is None or ratio(text)[2] >= 1  # type: ignore[index]
    heading(text, text)
    levels_named(text)


def test_what_is_written_is_read_back_the_same() -> None:
    value = {
        "id": "mot",
        "codes": ["11.10", "CS1"],
        "meaning": {
            "name": {"vi": 'Tỉ lệ "trong" ngoặc, phẩy: # thăng'},
            "concept": {"vi": "Một câu rất dài " * 20 + "- kết thúc: 0,7 # không phải chú thích"},
            "unit": "percent",
        },
        "levels": {"nation": {}, "province": {}},
        "methods": [{"version": "1", "formula": "100 * a / b", "inputs": {"a": {"measure": "x.y"}}}],
        "targets": [{"id": "t", "operator": ">", "value": "0.7", "source": "s" * 150}, {"id": "u", "governs": "true"}],
        "rank": {"of": "null"},
    }
    document = read_text(declaration(value, ("Chú thích: một dòng",)), "x.yml")
    assert document.problems == []
    assert document.value == value
