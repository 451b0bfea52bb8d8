-- Which units stand above which, on both maps, with the dates between which they do.
select
    a.map,
    u.org_unit_code,
    above.org_unit_code as ancestor_code,
    a.valid_from,
    a.valid_to
from {{ ref('int_org_ancestor') }} as a
inner join {{ source('reference', 'org_unit') }} as u on a.org_unit_key = u.org_unit_key
inner join {{ source('reference', 'org_unit') }} as above on a.ancestor_key = above.org_unit_key
