-- The place of each value among those of its peers: units of one kind, in one period, of the level that is ranked.
-- Equal values share a place as the indicator says: 1, 1, 3 (competition), 1, 1, 2 (dense) or 1.5, 1.5, 3 (average).
-- Values are never rounded before. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
{%- set peers = 'partition by indicator_key, period_key, kind order by from_best' %}
with valued as (
    select
        facts.indicator_key,
        facts.org_unit_key,
        facts.period_key,
        units.kind,
        indicators.ties,
        case indicators.direction when 'lower_is_better' then facts.obs_value else -facts.obs_value end as from_best
    from {{ ref('int_scoreboard_row') }} as facts
    inner join {{ ref('dim_org_unit') }} as units on facts.org_unit_key = units.org_unit_key
    inner join {{ source('spec', 'indicator') }} as indicators on facts.indicator_key = indicators.indicator_key
    where
        facts.obs_value is not null and units.kind <> 'nation'
        and (indicators.peer_group is null or units.level = indicators.peer_group)
        -- A published rank is its own place among all; ranking the part of it that is known would contradict it.
        and indicators.direction <> 'none' and indicators.type <> 'published_rank'
        and {{ of_changed('indicator_key', 'facts') }}
),

counted as (
    select indicator_key, period_key, kind, cast(count(*) as integer) as n_peers
    from valued
    group by indicator_key, period_key, kind
),

placed as (
    select valued.*, cast(rank() over ({{ peers }}) as double) as place
    from valued
    where ties = 'competition'
    union all
    select valued.*, cast(dense_rank() over ({{ peers }}) as double) as place
    from valued
    where ties = 'dense'
    union all
    select
        valued.*,
        rank() over ({{ peers }})
        + (count(*) over (partition by indicator_key, period_key, kind, from_best) - 1) / cast(2 as double) as place
    from valued
    where ties = 'average'
)

select placed.indicator_key, placed.org_unit_key, placed.period_key, placed.place as rank_in_peers, counted.n_peers
from placed
inner join counted using (indicator_key, period_key, kind)
