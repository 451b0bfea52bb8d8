-- When the figures that were owed were due. Grain: measure, period.
select
    m.measure,
    p.time_period,
    p.end_date,
    d.deadline_date
from (select distinct a.measure_key, a.period_key from {{ source('spec', 'assignment') }} as a) as owed
inner join {{ ref('int_deadline') }} as d on owed.measure_key = d.measure_key and owed.period_key = d.period_key
inner join {{ source('spec', 'measure') }} as m on owed.measure_key = m.measure_key
inner join {{ source('reference', 'period') }} as p on owed.period_key = p.period_key
