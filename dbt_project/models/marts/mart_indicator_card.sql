-- The sheet of an indicator, line by line: what it means, how it is made, from what, and how sure each part is.
-- Grain: indicator, line.
{%- set lines = [
    ('Mã chính thức', 'Official codes', 'indicators.codes', 'indicators.codes'),
    ('Định nghĩa', 'Definition', 'indicators.concept_vi', 'indicators.concept_en'),
    ('Công thức', 'Formula', 'indicators.formula', 'indicators.formula'),
    ('Số liệu thành phần', 'Inputs', 'words.inputs_vi', 'words.inputs_en'),
    ('Đơn vị tính', 'Unit', 'indicators.unit_vi', 'indicators.unit'),
    ('Kỳ báo cáo', 'Frequency', frequency_vi('indicators.frequency'), 'indicators.frequency'),
    ('Chỉ tiêu', 'Targets', "coalesce(words.targets_vi, 'Chưa có chỉ tiêu')", "coalesce(words.targets_vi, 'None')"),
    ('Tổng hợp lên cấp trên', 'Roll-up', roll_up_vi('indicators'), 'indicators.roll_up'),
    ('Nguồn số liệu', 'Source', 'words.sources_vi', 'words.sources_vi'),
    ('Cơ quan chủ trì', 'Lead', 'indicators.lead_name_vi', 'indicators.lead'),
    ('Cơ quan thẩm định', 'Verifier', 'indicators.verifies_name_vi', 'indicators.verifies'),
    ('Căn cứ pháp lý', 'Legal basis', 'indicators.legal_basis', 'indicators.legal_basis'),
    ('Mức độ tin cậy', 'Confidence', 'indicators.confidence_vi', confidence_en('indicators')),
] %}
with sheet_lines as (
    {% for label_vi, label_en, text_vi, text_en in lines %}
        select
            indicators.indicator,
            indicators.name_vi as indicator_name_vi,
            {{ loop.index }} as line_no,
            '{{ label_vi }}' as label_vi,
            '{{ label_en }}' as label_en,
            coalesce(nullif({{ text_vi }}, ''), 'Không có') as text_vi,
            coalesce(nullif({{ text_en }}, ''), 'None') as text_en
        from {{ ref('dim_indicator') }} as indicators
        inner join {{ ref('int_indicator_words') }} as words on indicators.indicator_key = words.indicator_key
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from sheet_lines
order by indicator, line_no
