-- Which measures an indicator reads, directly or through other indicators. Grain: indicator, measure.
select
    i.indicator,
    m.measure
from {{ ref('int_indicator_measure') }} as r
inner join {{ source('spec', 'indicator') }} as i on r.indicator_key = i.indicator_key
inner join {{ source('spec', 'measure') }} as m on r.measure_key = m.measure_key
