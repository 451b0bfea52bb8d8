-- What formulas read: each unit's own report, else what was rolled up for it, on both maps. A view, so that the leaves
-- are not stored a second time; an indicator's filter on its measure reaches the sorted tables beneath. A figure worked
-- out afterwards for a unit that did not exist yet stands on today's map alone; a unit that is gone, on the reported;
-- one that took others in or gave a part away is rolled up on today's map for the time before. `unit_set` marks the
-- units that a sum is made of; 0 is the unit itself. Grain: map, measure, org unit, period, breakdown, producer.
{{ config(materialized='view') }}
with maps as (
    select {{ map_named('reported') }} as map
    union all
    select {{ map_named('current') }} as map
)

select
    maps.map,
    observations.measure_key,
    observations.org_unit_key,
    observations.period_key,
    observations.breakdown_key,
    observations.producer_key,
    observations.is_preferred,
    'reported' as origin,
    observations.obs_value,
    observations.obs_status,
    1 as n_reported,
    1 as n_expected,
    cast(1 as double) as coverage,
    cast(0 as bigint) as unit_set,
    observations.is_synthetic
from {{ ref('int_observations') }} as observations
inner join {{ source('reference', 'period') }} as periods on observations.period_key = periods.period_key
inner join {{ source('reference', 'org_unit') }} as units on observations.org_unit_key = units.org_unit_key
inner join maps
    on
        (maps.map = 'reported' and (units.valid_from is null or periods.end_date >= units.valid_from))
        or (
            maps.map = 'current' and units.valid_to is null
            and (
                units.territory_from is null
                or periods.end_date >= units.territory_from
                or periods.end_date < units.valid_from
            )
        )
-- A report that was withdrawn is none.
where observations.obs_status <> 'O'
union all
select
    map,
    measure_key,
    org_unit_key,
    period_key,
    breakdown_key,
    cast(null as integer) as producer_key,
    true as is_preferred,
    'rolled' as origin,
    obs_value,
    obs_status,
    n_reported,
    n_expected,
    coverage,
    unit_set,
    is_synthetic
from {{ ref('int_rolled') }}
where not has_own_report
