-- The line of an indicator: its values, and at the same points, the baseline and the deadline, what its target requires
-- and the target itself. Grain: indicator, org unit, period, series.
{{ config(meta={'slice': 'indicator'}) }}
with valued as (
    select *
    from {{ ref('int_scoreboard_context') }}
    where obs_value is not null and {{ of_changed('indicator_key') }}
),

-- Where the line of a target begins and ends, whoever it is for.
ends as (
    select targets.indicator_key, targets.target, periods.period_key
    from {{ ref('int_target') }} as targets
    inner join {{ source('spec', 'indicator') }} as indicators on targets.indicator_key = indicators.indicator_key
    inner join {{ source('reference', 'period') }} as periods
        on
            indicators.frequency = periods.frequency
            and periods.end_date in (targets.baseline_date, targets.deadline_date)
),

points as (
    select indicator_key, org_unit_key, target, period_key
    from valued
    where target is not null
    union
    select valued.indicator_key, valued.org_unit_key, valued.target, ends.period_key
    from valued
    inner join ends on valued.indicator_key = ends.indicator_key and valued.target = ends.target
),

aimed as (
    select
        points.indicator_key,
        points.org_unit_key,
        points.period_key,
        cast(targets.goal as double) as goal,
        {{ required_value('periods.end_date') }} as required_value
    from points
    inner join {{ ref('int_target') }} as targets
        on points.indicator_key = targets.indicator_key and points.target = targets.target
    inner join {{ source('reference', 'period') }} as periods on points.period_key = periods.period_key
),

lines as (
    select indicator_key, org_unit_key, period_key, 'value' as series, obs_value, is_synthetic from valued
    union all
    select
        indicator_key, org_unit_key, period_key, 'required' as series, required_value as obs_value,
        false as is_synthetic
    from aimed
    union all
    select indicator_key, org_unit_key, period_key, 'target' as series, goal as obs_value, false as is_synthetic
    from aimed
)

select
    indicators.indicator,
    indicators.name_vi as indicator_name_vi,
    units.org_unit_code,
    units.short_name_vi as org_unit_name_vi,
    units.province_code,
    periods.time_period,
    periods.start_date as period_start_date,
    lines.series,
    case lines.series when 'value' then 'Giá trị' when 'required' then 'Mức cần đạt' else 'Chỉ tiêu' end as series_vi,
    lines.obs_value,
    lines.is_synthetic
from lines
inner join {{ ref('dim_indicator') }} as indicators on lines.indicator_key = indicators.indicator_key
inner join {{ ref('dim_org_unit') }} as units on lines.org_unit_key = units.org_unit_key
inner join {{ source('reference', 'period') }} as periods on lines.period_key = periods.period_key
where lines.obs_value is not null
order by indicators.indicator, units.org_unit_code, periods.time_period, lines.series
