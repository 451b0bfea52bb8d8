"""What each rule says to the agency: data only.

One ``Phrase`` a rule. ``found`` and ``expected`` are short and in Vietnamese; the messages say what was found, what is
expected and how to put it right, in the words of the glossary. Words in braces are the facts of a finding.
"""

from expectations.conversion_phrases import CONVERSION_PHRASES
from expectations.phrase import Phrase, gathered

PHRASES: dict[str, Phrase] = {
    **CONVERSION_PHRASES,
    # What kept the reader from a value: the codes of ``indicator_specs.reading.PROBLEMS``.
    "not_a_number": Phrase(
        "{text}",
        "một con số, ví dụ 1.234,5",
        'Giá trị "{text}" không phải là số. Đề nghị đơn vị nhập {measure} bằng chữ số (ví dụ 1.234,5); '
        "nếu chưa có số liệu, đề nghị để trống và giải trình.",
        '"{text}" is not a number. Please enter {measure} in digits (for example 1,234.5); '
        "if there is no figure yet, leave the cell blank and explain.",
    ),
    "date_for_number": Phrase(
        "{text}",
        "một con số",
        "Ô có kiểu ngày ({text}); có thể Excel đã tự đổi con số vừa gõ (ví dụ 5.10 hoặc 5/10) thành ngày. Đề nghị đơn "
        "vị định dạng lại ô kiểu số và nhập lại {measure}.",
        "The cell holds a date ({text}); Excel may have turned a typed number (such as 5.10 or 5/10) into it. Please "
        "format the cell as a number and enter {measure} again.",
    ),
    "formula_without_value": Phrase(
        "công thức chưa được tính",
        "một con số",
        "Ô có công thức chưa được tính nên không đọc được {measure}. Đề nghị đơn vị mở tệp bằng Excel, lưu lại rồi gửi "
        "lại, hoặc nhập trực tiếp con số.",
        "The cell holds a formula that was never calculated, so {measure} cannot be read. Please open the file in "
        "Excel, save it and send it again, or type the figure itself.",
    ),
    "cell_error": Phrase(
        "{text}",
        "một con số",
        "Ô có giá trị lỗi {text}. Đề nghị đơn vị kiểm tra lại công thức hoặc nhập trực tiếp {measure}.",
        "The cell holds the error value {text}. Please correct the formula or type {measure} itself.",
    ),
    "ambiguous_number": Phrase(
        "{text}",
        "một ô kiểu số",
        'Giá trị "{text}" có thể đọc theo hai cách, chênh nhau 1.000 lần: {whole} hoặc {fraction}. Đề nghị đơn vị nhập '
        "lại ở dạng số, không để dạng văn bản.",
        '"{text}" can be read in two ways, 1,000 times apart: {whole} or {fraction}. Please enter it again as a '
        "number, not as text.",
    ),
    "out_of_range": Phrase(
        "{text}",
        "số hữu hạn, độ lớn dưới 10^20",
        "Giá trị {text} không phải số hữu hạn hoặc quá lớn (hệ thống tiếp nhận độ lớn dưới 10^20). Đề nghị đơn vị kiểm "
        "tra lại con số và đơn vị tính.",
        "The value {text} is not finite or too large (magnitudes below 10^20 are accepted). Please check the figure "
        "and its unit of measurement.",
    ),
    "blank": Phrase(
        "ô để trống",
        "một con số, hoặc 0 nếu không phát sinh",
        "Chưa có số liệu: {measure}, {unit}, kỳ {period}. Ô để trống không được tính là 0. Đề nghị đơn vị bổ sung; nếu "
        "trong kỳ không phát sinh, đề nghị ghi 0.",
        "No figure yet: {measure}, {unit}, period {period}. A blank cell is not counted as 0. Please fill it in; if "
        "nothing occurred in the period, enter 0.",
    ),
    "lacking_value": gathered(
        "Nguồn chưa có số liệu ở {count} chỗ: {where}. Chỗ trống không được tính là 0. Đề nghị đơn vị bổ sung nếu có.",
        "The source has no figure yet in {count} place(s): {where}. A gap is not counted as 0. Please fill it in if "
        "possible.",
        expected="một con số",
    ),
    # Of what the figure speaks.
    "unknown_measure": Phrase(
        "{text}",
        "mã số liệu thành phần của biểu này",
        'Mã số liệu "{text}" không có trong danh mục của {dataset}. {guess}',
        'Code "{text}" is not a measure of {dataset}. {guess}',
    ),
    "unknown_org_unit": Phrase(
        "{text}",
        "mã đơn vị có trong danh mục{nearest}",
        'Mã đơn vị "{text}" không có trong danh mục đơn vị. {guess}',
        'Code "{text}" is not in the list of org units. {guess}',
    ),
    "retired_org_unit": Phrase(
        "{unit}",
        "đơn vị có hiệu lực trong kỳ {period}",
        "{unit} không còn hiệu lực sau ngày {day}, trước kỳ {period}. Đề nghị đơn vị báo cáo theo đơn vị kế thừa. "
        "{guess}",
        "{unit} ceased after {day}, before period {period}. Please report under its successor. {guess}",
    ),
    "future_org_unit": Phrase(
        "{unit}",
        "đơn vị có hiệu lực trong kỳ {period}",
        "{unit} có hiệu lực từ ngày {day}, sau kỳ {period}. Đề nghị đơn vị kiểm tra lại mã đơn vị và kỳ báo cáo.",
        "{unit} exists from {day}, after period {period}. Please check the unit's code and the period.",
    ),
    "recast_org_unit": gathered(
        "{count} giá trị thuộc kỳ trước khi đơn vị có hiệu lực (ví dụ {unit}, từ ngày {day}), được hiểu là tính lại "
        "theo đơn vị hành chính hiện hành: {where}.",
        "{count} value(s) are of a period before their unit existed (such as {unit}, from {day}) and are taken as "
        "recalculated for today's units: {where}.",
    ),
    "wrong_level": Phrase(
        "{unit}",
        "{levels}",
        "{unit} không thuộc cấp của biểu này ({levels}). Đề nghị đơn vị kiểm tra lại mã đơn vị.",
        "{unit} is not of the level that this form is for ({levels}). Please check the unit's code.",
    ),
    "not_own_org_unit": Phrase(
        "{unit}",
        "đơn vị thuộc phạm vi báo cáo của {agency}",
        "{unit} không thuộc phạm vi báo cáo của {agency} trong kỳ {period}. {owner} Đề nghị đơn vị bỏ dòng này hoặc "
        "kiểm tra lại mã đơn vị.",
        "{unit} is not among the units for which {agency} reports in period {period}. {owner} Please remove the row "
        "or check the unit's code.",
    ),
    # When.
    "unreadable_period": Phrase(
        "{text}",
        "{example}",
        'Không đọc được kỳ báo cáo "{text}". {dated} Đề nghị đơn vị ghi theo mẫu {example}.',
        'The period "{text}" cannot be read. {dated} Please write it like {example}.',
    ),
    "wrong_frequency": Phrase(
        "{text}",
        "{frequency}, ví dụ {example}",
        'Kỳ "{text}" không đúng loại kỳ của biểu này ({frequency}). Đề nghị đơn vị ghi theo mẫu {example}.',
        'Period "{text}" is not of the kind that this form asks for ({frequency}). Please write it like {example}.',
    ),
    "wrong_period": Phrase(
        "{text}",
        "{asked}",
        'Dòng này ghi kỳ "{text}", trong khi tệp báo cáo là của kỳ {asked}. Đề nghị đơn vị kiểm tra lại kỳ báo cáo; số '
        "liệu của kỳ khác đề nghị gửi bằng tệp của kỳ đó.",
        'This row says period "{text}", but the file reports on {asked}. Please check the period; send the figures of '
        "another period in that period's own file.",
    ),
    "future_period": Phrase(
        "{text}",
        "kỳ đã bắt đầu",
        'Kỳ "{text}" chưa bắt đầu (hôm nay là ngày {day}). Đề nghị đơn vị kiểm tra lại kỳ báo cáo.',
        'Period "{text}" has not begun (today is {day}). Please check the period.',
    ),
    # How much.
    "below_minimum": Phrase(
        "{value}",
        "từ {limit} trở lên",
        "{measure}: {value} nhỏ hơn mức thấp nhất có thể ({limit}). Đề nghị đơn vị kiểm tra lại con số.",
        "{measure}: {value} is below the lowest possible value ({limit}). Please check the figure.",
    ),
    "above_maximum": Phrase(
        "{value}",
        "không quá {limit}",
        "{measure}: {value} lớn hơn mức cao nhất có thể ({limit}). Đề nghị đơn vị kiểm tra lại con số và đơn vị tính.",
        "{measure}: {value} is above the highest possible value ({limit}). Please check the figure and its unit.",
    ),
    "not_whole": Phrase(
        "{value}",
        "số nguyên",
        "{measure}: {value} không phải số nguyên. Đề nghị đơn vị kiểm tra lại con số và dấu thập phân.",
        "{measure}: {value} is not a whole number. Please check the figure and its decimal mark.",
    ),
    "numerator_above_denominator": Phrase(
        "{value}",
        "không quá {limit} ({other}, {other_place})",
        "{measure} là {value}, lớn hơn {other} là {limit} ({other_place}) của cùng đơn vị, cùng kỳ. Đề nghị đơn vị "
        "kiểm tra lại cả hai số liệu.",
        "{measure} is {value}, more than {other}, which is {limit} ({other_place}) for the same unit and period. "
        "Please check both figures.",
    ),
    "parts_do_not_add_up": Phrase(
        "{value}",
        "{limit}, là tổng các phần",
        "{measure} là {value}, trong khi cộng các phần ({parts}) được {limit}, chênh {gap}. Đề nghị đơn vị kiểm tra "
        "lại.",
        "{measure} is {value}, but its parts ({parts}) add up to {limit}, a gap of {gap}. Please check.",
    ),
    # Twice.
    "duplicate_row": Phrase(
        "{value}",
        "một giá trị cho mỗi đơn vị và kỳ",
        "{measure} của {unit} kỳ {period} có nhiều giá trị khác nhau, tại {where}. Đề nghị đơn vị giữ lại một dòng "
        "đúng.",
        "{measure} of {unit}, period {period}, has several different values, at {where}. Please keep the one that is "
        "right.",
    ),
    "repeated_row": Phrase(
        "{value}",
        "một dòng cho mỗi đơn vị và kỳ",
        "{measure} của {unit} kỳ {period} được ghi lại lần nữa với cùng giá trị (lần đầu tại {where}). Hệ thống chỉ "
        "tính một lần.",
        "{measure} of {unit}, period {period}, is given again with the same value (first at {where}). It is counted "
        "once.",
    ),
    # Against the past.
    "large_change": Phrase(
        "{value}",
        "thay đổi không quá {limit} % so với kỳ {previous_period}",
        "{measure}: {value}, thay đổi {change} % so với kỳ {previous_period} ({previous}), vượt mức {limit} %. Đề nghị "
        "đơn vị kiểm tra lại; nếu đúng, đề nghị giải trình.",
        "{measure}: {value}, a change of {change} % from period {previous_period} ({previous}), beyond {limit} %. "
        "Please check; if it is right, please explain.",
    ),
    "scale_slip": Phrase(
        "{value}",
        "cùng độ lớn với các kỳ trước (khoảng {usual})",
        "{measure}: {value}, chênh khoảng {times} lần so với các kỳ trước (khoảng {usual}). Có phải nhầm đơn vị "
        "tính không? Đề nghị đơn vị kiểm tra lại.",
        "{measure}: {value}, about {times} times off from earlier periods (about {usual}). Is it a slip of the unit of "
        "measurement? Please check.",
    ),
    "copy_of_previous": Phrase(
        "{count} số liệu trùng với kỳ {previous_period}",
        "số liệu của kỳ {period}",
        "Toàn bộ {count} số liệu của kỳ {period} trùng với kỳ {previous_period}. Đề nghị đơn vị kiểm tra lại có phải "
        "đã sao chép tệp của kỳ trước; nếu đúng, đề nghị giải trình.",
        "All {count} figures of period {period} equal those of {previous_period}. Please check whether last period's "
        "file was copied; if they are right, please explain.",
    ),
    "swapped_columns": Phrase(
        "{measure} ↔ {other}",
        "mỗi cột theo đúng số liệu thành phần của nó",
        "Cột {measure} và cột {other} có vẻ đã đổi chỗ cho nhau: số liệu của mỗi cột khớp với kỳ trước của cột kia. "
        "Đề nghị đơn vị kiểm tra lại thứ tự cột.",
        "The columns {measure} and {other} seem to be in each other's place: each fits the past of the other. Please "
        "check the order of the columns.",
    ),
    "far_from_peers": Phrase(
        "{value}",
        "cùng độ lớn với các đơn vị khác (khoảng {usual})",
        "{measure}: {value}, chênh khoảng {times} lần so với mức phổ biến của các đơn vị khác (khoảng {usual}). Có "
        "phải nhầm đơn vị tính không? Đề nghị đơn vị kiểm tra lại; nếu đúng, đề nghị giải trình.",
        "{measure}: {value}, about {times} times off from what is usual among other units (about {usual}). Is it a "
        "slip of the unit of measurement? Please check; if it is right, please explain.",
    ),
    # How figures are written: for whoever verifies, never an accusation.
    "same_ending": Phrase(
        "{count} số liệu: {where}",
        "",
        "{measure}: {different} trong {of} giá trị khác nhau có chữ số cuối là {digit} (ở {count} ô). Đây chỉ là dấu "
        "hiệu để đơn vị và cơ quan thẩm định lưu ý, không phải là sai sót; số liệu vẫn được tiếp nhận.",
        "{measure}: {different} of {of} different values end in {digit} (in {count} cells). This is a sign for the "
        "unit and the verifier to note and no mistake; the figures are taken.",
    ),
    "digits_alike": Phrase(
        "{count} số liệu: {where}",
        "",
        "{measure}: {different} trong {of} giá trị khác nhau gồm một chữ số lặp lại, ví dụ {value} (ở {count} ô). Đây "
        "chỉ là dấu hiệu để đơn vị và cơ quan thẩm định lưu ý, không phải là sai sót; số liệu vẫn được tiếp nhận.",
        "{measure}: {different} of {of} different values are one digit repeated, such as {value} (in {count} cells). "
        "This is a sign for the unit and the verifier to note and no mistake; the figures are taken.",
    ),
}

UNKNOWN_PROBLEM = Phrase(
    "{text}",
    "một con số",
    'Không đọc được giá trị "{text}" của {measure}. Đề nghị đơn vị nhập lại con số.',
    'The value "{text}" of {measure} cannot be read. Please enter the figure again.',
)
"""For a reader that fails in a way of its own."""

UNKNOWN_CONVERSION = Phrase(
    "{count} giá trị: {where}",
    "",
    "Cách ghi được chuyển đổi khi đọc ({text}) ở {count} giá trị: {where}.",
    "The notation was converted in reading ({text}) in {count} value(s): {where}.",
)
"""For a reader that converts in a way of its own: said plainly rather than not at all."""
