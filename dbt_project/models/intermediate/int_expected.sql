-- Who was to report which measure for which period: the assignments of that period; where a measure has none,
-- every unit of the reporting level that existed when the period ended. Grain: measure, org unit, period.
{{ config(meta={'slice': 'measure_key'}) }}
with assigned as (
    select distinct measure_key, org_unit_key, period_key
    from {{ source('spec', 'assignment') }}
    where {{ of_changed('measure_key') }}
),

reported as (
    select distinct observations.measure_key, observations.period_key, units.level_no
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('dim_org_unit') }} as units on observations.org_unit_key = units.org_unit_key
    where
        observations.obs_value is not null and units.hierarchy = 'territory'
        and {{ of_changed('measure_key', 'observations') }}
),

unassigned as (
    select
        reported.measure_key,
        reported.period_key,
        max(reported.level_no) as level_no
    from reported
    left join assigned
        on reported.measure_key = assigned.measure_key and reported.period_key = assigned.period_key
    where assigned.measure_key is null
    group by reported.measure_key, reported.period_key
)

select measure_key, org_unit_key, period_key
from assigned
union all
select unassigned.measure_key, units.org_unit_key, unassigned.period_key
from unassigned
inner join {{ source('reference', 'period') }} as periods on unassigned.period_key = periods.period_key
inner join {{ ref('dim_org_unit') }} as units
    on
        unassigned.level_no = units.level_no
        and units.hierarchy = 'territory'
        and {{ covers('units.valid_from', 'units.valid_to', 'periods.end_date') }}
order by measure_key, period_key, org_unit_key
