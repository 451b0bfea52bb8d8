-- Rows of the scoreboard that say that there is nothing: one for every unit that owes the latest period and is silent,
-- and one for the nation where nothing was ever received of an indicator. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
with owed as (
    select distinct measures.indicator_key, expected.org_unit_key, own.period_key
    from {{ source('spec', 'assignment') }} as expected
    inner join {{ ref('int_indicator_measure') }} as measures on expected.measure_key = measures.measure_key
    inner join {{ ref('dim_org_unit') }} as units on expected.org_unit_key = units.org_unit_key
    inner join {{ source('reference', 'period') }} as periods on expected.period_key = periods.period_key
    inner join {{ ref('int_latest_period') }} as latest
        on
            measures.indicator_key = latest.indicator_key and units.level = latest.level
            and periods.end_date = latest.latest_end_date
    inner join {{ source('spec', 'indicator_level') }} as levels
        on measures.indicator_key = levels.indicator_key and units.level = levels.level
    inner join {{ source('reference', 'period') }} as own
        on levels.frequency = own.frequency and periods.end_date = own.end_date
    where {{ of_changed('indicator_key', 'measures') }}
),

silent as (
    select owed.*
    from owed
    left join {{ values_to_build() }} as facts using (indicator_key, org_unit_key, period_key)
    where facts.indicator_key is null
),

seen as (
    select indicator_key
    from {{ ref('int_latest_period') }}
    where has_rows
),

unknown as (
    select latest.indicator_key, units.org_unit_key, periods.period_key
    from {{ ref('int_latest_period') }} as latest
    inner join {{ source('spec', 'indicator_level') }} as levels
        on latest.indicator_key = levels.indicator_key and latest.level = levels.level
    inner join {{ source('reference', 'period') }} as periods
        on latest.latest_end_date = periods.end_date and levels.frequency = periods.frequency
    inner join {{ ref('dim_org_unit') }} as units on units.level = 'nation'
    where
        {{ of_changed('indicator_key', 'latest') }}
        and latest.indicator_key not in (select indicator_key from seen)
        and latest.indicator_key not in (select indicator_key from silent)
),

missing as (
    select * from silent
    union
    select * from unknown
)

select
    missing.indicator_key,
    missing.org_unit_key,
    missing.period_key,
    case when units.valid_to is null then 'current' else 'reported' end as map
from missing
inner join {{ ref('dim_org_unit') }} as units on missing.org_unit_key = units.org_unit_key
order by missing.indicator_key, missing.period_key, missing.org_unit_key
