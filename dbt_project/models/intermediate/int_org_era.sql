-- Each unit in each era, a time in which no unit begins, ends or changes: whether it was there, whether a figure of its
-- own speaks of the unit that it is today (`is_of_today`), and whether it stood above others (`is_upper`). `here_date`
-- is the day on which to ask what lies above it: of a unit that has ended, its last, so that a late figure is not lost.
-- Grain: era (since_date), org unit.
with own_places as (
    select places.valid_from, places.valid_to
    from {{ source('reference', 'org_unit_place') }} as places
    inner join {{ source('reference', 'org_unit') }} as units
        on places.org_unit_key = units.org_unit_key and places.hierarchy = units.hierarchy
),

changes as (
    select valid_from as since_date from own_places
    where valid_from is not null
    union
    select {{ day_after('valid_to') }} as since_date from own_places
    where valid_to is not null
    union
    select effective_date as since_date from {{ ref('int_org_move') }}
    union
    select cast('0001-01-01' as date) as since_date
),

eras as (
    select since_date, lead(since_date) over (order by since_date) as next_date from changes
),

here as (
    select
        eras.since_date,
        eras.next_date,
        units.org_unit_key,
        units.hierarchy,
        units.level,
        {{ covers('units.valid_from', 'units.valid_to', 'eras.since_date') }} as is_there,
        units.valid_to is null and (
            units.territory_from is null
            or eras.since_date >= units.territory_from
            or (units.valid_from is not null and eras.since_date < units.valid_from)
        ) as is_of_today,
        case when units.valid_to < eras.since_date then units.valid_to else eras.since_date end as here_date
    from eras
    cross join {{ source('reference', 'org_unit') }} as units
),

above as (
    select org_unit_key, ancestor_key, valid_from, valid_to from {{ ref('int_org_ancestor') }}
    union all
    select org_unit_key, ancestor_key, valid_from, valid_to from {{ ref('int_org_hierarchy') }}
    where is_own and not is_handed_up
),

-- A late figure of a unit that has ended does not make its successor one that stands above others.
uppers as (
    select distinct here.since_date, above.ancestor_key as org_unit_key
    from here
    inner join above
        on
            here.org_unit_key = above.org_unit_key
            and here.here_date = here.since_date
            and {{ covers('above.valid_from', 'above.valid_to', 'here.here_date') }}
)

select
    here.since_date,
    here.next_date,
    here.org_unit_key,
    here.hierarchy,
    here.level,
    here.is_there,
    here.is_of_today,
    here.here_date,
    uppers.org_unit_key is not null as is_upper
from here
left join uppers on here.since_date = uppers.since_date and here.org_unit_key = uppers.org_unit_key
order by here.since_date, here.org_unit_key
