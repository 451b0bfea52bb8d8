-- Additive measures summed for the units above the reporting ones, once per measure, on both maps. Ancestors only: a
-- closure that repeats the leaves has a hundred times the rows. Sums are of DECIMAL: exact, whatever the order of rows.
-- `obs_value` is the sum of what was reported: read it with `coverage`. `unit_set` marks the units whose figures it is
-- made of. Grain: map, measure, org unit, period, breakdown.
{{ config(meta={'slice': 'measure_key'}) }}
with counted as (
    select
        pairs.*,
        case when pairs.is_whole then pairs.obs_value else parts.part_value end as moved_value,
        not pairs.is_overridden and pairs.n_given > 0 as is_summed,
        pairs.is_whole or pairs.share is not null as is_known
    from {{ ref('int_rolled_pair') }} as pairs
    left join {{ ref('int_rolled_part') }} as parts
        using (measure_key, period_key, breakdown_key, group_key, ancestor_key)
),

summed as (
    select
        map,
        measure_key,
        ancestor_key as org_unit_key,
        period_key,
        breakdown_key,
        since_date,
        cast(sum(case when is_summed then moved_value end) as decimal(38, 9)) as obs_value,
        max(case when is_summed and moved_value is not null then caution end) as caution,
        max(case when is_summed and is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        cast(
            sum(
                case when is_through then 0 when is_overridden then n_expected when is_known then n_given else 0 end
            ) as integer
        ) as n_reported,
        cast(sum(case when is_through then 0 else n_expected end) as integer) as n_expected,
        cast(sum(case when is_summed and is_known then unit_set else 0 end) as bigint) as unit_set
    from counted
    group by map, measure_key, ancestor_key, period_key, breakdown_key, since_date
),

own as (
    select measure_key, org_unit_key, period_key, breakdown_key, true as has_report
    from {{ ref('int_observations') }}
    where
        is_preferred and obs_status <> 'O' and {{ of_changed('measure_key') }}
        and org_unit_key in (select ancestor_key from {{ ref('int_org_group_pair') }})
)

select
    map,
    measure_key,
    org_unit_key,
    period_key,
    breakdown_key,
    summed.obs_value,
    cast({{ status_from_caution('summed.caution') }} as {{ status_type() }}) as obs_status,
    summed.n_reported,
    summed.n_expected,
    cast(summed.n_reported as double) / summed.n_expected as coverage,
    summed.unit_set,
    summed.is_synthetic,
    own.has_report is not null and (map = 'reported' or eras.is_of_today) as has_own_report
from summed
inner join {{ ref('int_org_era') }} as eras using (since_date, org_unit_key)
left join own using (measure_key, org_unit_key, period_key, breakdown_key)
order by measure_key, period_key, org_unit_key, map
