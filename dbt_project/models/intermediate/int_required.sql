-- What the governing target asks of each value in its period, and how far the value is from it.
-- Grain: indicator, org unit, period (rows with a target only).
{{ config(meta={'slice': 'indicator_key'}) }}
with aimed as (
    select
        facts.indicator_key,
        facts.org_unit_key,
        facts.period_key,
        facts.end_date,
        facts.previous_value,
        -- Nine decimals, as measures are kept: 80.00000000000001 is 80 where a target says "above 80".
        round(facts.obs_value, 9) as obs_value,
        targets.kind,
        targets.operator,
        cast(targets.goal as double) as goal,
        cast(targets.goal_high as double) as goal_high,
        targets.deadline_date,
        targets.baseline_date,
        targets.baseline_value is not null as has_baseline,
        targets.operator in ('<', '<=') or (targets.operator = '=' and indicators.direction = 'lower_is_better')
            as is_lower_better,
        {{ required_value('facts.end_date') }} as required_value
    from {{ ref('int_scoreboard_context') }} as facts
    inner join {{ ref('int_target') }} as targets
        on facts.indicator_key = targets.indicator_key and facts.target = targets.target
    inner join {{ source('spec', 'indicator') }} as indicators on facts.indicator_key = indicators.indicator_key
    where {{ of_changed('indicator_key', 'facts') }}
),

measured as (
    select
        *,
        case operator
            when '>' then obs_value > goal
            when '>=' then obs_value >= goal
            when '<' then obs_value < goal
            when '<=' then obs_value <= goal
            when '=' then obs_value = goal
            -- Of a range with a stretch the floor is what must be reached; more is good.
            when 'floor_and_stretch' then obs_value >= goal
            when 'band' then obs_value between goal and goal_high
        end as is_reached,
        case
            when is_lower_better then obs_value - required_value
            when operator = 'band' and obs_value > goal_high then obs_value - goal_high
            else required_value - obs_value
        end as shortfall
    from aimed
)

select
    indicator_key,
    org_unit_key,
    period_key,
    required_value,
    is_reached,
    has_baseline,
    coalesce(kind in ('reach', 'added_since') and end_date < deadline_date, false) as is_before_deadline,
    -- The baseline's own period is where the line starts: nothing is behind it or ahead of it yet.
    coalesce(kind in ('reach', 'added_since') and end_date <= baseline_date, false) as is_up_to_baseline,
    obs_value - required_value as gap,
    -- Behind a required value of zero there is no per cent: any shortfall is all of it.
    case
        when required_value = 0 then sign(shortfall) * 100 else 100 * shortfall / abs(required_value)
    end as pct_behind,
    sign(obs_value - previous_value) as rise
from measured
order by indicator_key, period_key, org_unit_key
