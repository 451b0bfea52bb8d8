"""The benchmark ``compute`` as a skilled hand would write it: SQL on integer keys, in steps, for DuckDB and for Spark.

It counts units and does not ask which: among a few dozen it would give ratios whose two parts miss different ones,
which the models withhold. Each step reads ``observations``, ``units``, ``events``, ``periods``, ``ratios`` and the
steps before it.
"""

MIN_COVERAGE = 0.95

STANDING = """
    with leaves as (select * from units where kind = 'commune'),
    uppers as (select org_unit_key, org_unit_code, parent_code from units where kind in ('province', 'nation')),
    moved as (
        select former.org_unit_key as leaf_key, successor.org_unit_key, successor.parent_code
        from events
        inner join units as former on events.from_code = former.org_unit_code
        inner join units as successor on events.to_code = successor.org_unit_code
    ),
    today as (
        select org_unit_key as leaf_key, parent_code from leaves where valid_to is null
        union all
        select leaf_key, parent_code from moved
    )
    select 'reported' as map, leaves.org_unit_key as leaf_key, uppers.org_unit_key as above_key
    from leaves inner join uppers on uppers.org_unit_code in (leaves.parent_code, 'VN')
    union all
    select 'current', today.leaf_key, uppers.org_unit_key
    from today inner join uppers on uppers.org_unit_code in (today.parent_code, 'VN')
    union all
    select 'current', leaf_key, org_unit_key from moved"""
"""Which leaf is summed for which unit, on which map."""

EXPECTED = """
    select map, above_key as org_unit_key, seen.period_key, count(*) as n_expected
    from standing
    inner join units on leaf_key = units.org_unit_key
    cross join (select distinct period_key from observations) as seen
    inner join periods on seen.period_key = periods.period_key
    where (valid_from is null or valid_from <= end_date) and (valid_to is null or valid_to >= end_date)
    group by map, above_key, seen.period_key"""

VALUES = f"""
    select 'reported' as map, measure_key, org_unit_key, period_key, cast(obs_value as double) as obs_value
    from observations
    union all
    select 'current', measure_key, org_unit_key, period_key, cast(obs_value as double)
    from observations where org_unit_key in (select org_unit_key from units where valid_to is null)
    union all
    select map, measure_key, org_unit_key, period_key, obs_value
    from (
        select
            map, measure_key, above_key as org_unit_key, period_key,
            cast(sum(obs_value) as double) as obs_value, count(*) as n_reported
        from observations
        inner join standing on org_unit_key = leaf_key
        group by map, measure_key, above_key, period_key
    ) inner join expected using (map, org_unit_key, period_key)
    where n_reported >= {MIN_COVERAGE} * n_expected
    order by measure_key, period_key"""

RATIOS = """
    with parts as (select * from unit_values inner join ratios on measure_key = part_key),
    wholes as (select * from unit_values inner join ratios on measure_key = whole_key)
    select
        indicator_key, map, org_unit_key, period_key,
        100 * parts.obs_value / nullif(wholes.obs_value, 0) as obs_value
    from parts inner join wholes using (indicator_key, map, org_unit_key, period_key)"""

GROWTH = """
    select
        -now.indicator_key as indicator_key, now.map, now.org_unit_key, now.period_key,
        100 * (now.obs_value / nullif(before.obs_value, 0) - 1) as obs_value
    from ratio_values as now
    inner join ratio_values as before
        on
            now.indicator_key = before.indicator_key and now.map = before.map
            and now.org_unit_key = before.org_unit_key and now.period_key - 12 = before.period_key"""
"""Against the same month of the year before, by indicators of the ratios' negative keys."""

BOTH = "select * from ratio_values union all select * from growth_values"

RANKS = """
    select
        indicator_key, org_unit_key, period_key,
        rank() over (partition by indicator_key, period_key, kind order by obs_value desc) as place
    from indicator_values
    inner join units using (org_unit_key)
    where kind <> 'nation' and obs_value is not null and (map = 'current' or valid_to is not null)"""

STEPS = {
    "standing": STANDING,
    "expected": EXPECTED,
    "unit_values": VALUES,
    "ratio_values": RATIOS,
    "growth_values": GROWTH,
    "indicator_values": BOTH,
    "indicator_ranks": RANKS,
}
