-- Which units lie above a unit, on both maps. As reported: by parent, while both existed. Current: through the events
-- that made a former unit part of one of today's, whatever the period. A split with no whole successor leads nowhere:
-- its figures are not shared out by guess.
with recursive territory as (
    select org_unit_key, org_unit_code, parent_code, valid_from, valid_to
    from {{ source('reference', 'org_unit') }}
    where hierarchy = 'territory'
),

parents as (
    select
        child.org_unit_key,
        parent.org_unit_key as ancestor_key,
        child.valid_from as child_from,
        child.valid_to as child_to,
        parent.valid_from,
        parent.valid_to
    from territory as child
    inner join territory as parent on child.parent_code = parent.org_unit_code
),

reported as (
    select
        org_unit_key,
        ancestor_key,
        {{ later_of('child_from', 'valid_from') }} as valid_from,
        {{ earlier_of('child_to', 'valid_to') }} as valid_to
    from parents
    union all
    select
        reported.org_unit_key,
        parents.ancestor_key,
        {{ later_of('reported.valid_from', 'parents.valid_from') }} as valid_from,
        {{ earlier_of('reported.valid_to', 'parents.valid_to') }} as valid_to
    from reported
    inner join parents on reported.ancestor_key = parents.org_unit_key
),

successions as (
    select former.org_unit_key, successor.org_unit_key as successor_key
    from {{ source('reference', 'org_unit_event') }} as events
    inner join territory as former on events.from_code = former.org_unit_code
    inner join territory as successor on events.to_code = successor.org_unit_code
    where events.share = 1 and events.from_code <> events.to_code
),

successors as (
    select org_unit_key, successor_key from successions
    union all
    select successors.org_unit_key, successions.successor_key
    from successors
    inner join successions on successors.successor_key = successions.org_unit_key
),

current_map as (
    select org_unit_key, successor_key as ancestor_key from successors
    union
    select successors.org_unit_key, reported.ancestor_key
    from successors
    inner join reported on successors.successor_key = reported.org_unit_key
    union
    select reported.org_unit_key, reported.ancestor_key
    from reported
    inner join territory on reported.org_unit_key = territory.org_unit_key
    where territory.valid_to is null
)

select 'reported' as map, org_unit_key, ancestor_key, valid_from, valid_to
from reported
union all
select 'current' as map, org_unit_key, ancestor_key, cast(null as date) as valid_from, cast(null as date) as valid_to
from current_map
order by map, org_unit_key, ancestor_key
