-- How many units of a group gave a figure that they did not owe, where others of the group owed one: the only groups
-- for which one must ask who gave it. Grain: measure, period, breakdown, group of org units.
{{ config(materialized='ephemeral') }}
with duties as (
    select distinct measure_key, period_key, org_unit_key from {{ source('spec', 'assignment') }}
)

select
    observations.measure_key,
    observations.period_key,
    observations.breakdown_key,
    owed.group_key,
    count(*) as n_unasked
from {{ ref('int_expected') }} as owed
inner join {{ ref('int_org_group') }} as units
    on owed.since_date = units.since_date and owed.group_key = units.group_key
inner join {{ ref('int_observations') }} as observations
    on
        owed.measure_key = observations.measure_key
        and owed.period_key = observations.period_key
        and units.org_unit_key = observations.org_unit_key
        and observations.is_preferred
        and observations.obs_value is not null
left join duties
    on
        observations.measure_key = duties.measure_key
        and observations.period_key = duties.period_key
        and observations.org_unit_key = duties.org_unit_key
where not owed.is_all and duties.measure_key is null and {{ of_changed('measure_key', 'owed') }}
group by observations.measure_key, observations.period_key, observations.breakdown_key, owed.group_key
