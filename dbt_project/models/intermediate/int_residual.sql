-- What was reported and cannot be moved to today's units, because a split has no shares: the figure less the parts
-- whose shares are known. It is not lost: `held_key` is the lowest unit of today that received the figure whole. Grain:
-- measure, period, breakdown, org unit.
{{ config(meta={'slice': 'measure_key'}) }}
with unknown as (
    select distinct since_date, group_key
    from {{ ref('int_org_group_pair') }}
    where share is null
),

moved as (
    select measure_key, period_key, breakdown_key, org_unit_key, sum(obs_value) as obs_value
    from {{ ref('int_divided') }}
    where {{ of_changed('measure_key') }}
    group by measure_key, period_key, breakdown_key, org_unit_key
),

holders as (
    select
        pairs.since_date,
        pairs.group_key,
        pairs.ancestor_key as held_key,
        row_number() over (
            partition by pairs.since_date, pairs.group_key
            order by {{ level_no('units.level') }} desc, pairs.ancestor_key
        ) as choice
    from {{ ref('int_org_group_pair') }} as pairs
    inner join {{ source('reference', 'org_unit') }} as units on pairs.ancestor_key = units.org_unit_key
    where pairs.map = 'current' and pairs.is_whole
)

select
    given.measure_key,
    given.period_key,
    given.breakdown_key,
    given.group_key as org_unit_key,
    holders.held_key,
    given.obs_value as reported_value,
    cast(given.obs_value - coalesce(moved.obs_value, 0) as decimal(38, 9)) as obs_value
from {{ ref('int_given_group') }} as given
inner join unknown on given.since_date = unknown.since_date and given.group_key = unknown.group_key
left join moved
    on
        given.measure_key = moved.measure_key
        and given.period_key = moved.period_key
        and given.breakdown_key = moved.breakdown_key
        and given.group_key = moved.org_unit_key
left join holders
    on given.since_date = holders.since_date and given.group_key = holders.group_key and holders.choice = 1
where {{ of_changed('measure_key', 'given') }}
order by measure_key, period_key, org_unit_key
