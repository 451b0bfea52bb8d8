-- Each reporting unit with each unit above it on each map, and whether a unit between the two reported for itself: then
-- that unit's own figure counts and its parts' do not. Grain: map, measure, org unit, ancestor, period, breakdown.
{{ config(materialized='ephemeral') }}
with pairs as (
    select
        ancestors.map,
        units.measure_key,
        units.org_unit_key,
        ancestors.ancestor_key,
        units.period_key,
        units.breakdown_key,
        units.obs_value,
        units.obs_status,
        units.is_synthetic
    from {{ ref('int_reporting_unit') }} as units
    inner join {{ source('reference', 'period') }} as periods on units.period_key = periods.period_key
    inner join {{ ref('int_org_ancestor') }} as ancestors
        on
            units.org_unit_key = ancestors.org_unit_key
            and {{ covers('ancestors.valid_from', 'ancestors.valid_to', 'periods.end_date') }}
),

between_units as (
    select units.measure_key, units.org_unit_key, units.period_key, units.breakdown_key
    from {{ ref('int_reporting_unit') }} as units
    where
        units.obs_value is not null
        and units.org_unit_key in (select ancestor_key from {{ ref('int_org_ancestor') }})
),

overridden as (
    select distinct
        pairs.map,
        pairs.measure_key,
        pairs.org_unit_key,
        above.ancestor_key,
        pairs.period_key,
        pairs.breakdown_key
    from pairs
    inner join between_units
        on
            pairs.measure_key = between_units.measure_key
            and pairs.ancestor_key = between_units.org_unit_key
            and pairs.period_key = between_units.period_key
            and pairs.breakdown_key = between_units.breakdown_key
    inner join {{ ref('int_org_ancestor') }} as above
        on pairs.map = above.map and pairs.ancestor_key = above.org_unit_key
)

select
    map,
    measure_key,
    org_unit_key,
    ancestor_key,
    period_key,
    breakdown_key,
    pairs.obs_value,
    pairs.obs_status,
    pairs.is_synthetic,
    overridden.map is not null as is_overridden
from pairs
left join overridden using (map, measure_key, org_unit_key, ancestor_key, period_key, breakdown_key)
