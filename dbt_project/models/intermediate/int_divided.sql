-- Figures of units that were split, divided step by step through the events after the day they speak of: each step
-- gives a successor the difference of two rounded parts, so that the parts add up to the figure to the last decimal. Of
-- a split without a share nothing goes on. Grain: measure, period, breakdown, org unit, today's unit.
{{ config(meta={'slice': 'measure_key'}) }}
with recursive split_units as (
    select distinct since_date, group_key from {{ ref('int_org_group_pair') }}
    where not is_whole
),

moves as (
    select * from {{ ref('int_org_move') }}
),

steps as (
    select
        given.measure_key,
        given.period_key,
        given.breakdown_key,
        given.group_key as org_unit_key,
        given.group_key as here_key,
        eras.here_date as arrived_date,
        true as is_first,
        given.obs_value
    from {{ ref('int_given_group') }} as given
    inner join split_units on given.since_date = split_units.since_date and given.group_key = split_units.group_key
    inner join {{ ref('int_org_era') }} as eras
        on given.since_date = eras.since_date and given.group_key = eras.org_unit_key
    where {{ of_changed('measure_key', 'given') }}
    union all
    select
        steps.measure_key,
        steps.period_key,
        steps.breakdown_key,
        steps.org_unit_key,
        moves.successor_key as here_key,
        moves.effective_date as arrived_date,
        false as is_first,
        {{ part_between('steps.obs_value', 'moves.share_before', 'moves.share_through') }} as obs_value
    from steps
    inner join moves
        on
            steps.here_key = moves.org_unit_key
            and moves.share is not null
            and (moves.since_date is null or steps.arrived_date >= moves.since_date)
            and steps.arrived_date < moves.effective_date
),

last_moves as (
    select org_unit_key, max(effective_date) as effective_date
    from moves
    group by org_unit_key
)

select
    steps.measure_key,
    steps.period_key,
    steps.breakdown_key,
    steps.org_unit_key,
    steps.here_key as today_key,
    cast(sum(steps.obs_value) as decimal(38, 9)) as obs_value
from steps
left join last_moves on steps.here_key = last_moves.org_unit_key
where
    not steps.is_first
    and (last_moves.org_unit_key is null or steps.arrived_date >= last_moves.effective_date)
group by steps.measure_key, steps.period_key, steps.breakdown_key, steps.org_unit_key, steps.here_key
order by measure_key, period_key, org_unit_key, today_key
