-- What people read of a row: its value, change, target and the reason for its light, in words.
-- Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
with due as (
    select measures.indicator_key, periods.end_date, max(deadlines.deadline_date) as deadline_date
    from {{ ref('int_indicator_measure') }} as measures
    inner join {{ ref('int_deadline') }} as deadlines on measures.measure_key = deadlines.measure_key
    inner join {{ source('reference', 'period') }} as periods on deadlines.period_key = periods.period_key
    where {{ of_changed('indicator_key', 'measures') }}
    group by measures.indicator_key, periods.end_date
),

gathered as (
    select
        facts.*,
        lights.light, lights.reason, lights.required_value, lights.gap, lights.pct_behind,
        indicators.unit, indicators.unit_symbol, indicators.decimals,
        indicators.confidence_target, indicators.confidence_target_vi,
        indicators.confidence_formula, indicators.confidence_formula_vi,
        case when indicators.counts_reports then 'báo cáo' else 'đơn vị' end as part_vi,
        case when indicators.counts_reports then 'báo cáo' else 'đơn vị báo cáo' end as counted_vi,
        case when indicators.counts_reports then 'reports are there' else 'units have reported' end as counted_en,
        words.word_vi,
        words_before.word_vi as previous_word_vi,
        targets.goal,
        targets.source as target_source,
        targets.deadline_label_vi,
        lower(targets.deadline_label_vi) as deadline_text_vi,
        lower(previous.label_vi) as previous_text_vi, previous.time_period as previous_time_period,
        case
            when facts.method_version = facts.previous_method_version then facts.obs_value - facts.previous_value
        end as change,
        {{ vi_date('due.deadline_date') }} as sent_by_text,
        {{ vi_amount('lights.required_value', 'indicators.decimals', 'indicators.unit', 'indicators.unit_symbol') }}
            as required_text_vi,
        {{ en_number('lights.required_value', 'indicators.decimals') }} as required_text_en,
        {{ vi_number('lights.pct_behind', 1) }} || ' %' as pct_text_vi,
        {{ en_number('lights.pct_behind', 1) }} as pct_text_en,
        {{ vi_goal('targets.operator', 'targets.goal', 'targets.goal_high', 'indicators') }} as goal_text_vi
    from {{ ref('int_scoreboard_context') }} as facts
    inner join {{ ref('int_light') }} as lights using (indicator_key, org_unit_key, period_key)
    inner join {{ ref('dim_indicator') }} as indicators using (indicator_key)
    left join {{ ref('int_target') }} as targets using (indicator_key, target)
    left join {{ source('reference', 'period') }} as previous on facts.previous_period_key = previous.period_key
    left join due on facts.indicator_key = due.indicator_key and facts.end_date = due.end_date
    left join {{ source('spec', 'scale') }} as words
        on facts.indicator_key = words.indicator_key and facts.obs_value = words.place
    left join {{ source('spec', 'scale') }} as words_before
        on facts.indicator_key = words_before.indicator_key and facts.previous_value = words_before.place
    where {{ of_changed('indicator_key', 'facts') }}
)

select
    *,
    coalesce(word_vi, {{ vi_amount('obs_value', 'decimals', 'unit', 'unit_symbol') }}) as value_text_vi,
    case
        when change is null and previous_value is not null and obs_value is not null
            then 'Phương pháp tính đã thay đổi, không so sánh với ' || previous_text_vi
        when round(change, decimals) = 0 then 'Không đổi so với ' || previous_text_vi
        when word_vi is not null then 'Trước đó, ' || previous_text_vi || ': ' || previous_word_vi
        when change is not null
            then
                case when change > 0 then 'Tăng ' else 'Giảm ' end
                || trim(
                    {{ vi_number('abs(change)', 'decimals') }} || ' '
                    || case when unit = 'percent' then 'điểm %' when unit = 'rank' then 'bậc' else unit_symbol end
                )
                || ' so với ' || previous_text_vi
    end as change_text_vi,
    goal_text_vi || coalesce(' đến ' || deadline_text_vi, '') || ' (' || target_source || ')' as target_text_vi,
    case
        when n_expected > 1
            then
                n_reported || '/' || n_expected || ' ' || part_vi
                || ' (' || {{ vi_number('100 * coverage', 1) }} || ' %)'
    end as coverage_text_vi,
    {{ light_reason_vi() }} as light_reason_vi,
    {{ light_reason_en() }} as light_reason_en
from gathered
order by indicator_key, period_key, org_unit_key
