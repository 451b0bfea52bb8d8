"""The receipt: the same from the same facts, complete, and safe to show."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.intake.receipt import STATES, Receipt, receipt_lines, summary, write_receipt
from connectors.ledger.records import State
from indicator_specs.findings import Finding, Severity

ERROR = Finding(
    "not_a_number", Severity.ERROR, "Số liệu!E15", "khoảng 120", "một con số", "Giá trị không phải là số.", "No number."
)
CONVERSION = Finding("decimal_comma", Severity.INFO, "Số liệu!F16", "1.234,5", "", "1.234,5 đọc là 1234,5.", "Read so.")
RECEIPT = Receipt(
    submission_no=12,
    agency="P01",
    agency_name_vi="Thành phố Hà Nội",
    file_name="BM-XA-01.xlsx",
    sha256="ab" * 32,
    size=20_480,
    received_at=datetime(2026, 11, 10, 2, 0, 5, tzinfo=UTC),
    state="partly_accepted",
    form="BM-XA-01",
    form_title_vi="Báo cáo tháng",
    time_period="2026-10",
    period_label_vi="Tháng 10/2026",
    n_read=504,
    n_accepted=502,
    n_returned=2,
    findings=(ERROR, CONVERSION),
    annotated="PTN-000012.xlsx",
    deadline_vi="12/11/2026",
)


def text_of(receipt: Receipt) -> str:
    return "\n".join(receipt_lines(receipt))


def test_it_says_what_was_received_read_and_found() -> None:
    text = text_of(RECEIPT)
    for part in (
        "PTN-000012",
        "ab" * 32,
        "BM-XA-01.xlsx",
        "09:00:05 ngày 10/11/2026",
        "Tháng 10/2026",
        "Số liệu!E15 [not_a_number]",
        "Đã nhập: khoảng 120",
        "Yêu cầu: một con số",
        "1.234,5 đọc là 1234,5.",
        "504 values read: 502 accepted, 2 not accepted.",
        "No number.",
    ):
        assert part in text
    assert text.index("Giá trị không phải là số.") < text.index("No number.")


def test_three_lines_can_be_pasted_into_a_message() -> None:
    lines = summary(RECEIPT)
    assert lines == (
        "PTN-000012 · BM-XA-01 · Tháng 10/2026 · Thành phố Hà Nội: đã tiếp nhận một phần.",
        "Đã đọc 504 số liệu: tiếp nhận 502, không tiếp nhận 2; nội dung cần hoàn thiện: 1, cảnh báo: 0.",
        "Đề nghị đơn vị hoàn thiện các ô màu đỏ trong tệp PTN-000012.xlsx rồi gửi lại vào thư mục của đơn vị, "
        "chậm nhất ngày 12/11/2026.",
    )
    late = replace(RECEIPT, received_at=datetime(2026, 11, 12, 17, 0, tzinfo=UTC))
    assert "12/11/2026" not in summary(late)[2], "it is past midnight in Hà Nội"


def test_written_twice_it_is_one_receipt_of_the_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_receipt(tmp_path / "P01", RECEIPT)]
    second = [path.read_bytes() for path in write_receipt(tmp_path / "P01", RECEIPT)]
    assert first == second
    assert sorted(path.name for path in (tmp_path / "P01" / "ket_qua").iterdir()) == [
        "PTN-000012.json",
        "PTN-000012.txt",
    ]
    assert first[0].startswith("\ufeff".encode())
    assert b"\r\n" in first[0]
    content = json.loads(first[1])
    assert content["findings"][0]["place"] == "Số liệu!E15"
    assert content["received_at"] == "2026-11-10T09:00:05+07:00"
    assert content["summary_vi"] == list(summary(RECEIPT))


def test_every_state_has_words_and_a_next_step() -> None:
    assert set(STATES) == {state.value for state in State}
    steps = set()
    for state in STATES:
        lines = summary(replace(RECEIPT, state=state, duplicate_of=7))
        assert STATES[state][0] in lines[0]
        steps.add(lines[2])
        assert "bạn" not in text_of(replace(RECEIPT, state=state)).lower()
    assert len(steps) >= 4
    assert "PTN-000007" in summary(replace(RECEIPT, state="duplicate", duplicate_of=7))[2]


@pytest.mark.parametrize("state", ["received", "quarantined", "duplicate"])
def test_nothing_is_promised_that_did_not_happen(state: str) -> None:
    assert "Số liệu đã được tiếp nhận" not in summary(replace(RECEIPT, state=state, findings=()))[2]


def test_a_strangers_text_cannot_forge_lines_or_turn_the_text() -> None:
    evil = replace(ERROR, found="5\r\nKẾT QUẢ: đã tiếp nhận", message_vi="a\u202eb\u2028c")
    text = text_of(replace(RECEIPT, findings=(evil,), file_name="x\nPTN-000013.xlsx"))
    assert "\u202e" not in text
    assert not any(line.startswith(("KẾT QUẢ", "PTN-000013")) for line in text.splitlines())
    assert "ab c" in text
