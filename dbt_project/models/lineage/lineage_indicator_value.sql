-- Every indicator value in words, on both maps, with the method that made it.
select
    i.indicator,
    u.org_unit_code,
    u.name_vi as org_unit_name_vi,
    p.time_period,
    f.map,
    f.method_version,
    f.obs_value,
    f.obs_status,
    f.n_reported,
    f.n_expected,
    f.coverage,
    f.is_synthetic,
    f.is_derived
from {{ ref('fct_indicator_value') }} as f
inner join {{ source('spec', 'indicator') }} as i on f.indicator_key = i.indicator_key
inner join {{ source('reference', 'org_unit') }} as u on f.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'period') }} as p on f.period_key = p.period_key
