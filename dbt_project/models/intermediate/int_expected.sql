-- How many units of a group were to report a measure for a period: the assignments of that period; where a measure has
-- none, every unit of the lowest reporting level of its hierarchy that existed when the period ended. `is_all`: all
-- that were there. Grain: measure, period, group of org units.
{{ config(meta={'slice': 'measure_key'}) }}
with groups as (
    select since_date, group_key, hierarchy, level, cast(count(*) as integer) as n_units
    from {{ ref('int_org_group') }}
    where is_there
    group by since_date, group_key, hierarchy, level
),

assigned as (
    select distinct measure_key, org_unit_key, period_key
    from {{ source('spec', 'assignment') }}
    where {{ of_changed('measure_key') }}
),

owed as (
    select
        assigned.measure_key,
        assigned.period_key,
        units.since_date,
        units.group_key,
        cast(count(*) as integer) as n_owed
    from assigned
    inner join {{ source('reference', 'period') }} as periods on assigned.period_key = periods.period_key
    inner join {{ ref('int_org_group') }} as units
        on assigned.org_unit_key = units.org_unit_key and {{ in_era('periods.end_date', 'units') }}
    group by assigned.measure_key, assigned.period_key, units.since_date, units.group_key
),

reported as (
    select
        given.measure_key,
        given.period_key,
        given.since_date,
        groups.hierarchy,
        max({{ level_no('groups.level') }}) as level_no
    from {{ ref('int_given_group') }} as given
    inner join {{ ref('int_org_group') }} as groups
        on given.since_date = groups.since_date and given.group_key = groups.org_unit_key
    left join (select distinct measure_key, period_key from assigned) as duties
        on given.measure_key = duties.measure_key and given.period_key = duties.period_key
    where duties.measure_key is null and {{ of_changed('measure_key', 'given') }}
    group by given.measure_key, given.period_key, given.since_date, groups.hierarchy
)

select
    owed.measure_key,
    owed.period_key,
    owed.since_date,
    owed.group_key,
    owed.n_owed,
    groups.n_units is not null and owed.n_owed >= groups.n_units as is_all
from owed
left join groups on owed.since_date = groups.since_date and owed.group_key = groups.group_key
union all
select
    reported.measure_key,
    reported.period_key,
    reported.since_date,
    groups.group_key,
    groups.n_units as n_owed,
    true as is_all
from reported
inner join groups
    on
        reported.since_date = groups.since_date
        and reported.hierarchy = groups.hierarchy
        and reported.level_no = {{ level_no('groups.level') }}
order by measure_key, period_key, group_key
