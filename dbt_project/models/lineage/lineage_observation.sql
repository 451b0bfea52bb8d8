-- Current observations in words, each with the batch and the place that it was read from.
select
    m.measure,
    u.org_unit_code,
    p.time_period,
    coalesce(b.breakdown, '_T') as breakdown,
    d.org_unit_code as producer_code,
    o.obs_value,
    o.obs_status,
    o.published_date,
    o.is_preferred,
    o.is_synthetic,
    o.citation,
    o.batch_no,
    o.place
from {{ ref('int_observations') }} as o
inner join {{ source('spec', 'measure') }} as m on o.measure_key = m.measure_key
inner join {{ source('reference', 'org_unit') }} as u on o.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'period') }} as p on o.period_key = p.period_key
left join {{ source('reference', 'org_unit') }} as d on o.producer_key = d.org_unit_key
left join {{ source('spec', 'breakdown') }} as b on o.breakdown_key = b.breakdown_key
