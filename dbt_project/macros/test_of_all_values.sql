{#-
  What every indicator's values promise: one row a grain, keys present, values finite, a missing value with its status.
  One test of all of them: a test for each model costs more than its statement.
-#}
{% test sound_values(model) %}
with placed as (
    select
        indicator_key,
        -- Period, unit and map in one number that rises as they do: one thing to compare with the row before, not three.
        cast(period_key as bigint) * 8589934592 + cast(org_unit_key as bigint) * 2
        + case map when 'reported' then 1 else 0 end as place
    from {{ model }}
),

read as (
    select
        indicator_key,
        place,
        lag(indicator_key) over () as indicator_before,
        lag(place) over () as place_before
    from placed
),

-- Rows of one indicator that come in rising order, as they are stored, stand there once. Only an indicator that does not
-- come in one piece and in order is counted: counting takes far longer than reading.
to_count as (
    select indicator_key
    from read
    where indicator_before is distinct from indicator_key or place <= place_before
    group by indicator_key
    having count(*) > 1
),

broken as (
    select indicator_key, org_unit_key, period_key, map, 'stands more than once' as found
    from {{ model }}
    where indicator_key in (select indicator_key from to_count)
    group by indicator_key, org_unit_key, period_key, map
    having count(*) > 1
    union all
    select
        indicator_key,
        org_unit_key,
        period_key,
        map,
        coalesce(obs_status, 'no status') || ' ' || coalesce(cast(obs_value as varchar), 'no value') as found
    from {{ model }}
    where
        indicator_key is null or org_unit_key is null or period_key is null or obs_status is null
        or map is null or map not in ('reported', 'current')
        or not ({{ is_finite('obs_value') }})
        -- B tells of a value that another method made, or of one that is missing because it would compare two.
        or (obs_value is null and obs_status not in ('O', 'L', 'M', 'Q', 'B'))
        or (obs_value is not null and obs_status in ('O', 'L', 'M', 'Q'))
)

select indicators.indicator, units.org_unit_code, periods.time_period, broken.map, broken.found
from broken
left join {{ source('spec', 'indicator') }} as indicators on broken.indicator_key = indicators.indicator_key
left join {{ source('reference', 'org_unit') }} as units on broken.org_unit_key = units.org_unit_key
left join {{ source('reference', 'period') }} as periods on broken.period_key = periods.period_key
{% endtest %}
