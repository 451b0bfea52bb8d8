-- How many values were read, and how many go back: the essential checks, nothing worded. One row.
with given as (
    select
        filename, row_no, org_unit, measure, time_period, breakdown, problem,
        try_cast(obs_value as decimal(38, 9)) as obs_value,
        split_part(measure, '_', 1) as measure_group
    from read_parquet($files, filename = true)
),
wholes as (
    select filename, org_unit, time_period, measure, min_by(obs_value, row_no) as obs_value
    from given
    where list_contains($wholes, measure)
    group by all
),
checked as (
    select
        given.*,
        given.problem is not null and given.problem <> 'blank'
        or units.kind is null or units.parent_code <> listing.agency
        or given.time_period <> $period
        or given.obs_value < 0
        or count(distinct given.obs_value) over same_value > 1
        or wholes.obs_value < given.obs_value as is_wrong,
        given.obs_value is null or row_number() over (same_value order by given.row_no) > 1 as is_empty
    from given
    inner join (select unnest($files) as filename, unnest($agencies) as agency) as listing using (filename)
    left join units on given.org_unit = units.org_unit_code and units.kind = 'commune'
    left join (select unnest($parts) as part, unnest($wholes) as whole) as pairs on given.measure = pairs.part
    left join wholes
        on given.filename = wholes.filename and pairs.whole = wholes.measure
        and given.org_unit = wholes.org_unit and given.time_period = wholes.time_period
    window same_value as (partition by given.filename, given.measure, given.org_unit, given.time_period)
)
select count(*), count(*) filter (is_empty or group_is_wrong)
from (
    select *, bool_or(is_wrong) over (partition by filename, measure_group, org_unit, time_period) as group_is_wrong
    from checked
)
