-- Reporting periods of every frequency.
select
    period_key,
    time_period,
    frequency,
    period_no,
    start_date,
    end_date,
    label_vi
from {{ source('reference', 'period') }}
order by period_key
