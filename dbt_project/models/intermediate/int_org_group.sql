-- Units that lie below the same units on both maps: their figures are added up once before they are handed up. A group
-- bears the key of one of its units; a unit that stands above others, or was split, is a group of its own. `set_mark`
-- is what a unit adds to the mark of a set of units. Grain: era (since_date), org unit.
with eras as (
    select * from {{ ref('int_org_era') }}
),

places as (
    select eras.since_date, eras.org_unit_key, places.parent_key
    from eras
    inner join {{ source('reference', 'org_unit_place') }} as places
        on
            eras.org_unit_key = places.org_unit_key
            and eras.hierarchy = places.hierarchy
            and {{ covers('places.valid_from', 'places.valid_to', 'eras.here_date') }}
),

today as (
    select org_unit_key, hierarchy, parent_key
    from {{ source('reference', 'org_unit_place') }}
    where valid_to is null
),

ways as (
    select eras.since_date, eras.org_unit_key, max(ways.today_key) as today_key, count(*) as n_ends
    from eras
    inner join {{ ref('int_org_way') }} as ways
        on
            eras.org_unit_key = ways.org_unit_key
            and {{ covers('ways.valid_from', 'ways.valid_to', 'eras.here_date') }}
    group by eras.since_date, eras.org_unit_key
),

placed as (
    select
        eras.*,
        places.parent_key,
        case when ways.today_key = eras.org_unit_key then today.parent_key else ways.today_key end as next_key,
        case when eras.is_upper or coalesce(ways.n_ends, 1) > 1 then eras.org_unit_key end as single_key
    from eras
    left join places on eras.since_date = places.since_date and eras.org_unit_key = places.org_unit_key
    left join ways on eras.since_date = ways.since_date and eras.org_unit_key = ways.org_unit_key
    left join today on eras.org_unit_key = today.org_unit_key and eras.hierarchy = today.hierarchy
)

select
    since_date,
    next_date,
    org_unit_key,
    min(org_unit_key) over (
        partition by
            since_date, here_date, hierarchy, level, is_there, is_of_today, parent_key, next_key, single_key
    ) as group_key,
    hierarchy,
    level,
    is_there,
    is_of_today,
    is_upper,
    here_date,
    {{ mark_of('org_unit_key') }} as set_mark
from placed
order by since_date, org_unit_key
