-- Units that gave, or were to give, a figure that can be added up. Grain: measure, org unit, period, breakdown.
{{ config(materialized='ephemeral') }}
with additive as (
    select measure_key
    from {{ source('spec', 'measure') }}
    where nature <> 'non_additive' and {{ of_changed('measure_key') }}
),

given as (
    select
        observations.measure_key,
        observations.org_unit_key,
        observations.period_key,
        observations.breakdown_key,
        observations.obs_value,
        observations.obs_status,
        observations.is_synthetic
    from {{ ref('int_observations') }} as observations
    inner join additive on observations.measure_key = additive.measure_key
    where
        observations.is_preferred and observations.obs_value is not null
        and {{ of_changed('measure_key', 'observations') }}
),

total as (
    select breakdown_key
    from {{ source('spec', 'breakdown') }}
    where breakdown = '_T'
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
    select expected.measure_key, expected.org_unit_key, expected.period_key, breakdowns.breakdown_key
    from {{ ref('int_expected') }} as expected
    inner join additive on expected.measure_key = additive.measure_key
    inner join breakdowns
        on expected.measure_key = breakdowns.measure_key and expected.period_key = breakdowns.period_key
)

select
    measure_key,
    org_unit_key,
    period_key,
    breakdown_key,
    given.obs_value,
    given.obs_status,
    given.is_synthetic
from given
full outer join owed using (measure_key, org_unit_key, period_key, breakdown_key)
