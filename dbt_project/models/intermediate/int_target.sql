-- The target that governs the light, with its days. A unit's target is the one of its level, or of itself.
-- Grain: indicator, level, scope.
select
    targets.indicator_key,
    targets.target,
    targets.kind,
    targets.operator,
    case
        when targets.kind = 'added_since' then targets.baseline_value + targets.value else targets.value
    end as goal,
    targets.value_high as goal_high,
    targets.level,
    targets.scope,
    targets.source,
    deadlines.label_vi as deadline_label_vi,
    deadlines.time_period as deadline_period,
    deadlines.start_date as deadline_start_date,
    deadlines.end_date as deadline_date,
    baselines.end_date as baseline_date,
    targets.baseline_value,
    targets.trajectory,
    targets.on_track,
    targets.at_risk
from {{ source('spec', 'target') }} as targets
left join {{ source('reference', 'period') }} as deadlines on targets.by_period = deadlines.time_period
left join {{ source('reference', 'period') }} as baselines on targets.baseline_period = baselines.time_period
where targets.is_governing
order by targets.indicator_key, targets.target
