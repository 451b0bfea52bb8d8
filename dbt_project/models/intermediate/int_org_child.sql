-- Which units a unit's value is made of where it is not summed: on each map the units below it, while they are; and for
-- a unit of today those of its own level that became part of it, whose values stand on the reported map (`child_map`).
-- Grain: map, org unit, child map, child, valid_from.
with units as (
    select org_unit_key, level, valid_from, valid_to
    from {{ ref('dim_org_unit') }}
),

pairs as (
    select
        ancestors.map,
        ancestors.ancestor_key as org_unit_key,
        ancestors.org_unit_key as child_key,
        uppers.level,
        uppers.valid_to is null as is_of_today,
        children.level as child_level,
        children.valid_to is null as is_child_of_today,
        ancestors.valid_from,
        ancestors.valid_to,
        children.valid_from as child_from,
        children.valid_to as child_to
    from {{ ref('int_org_ancestor') }} as ancestors
    inner join units as uppers on ancestors.ancestor_key = uppers.org_unit_key
    inner join units as children on ancestors.org_unit_key = children.org_unit_key
)

select map, org_unit_key, map as child_map, child_key, level, child_level, valid_from, valid_to
from pairs
where map = 'reported'
union all
select distinct
    map, org_unit_key, map as child_map, child_key, level, child_level,
    cast(null as date) as valid_from, cast(null as date) as valid_to
from pairs
where map = 'current' and is_of_today and is_child_of_today and level <> child_level
union all
select distinct
    map, org_unit_key, 'reported' as child_map, child_key, level, child_level,
    child_from as valid_from, child_to as valid_to
from pairs
where map = 'current' and is_of_today and not is_child_of_today and level = child_level
order by map, org_unit_key, child_map, child_key, valid_from
