-- Groups of units that gave, or were to give, figures that can be added up, with how many units that is: those that owe
-- a figure, and those that gave one unasked. Grain: measure, period, breakdown, group of org units.
{{ config(meta={'slice': 'measure_key'}) }}
with given as (
    select *
    from {{ ref('int_given_group') }}
    where {{ of_changed('measure_key') }}
),

total as (
    select breakdown_key
    from {{ source('spec', 'breakdown') }}
    where breakdown = '_T'
),

additive as (
    select measure_key
    from {{ source('spec', 'measure') }}
    where nature <> 'non_additive'
),

breakdowns as (
    select distinct measure_key, period_key, breakdown_key from given
    union
    select distinct expected.measure_key, expected.period_key, total.breakdown_key
    from {{ ref('int_expected') }} as expected
    cross join total
    where {{ of_changed('measure_key', 'expected') }}
),

owed as (
    select
        expected.measure_key,
        expected.period_key,
        breakdowns.breakdown_key,
        expected.since_date,
        expected.group_key,
        expected.n_owed
    from {{ ref('int_expected') }} as expected
    inner join additive on expected.measure_key = additive.measure_key
    inner join breakdowns
        on expected.measure_key = breakdowns.measure_key and expected.period_key = breakdowns.period_key
)

select
    measure_key,
    period_key,
    breakdown_key,
    since_date,
    group_key,
    given.obs_value,
    given.caution,
    coalesce(given.is_synthetic, false) as is_synthetic,
    coalesce(given.n_given, 0) as n_given,
    given.unit_set,
    cast(coalesce(owed.n_owed + coalesce(unasked.n_unasked, 0), given.n_given) as integer) as n_expected
from given
full outer join owed using (measure_key, period_key, breakdown_key, since_date, group_key)
left join {{ ref('int_unasked') }} as unasked using (measure_key, period_key, breakdown_key, group_key)
order by measure_key, period_key, group_key
