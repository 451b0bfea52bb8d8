-- What units above receive of the figures of split units: the parts whose shares are known.
-- Grain: measure, period, breakdown, group (one unit), ancestor.
{{ config(materialized='ephemeral') }}
with holders as (
    select org_unit_key as today_key, org_unit_key as ancestor_key
    from {{ source('reference', 'org_unit') }}
    where valid_to is null
    union all
    select org_unit_key as today_key, ancestor_key
    from {{ ref('int_org_ancestor') }}
    where map = 'reported' and valid_to is null
)

select
    divided.measure_key,
    divided.period_key,
    divided.breakdown_key,
    divided.org_unit_key as group_key,
    holders.ancestor_key,
    cast(sum(divided.obs_value) as decimal(38, 9)) as part_value
from {{ ref('int_divided') }} as divided
inner join holders on divided.today_key = holders.today_key
where {{ of_changed('measure_key', 'divided') }}
group by
    divided.measure_key, divided.period_key, divided.breakdown_key, divided.org_unit_key, holders.ancestor_key
