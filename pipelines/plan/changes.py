"""The cells that differ between two files of marts, attached as ``old`` and ``warehouse``, and the rules that do.

Makes temporary tables; the other modules of the plan read them.
"""

import duckdb

_CELLS = """
create temp view cells_of_{side} as
select
    coalesce(v.indicator, s.indicator) as indicator, coalesce(v.org_unit_code, s.org_unit_code) as org_unit_code,
    coalesce(v.time_period, s.time_period) as time_period, coalesce(v.map, s.map) as map,
    coalesce(v.obs_value, s.obs_value) as obs_value, coalesce(v.obs_status, s.obs_status) as obs_status,
    v.method_version, s.light, s.rank_in_peers, s.target_value, s.required_value, s.previous_value,
    s.previous_time_period
from {side}.lineage.lineage_indicator_value as v
full join {side}.marts.mart_scoreboard as s
    on v.indicator = s.indicator and v.org_unit_code = s.org_unit_code
    and v.time_period = s.time_period and v.map = s.map
"""

_CHANGED = """
create temp table changed as
with compared as (
    select
        coalesce(o.indicator, n.indicator) as indicator, coalesce(o.org_unit_code, n.org_unit_code) as org_unit_code,
        coalesce(o.time_period, n.time_period) as time_period, coalesce(o.map, n.map) as map,
        o.obs_value as value_from, n.obs_value as value_to, o.obs_status as status_from, n.obs_status as status_to,
        o.light as light_from, n.light as light_to, o.rank_in_peers as rank_from, n.rank_in_peers as rank_to,
        o.method_version as method_from, n.method_version as method_to,
        o.required_value is distinct from n.required_value or o.target_value is distinct from n.target_value as is_aim,
        o.previous_value as previous_from, n.previous_value as previous_to,
        coalesce(n.previous_time_period, o.previous_time_period) as previous_time_period,
        o.obs_value is distinct from n.obs_value or o.obs_status is distinct from n.obs_status as is_value,
        o.light is distinct from n.light as is_light,
        o.rank_in_peers is distinct from n.rank_in_peers as is_rank
    from cells_of_old as o
    full join cells_of_warehouse as n
        on o.indicator = n.indicator and o.org_unit_code = n.org_unit_code
        and o.time_period = n.time_period and o.map = n.map
)

select
    row_number() over (order by c.indicator, c.org_unit_code, c.time_period, c.map) as cell_no,
    c.*,
    u.level, u.kind, u.name_vi as org_unit_name_vi,
    coalesce(ni.name_vi, oi.name_vi) as indicator_name_vi,
    oi.indicator is null as is_new_indicator, ni.indicator is null as is_dropped_indicator,
    p.start_date, p.end_date
from compared as c
left join units as u on c.org_unit_code = u.org_unit_code
left join old.marts.dim_indicator as oi on c.indicator = oi.indicator
left join warehouse.marts.dim_indicator as ni on c.indicator = ni.indicator
left join warehouse.marts.dim_period as p on c.time_period = p.time_period
where c.is_value or c.is_light or c.is_rank
"""

_UNITS = """
create temp table units as
select n.org_unit_code, n.level, n.kind, n.short_name_vi as name_vi from warehouse.marts.dim_org_unit as n
union all
select o.org_unit_code, o.level, o.kind, o.short_name_vi from old.marts.dim_org_unit as o
where o.org_unit_code not in (select org_unit_code from warehouse.marts.dim_org_unit)
"""

_RULES = """
create temp table rule as
with compared as (
    select
        coalesce(o.subject_kind, n.subject_kind) as subject_kind, coalesce(o.subject, n.subject) as subject,
        coalesce(o.aspect, n.aspect) as aspect, coalesce(o.item, n.item) as item,
        split_part(coalesce(o.item, n.item), '.', 1) as head,
        o.declared_text as text_from, n.declared_text as text_to
    from old.lineage.lineage_declaration as o
    full join warehouse.lineage.lineage_declaration as n
        on o.subject_kind = n.subject_kind and o.subject = n.subject and o.aspect = n.aspect and o.item = n.item
),

counted as (
    select
        *,
        count(text_from) over (partition by subject_kind, subject) as n_subject_from,
        count(text_to) over (partition by subject_kind, subject) as n_subject_to,
        count(text_from) over (partition by subject_kind, subject, aspect, head) as n_head_from,
        count(text_to) over (partition by subject_kind, subject, aspect, head) as n_head_to
    from compared
    where aspect not in ('reads_measure', 'reads_indicator', 'reach')
)

-- What is wholly new or gone is told in one line.
select
    subject_kind, subject,
    case when n_subject_from = 0 or n_subject_to = 0 then 'declared' else aspect end as aspect,
    case
        when n_subject_from = 0 or n_subject_to = 0 then ''
        when n_head_from = 0 or n_head_to = 0 then head
        else item
    end as item,
    min(head) as head,
    case
        when max(n_subject_from) > 0 and max(n_subject_to) = 0 then 'declared'
        else string_agg(case when text_from is not null then told || text_from end, '; ' order by item)
    end as text_from,
    case
        when max(n_subject_to) > 0 and max(n_subject_from) = 0 then 'declared'
        else string_agg(case when text_to is not null then told || text_to end, '; ' order by item)
    end as text_to
from (
    select
        *,
        case
            when (n_head_from = 0 or n_head_to = 0) and item <> head then substr(item, length(head) + 2) || ' = '
            else ''
        end as told
    from counted
)
where text_from is distinct from text_to
group by 1, 2, 3, 4
"""


def find_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``changed`` (a row per changed cell), ``rule`` (a row per changed rule), ``units`` and ``reason``."""
    for side in ("old", "warehouse"):
        connection.execute(_CELLS.format(side=side))
    connection.execute(_UNITS)
    connection.execute(_CHANGED)
    connection.execute(_RULES)
    connection.execute(
        """create temp table reason (
            cell_no bigint, explains varchar, kind varchar, subject varchar, item varchar,
            text_from varchar, text_to varchar)"""
    )
    connection.execute(
        """insert into reason
        select cell_no, 'all', case when is_new_indicator then 'indicator_new' else 'indicator_dropped' end,
            indicator, '', null, null
        from changed where is_new_indicator or is_dropped_indicator"""
    )
    connection.execute(
        "create temp view open_cell as from changed where not is_new_indicator and not is_dropped_indicator"
    )
