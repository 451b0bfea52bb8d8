"""The indicator sheet says what the specification says, in words."""

from pathlib import Path

import docx
import pytest

from indicator_specs.errors import PlainError
from pipelines.indicator_sheet import sheet_of
from pipelines.sheet_document import write_document
from tests.small_catalogue import RATE_FILE, Small


def test_every_part_is_on_the_sheet(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    small.change(RATE_FILE, "lead: G06", 'lead: [{body: MIC, valid_to: "2025-02-28"}, G06]')
    lines = dict(sheet_of(small.load(), "rate"))
    assert lines["Mã"] == "CS1, rate"
    assert lines["Đơn vị tính"] == "phần trăm"
    assert lines["Cấp có số liệu"] == "cả nước, cấp tỉnh"
    assert lines["Cơ quan chủ trì"] == ("Bộ Thông tin và Truyền thông (đến 28/02/2025); Bộ Khoa học và Công nghệ")
    assert lines["Chỉ tiêu"] == "Việt Nam: đạt từ 80 đến 2030 (57-NQ/TW, quyết định mức đánh giá)"
    assert lines["Mốc so sánh"] == "45.8 (2024; báo cáo)"
    assert lines["Phương pháp tính 1"].splitlines() == [
        "(từ 2025-07) 100 * online / received",
        "online: Số trực tuyến (hồ sơ; nguồn: Dịch vụ)",
        "received: Số tiếp nhận (hồ sơ; nguồn: Dịch vụ)",
        "Kỳ báo cáo: tháng. Tổng hợp: tính lại từ số liệu thành phần đã cộng.",
    ]
    assert lines["Mức độ kiểm chứng"].startswith("định nghĩa: đã đối chiếu văn bản")


def test_what_a_level_does_differently_and_whose_figure_is_taken_is_on_the_sheet(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    taken = "{measure: service.received, producer: G22, period: latest, max_age: 2 years}"
    small.change(RATE_FILE, "received: {measure: service.received}", f"received: {taken}")
    small.change(RATE_FILE, "  province: {}", "  province: {frequency: quarterly, formula: online / received * 100}")
    small.change(
        RATE_FILE,
        'source: "57-NQ/TW", governs: true}',
        'source: "57-NQ/TW", governs: true}\n'
        '  - {id: band, kind: keep, operator: band, value: "70", value_high: "90", level: province, source: "x"}',
    )
    lines = dict(sheet_of(small.load(), "rate"))
    assert "; cơ quan công bố: Văn phòng Chính phủ), kỳ mới nhất, không cũ hơn 24 tháng" in lines["Phương pháp tính 1"]
    assert lines["Riêng cấp tỉnh"] == "Kỳ báo cáo: quý\nCông thức: online / received * 100"
    assert lines["Chỉ tiêu"].splitlines()[1] == "cấp tỉnh: duy trì 70–90 (trong khoảng) (x)"


def test_the_scale_of_an_assessed_indicator_is_on_the_sheet(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    formula = "    formula: 100 * online / received\n    inputs:\n      online: {measure: service.online}\n"
    small.change(RATE_FILE, "type: computed", "type: assessed")
    small.change(RATE_FILE, formula, "    inputs:\n")
    small.change(RATE_FILE, "unit: percent", "unit: dossier")
    head, _, _ = (small.root / RATE_FILE).read_text(encoding="utf-8").partition("examples:")
    scale = 'assessment: {scale: ["Chưa đạt", "Đạt"], assessor: "Hội đồng", document: "Kết luận 01"}\n'
    small.write(RATE_FILE, head + scale)
    small.change("catalogue/government/pair.yml", "formula: rate - paid", "formula: paid")
    small.change("catalogue/government/pair.yml", "      rate: {indicator: rate}\n", "")
    small.change("catalogue/government/pair.yml", "given: {rate: 80, paid: 30}", "given: {paid: 50}")
    lines = dict(sheet_of(small.load(), "rate"))
    assert lines["Thang đánh giá"] == "1. Chưa đạt; 2. Đạt\nĐánh giá: Hội đồng (Kết luận 01)"


def test_a_target_of_nought_is_a_target(tmp_path: Path) -> None:
    small = Small.at(tmp_path).change(RATE_FILE, 'value: "80"', 'value: "0"')
    assert dict(sheet_of(small.load(), "rate"))["Chỉ tiêu"].startswith("Việt Nam: đạt từ 0 đến 2030")


def test_an_unknown_indicator_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlainError, match="no indicator 'nothing'"):
        sheet_of(Small.at(tmp_path).load(), "nothing")


def test_the_word_document_has_every_line_and_room_to_sign(tmp_path: Path) -> None:
    lines = sheet_of(Small.at(tmp_path / "small").load(), "rate")
    write_document(lines, "CS1", tmp_path / "sheet.docx")
    written = docx.Document(str(tmp_path / "sheet.docx"))
    assert [paragraph.text for paragraph in written.paragraphs][:2] == ["PHIẾU CHỈ SỐ", "Mã: CS1"]
    sheet, signatures = written.tables
    assert [tuple(cell.text for cell in row.cells) for row in sheet.rows] == [tuple(line) for line in lines]
    assert [cell.text for cell in signatures.rows[0].cells] == ["NGƯỜI LẬP", "CƠ QUAN CHỦ TRÌ"]
    assert written.styles["Normal"].font.name == "Times New Roman"
