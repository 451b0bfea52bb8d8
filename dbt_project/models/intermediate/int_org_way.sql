-- Where a unit's figures stand on today's map: the events that came after the day they speak of, one after the other.
-- `valid_from` to `valid_to` are the days of the unit for which the way holds; what is said of a unit after its end
-- goes the way of its last days. `share` is empty where a split on the way has none. Areas and bodies alike. Grain: org
-- unit, valid_from, today's unit.
with recursive moves as (
    select * from {{ ref('int_org_move') }}
),

last_moves as (
    select org_unit_key, max(effective_date) as effective_date
    from moves
    group by org_unit_key
),

ways as (
    select
        org_unit_key,
        since_date as valid_from,
        until_date as valid_to,
        successor_key as here_key,
        effective_date as arrived_date,
        share
    from moves
    union all
    select
        ways.org_unit_key,
        ways.valid_from,
        ways.valid_to,
        moves.successor_key as here_key,
        moves.effective_date as arrived_date,
        cast(ways.share * moves.share as decimal(18, 9)) as share
    from ways
    inner join moves
        on
            ways.here_key = moves.org_unit_key
            and ways.arrived_date < moves.effective_date
            and (moves.since_date is null or ways.arrived_date >= moves.since_date)
),

-- A unit of today is its own way's end after its last event.
ends as (
    select ways.org_unit_key, ways.valid_from, ways.valid_to, ways.here_key as today_key, ways.share
    from ways
    left join last_moves on ways.here_key = last_moves.org_unit_key
    where last_moves.org_unit_key is null or ways.arrived_date >= last_moves.effective_date
    union all
    select
        units.org_unit_key,
        last_moves.effective_date as valid_from,
        cast(null as date) as valid_to,
        units.org_unit_key as today_key,
        cast(1 as decimal(18, 9)) as share
    from {{ source('reference', 'org_unit') }} as units
    left join last_moves on units.org_unit_key = last_moves.org_unit_key
    where units.valid_to is null
)

select
    org_unit_key,
    valid_from,
    valid_to,
    today_key,
    case when count(share) = count(*) then cast(sum(share) as decimal(18, 9)) end as share,
    cast(count(*) as integer) as n_ways,
    cast(sum(count(*)) over (partition by org_unit_key, valid_from) as integer) as n_all_ways
from ends
group by org_unit_key, valid_from, valid_to, today_key
order by org_unit_key, valid_from, today_key
