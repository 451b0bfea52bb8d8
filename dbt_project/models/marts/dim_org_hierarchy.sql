-- Org units in their hierarchies, several at once: each unit with each unit above it, how many steps above, and when;
-- and the Party body that stood beside it. Grain: hierarchy, org unit, ancestor, valid_from.
select
    above.hierarchy,
    units.org_unit_code,
    uppers.org_unit_code as ancestor_code,
    above.n_steps,
    above.valid_from,
    above.valid_to
from {{ ref('int_org_hierarchy') }} as above
inner join {{ source('reference', 'org_unit') }} as units on above.org_unit_key = units.org_unit_key
inner join {{ source('reference', 'org_unit') }} as uppers on above.ancestor_key = uppers.org_unit_key
union all
select
    'counterpart' as hierarchy,
    bodies.org_unit_code,
    states.org_unit_code as ancestor_code,
    0 as n_steps,
    pairs.valid_from,
    pairs.valid_to
from {{ source('reference', 'org_unit_counterpart') }} as pairs
inner join {{ source('reference', 'org_unit') }} as bodies on pairs.org_unit_key = bodies.org_unit_key
inner join {{ source('reference', 'org_unit') }} as states on pairs.counterpart_key = states.org_unit_key
order by hierarchy, org_unit_code, ancestor_code
