-- Which units hold all of a unit, on both maps: what is summed for them is made of it. As reported: by place in its own
-- hierarchy, while all of them existed. Current: through the events after the day; a unit that was split lies whole in
-- what all its parts lie in, and in nothing less: those are in int_org_part. Grain: map, org unit, ancestor,
-- valid_from.
with reported as (
    select org_unit_key, ancestor_key, valid_from, valid_to
    from {{ ref('int_org_hierarchy') }}
    where is_handed_up
),

-- Of every way its end and what lies above that today.
reached as (
    select org_unit_key, valid_from, valid_to, today_key as ancestor_key, n_ways, n_all_ways
    from {{ ref('int_org_way') }}
    union all
    select ways.org_unit_key, ways.valid_from, ways.valid_to, reported.ancestor_key, ways.n_ways, ways.n_all_ways
    from {{ ref('int_org_way') }} as ways
    inner join reported on ways.today_key = reported.org_unit_key and reported.valid_to is null
),

held as (
    select org_unit_key, ancestor_key, valid_from, valid_to
    from reached
    group by org_unit_key, ancestor_key, valid_from, valid_to
    having sum(n_ways) = max(n_all_ways)
)

select {{ map_named('reported') }} as map, org_unit_key, ancestor_key, valid_from, valid_to
from reported
union all
select {{ map_named('current') }} as map, org_unit_key, ancestor_key, valid_from, valid_to
from held
where org_unit_key <> ancestor_key
union all
-- A unit lies in itself as what it was before it took others in or gave a part away.
select
    {{ map_named('current') }} as map,
    held.org_unit_key,
    held.ancestor_key,
    {{ later_of('held.valid_from', 'units.valid_from') }} as valid_from,
    {{ earlier_of(day_before('units.territory_from'), 'held.valid_to') }} as valid_to
from held
inner join {{ source('reference', 'org_unit') }} as units on held.org_unit_key = units.org_unit_key
where
    held.org_unit_key = held.ancestor_key
    and units.territory_from is not null
    and (units.valid_from is null or units.valid_from < units.territory_from)
    and (held.valid_from is null or held.valid_from < units.territory_from)
order by map, org_unit_key, ancestor_key, valid_from
