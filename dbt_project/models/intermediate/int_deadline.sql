-- When a measure's figures of a period were due. Grain: measure, period.
select
    measures.measure_key,
    calendars.period_key,
    calendars.deadline_date
from {{ source('spec', 'measure') }} as measures
inner join {{ ref('int_calendar') }} as calendars
    on measures.source = calendars.source and measures.dataset = calendars.dataset
order by measures.measure_key, calendars.period_key
