"""What models are called on the map: Vietnamese and English, for models that no spec names.

Indicators and staging models carry the names of their specs; these are the ones written by hand.
"""

from collections.abc import Mapping
from typing import Any

MODELS = {
    "int_calendar": ("Lịch báo cáo của từng bộ số liệu", "How each dataset cuts its periods and when they are due"),
    "int_deadline": ("Hạn gửi của từng số liệu thành phần", "When the figures of a measure and period are due"),
    "int_distinct_version": ("Các lần báo cáo khác nhau của từng số liệu", "Versions of each figure, no repetitions"),
    "int_expected": ("Số liệu phải có: ai gửi gì, kỳ nào", "Who was to report which measure for which period"),
    "int_indicator_measure": ("Chỉ số tính từ những số liệu thành phần nào", "Which measures an indicator reads"),
    "int_indicator_words": ("Lời diễn giải cho phiếu chỉ số", "The lists in words that an indicator's sheet shows"),
    "int_latest_period": ("Kỳ mới nhất của từng chỉ số", "The period that each indicator is read for now"),
    "int_light": ("Mức độ đạt chỉ tiêu và lý do", "The light of each row and the case that decided it"),
    "int_measure_values": ("Số liệu mà công thức sử dụng", "What formulas read: reported values, else rolled-up ones"),
    "int_observation_versions": (
        "Mọi lần báo cáo, công bố của từng số liệu",
        "Every version of every observation, oldest first",
    ),
    "int_observations": ("Số liệu hiện hành", "The current version of each figure; one producer's is preferred"),
    "int_org_child": ("Đơn vị lấy giá trị từ những đơn vị nào", "Whose values a unit's value is made of"),
    "int_divided": (
        "Số liệu của đơn vị đã chia tách, chia theo tỉ lệ",
        "Figures of split units, divided by their shares",
    ),
    "int_given_group": ("Số liệu đã gửi, cộng theo nhóm đơn vị", "What was reported, added up by groups of org units"),
    "int_org_ancestor": ("Đơn vị thuộc đơn vị nào, trước và sau sắp xếp", "Which units lie above a unit, on both maps"),
    "int_org_era": ("Đơn vị qua từng giai đoạn", "Each unit in each time in which no unit changes"),
    "int_org_hierarchy": ("Đơn vị trong từng hệ thống tổ chức", "Which units stand above a unit in each hierarchy"),
    "int_org_group": ("Nhóm đơn vị cùng cấp trên", "Units that lie below the same units on both maps"),
    "int_org_group_pair": ("Nhóm đơn vị và cấp trên", "Each group of units with each unit above it"),
    "int_org_move": ("Sáp nhập, chia tách, chuyển tiếp đơn vị", "The events that move figures"),
    "int_org_part": ("Đơn vị giữ một phần của đơn vị đã chia tách", "Which units hold a part of a unit that was split"),
    "int_org_way": ("Đơn vị trước đây nay thuộc đâu", "Where a unit's figures stand on today's map"),
    "int_owed_unit": ("Số liệu từng đơn vị phải gửi và đã gửi", "What each unit owes in a period, and what has come"),
    "int_own_beside_sum": (
        "Số báo cáo của đơn vị bên cạnh tổng của các đơn vị cấp dưới",
        "A unit's own figure beside the sum of what the units below it reported",
    ),
    "int_reporting_group": ("Nhóm đơn vị đã gửi và phải gửi", "What groups of units gave and were to give"),
    "int_required": ("Mức cần đạt theo lộ trình", "What the target asks of each value in its period"),
    "int_residual": (
        "Phần chưa phân bổ được về đơn vị hiện hành",
        "What cannot be moved to today's units because a split has no shares",
    ),
    "int_rolled": (
        "Tổng hợp lên cấp trên, kèm tỉ lệ đơn vị đã báo cáo",
        "Measures summed for higher units, with their coverage",
    ),
    "int_scoreboard_context": (
        "Giá trị cạnh kỳ trước, chỉ tiêu và các đơn vị cùng cấp",
        "Each row beside its past, its peers and its target",
    ),
    "int_scoreboard_rank": ("Xếp hạng trong nhóm", "The place of each value among its peers"),
    "int_scoreboard_silent": ("Các dòng chưa có số liệu", "Rows of units that owe a value and are silent"),
    "int_scoreboard_text": ("Lời hiển thị của bảng theo dõi", "What people read of a row: value, change, reason"),
    "int_submission": ("Tệp gần nhất của từng đơn vị", "What an agency has sent for a dataset and period"),
    "int_verification": ("Tình hình thẩm định báo cáo", "What awaits a verifier, and what was decided"),
    "int_submission_state": ("Tình trạng gửi báo cáo", "How each reporter stands with each report it owes"),
    "int_target": ("Chỉ tiêu dùng để đánh giá", "The target that governs the light, with its days"),
    "lineage_ancestor": ("Truy nguyên: đơn vị thuộc đơn vị nào", "Trace: which units stand above which"),
    "lineage_batch": ("Truy nguyên: lô số liệu và tệp gốc", "Trace: where the bytes behind each figure lie"),
    "lineage_clock": ("Truy nguyên: ngày xét thời hạn", "Trace: the day on which deadlines were read"),
    "lineage_deadline": ("Truy nguyên: hạn gửi", "Trace: when what was owed was due"),
    "lineage_declaration": ("Truy nguyên: quy tắc đã dùng", "Trace: the rules behind the numbers"),
    "lineage_event": ("Truy nguyên: sắp xếp đơn vị hành chính", "Trace: how areas became others"),
    "lineage_indicator_measure": (
        "Truy nguyên: chỉ số tính từ số liệu nào",
        "Trace: which measures an indicator reads",
    ),
    "lineage_indicator_value": ("Truy nguyên: giá trị chỉ số", "Trace: every indicator value with its method"),
    "lineage_latest_period": ("Truy nguyên: kỳ mới nhất", "Trace: up to which day an indicator was read"),
    "lineage_measure_value": ("Truy nguyên: số liệu thành phần", "Trace: what formulas take, in words"),
    "lineage_observation": ("Truy nguyên: số liệu đã tiếp nhận", "Trace: current observations, each with its place"),
    "lineage_version": ("Truy nguyên: các lần báo cáo trước", "Trace: what a figure was before"),
    "dim_indicator": ("Danh mục chỉ số", "Indicators, with the words for their codes"),
    "dim_measure": ("Danh mục số liệu thành phần", "Measures, with their source and dataset"),
    "dim_org_unit": ("Danh mục đơn vị", "Org units, areas and bodies"),
    "dim_org_hierarchy": ("Các hệ thống tổ chức", "Org units in their hierarchies, several at once"),
    "dim_org_unit_name": ("Tên đơn vị qua các thời kỳ", "The names of org units, each with its days"),
    "dim_period": ("Danh mục kỳ báo cáo", "Reporting periods of every frequency"),
    "fct_indicator_value": ("Giá trị của mọi chỉ số", "Every indicator's values on both maps"),
    "mart_indicator_card": ("Phiếu chỉ số", "The sheet of an indicator, line by line"),
    "mart_scoreboard": ("Bảng theo dõi chỉ số", "Where each indicator stands, for whom, against what, and why"),
    "mart_submission_status": ("Tình hình gửi báo cáo", "Who owes which report, who has sent it, who is late"),
    "mart_trend": ("Diễn biến so với chỉ tiêu", "The line of an indicator, of its target and of what it requires"),
    "mart_discrepancy": ("Giá trị tính được và số công bố", "Computed values beside published figures"),
    "mart_sum_discrepancy": (
        "Số báo cáo và tổng các đơn vị cấp dưới",
        "Figures beside the sum of what the units below reported",
    ),
    "mart_residual": ("Phần chưa phân bổ được", "What cannot be moved to today's units"),
    "mart_vintage": ("Các lần công bố", "Every published version of a figure, by producer"),
}

TESTS = {
    "unique_grain": ("Mỗi tổ hợp đứng một lần", "Each of these stands once"),
    "one_version_a_vintage": ("Mỗi lần công bố một giá trị", "One value a vintage and batch"),
    "never_null": ("Không được để trống", "Never empty"),
    "conforms": ("Đủ số dòng đã tiếp nhận, mã nào cũng có", "As many rows as were accepted, and every code is known"),
    "one_row_a_producer": ("Mỗi cơ quan công bố một giá trị", "One value a figure and producer"),
    "one_preferred_producer": ("Một cơ quan công bố được chọn", "One producer is preferred"),
    "coverage_within_bounds": ("Tỉ lệ đơn vị đã báo cáo từ 0 đến 1", "Coverage lies between 0 and 1"),
    "sound_values": ("Giá trị chỉ số hợp lệ", "Values are finite, stand once and are explained where missing"),
    "no_light_without_value": ("Không đánh giá khi chưa có số liệu", "Nothing is assessed without a value"),
    "at_most_one_chosen": ("Nhiều nhất một giá trị được chọn", "At most one value is chosen"),
}


def describe_test(test: Mapping[str, Any], name: str) -> str:
    """``Vietnamese · English`` of a dbt test, and the columns that it speaks of."""
    given = (test.get("test_metadata") or {}).get("kwargs", {}).get("columns")
    words = " · ".join(TESTS.get(name, (name,)))
    return f"{words}: {', '.join(given)}" if given else words


def describe(node: Mapping[str, Any]) -> str:
    """``Vietnamese · English`` of a dbt model; dbt's own description where nobody has put it in words here."""
    if node["name"] in MODELS:
        return " · ".join(MODELS[node["name"]])
    text = str(node.get("description") or node["name"])
    return text.replace(" / ", " · ", 1)
