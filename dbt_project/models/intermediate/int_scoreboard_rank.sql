-- The place of each value among those of its peers: units of one kind, in one period, of the level that is ranked.
-- Equal values share a place as the indicator says: 1, 1, 3 (competition), 1, 1, 2 (dense) or 1.5, 1.5, 3 (average).
-- Values are never rounded before. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
-- Millions of rows are sorted here, once: what is sorted by is numbers, and nothing else is carried along.
with units as (
    select org_unit_key, level, cast(dense_rank() over (order by kind) as integer) as kind_no
    from {{ ref('dim_org_unit') }}
    where kind <> 'nation'
),

valued as (
    select
        facts.indicator_key,
        facts.org_unit_key,
        facts.period_key,
        units.kind_no,
        case indicators.ties when 'competition' then 1 when 'dense' then 2 when 'average' then 3 end as ties_no,
        case indicators.direction when 'lower_is_better' then facts.obs_value else -facts.obs_value end as from_best
    from {{ ref('int_chosen_value') }} as facts
    inner join units on facts.org_unit_key = units.org_unit_key
    inner join {{ source('spec', 'indicator') }} as indicators on facts.indicator_key = indicators.indicator_key
    where
        facts.obs_value is not null
        and (indicators.peer_group is null or units.level = indicators.peer_group)
        -- A published rank is its own place among all; ranking the part of it that is known would contradict it.
        and indicators.direction <> 'none' and indicators.type <> 'published_rank'
        and {{ of_changed('indicator_key', 'facts') }}
)

select
    indicator_key,
    org_unit_key,
    period_key,
    cast(
        case ties_no
            when 1 then rank() over from_the_best
            when 2 then dense_rank() over from_the_best
            when 3 then rank() over from_the_best + (count(*) over equals - 1) / cast(2 as double)
        end as double
    ) as rank_in_peers,
    cast(count(*) over peers as integer) as n_peers
from valued
-- All in one order, so that they are worked out of one sort.
window
    from_the_best as (partition by indicator_key, period_key, kind_no order by from_best),
    equals as (
        partition by indicator_key, period_key, kind_no order by from_best range between current row and current row
    ),
    peers as (
        partition by indicator_key, period_key, kind_no order by from_best
        rows between unbounded preceding and unbounded following
    )
