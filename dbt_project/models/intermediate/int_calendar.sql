-- How each dataset cuts its periods and when they were due, by the calendar that held when the period ended; where none
-- did, the calendar year's own days and what the source says. Grain: source, dataset, period.
with cut as (
    select
        datasets.source,
        datasets.dataset,
        periods.period_key,
        coalesce(calendars.deadline_days, datasets.deadline_days) as deadline_days,
        case
            when calendars.cut_off_day is null then periods.end_date
            else
                {% set days = 'calendars.cut_off_day - extract(day from periods.end_date)' -%}
                cast({{ dbt.dateadd('day', days, 'periods.end_date') }} as date)
        end as cut_off_date
    from {{ source('spec', 'dataset') }} as datasets
    inner join {{ source('reference', 'period') }} as periods on datasets.frequency = periods.frequency
    left join {{ source('spec', 'reporting_calendar') }} as calendars
        on
            datasets.source = calendars.source
            and datasets.dataset = calendars.dataset
            and {{ covers('calendars.valid_from', 'calendars.valid_to', 'periods.end_date') }}
)

select
    source,
    dataset,
    period_key,
    cut_off_date,
    cast({{ dbt.dateadd('day', 'deadline_days', 'cut_off_date') }} as date) as deadline_date
from cut
order by source, dataset, period_key
