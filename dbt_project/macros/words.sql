{#- Words that people read, from the project's glossary. -#}
{% macro confidence_vi(column) -%}
    case {{ column }}
        when 'verified' then 'đã đối chiếu văn bản' when 'draft' then 'theo dự thảo' when 'recalled' then 'chưa kiểm chứng'
    end
{%- endmacro %}

{% macro light_vi(column) -%}
    case {{ column }}
        when 'on_track' then 'Đạt tiến độ'
        when 'at_risk' then 'Có nguy cơ chậm'
        when 'behind' then 'Chậm tiến độ'
        when 'not_assessable' then 'Chưa đủ cơ sở đánh giá'
        when 'no_data' then 'Chưa có số liệu'
        else 'Theo dõi xu hướng'
    end
{%- endmacro %}

{#- 1 needs attention first. -#}
{% macro light_order(column) -%}
    case {{ column }}
        when 'behind' then 1 when 'at_risk' then 2 when 'not_assessable' then 3 when 'no_data' then 4
        when 'on_track' then 5 else 6
    end
{%- endmacro %}

{% macro submission_state_vi(column) -%}
    case {{ column }}
        when 'on_time' then 'Đúng thời hạn'
        when 'late' then 'Gửi chậm'
        when 'partial' then 'Chưa đủ số liệu'
        when 'returned' then 'Trả lại để hoàn thiện'
        when 'missing' then 'Chưa gửi'
        else 'Chưa đến thời hạn gửi'
    end
{%- endmacro %}

{#- Empty where a report needs no verifier. -#}
{% macro verification_vi(column) -%}
    case {{ column }}
        when 'waiting' then 'Chờ thẩm định'
        when 'verified' then 'Đã thẩm định'
        when 'verification_returned' then 'Thẩm định trả lại'
    end
{%- endmacro %}

{#- 1 needs attention first. -#}
{% macro submission_state_order(column) -%}
    case {{ column }}
        when 'missing' then 1 when 'returned' then 2 when 'partial' then 3 when 'late' then 4 when 'not_due' then 5 else 6
    end
{%- endmacro %}

{% macro frequency_vi(column) -%}
    case {{ column }}
        when 'yearly' then 'Hằng năm' when 'half_yearly' then '6 tháng' when 'quarterly' then 'Hằng quý'
        when 'nine_monthly' then '9 tháng' when 'weekly' then 'Hằng tuần' else 'Hằng tháng'
    end
{%- endmacro %}

{% macro roll_up_vi(indicators) -%}
    case {{ indicators }}.roll_up
        when 'none' then 'Không tổng hợp; chỉ dùng giá trị đơn vị báo cáo hoặc công bố'
        else
            case {{ indicators }}.roll_up
                when 'sum' then 'Cộng số liệu của các đơn vị cấp dưới'
                when 'mean' then 'Bình quân giản đơn giá trị của các đơn vị cấp dưới'
                when 'weighted' then 'Bình quân gia quyền giá trị của các đơn vị cấp dưới'
                else 'Tính lại từ tổng số liệu thành phần của các đơn vị cấp dưới'
            end
            || ', khi có từ ' || {{ vi_plain('100 * ' ~ indicators ~ '.min_coverage') }} || ' % số đơn vị báo cáo'
    end
{%- endmacro %}

{% macro confidence_en(indicators) -%}
    'definition ' || {{ indicators }}.confidence_definition || '; formula ' || {{ indicators }}.confidence_formula
    || '; target ' || {{ indicators }}.confidence_target
{%- endmacro %}
