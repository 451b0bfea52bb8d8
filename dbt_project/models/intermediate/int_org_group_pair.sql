-- Each group of units with each unit above it, on both maps. `is_whole`: all of the group lies in it; else `share` says
-- what part, empty where it is not known. `is_handed_up`: the upper unit is made of it; else it only stands above (a
-- ministry above its department). `is_standing`: a figure that the upper unit gives for itself is one of all that
-- stands below it, and so counts instead of theirs. Grain: era (since_date), map, group, ancestor.
with leaders as (
    select since_date, org_unit_key as group_key, here_date
    from {{ ref('int_org_group') }}
    where org_unit_key = group_key
),

pairs as (
    select
        leaders.since_date,
        above.map,
        leaders.group_key,
        above.ancestor_key,
        cast(1 as decimal(18, 9)) as share,
        true as is_whole,
        true as is_handed_up
    from leaders
    inner join {{ ref('int_org_ancestor') }} as above
        on
            leaders.group_key = above.org_unit_key
            and {{ covers('above.valid_from', 'above.valid_to', 'leaders.here_date') }}
    union all
    select
        leaders.since_date,
        {{ map_named('current') }} as map,
        leaders.group_key,
        parts.ancestor_key,
        parts.share,
        false as is_whole,
        true as is_handed_up
    from leaders
    inner join {{ ref('int_org_part') }} as parts
        on
            leaders.group_key = parts.org_unit_key
            and {{ covers('parts.valid_from', 'parts.valid_to', 'leaders.here_date') }}
    union all
    select
        leaders.since_date,
        {{ map_named('reported') }} as map,
        leaders.group_key,
        above.ancestor_key,
        cast(1 as decimal(18, 9)) as share,
        true as is_whole,
        false as is_handed_up
    from leaders
    inner join {{ ref('int_org_hierarchy') }} as above
        on
            leaders.group_key = above.org_unit_key
            and above.is_own and not above.is_handed_up
            and {{ covers('above.valid_from', 'above.valid_to', 'leaders.here_date') }}
)

select
    pairs.*,
    pairs.is_whole and pairs.group_key <> pairs.ancestor_key
    and (pairs.map = 'reported' or eras.is_of_today) as is_standing
from pairs
inner join {{ ref('int_org_era') }} as eras
    on pairs.since_date = eras.since_date and pairs.ancestor_key = eras.org_unit_key
order by pairs.since_date, pairs.group_key, pairs.map, pairs.ancestor_key
