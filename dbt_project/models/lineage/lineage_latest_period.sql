-- Up to which day an indicator was read: the end of its latest period. Grain: indicator, level.
select
    i.indicator,
    l.level,
    l.latest_end_date
from {{ ref('int_latest_period') }} as l
inner join {{ source('spec', 'indicator') }} as i on l.indicator_key = i.indicator_key
