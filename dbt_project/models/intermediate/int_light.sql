-- The light of each row of the scoreboard and the case that decided it. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator_key'}) }}
with judged as (
    select
        facts.indicator_key,
        facts.org_unit_key,
        facts.period_key,
        required.required_value,
        required.gap,
        required.pct_behind,
        case
            when facts.obs_value is null and facts.is_silent then 'silent'
            when facts.obs_value is null and facts.obs_status = 'M' then 'not_applicable'
            when facts.obs_value is null and facts.obs_status = 'L' then 'not_collected'
            when facts.obs_value is null and facts.obs_status = 'Q' then 'suppressed'
            when facts.obs_value is null and facts.obs_status = 'B' then 'method_changed'
            when facts.obs_value is null and facts.n_reported = 0 and facts.n_expected > 1 then 'nobody_reported'
            when facts.obs_value is null and facts.n_reported = 0 then 'input_missing'
            when facts.obs_value is null and facts.n_reported < facts.n_expected then 'coverage'
            when facts.obs_value is null then 'not_computable'
            when facts.target is null then 'no_target'
            when facts.target_kind in ('average_of_period', 'assessed') then 'by_conclusion'
            when facts.target_kind = 'rising' and required.rise > 0 then 'rising'
            when facts.target_kind = 'rising' and required.rise <= 0 then 'not_rising'
            when facts.target_kind = 'rising' then 'no_previous'
            when required.is_reached then 'reached'
            when required.is_up_to_baseline then 'up_to_baseline'
            when required.is_before_deadline and not required.has_baseline then 'no_baseline'
            when required.is_before_deadline and required.pct_behind <= targets.on_track then 'ahead'
            when required.is_before_deadline and required.pct_behind <= targets.at_risk then 'slightly_behind'
            when required.is_before_deadline then 'far_behind'
            when targets.kind in ('each_year', 'keep') and required.pct_behind <= targets.at_risk then 'just_short'
            when targets.deadline_date is null or targets.kind in ('each_year', 'keep') then 'short'
            else 'deadline_missed'
        end as reason
    from {{ ref('int_scoreboard_context') }} as facts
    left join {{ ref('int_target') }} as targets
        on facts.indicator_key = targets.indicator_key and facts.target = targets.target
    left join {{ ref('int_required') }} as required
        on
            facts.indicator_key = required.indicator_key
            and facts.org_unit_key = required.org_unit_key
            and facts.period_key = required.period_key
    where {{ of_changed('indicator_key', 'facts') }}
)

select
    *,
    case
        when reason in ('silent', 'nobody_reported', 'input_missing') then 'no_data'
        when
            reason in (
                'not_applicable', 'not_collected', 'suppressed', 'method_changed', 'coverage', 'not_computable',
                'by_conclusion', 'no_previous', 'no_baseline'
            )
            then 'not_assessable'
        when reason in ('no_target', 'up_to_baseline') then 'watch'
        when reason in ('reached', 'ahead', 'rising') then 'on_track'
        when reason in ('slightly_behind', 'just_short') then 'at_risk'
        else 'behind'
    end as light
from judged
order by indicator_key, period_key, org_unit_key
