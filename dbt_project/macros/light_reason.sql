{#-
  Why a row has its light, in words: one sentence for each case of int_light. Reads the columns of int_scoreboard_text:
  reason, n_reported, n_expected, part_vi, counted_vi, counted_en, goal_text_vi, required_text_vi, pct_text_vi, deadline_text_vi, sent_by_text_vi.
-#}
{% macro light_reason_vi() -%}
    case reason
        when 'silent' then 'Chưa báo cáo' || coalesce('; thời hạn gửi ' || sent_by_text, '')
        when 'nobody_reported' then 'Chưa có ' || part_vi || ' nào trong ' || n_expected || ' ' || counted_vi
        when 'input_missing' then 'Thiếu số liệu thành phần để tính'
        when 'coverage' then 'Mới có ' || n_reported || '/' || n_expected || ' ' || counted_vi
        when 'not_applicable' then 'Không phát sinh trong kỳ: tử số và mẫu số bằng 0'
        when 'not_collected' then 'Có phát sinh nhưng chưa thu thập được số liệu'
        when 'suppressed' then 'Số liệu không công bố'
        when 'method_changed' then 'Phương pháp tính đã thay đổi, không so sánh được với kỳ trước'
        when 'not_computable' then 'Không tính được từ số liệu đã báo cáo'
        when 'no_target' then 'Chưa có chỉ tiêu áp dụng cho cấp này'
        when 'by_conclusion' then 'Chỉ tiêu không đánh giá theo từng kỳ'
        when 'rising' then 'Cao hơn kỳ trước, theo chỉ tiêu tăng dần'
        when 'not_rising' then 'Không cao hơn kỳ trước, trong khi chỉ tiêu là tăng dần'
        when 'no_previous' then 'Chưa có giá trị kỳ trước để so sánh'
        when 'up_to_baseline' then 'Kỳ gốc của lộ trình hoặc trước đó'
        when 'reached' then 'Đã đạt chỉ tiêu ' || goal_text_vi
        when 'no_baseline' then 'Chưa đạt chỉ tiêu ' || goal_text_vi || '; chưa có giá trị gốc để tính lộ trình'
        when 'ahead'
            then
                'Đạt mức cần có trong kỳ (' || required_text_vi || ') theo lộ trình đến ' || deadline_text_vi
        when 'short' then 'Kém ' || pct_text_vi || ' so với chỉ tiêu ' || goal_text_vi
        when 'just_short' then 'Kém ' || pct_text_vi || ' so với chỉ tiêu ' || goal_text_vi
        when 'deadline_missed'
            then 'Đã hết thời hạn thực hiện (' || deadline_text_vi || ') mà chưa đạt chỉ tiêu ' || goal_text_vi
        else
            'Kém ' || pct_text_vi || ' so với mức cần có trong kỳ (' || required_text_vi || ') theo lộ trình đến '
            || deadline_text_vi
    end
    || case
        when target is null or obs_value is null then ''
        else
            case
                when confidence_target <> 'verified' then '; chỉ tiêu ' || confidence_target_vi else ''
            end
            || case when confidence_formula <> 'verified' then '; công thức ' || confidence_formula_vi else '' end
    end
{%- endmacro %}

{% macro light_reason_en() -%}
    case reason
        when 'silent' then 'Not reported' || coalesce('; due ' || sent_by_text, '')
        when 'nobody_reported' then 'None of ' || n_expected || ' units has reported'
        when 'input_missing' then 'A figure that the formula needs is missing'
        when 'coverage' then 'Only ' || n_reported || ' of ' || n_expected || ' ' || counted_en
        when 'not_applicable' then 'Nothing occurred in the period: numerator and denominator are 0'
        when 'not_collected' then 'Occurred, but the figure was not collected'
        when 'suppressed' then 'The figure is not disclosed'
        when 'method_changed' then 'The method has changed: not comparable with the period before'
        when 'not_computable' then 'Cannot be computed from the reported figures'
        when 'no_target' then 'No target applies at this level'
        when 'by_conclusion' then 'The target is not assessed period by period'
        when 'rising' then 'Above the period before, as the target asks'
        when 'not_rising' then 'Not above the period before, while the target is to rise'
        when 'no_previous' then 'No earlier value to compare with'
        when 'up_to_baseline' then 'Not later than the baseline of the trajectory'
        when 'reached' then 'The target is reached'
        when 'no_baseline' then 'Target not reached; no baseline to draw a trajectory from'
        when 'ahead' then 'At or above what the trajectory requires (' || required_text_en || ')'
        when 'deadline_missed' then 'The deadline has passed and the target is not reached'
        else pct_text_en || ' % short of what is required (' || required_text_en || ')'
    end
    || case
        when target is null or obs_value is null then ''
        else
            case when confidence_target <> 'verified' then '; target ' || confidence_target else '' end
            || case when confidence_formula <> 'verified' then '; formula ' || confidence_formula else '' end
    end
{%- endmacro %}
