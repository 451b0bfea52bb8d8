-- The events that move figures, each with the days of the unit that it ends: from the event before it (`since_date`) to
-- the day before it (`until_date`; open for a unit that it ended, so that a late figure of that unit goes the same
-- way). A split divides a figure by the running sum of shares, in the order of the successors' codes: each successor
-- gets the difference of two rounded parts, so that the parts add up to the whole to the last decimal. Grain: org unit,
-- effective date, successor.
with moves as (
    select
        former.org_unit_key,
        former.valid_to,
        successor.org_unit_key as successor_key,
        successor.org_unit_code as successor_code,
        events.effective_date,
        events.share
    from {{ source('reference', 'org_unit_event') }} as events
    inner join {{ source('reference', 'org_unit') }} as former on events.from_code = former.org_unit_code
    inner join {{ source('reference', 'org_unit') }} as successor on events.to_code = successor.org_unit_code
    where events.event in ('merge', 'split', 'continue')
),

days as (
    select
        org_unit_key,
        effective_date,
        lag(effective_date) over (partition by org_unit_key order by effective_date) as since_date
    from (select distinct org_unit_key, effective_date from moves) as distinct_days
),

summed as (
    select
        moves.*,
        days.since_date,
        sum(coalesce(moves.share, 0)) over (
            partition by moves.org_unit_key, moves.effective_date
            order by moves.successor_code
            rows between unbounded preceding and current row
        ) as share_through
    from moves
    inner join days on moves.org_unit_key = days.org_unit_key and moves.effective_date = days.effective_date
)

select
    org_unit_key,
    successor_key,
    since_date,
    case when valid_to >= effective_date or valid_to is null then {{ day_before('effective_date') }} end as until_date,
    effective_date,
    share,
    cast(share_through - coalesce(share, 0) as decimal(8, 7)) as share_before,
    cast(share_through as decimal(8, 7)) as share_through
from summed
order by org_unit_key, effective_date, successor_key
