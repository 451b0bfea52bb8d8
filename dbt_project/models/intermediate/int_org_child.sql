-- Which units a unit's value is made of where it is not summed: on each map the units below it, while they are; and for
-- a unit of today those of its own level that became part of it, itself before that day among them, whose values stand
-- on the reported map (`child_map`), but for a department that became part of it together with its ministry: it is no
-- peer of the others. Grain: map, org unit, child map, child, valid_from.
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
),

departments as (
    select distinct pairs.org_unit_key, units.org_unit_key as child_key, true as is_department
    from {{ ref('int_org_hierarchy') }} as above
    inner join pairs on above.ancestor_key = pairs.child_key and pairs.map = 'current'
    inner join units
        on
            above.org_unit_key = units.org_unit_key
            and above.is_own and not above.is_handed_up
            and {{ covers('above.valid_from', 'above.valid_to', 'units.valid_to') }}
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
    map, org_unit_key, {{ map_named('reported') }} as child_map, child_key, level, child_level,
    case when org_unit_key = child_key then valid_from else child_from end as valid_from,
    case when org_unit_key = child_key then valid_to else child_to end as valid_to
from pairs
left join departments using (org_unit_key, child_key)
where
    map = 'current' and is_of_today and level = child_level and is_department is null
    and (not is_child_of_today or org_unit_key = child_key)
order by map, org_unit_key, child_map, child_key, valid_from
