-- Each value once: on today's map where the unit is on it, else as reported. Only units that changed, ended or stand
-- above others can be on one map alone: what all others report stands on both (see int_measure_values). Worked
-- out in what reads it: the values are stored already, and a build in part looks at those that changed alone.
-- Grain: indicator, org unit, period.
{{ config(materialized='ephemeral') }}
with on_one_map as (
    select org_unit_key
    from {{ source('reference', 'org_unit') }}
    where valid_to is not null or territory_from is not null
    union
    select ancestor_key as org_unit_key from {{ ref('int_org_ancestor') }}
),

reported as (
    select *
    from {{ values_to_build() }}
    where map = 'reported' and org_unit_key in (select org_unit_key from on_one_map)
),

today as (
    select indicator_key, org_unit_key, period_key
    from {{ values_to_build() }}
    where map = 'current' and org_unit_key in (select org_unit_key from on_one_map)
)

select *
from {{ values_to_build() }}
where map = 'current'
union all
select reported.*
from reported
left join today using (indicator_key, org_unit_key, period_key)
where today.indicator_key is null
