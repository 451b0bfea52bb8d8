-- Which units of today, and units above them, hold a part of a unit that was split, and what part: empty where no share
-- of it is published. Units that hold it whole are in int_org_ancestor. Grain: org unit, ancestor, valid_from.
with ways as (
    select * from {{ ref('int_org_way') }}
),

reached as (
    select org_unit_key, valid_from, valid_to, today_key as ancestor_key, share, n_ways, n_all_ways
    from ways
    union all
    select
        ways.org_unit_key,
        ways.valid_from,
        ways.valid_to,
        above.ancestor_key,
        ways.share,
        ways.n_ways,
        ways.n_all_ways
    from ways
    inner join {{ ref('int_org_ancestor') }} as above
        on ways.today_key = above.org_unit_key and above.map = 'reported' and above.valid_to is null
)

select
    org_unit_key,
    ancestor_key,
    valid_from,
    valid_to,
    case when count(share) = count(*) then cast(sum(share) as decimal(18, 9)) end as share
from reached
group by org_unit_key, ancestor_key, valid_from, valid_to
having sum(n_ways) < max(n_all_ways)
order by org_unit_key, ancestor_key, valid_from
