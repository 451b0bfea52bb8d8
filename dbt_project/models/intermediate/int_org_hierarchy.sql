-- Each unit with each unit above it in each hierarchy, how many steps above, and when. `is_own`: in the hierarchy to
-- which both belong. `is_handed_up`: there the upper unit is of a higher level too, so that it is made of those below
-- it, and their figures are added up for it. A body is not: its own figure speaks of the bodies below it as well, and
-- those of one level are peers. So areas and bodies never meet in a sum. Grain: hierarchy, org unit, ancestor,
-- valid_from.
with recursive places as (
    select org_unit_key, hierarchy, parent_key, valid_from, valid_to
    from {{ source('reference', 'org_unit_place') }}
    where parent_key is not null
),

above as (
    select hierarchy, org_unit_key, parent_key as ancestor_key, 1 as n_steps, valid_from, valid_to
    from places
    union all
    select
        above.hierarchy,
        above.org_unit_key,
        places.parent_key as ancestor_key,
        above.n_steps + 1 as n_steps,
        {{ later_of('above.valid_from', 'places.valid_from') }} as valid_from,
        {{ earlier_of('above.valid_to', 'places.valid_to') }} as valid_to
    from above
    inner join places
        on
            above.hierarchy = places.hierarchy
            and above.ancestor_key = places.org_unit_key
            and (above.valid_from is null or places.valid_to is null or above.valid_from <= places.valid_to)
            and (places.valid_from is null or above.valid_to is null or above.valid_to >= places.valid_from)
)

select
    above.hierarchy,
    above.org_unit_key,
    above.ancestor_key,
    above.n_steps,
    above.valid_from,
    above.valid_to,
    above.hierarchy = units.hierarchy and above.hierarchy = uppers.hierarchy as is_own,
    above.hierarchy = units.hierarchy and above.hierarchy = uppers.hierarchy
    and {{ level_no('uppers.level') }} < {{ level_no('units.level') }} as is_handed_up
from above
inner join {{ source('reference', 'org_unit') }} as units on above.org_unit_key = units.org_unit_key
inner join {{ source('reference', 'org_unit') }} as uppers on above.ancestor_key = uppers.org_unit_key
order by above.hierarchy, above.org_unit_key, above.ancestor_key, above.valid_from
