"""The page for officers, made of the corpus: what becomes of a bad file. ``python -m tests.corpus.page`` writes it."""

from collections.abc import Sequence
from pathlib import Path

from connectors.ledger import State
from tests.corpus.line import Line

STATES = {
    State.ACCEPTED: "tiếp nhận",
    State.PARTLY_ACCEPTED: "tiếp nhận một phần",
    State.RETURNED: "trả lại để hoàn thiện",
    State.QUARANTINED: "tạm giữ để kiểm tra",
}

_CLAIM, _FOLDER, _SENT = "unit/test_claim.py", "integration/test_intake_folder.py", "integration/test_resubmission.py"
PROVEN: dict[str, tuple[str, str]] = {
    "A01": ("tệp đang được chép chưa xong: chờ", f"{_FOLDER}::test_a_file_still_being_written_waits"),
    "A02": ("tệp tạm: bỏ qua", f"{_FOLDER}::test_temporary_files_answers_and_folders_are_passed_over"),
    "A08": (
        "quá phức tạp: trả lại",
        "integration/test_sandbox.py::test_a_file_beyond_its_time_or_memory_is_too_complex",
    ),
    "A17": ("liên kết, thiết bị: tạm giữ", f"{_FOLDER}::test_links_and_special_files_are_never_opened_and_are_held"),
    "A18": ("tên tệp lạ: lưu theo mã riêng", f"{_FOLDER}::test_names_never_lead_out_of_the_archive"),
    "A20": (
        "gửi lại đúng tệp cũ: trùng",
        "unit/test_ledger.py::test_the_same_bytes_again_are_a_duplicate_of_the_first",
    ),
    "A21": ("số liệu thay đổi: nêu từng ô", f"{_SENT}::test_a_change_is_told_cell_by_cell_and_a_blank_withdraws"),
    "A22": (
        "hai tệp cùng lúc: theo thứ tự nhận",
        f"{_SENT}::test_two_files_in_one_look_take_effect_in_the_order_of_receipt",
    ),
    "A23": ("tệp bị ghi đè khi đang đọc: chờ", f"{_CLAIM}::test_a_file_rewritten_while_it_is_copied_is_not_taken"),
    "A24": ("tệp bị rút khi đang đọc", f"{_FOLDER}::test_a_file_taken_back_between_scan_and_copy"),
    "A25": ("thư mục không đọc được: báo động", f"{_FOLDER}::test_out_of_reach_is_not_empty"),
    "A26": (
        "rất nhiều tệp: các đơn vị luân phiên",
        f"{_FOLDER}::test_ten_thousand_files_of_one_agency_do_not_delay_another",
    ),
    "A27": ("tệp quá lớn: trả lại", "integration/test_sandbox.py::test_the_scan_counts_cells_and_bytes"),
    "A28": (
        "tệp có mã độc: tạm giữ",
        "integration/test_file_checks.py::test_an_infected_file_is_held_before_it_is_read",
    ),
    "A16": (
        "dòng tổng được cộng lại",
        "integration/test_file_checks.py::test_a_total_is_held_against_its_rows_and_never_loaded",
    ),
    "A29": (
        "tệp của đơn vị khác: trả lại",
        "integration/test_intake_commands.py::test_a_check_with_the_key_and_the_agency_believes_neither_blindly",
    ),
    "A31": (
        "máy chủ hết chỗ: tệp vẫn còn, thử lại",
        "integration/test_intake_of_one_bad_folder.py::test_a_full_disk_stops_the_intake_and_loses_nothing",
    ),
    "A30": (
        "đồng hồ máy gửi sai: không ảnh hưởng",
        f"{_CLAIM}::test_one_look_is_enough_for_an_old_file_and_a_senders_clock_is_not_trusted",
    ),
    "A33": (
        "thiếu minh chứng: trả lại",
        "integration/test_evidence_files.py::test_a_group_that_needs_evidence_is_returned_until_it_has_some",
    ),
    "B03": (
        "chữ tách dấu từ máy Mac: đọc như thường",
        "integration/test_formats.py::test_csv_in_any_encoding_says_the_same",
    ),
    "B21": (
        "biểu mẫu cũ: kèm biểu mới",
        "integration/test_file_checks.py::test_a_fresh_form_comes_with_the_answer_to_one_that_lacks_columns",
    ),
    "B22": (
        "nhiều bảng: chọn theo biểu",
        "integration/test_file_checks.py::test_a_second_table_is_told_and_two_without_the_forms_name_are_refused",
    ),
    "B24": (
        "chữ giống công thức: giữ là chữ",
        "integration/test_annotated_workbook.py::test_what_an_agency_typed_never_becomes_a_formula",
    ),
    "B25": (
        "HTML, SQL, Jinja, câu lệnh cho máy trong giải trình: giữ là chữ",
        "integration/test_file_checks.py::test_text_that_is_code_elsewhere_is_kept_as_it_was_typed",
    ),
    "B27": ("chép nguyên kỳ trước: cảnh báo", "integration/test_judge.py::test_last_months_file_sent_again_is_noticed"),
    "B29": (
        "kí tự không hiển thị: báo",
        "integration/test_file_checks.py::test_text_that_cannot_be_kept_is_returned_uncut",
    ),
}
"""Lines that no single file shows, or that a test of their own proves: what happens, and the test."""

OPEN: dict[str, str] = {
    "A19": "chưa có tệp mẫu: phụ thuộc hệ thống tệp của thư mục chia sẻ",
    "B28": "chưa thực hiện: dấu hiệu về số tròn, chữ số lặp",
}
"""Lines that are not built here, each with its reason."""


def text(lines: Sequence[Line]) -> str:
    """The page."""
    head = (
        "# Tệp có sai sót: đơn vị nhận được gì\n\n"
        "Trang này được lập từ chính bộ tệp mẫu mà hệ thống được kiểm tra. · "
        "*Made of the files that the system is tested with.*\n\n"
        "| Mã | Tệp gửi lên | Kết quả | Quy tắc | Ô | Phiếu tiếp nhận có câu |\n|---|---|---|---|---|---|\n"
    )
    rows = [
        f"| {line.id} | {line.what[:60]} | {STATES[line.state]} | `{line.rule}` | {line.cell} | …{line.words}… |"
        for line in sorted(lines, key=lambda each: each.id)
    ]
    proven = [f"| {line} | {what} | `tests/{proof}` |" for line, (what, proof) in sorted(PROVEN.items())]
    left = [f"| {line} | {reason} |" for line, reason in sorted(OPEN.items())]
    return (
        f"{head}{chr(10).join(rows)}\n\n## Được kiểm tra riêng\n\n| Mã | Kết quả | Kiểm tra |\n|---|---|---|\n"
        f"{chr(10).join(proven)}\n\n## Chưa có trong bộ tệp mẫu\n\n| Mã | Lý do |\n|---|---|\n{chr(10).join(left)}\n"
    )


if __name__ == "__main__":
    from tests.corpus import containers, figures

    path = Path(__file__).parents[2] / "docs" / "bad-files.md"
    path.write_text(text((*containers.LINES, *figures.LINES)), encoding="utf-8")
