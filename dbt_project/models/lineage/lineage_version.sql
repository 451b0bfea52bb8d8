-- What a figure was before, in words: the versions of each observation that was stated more than once, the current one
-- included, each with the batch in which it first came. Grain: measure, org unit, period, breakdown, producer, version.
select
    m.measure,
    u.org_unit_code,
    p.time_period,
    coalesce(b.breakdown, '_T') as breakdown,
    d.org_unit_code as producer_code,
    v.version_no,
    v.is_current,
    v.obs_value,
    v.obs_status,
    v.published_date,
    v.is_synthetic,
    v.citation,
    v.batch_no,
    v.place
from {{ ref('int_distinct_version') }} as v
inner join {{ source('spec', 'measure') }} as m on v.measure_key = m.measure_key
inner join {{ source('reference', 'org_unit') }} as u on v.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'period') }} as p on v.period_key = p.period_key
left join {{ source('reference', 'org_unit') }} as d on v.producer_key = d.org_unit_key
left join {{ source('spec', 'breakdown') }} as b on v.breakdown_key = b.breakdown_key
where v.is_stated_again
