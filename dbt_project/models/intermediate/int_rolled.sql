-- Additive measures summed for the units above the reporting ones, once per measure, on both maps. Ancestors only: a
-- closure that repeats the leaves has a hundred times the rows. Sums are of DECIMAL: exact, whatever the order of rows.
-- `obs_value` is the sum of what was reported: read it with `coverage`.
{{ config(meta={'slice': 'measure_key'}) }}
with pairs as (
    select * from {{ ref('int_rolled_pair') }}
),

-- A unit that itself stands above reporting units is counted through them.
uppers as (
    select distinct map, measure_key, ancestor_key as org_unit_key, period_key, breakdown_key, true as is_upper
    from pairs
),

counted as (
    select
        pairs.*,
        uppers.is_upper,
        pairs.obs_value is not null and not pairs.is_overridden as is_summed,
        pairs.obs_value is not null or pairs.is_overridden as is_reported
    from pairs
    left join uppers using (map, measure_key, org_unit_key, period_key, breakdown_key)
),

summed as (
    select
        map,
        measure_key,
        ancestor_key as org_unit_key,
        period_key,
        breakdown_key,
        cast(sum(case when is_summed then obs_value end) as decimal(38, 9)) as obs_value,
        max(case when is_summed then {{ status_caution('obs_status') }} end) as caution,
        max(case when is_summed and is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        cast(sum(case when is_upper is null and is_reported then 1 else 0 end) as integer) as n_reported,
        cast(sum(case when is_upper is null then 1 else 0 end) as integer) as n_expected
    from counted
    group by map, measure_key, ancestor_key, period_key, breakdown_key
),

own as (
    select measure_key, org_unit_key, period_key, breakdown_key, true as has_own_report
    from {{ ref('int_observations') }}
    where is_preferred and {{ of_changed('measure_key') }}
)

select
    map,
    measure_key,
    org_unit_key,
    period_key,
    breakdown_key,
    summed.obs_value,
    {{ status_from_caution('summed.caution') }} as obs_status,
    summed.n_reported,
    summed.n_expected,
    cast(summed.n_reported as double) / summed.n_expected as coverage,
    summed.is_synthetic,
    coalesce(own.has_own_report, false) as has_own_report
from summed
left join own using (measure_key, org_unit_key, period_key, breakdown_key)
order by measure_key, period_key, org_unit_key, map
