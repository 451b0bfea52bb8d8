"""The page for officers, made of the corpus: what becomes of a bad file. ``python -m tests.corpus.page`` writes it."""

from collections.abc import Sequence
from pathlib import Path

from connectors.ledger import State
from tests.corpus.line import Line
from tests.corpus.stage import Scene

STATES = {
    State.ACCEPTED: "tiếp nhận",
    State.PARTLY_ACCEPTED: "tiếp nhận một phần",
    State.RETURNED: "trả lại để hoàn thiện",
    State.QUARANTINED: "tạm giữ để kiểm tra",
    State.DUPLICATE: "trùng",
}

PROVEN: dict[str, tuple[str, str, str]] = {
    "A23": (
        "tệp bị ghi đè trong lúc hệ thống chép: chờ",
        "xảy ra giữa hai bước của hệ thống",
        "unit/test_claim.py::test_a_file_rewritten_while_it_is_copied_is_not_taken",
    ),
    "A24": (
        "tệp bị rút trong lúc hệ thống đọc: không có gì xảy ra",
        "xảy ra giữa hai bước của hệ thống",
        "integration/test_intake_folder.py::test_a_file_taken_back_between_scan_and_copy",
    ),
    "A26": (
        "rất nhiều tệp của một đơn vị: các đơn vị luân phiên",
        "mười nghìn tệp, không phải một tệp",
        "integration/test_intake_folder.py::test_ten_thousand_files_of_one_agency_do_not_delay_another",
    ),
    "A31": (
        "máy chủ hết chỗ: tệp vẫn còn, được thử lại",
        "hỏng ở máy chủ, không ở tệp",
        "integration/test_intake_of_one_bad_folder.py::test_a_full_disk_stops_the_intake_and_loses_nothing",
    ),
}
"""Lines that neither a file nor a scene can show: what happens, why it is no file, and the test that proves it."""


def text(lines: Sequence[Line], scenes: Sequence[Scene]) -> str:
    """The page."""
    head = (
        "# Tệp có sai sót: đơn vị nhận được gì\n\n"
        "Trang này được lập từ chính bộ tệp mẫu mà hệ thống được kiểm tra. · "
        "*Made of the files that the system is tested with.*\n\n"
    )
    files = [
        f"| {line.id} | {_shown(line.what)} | {STATES[line.state]} | {_code(line.rule)} | {line.cell} "
        f"| {f'…{line.words}…' if line.words else ''} |"
        for line in sorted(lines, key=lambda each: each.id)
    ]
    played = [
        f"| {scene.id} | {_shown(scene.what)} | {_answers(scene)} |"
        for scene in sorted(scenes, key=lambda each: each.id)
    ]
    proven = [f"| {line} | {what} | {why} | `tests/{proof}` |" for line, (what, why, proof) in sorted(PROVEN.items())]
    return head + "\n".join(
        (
            *_table("Mã", "Tệp gửi lên", "Kết quả", "Quy tắc", "Ô", "Phiếu tiếp nhận có câu"),
            *files,
            "\n## Diễn ra quanh tệp\n",
            *_table("Mã", "Điều xảy ra", "Lần lượt, mỗi tệp một kết quả"),
            *played,
            "\n## Được kiểm tra riêng\n",
            *_table("Mã", "Kết quả", "Vì sao không thành tệp mẫu", "Kiểm tra"),
            *proven,
            "",
        )
    )


def _table(*heads: str) -> tuple[str, str]:
    return f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"


def _shown(text: str) -> str:
    """On one line of a table, whatever an officer typed."""
    return text[:60].replace("|", "\\|").replace("<", "&lt;")


def _code(rule: str) -> str:
    return f"`{rule}`" if rule else ""


def _answers(scene: Scene) -> str:
    if not scene.answers:
        return "tạm giữ, không mở" if scene.held else "không đụng tới, chờ"
    return "; ".join(f"{STATES[each.state]} {_code(each.rule)}".strip() for each in scene.answers)


if __name__ == "__main__":
    from tests.corpus import containers, figures, scenes, texts

    path = Path(__file__).parents[2] / "docs" / "bad-files.md"
    path.write_text(text((*containers.LINES, *figures.LINES, *texts.LINES), scenes.SCENES), encoding="utf-8")
