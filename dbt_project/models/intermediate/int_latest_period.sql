-- The period that an indicator is read for now, by level: the last one that somebody has reported or whose deadline has
-- passed, whichever is later, so that silence shows. Where neither is known, the last period that is over. `has_rows`:
-- there is a value, or the want of one, to show. Grain: indicator, level.
{{ config(meta={'slice': 'indicator_key'}) }}
with overdue as (
    select levels.indicator_key, levels.level, max(own.end_date) as end_date
    from (select distinct measure_key, period_key from {{ source('spec', 'assignment') }}) as expected
    inner join {{ ref('int_indicator_measure') }} as measures on expected.measure_key = measures.measure_key
    inner join {{ ref('int_deadline') }} as deadlines
        on expected.measure_key = deadlines.measure_key and expected.period_key = deadlines.period_key
    inner join {{ source('reference', 'period') }} as periods on expected.period_key = periods.period_key
    inner join {{ source('spec', 'indicator_level') }} as levels on measures.indicator_key = levels.indicator_key
    -- What is reported by the month is owed for the quarter once its last month is.
    inner join {{ source('reference', 'period') }} as own
        on levels.frequency = own.frequency and periods.end_date = own.end_date
    cross join {{ source('ledger', 'clock') }} as clock
    where deadlines.deadline_date < clock.as_of_date and {{ of_changed('indicator_key', 'measures') }}
    group by levels.indicator_key, levels.level
),

-- Of one period and level: many values become few rows before anything is looked up for them.
gathered as (
    select
        facts.indicator_key,
        units.level,
        facts.period_key,
        max(facts.obs_value) as obs_value,
        max(facts.n_reported) as n_reported,
        max(case when facts.n_reported > 0 then facts.coverage end) as coverage
    from {{ values_to_build() }} as facts
    inner join {{ ref('dim_org_unit') }} as units on facts.org_unit_key = units.org_unit_key
    where {{ of_changed('indicator_key', 'facts') }}
    group by facts.indicator_key, units.level, facts.period_key
),

-- On whichever map: who has reported has, also where the figure stands elsewhere on today's.
seen as (
    select
        facts.indicator_key,
        facts.level,
        max(case when {{ is_shown('facts', 'periods.end_date') }} then periods.end_date end) as end_date,
        min(periods.end_date) as first_end_date
    from gathered as facts
    inner join {{ source('reference', 'period') }} as periods on facts.period_key = periods.period_key
    cross join {{ source('ledger', 'clock') }} as clock
    group by facts.indicator_key, facts.level
),

ended as (
    select periods.frequency, max(periods.end_date) as end_date
    from {{ source('reference', 'period') }} as periods
    cross join {{ source('ledger', 'clock') }} as clock
    where periods.end_date < clock.as_of_date
    group by periods.frequency
)

select
    levels.indicator_key,
    levels.level,
    coalesce(
        case when seen.end_date is null or overdue.end_date > seen.end_date then overdue.end_date end,
        seen.end_date,
        ended.end_date
    ) as latest_end_date,
    seen.end_date is not null
    or coalesce(seen.first_end_date <= coalesce(overdue.end_date, ended.end_date), false) as has_rows
from {{ source('spec', 'indicator_level') }} as levels
left join overdue on levels.indicator_key = overdue.indicator_key and levels.level = overdue.level
left join seen on levels.indicator_key = seen.indicator_key and levels.level = seen.level
left join ended on levels.frequency = ended.frequency
where {{ of_changed('indicator_key', 'levels') }}
order by levels.indicator_key, levels.level
