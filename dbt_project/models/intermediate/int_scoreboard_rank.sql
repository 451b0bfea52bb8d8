-- The place of each value among those of its peers: units of one kind, in one period, of the level that is ranked.
-- Equal values share a place as the indicator says: 1, 1, 3 (competition), 1, 1, 2 (dense) or 1.5, 1.5, 3 (average).
-- Values are never rounded before. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
{%- set peers = 'indicator_key, period_key, kind_no' %}
{%- set place = 'rank() over (partition by ' ~ peers ~ ' order by from_best)' %}
-- Millions of rows are sorted here: what is sorted by is numbers, and nothing else is carried along.
with kinds as (
    select kind, cast(row_number() over (order by kind) as integer) as kind_no
    from (select distinct kind from {{ ref('dim_org_unit') }})
),

valued as (
    select
        facts.indicator_key,
        facts.org_unit_key,
        facts.period_key,
        kinds.kind_no,
        case indicators.ties when 'competition' then 1 when 'dense' then 2 when 'average' then 3 end as ties_no,
        case indicators.direction when 'lower_is_better' then facts.obs_value else -facts.obs_value end as from_best
    from {{ ref('int_scoreboard_row') }} as facts
    inner join {{ ref('dim_org_unit') }} as units on facts.org_unit_key = units.org_unit_key
    inner join kinds on units.kind = kinds.kind
    inner join {{ source('spec', 'indicator') }} as indicators on facts.indicator_key = indicators.indicator_key
    where
        facts.obs_value is not null and units.kind <> 'nation'
        and (indicators.peer_group is null or units.level = indicators.peer_group)
        -- A published rank is its own place among all; ranking the part of it that is known would contradict it.
        and indicators.direction <> 'none' and indicators.type <> 'published_rank'
        and {{ of_changed('indicator_key', 'facts') }}
)

{% for ties_no, rank_in_peers in (
    (1, place),
    (2, 'dense_' ~ place),
    (3, place ~ ' + (count(*) over (partition by ' ~ peers ~ ', from_best) - 1) / cast(2 as double)'),
) %}
    select
        indicator_key,
        org_unit_key,
        period_key,
        cast({{ rank_in_peers }} as double) as rank_in_peers,
        cast(count(*) over (partition by {{ peers }}) as integer) as n_peers
    from valued
    where ties_no = {{ ties_no }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
