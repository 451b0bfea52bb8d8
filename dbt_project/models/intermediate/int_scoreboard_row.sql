-- The rows of the scoreboard: each value once (today's map where the unit is on it, else as reported), and a row for
-- every unit that owes the latest period and is silent. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
with facts as (
    select *
    from {{ ref('fct_indicator_value') }}
    where {{ of_changed('indicator_key') }}
),

computed as (
    select *
    from facts
    where map = 'current'
    union all
    select reported.*
    from facts as reported
    left join (select * from facts where map = 'current') as today using (indicator_key, org_unit_key, period_key)
    where reported.map = 'reported' and today.indicator_key is null
),

shown as (
    select computed.*
    from computed
    inner join {{ ref('dim_org_unit') }} as units on computed.org_unit_key = units.org_unit_key
    inner join {{ source('reference', 'period') }} as periods on computed.period_key = periods.period_key
    inner join {{ ref('int_latest_period') }} as latest
        on computed.indicator_key = latest.indicator_key and units.level = latest.level
    cross join {{ source('ledger', 'clock') }} as clock
    where
        {{ is_shown('computed', 'periods.end_date') }} or periods.end_date <= latest.latest_end_date
),

silent as (
    select distinct measures.indicator_key, expected.org_unit_key, own.period_key, units.valid_to
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
    left join shown
        on
            measures.indicator_key = shown.indicator_key and expected.org_unit_key = shown.org_unit_key
            and own.period_key = shown.period_key
    where shown.indicator_key is null and {{ of_changed('indicator_key', 'measures') }}
),

-- An indicator of which nothing was ever received stands there too, for the nation.
unknown as (
    select latest.indicator_key, units.org_unit_key, periods.period_key, units.valid_to
    from {{ ref('int_latest_period') }} as latest
    inner join {{ source('spec', 'indicator_level') }} as levels
        on latest.indicator_key = levels.indicator_key and latest.level = levels.level
    inner join {{ source('reference', 'period') }} as periods
        on latest.latest_end_date = periods.end_date and levels.frequency = periods.frequency
    inner join {{ ref('dim_org_unit') }} as units on units.level = 'nation'
    where
        {{ of_changed('indicator_key', 'latest') }}
        and latest.indicator_key not in (select indicator_key from shown)
        and latest.indicator_key not in (select indicator_key from silent)
),

missing as (
    select * from silent
    union
    select * from unknown
)

select
    indicator_key, org_unit_key, period_key, map, method_version, obs_value, obs_status,
    n_reported, n_expected, coverage, is_synthetic, false as is_silent
from shown
union all
select
    indicator_key, org_unit_key, period_key, case when valid_to is null then 'current' else 'reported' end as map,
    cast(null as integer) as method_version, cast(null as double) as obs_value, 'O' as obs_status,
    0 as n_reported, 1 as n_expected, cast(0 as double) as coverage, false as is_synthetic, true as is_silent
from missing
order by indicator_key, period_key, org_unit_key
