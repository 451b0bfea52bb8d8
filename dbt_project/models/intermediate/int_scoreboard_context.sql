-- Each row of the scoreboard beside its past, its peers and its target. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
with valued as (
    select
        facts.*,
        units.kind,
        units.level,
        units.org_unit_code,
        periods.frequency,
        periods.end_date
    from {{ ref('int_scoreboard_row') }} as facts
    inner join {{ ref('dim_org_unit') }} as units on facts.org_unit_key = units.org_unit_key
    inner join {{ source('reference', 'period') }} as periods on facts.period_key = periods.period_key
    where {{ of_changed('indicator_key', 'facts') }}
),

placed as (
    select
        valued.*,
        lead(period_key) over (
            partition by indicator_key, org_unit_key, frequency order by period_key
        ) is null as is_last,
        -- The last period before this one that has a value; its name is shown, so a gap is not hidden.
        max(case when obs_value is not null then period_key end) over (
            partition by indicator_key, org_unit_key, frequency
            order by period_key rows between unbounded preceding and 1 preceding
        ) as previous_period_key
    from valued
),

-- Of several frequencies the one that goes furthest.
latest as (
    select
        indicator_key,
        org_unit_key,
        period_key,
        row_number() over (
            partition by indicator_key, org_unit_key order by end_date desc, period_key desc
        ) = 1 as is_latest
    from placed
    where is_last
)

select
    placed.*,
    coalesce(latest.is_latest, false) as is_latest,
    previous.obs_value as previous_value,
    previous.method_version as previous_method_version,
    ranked.rank_in_peers,
    ranked.n_peers,
    targets.target,
    targets.kind as target_kind
from placed
left join latest
    on
        placed.indicator_key = latest.indicator_key
        and placed.org_unit_key = latest.org_unit_key
        and placed.period_key = latest.period_key
left join placed as previous
    on
        placed.indicator_key = previous.indicator_key
        and placed.org_unit_key = previous.org_unit_key
        and placed.previous_period_key = previous.period_key
left join {{ ref('int_scoreboard_rank') }} as ranked
    on
        placed.indicator_key = ranked.indicator_key
        and placed.org_unit_key = ranked.org_unit_key
        and placed.period_key = ranked.period_key
left join {{ ref('int_target') }} as targets
    on
        placed.indicator_key = targets.indicator_key
        and (targets.level is null or placed.level = targets.level)
        and (targets.scope is null or placed.org_unit_code = targets.scope)
order by placed.indicator_key, placed.period_key, placed.org_unit_key
