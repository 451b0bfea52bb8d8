-- Each reporting group with each unit above it on each map. `is_overridden`: a unit between the two reported for
-- itself, so that its own figure counts and its parts' do not. `is_through`: the group is a unit made of other
-- reporting ones, counted through them. Only measures with reports at an upper level are asked for either. Grain: map,
-- measure, period, breakdown, group, ancestor.
{{ config(materialized='ephemeral') }}
with maps as (
    select {{ map_named('reported') }} as map
    union all
    select {{ map_named('current') }} as map
),

pairs as (
    select
        above.map, reporting.*,
        above.ancestor_key, above.share, above.is_whole, above.is_handed_up, above.is_standing
    from {{ ref('int_reporting_group') }} as reporting
    inner join {{ ref('int_org_group_pair') }} as above
        on reporting.since_date = above.since_date and reporting.group_key = above.group_key
    where {{ of_changed('measure_key', 'reporting') }}
),

uppers as (
    select
        reporting.measure_key,
        reporting.period_key,
        reporting.breakdown_key,
        reporting.group_key as org_unit_key,
        reporting.n_given > 0 as has_figure
    from {{ ref('int_reporting_group') }} as reporting
    inner join {{ ref('int_org_era') }} as eras
        on reporting.since_date = eras.since_date and reporting.group_key = eras.org_unit_key
    where eras.is_upper and {{ of_changed('measure_key', 'reporting') }}
),

nested as (
    select pairs.*, uppers.has_figure
    from pairs
    inner join uppers
        on
            pairs.measure_key = uppers.measure_key
            and pairs.period_key = uppers.period_key
            and pairs.breakdown_key = uppers.breakdown_key
            and pairs.ancestor_key = uppers.org_unit_key
    where pairs.is_standing
),

overridden as (
    select distinct
        pairs.map, pairs.measure_key, pairs.period_key, pairs.breakdown_key, nested.group_key, pairs.ancestor_key
    from nested
    inner join pairs
        on
            nested.measure_key = pairs.measure_key
            and nested.period_key = pairs.period_key
            and nested.breakdown_key = pairs.breakdown_key
            and nested.ancestor_key = pairs.group_key
            and (nested.map = pairs.map or nested.map = 'reported')
    where nested.has_figure
),

-- What stood above others as reported is counted through them on today's map too.
through as (
    select distinct
        maps.map, nested.measure_key, nested.period_key, nested.breakdown_key, nested.ancestor_key as group_key
    from nested
    inner join maps on nested.is_handed_up and (nested.map = maps.map or nested.map = 'reported')
)

select
    pairs.*,
    overridden.map is not null as is_overridden,
    through.map is not null as is_through
from pairs
left join overridden using (map, measure_key, period_key, breakdown_key, group_key, ancestor_key)
left join through using (map, measure_key, period_key, breakdown_key, group_key)
where pairs.is_handed_up
