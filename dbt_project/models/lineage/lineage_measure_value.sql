-- What formulas take: reported values and sums over units, in words, on both maps.
select
    m.measure,
    u.org_unit_code,
    p.time_period,
    v.map,
    v.origin,
    v.obs_value,
    v.obs_status,
    d.org_unit_code as producer_code,
    v.is_preferred,
    v.n_reported,
    v.n_expected,
    v.coverage,
    v.is_synthetic
from {{ ref('int_measure_values') }} as v
inner join {{ source('spec', 'measure') }} as m on v.measure_key = m.measure_key
inner join {{ source('reference', 'org_unit') }} as u on v.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'period') }} as p on v.period_key = p.period_key
left join {{ source('reference', 'org_unit') }} as d on v.producer_key = d.org_unit_key
