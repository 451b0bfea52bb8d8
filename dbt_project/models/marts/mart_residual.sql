-- What was reported and cannot be moved to today's units, in words: the residual of splits that have no shares, and the
-- unit of today that holds the figure whole. Grain: measure, org unit, period, breakdown.
select
    measures.measure,
    measures.name_vi as measure_name_vi,
    coalesce(nullif(declared.symbol_vi, ''), declared.name_vi, measures.unit) as unit_vi,
    units.org_unit_code,
    units.name_vi as org_unit_name_vi,
    -- Of today where one holds the figure: the people who may see it are those of today's province.
    coalesce(held.province_code, units.province_code) as province_code,
    coalesce(held.province_name_vi, units.province_name_vi) as province_name_vi,
    periods.time_period,
    periods.label_vi as period_label_vi,
    breakdowns.breakdown,
    cast(residuals.reported_value as double) as reported_value,
    cast(residuals.obs_value as double) as residual_value,
    held.org_unit_code as held_by_code,
    held.name_vi as held_by_name_vi,
    units.name_vi || ' đã chia tách, chưa có tỉ lệ chia: phần chưa phân bổ được về '
    || coalesce(
        'đơn vị hành chính hiện hành được giữ ở ' || held.name_vi, 'cơ quan hiện nay chưa tính cho cơ quan nào'
    ) || '.' as note_vi,
    units.name_en || ' was split and no shares are published: what cannot be moved to the units of today is '
    || coalesce('held by ' || held.name_en, 'counted for none of them') || '.' as note_en
from {{ ref('int_residual') }} as residuals
inner join {{ ref('dim_measure') }} as measures on residuals.measure_key = measures.measure_key
inner join {{ ref('dim_org_unit') }} as units on residuals.org_unit_key = units.org_unit_key
inner join {{ source('reference', 'period') }} as periods on residuals.period_key = periods.period_key
inner join {{ source('spec', 'breakdown') }} as breakdowns on residuals.breakdown_key = breakdowns.breakdown_key
left join {{ source('spec', 'unit') }} as declared on measures.unit = declared.unit
left join {{ ref('dim_org_unit') }} as held on residuals.held_key = held.org_unit_key
order by measures.measure, units.org_unit_code, periods.time_period
