-- What was reported and cannot be moved to today's units, in words: the residual of splits that have no shares, and the
-- unit of today that holds the figure whole. Grain: measure, org unit, period, breakdown.
select
    m.measure,
    m.name_vi as measure_name_vi,
    u.org_unit_code,
    u.name_vi as org_unit_name_vi,
    p.time_period,
    coalesce(b.breakdown, '_T') as breakdown,
    r.reported_value,
    r.obs_value as residual_value,
    held.org_unit_code as held_by_code,
    held.name_vi as held_by_name_vi,
    u.name_vi || ' đã chia tách, chưa có tỉ lệ chia: phần chưa phân bổ được về đơn vị hành chính hiện hành được giữ ở '
    || coalesce(held.name_vi, 'cấp trên') || '.' as note_vi,
    u.name_en || ' was split and no shares are published: what cannot be moved to the units of today is held by '
    || coalesce(held.name_en, 'the level above') || '.' as note_en
from {{ ref('int_residual') }} as r
inner join {{ source('spec', 'measure') }} as m on r.measure_key = m.measure_key
inner join {{ source('reference', 'org_unit') }} as u on r.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'period') }} as p on r.period_key = p.period_key
left join {{ source('spec', 'breakdown') }} as b on r.breakdown_key = b.breakdown_key
left join {{ source('reference', 'org_unit') }} as held on r.held_key = held.org_unit_key
