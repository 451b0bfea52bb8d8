-- From accepted files to ratio indicators of each unit and those above it. Grain: indicator.
with newest as (
    select measure, org_unit, time_period, cast(obs_value as decimal(38, 9)) as obs_value
    from read_parquet($files, filename = true)
    inner join (select unnest($files) as filename, generate_subscripts($files, 1) as file_no) using (filename)
    qualify row_number() over (
        partition by measure, org_unit, time_period order by published_date desc nulls last, file_no desc, row_no desc
    ) = 1
),
above as (
    select org_unit_code, org_unit_code as ancestor, kind from units
    union all
    select org_unit_code, parent_code, kind from units where kind in ('commune', 'province')
    union all
    select org_unit_code, 'VN', kind from units where kind = 'commune'
),
ratios as (
    select unnest($indicators) as indicator, unnest($parts) as part, unnest($wholes) as whole,
        unnest($coverages) as min_coverage, unnest($kinds) as kind
),
sums as (
    select ratios.indicator, above.ancestor, newest.time_period,
        sum(newest.obs_value) filter (newest.measure = ratios.part) as part,
        sum(newest.obs_value) filter (newest.measure = ratios.whole) as whole,
        count(*) filter (newest.measure = ratios.part) as n_parts,
        count(*) filter (newest.measure = ratios.whole) as n_wholes
    from newest
    inner join ratios on newest.measure in (ratios.part, ratios.whole)
    inner join above on newest.org_unit = above.org_unit_code and ratios.kind = above.kind
    group by all
),
expected as (select ancestor, kind, count(*) as n_expected from above group by all),
found as (
    select sums.indicator,
        case when least(n_parts, n_wholes) / n_expected >= ratios.min_coverage
            then 100 * cast(sums.part as double) / nullif(cast(sums.whole as double), 0) end as obs_value
    from sums
    inner join ratios using (indicator)
    inner join expected on sums.ancestor = expected.ancestor and ratios.kind = expected.kind
)
select indicator, count(obs_value), sum(obs_value) from found group by indicator order by indicator
