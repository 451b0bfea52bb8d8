-- Which units stand above which, on both maps, with the dates between which they do. `share` is 1 where all of a unit
-- lies in the one above, a part where it was split, and empty where nobody has published that part.
with pairs as (
    select map, org_unit_key, ancestor_key, valid_from, valid_to, cast(1 as decimal(18, 9)) as share
    from {{ ref('int_org_ancestor') }}
    union all
    select {{ map_named('current') }} as map, org_unit_key, ancestor_key, valid_from, valid_to, share
    from {{ ref('int_org_part') }}
)

select
    a.map,
    u.org_unit_code,
    above.org_unit_code as ancestor_code,
    a.valid_from,
    a.valid_to,
    a.share
from pairs as a
inner join {{ source('reference', 'org_unit') }} as u on a.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'org_unit') }} as above on a.ancestor_key = above.org_unit_key
