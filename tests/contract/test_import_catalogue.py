"""An annex of sixty rows becomes specifications that load, and the list of what a person must decide."""

import hashlib
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from indicator_specs.annex.context import Programme
from indicator_specs.annex.grid import AnnexError
from indicator_specs.reference import Reference
from indicator_specs.reference_files import load_reference
from indicator_specs.registry import CATALOGUE, REFERENCE, SOURCES, Registry, load_registry
from pipelines.annex import importing
from pipelines.annex.importing import ImportReport, import_annex
from pipelines.annex.places import Places
from pipelines.cli import app
from tests.annex_workbook import sixty_rows

PROGRAMME = Programme("nq03", "Kế hoạch hành động")
NEEDED = {
    ("4", "targets[2030]"),
    ("8", "meaning.unit"),
    ("11", "targets[2030].kind"),
    ("13", "responsibility.lead"),
    ("14", "meaning.unit"),
    ("14", "assessment.scale"),
    ("14", "assessment.assessor"),
    ("14", "assessment.document"),
    ("15", "meaning.unit"),
    ("15", "assessment.scale"),
    ("15", "assessment.assessor"),
    ("15", "assessment.document"),
    ("16", "meaning.direction"),
    ("16", "targets[2025]"),
    ("16", "targets[2030]"),
    ("17", "methods[0].frequency"),
    ("17", "responsibility.lead"),
    ("18", "meaning.unit"),
    ("18", "meaning.direction"),
    ("18", "methods[0].frequency"),
    ("18", "responsibility.lead"),
}
ANSWERS = {
    ("4", "targets[2030]"): "≤ 50 thế giới",
    ("8", "meaning.unit"): "result",
    ("11", "targets[2030].kind"): "average_of_period",
    ("13", "responsibility.lead"): "G06",
    ("14", "meaning.unit"): "times",
    ("14", "assessment.scale"): "Chưa bắt đầu; Đang xây dựng; Hoàn thành",
    ("14", "assessment.assessor"): "Bộ Công an",
    ("14", "assessment.document"): "Biên bản nghiệm thu",
    ("15", "meaning.unit"): "times",
    ("15", "assessment.scale"): "Thấp; Trung bình; Dẫn đầu",
    ("15", "assessment.assessor"): "Hội đồng",
    ("15", "assessment.document"): "Kết luận hằng năm",
    ("16", "meaning.direction"): "higher_is_better",
    ("16", "targets[2025]"): "≥ 1500",
    ("16", "targets[2030]"): ">= 100000",
    ("17", "methods[0].frequency"): "yearly",
    ("17", "responsibility.lead"): "G09",
    ("18", "meaning.unit"): "million_vnd_per_person",
    ("18", "meaning.direction"): "higher_is_better",
    ("18", "methods[0].frequency"): "yearly",
    ("18", "responsibility.lead"): "NSO",
    ("*", "levels"): "nation, province",
    ("*", "classification"): "public",
}


@cache
def tables() -> Reference:
    """The reference tables, read once."""
    return load_reference(REFERENCE, str)[0]


def imported(annex: Path, out: Path, programme: Programme = PROGRAMME) -> ImportReport:
    return import_annex(annex, programme, Places.at(out, programme.id), tables())


def loaded(out: Path) -> Registry:
    """The tree by the real loader; duties and deadlines of the checkout's own datasets are left out."""
    reference = out.parent / f"{out.name}_reference"
    shutil.copytree(REFERENCE, reference, dirs_exist_ok=True)
    for name in ("assignment.csv", "reporting_calendar.csv"):
        (reference / name).write_text((REFERENCE / name).read_text(encoding="utf-8").splitlines(keepends=True)[0])
    return load_registry(out / "catalogue", out / "sources", reference)


def digest(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def decide(out: Path, answers: dict[tuple[str, str], str]) -> None:
    """Fill in the column that a person fills in; every question must be there."""
    book = load_workbook(out / "decisions.xlsx")
    sheet = book["Quyết định"]
    left = dict(answers)
    for row in sheet.iter_rows(min_row=2):
        answer = left.pop((row[1].value, row[2].value), None)
        if answer:
            row[3].value = answer
    assert left == {}
    book.save(out / "decisions.xlsx")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, ImportReport]:
    folder = tmp_path_factory.mktemp("annex")
    annex = sixty_rows(folder / "annex.xlsx")
    return annex, folder / "out", imported(annex, folder / "out")


@pytest.fixture
def again(first: tuple[Path, Path, ImportReport], tmp_path: Path) -> tuple[Path, Path]:
    """The annex, and a copy of what the first run made of it."""
    shutil.copytree(first[1], tmp_path / "out")
    return first[0], tmp_path / "out"


def test_exactly_what_the_annex_leaves_open_is_asked(first: tuple[Path, Path, ImportReport]) -> None:
    _, out, report = first
    assert (len(report.specs), len(report.drafts)) == (53, 7)
    assert {(each.subject, each.field) for each in report.decisions if each.is_needed} == NEEDED
    assert report.passed_over == (
        "Phụ lục I!73: Ghi chú: (1) Số liệu theo báo cáo của các bộ, ngành.",
        "Phụ lục I!75: TM. CHÍNH PHỦ",
        "Phụ lục I!76: KT. THỦ TƯỚNG",
    )
    by_key = {(each.subject, each.field): each for each in report.decisions}
    held = by_key["13", "responsibility.lead"]
    assert (held.found, held.place, held.choices) == (
        "Bộ KH&CN; Bộ Giáo dục và Đào tạo",
        "Phụ lục I!F24",
        ("G06", "G03"),
    )
    assert by_key["16", "targets[2025]"].choices == ("1,500", "1500")
    assert by_key["4", "responsibility.lead"].taken == "G06"
    assert "MIC → G06" in by_key["4", "responsibility.lead"].reason
    assert sorted(path.name for path in out.iterdir()) == ["catalogue", "decisions.xlsx", "drafts", "sources"]


def test_what_is_sure_is_right_and_loads(first: tuple[Path, Path, ImportReport]) -> None:
    registry = loaded(first[1])
    assert len(registry.indicators) == 53
    by_code = {spec.codes[0]: spec for spec in registry.indicators.values()}
    online = by_code["1"]
    assert (online.id, online.type, online.theme) == ("ti_le_ho_so_truc_tuyen_toan_trinh", "computed", "chinh_phu_so")
    assert online.method.formula == "100 * numerator / denominator"
    assert (online.method.frequency, online.method.valid_from, online.meaning.unit) == ("monthly", "2025", "percent")
    assert [(b.body, str(b.valid_from), str(b.valid_to)) for b in online.responsibility.lead] == [
        ("MIC", "None", "2025-02-28"),
        ("G06", "2025-03-01", "None"),
    ]
    assert [bearer.body for bearer in online.responsibility.implementing] == ["ministries", "provinces"]
    assert [(t.operator, str(t.value), t.by, t.source, t.governs) for t in online.targets] == [
        (">", "80", "2030", "NQ57", True),
        (">=", "80", "2030", "NQ03", False),
    ]
    assert online.meaning.confidence.target == "draft"
    assert online.meaning.legal_basis == ("03/NQ-CP, 1",)
    assert by_code["4"].type == by_code["5"].type == "published_rank"
    assert by_code["4"].targets == ()
    assert [(t.operator, str(t.value)) for t in by_code["5"].targets] == [("<=", "40")]
    assert by_code["6"].meaning.direction == "lower_is_better"
    assert by_code["9.1"].method.frequency == "quarterly"
    assert [str(t.value) for t in by_code["9.2"].targets] == ["0.7", "1"]
    assert [(t.kind, t.operator) for t in by_code["12"].targets][1:] == [("reach", ">="), ("rising", None)]
    assert by_code["59"].targets[0].value == 59
    assert {m.nature for m in registry.measures.values() if m.name.vi.endswith("trong năm")} == {"flow"}
    assert registry.measures["quan_tri.so_to_chuc_danh_gia_nam"].dataset.full_id == "nq03_reports.g09_yearly"
    assert "9" not in by_code


def test_a_second_run_changes_nothing(again: tuple[Path, Path]) -> None:
    annex, out = again
    before = digest(out)
    imported(annex, out)
    assert digest(out) == before


def test_with_every_decision_filled_in_all_sixty_load(again: tuple[Path, Path]) -> None:
    annex, out = again
    decide(out, ANSWERS)
    report = imported(annex, out)
    assert (len(report.specs), report.drafts, report.unused_answers) == (60, [], ())
    assert [each for each in report.decisions if each.is_needed] == []
    by_code = {spec.codes[0]: spec for spec in loaded(out).indicators.values()}
    assert len(by_code) == 60
    assert {spec.classification for spec in by_code.values()} == {"public"}
    assert set(by_code["1"].levels) == {"nation", "province"}
    assert [(t.operator, str(t.value)) for t in by_code["4"].targets] == [("<=", "50")]
    assert by_code["11"].targets[0].kind == "average_of_period"
    assert [bearer.body for bearer in by_code["13"].responsibility.implementing] == ["G03"]
    assert by_code["14"].assessment is not None
    assert by_code["14"].assessment.scale == ("Chưa bắt đầu", "Đang xây dựng", "Hoàn thành")
    assert [str(t.value) for t in by_code["16"].targets] == ["1500", "100000"]
    assert not list((out / "drafts").iterdir())
    before = digest(out)
    imported(annex, out)
    assert digest(out) == before


def test_a_file_that_somebody_has_changed_is_never_overwritten(again: tuple[Path, Path]) -> None:
    annex, out = again
    spec = next(out.glob("catalogue/*/ti_le_so_hoa_ho_so_ket_qua.yml"))
    draft = out / "drafts" / "thu_nhap_binh_quan.yml"
    source = out / "sources" / "nq03_reports" / "source.yml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("monthly", "monthly  # đã rà soát"), encoding="utf-8")
    draft.write_text(draft.read_text(encoding="utf-8") + "# đang sửa\n", encoding="utf-8")
    source.write_text("# Đã rà soát\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    kept = {path: path.read_bytes() for path in (spec, draft)}
    decide(out, {("8", "meaning.unit"): "result"})
    report = imported(annex, out)
    assert {path: path.read_bytes() for path in kept} == kept
    assert [each.code for each in report.existing] == ["2"]
    assert report.kept == ["drafts/thu_nhap_binh_quan.yml"]
    text = source.read_text(encoding="utf-8")
    assert text.startswith("# Đã rà soát\n")
    assert text.count("so_tuyen_cap_quang_bien_moi") == 1
    assert "so_tuyen_cap_quang_bien_moi" in loaded(out).indicators


def test_rows_that_the_catalogue_has_are_told_and_left(first: tuple[Path, Path, ImportReport], tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(CATALOGUE, out / "catalogue")
    shutil.copytree(SOURCES, out / "sources")
    before = digest(out)
    annex = sixty_rows(tmp_path / "annex.xlsx", A8="11.1", I13="Số hồ sơ tiếp nhận / Số hồ sơ nộp trong kỳ × 100")
    report = imported(annex, out, Programme("nq57", code_prefix="CS"))
    assert ("CS11.1", "online_service_usage") in {(each.code, each.indicator) for each in report.existing}
    assert {("CS10", "digital_economy_share"), ("CS15", "rd_expenditure_share")} <= {
        (each.code, each.indicator) for each in report.existing
    }
    after = digest(out)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"catalogue/themes.yml"}
    reused = [each for each in report.decisions if each.field == "measure:public_service.dossiers_received"]
    assert [each.subject for each in reused] == ["CS6"]


def test_ordinals_typed_as_numbers_are_not_taken_for_each_other(tmp_path: Path) -> None:
    annex = sixty_rows(tmp_path / "annex.xlsx", A17=9.1, A18=9.1)
    report = imported(annex, tmp_path / "out")
    asked = [each for each in report.decisions if each.field == "codes"]
    assert [(each.place, each.found) for each in asked] == [("Phụ lục I!A18", "9.1")]


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        (("17", "methods[0].frequency"), "đột xuất", "'đột xuất' is none of the choices: yearly"),
        (("17", "responsibility.lead"), "G99", "no org unit 'G99'"),
        (("*", "levels"), "huyện", "'huyện' is none of the choices: nation"),
    ],
)
def test_an_answer_that_is_no_choice_is_refused(
    again: tuple[Path, Path], key: tuple[str, str], answer: str, said: str
) -> None:
    annex, out = again
    decide(out, {key: answer})
    before = digest(out)
    with pytest.raises(AnnexError, match=said):
        imported(annex, out)
    assert digest(out) == before


def test_an_answer_that_does_not_load_stays_a_question(again: tuple[Path, Path]) -> None:
    annex, out = again
    decide(out, {**ANSWERS, ("14", "assessment.scale"): "Hoàn thành"})
    report = imported(annex, out)
    assert report.drafts == ["drafts/co_so_du_lieu_quoc_gia_ve_dat_dai.yml"]
    (asked,) = (each for each in report.decisions if each.is_needed)
    assert (asked.subject, asked.field) == ("14", "assessment.scale")
    decide(out, {("14", "assessment.scale"): "Chưa; Hoàn thành"})
    assert imported(annex, out).drafts == []


def a_book(path: Path, *sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


HEAD = ["TT", "Chỉ tiêu", "Đơn vị tính", "Năm 2030", "Cơ quan chủ trì"]
ROW: list[Any] = ["1", "Tỷ lệ", "%", ">5", "Bộ Y tế"]


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ([[["Kính gửi"], ["Không có bảng"]]], "không tìm thấy bảng"),
        ([[HEAD, ROW], [HEAD, ROW]], r"có 2 bảng: S1 \(dòng / row 1\), S2"),
        ([[HEAD, ROW, [], ["TT", "Chỉ số", "ĐVT", "Kỳ báo cáo"], ["1", "a", "%", "năm"]]], "có 2 bảng"),
        ([[["TT", "Đơn vị tính", "Năm 2030", "Cơ quan chủ trì"], ["1", "%", ">5", "Bộ Y tế"]]], "không có cột tên"),
        ([[HEAD, ["1", "Tỷ lệ", "%", "=1+1", "Bộ Y tế"]]], "ô D2 chứa công thức chưa tính"),
        ([[HEAD, ["1", "Tỷ lệ", "%", "#REF!", "Bộ Y tế"]]], r"ô báo lỗi: D2 \(#REF!\)"),
    ],
)
def test_an_annex_that_cannot_be_read_is_refused_in_words(sheets: list[Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(AnnexError, match=said):
        imported(a_book(tmp_path / "annex.xlsx", *sheets), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "tệp không phải .xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"%PDF-1.7", "tệp không phải .xlsx"),
        (b"PK\x03\x04 cut short", "cắt cụt"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "annex.xlsx"
    path.write_bytes(content)
    with pytest.raises(AnnexError, match=said):
        imported(path, tmp_path / "out")


def test_the_command_ends_with_a_count(first: tuple[Path, Path, ImportReport], tmp_path: Path) -> None:
    arguments = ["--programme", "nq03", "--programme-name", "Kế hoạch", "--out", str(tmp_path / "out")]
    told = CliRunner().invoke(app, ["import-catalogue", str(first[0]), *arguments])
    assert told.exit_code == 0, told.output
    assert "53 specs, 7 drafts, 84 decisions (21 needed)" in told.output
    assert "Cần quyết định" in told.output


def test_a_run_that_was_killed_is_taken_up_again(
    first: tuple[Path, Path, ImportReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annex, whole, _ = first
    placed = importing._put_in_place
    left = iter(range(20))

    def placed_until_killed(staged: Path, target: Path) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        placed(staged, target)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_put_in_place", placed_until_killed)
        with pytest.raises(KeyboardInterrupt):
            imported(annex, tmp_path / "out")
    assert not list((tmp_path / "out").glob(".import-*"))
    assert len(loaded(tmp_path / "out").indicators) < 53
    imported(annex, tmp_path / "out")
    assert digest(tmp_path / "out") == digest(whole)


def test_the_id_of_a_programme_is_checked(first: tuple[Path, Path, ImportReport], tmp_path: Path) -> None:
    with pytest.raises(AnnexError, match="small letters, digits"):
        imported(first[0], tmp_path / "out", Programme("NQ 03", "Kế hoạch"))


def test_a_new_programme_needs_its_name(first: tuple[Path, Path, ImportReport], tmp_path: Path) -> None:
    with pytest.raises(AnnexError, match="chưa có chương trình 'khac'"):
        imported(first[0], tmp_path / "out", Programme("khac"))


def test_headings_repeated_on_a_new_page_and_renumbered_groups_are_one_table(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEAD,
        ["I", "Nhóm một"],
        ["1", "Tỷ lệ một", "%", ">5", "Bộ Y tế"],
        ["2", "Tỷ lệ hai", "%", ">5", "Bộ Y tế"],
        HEAD,
        ["II", "Nhóm hai"],
        ["1", "Tỷ lệ ba", "%", ">5", "Bộ Y tế"],
        ["2", "Tỷ lệ bốn", "%", 0.7, "Bộ Y tế"],
        [None, "- Cấp tỉnh", "%", ">=9", "Bộ Y tế"],
    ]
    report = imported(a_book(tmp_path / "annex.xlsx", rows), tmp_path / "out")
    assert sorted(report.files) == sorted({*report.files, "I.1", "I.2", "II.1", "II.2"})
    assert len(report.drafts) == 5
    part = (tmp_path / "out" / report.drafts[-1]).read_text(encoding="utf-8")
    assert 'vi: "Tỷ lệ bốn: Cấp tỉnh"' in part
    assert 'operator: ">=", value: "9"' in part
