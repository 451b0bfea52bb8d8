-- When a measure's figures of a period were due. Grain: measure, period.
select
    measures.measure_key,
    periods.period_key,
    cast({{ dbt.dateadd('day', 'datasets.deadline_days', 'periods.end_date') }} as date) as deadline_date
from {{ source('spec', 'measure') }} as measures
inner join {{ source('spec', 'dataset') }} as datasets
    on measures.source = datasets.source and measures.dataset = datasets.dataset
inner join {{ source('reference', 'period') }} as periods on measures.frequency = periods.frequency
order by measures.measure_key, periods.period_key
