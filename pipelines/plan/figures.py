"""Reasons that lie in the figures: new batches, other producers, indicators that are inputs, peers that moved.

An observation explains a cell if the cell's indicator reads its measure, an input of the cell's unit, map and reach has
changed, and the observation stands at or below that input's unit. Nothing is inferred from dates of arrival.
"""

import duckdb

_FIGURES = """
create temp table input_change as
select
    coalesce(o.measure, n.measure) as measure, coalesce(o.org_unit_code, n.org_unit_code) as org_unit_code,
    coalesce(o.time_period, n.time_period) as time_period, coalesce(o.map, n.map) as map,
    bool_or(o.n_expected is distinct from n.n_expected) as is_expected
from old.lineage.lineage_measure_value as o
full join warehouse.lineage.lineage_measure_value as n
    on o.measure = n.measure and o.org_unit_code = n.org_unit_code and o.time_period = n.time_period
    and o.map = n.map and o.producer_code is not distinct from n.producer_code
where
    o.obs_value is distinct from n.obs_value or o.obs_status is distinct from n.obs_status
    or o.is_preferred is distinct from n.is_preferred or o.n_reported is distinct from n.n_reported
    or o.n_expected is distinct from n.n_expected
group by all;

create temp table observation_change as
select
    coalesce(o.measure, n.measure) as measure, coalesce(o.org_unit_code, n.org_unit_code) as org_unit_code,
    coalesce(o.time_period, n.time_period) as time_period,
    coalesce(o.producer_code, n.producer_code) as producer_code,
    o.obs_value as value_from, n.obs_value as value_to, n.batch_no,
    o.obs_value is distinct from n.obs_value or o.obs_status is distinct from n.obs_status as is_other_figure
from old.lineage.lineage_observation as o
full join warehouse.lineage.lineage_observation as n
    on o.measure = n.measure and o.org_unit_code = n.org_unit_code and o.time_period = n.time_period
    and o.breakdown = n.breakdown and o.producer_code is not distinct from n.producer_code
where
    o.obs_value is distinct from n.obs_value or o.obs_status is distinct from n.obs_status
    or o.is_preferred is distinct from n.is_preferred;

create temp table above as
select distinct map, org_unit_code, ancestor_code from (
    select map, org_unit_code, ancestor_code from old.lineage.lineage_ancestor
    union all
    select map, org_unit_code, ancestor_code from warehouse.lineage.lineage_ancestor
);
"""

_INPUTS = """
create temp table cell_input as
select distinct c.cell_no, c.map, i.measure, i.org_unit_code, i.time_period, i.is_expected
from open_cell as c
inner join reads as m on c.indicator = m.indicator and m.kind = 'reads_measure'
inner join input_change as i on m.subject = i.measure and c.map = i.map
left join reach as t on c.indicator = t.indicator and t.kind = 'time'
left join reach as p on c.indicator = p.indicator and p.kind = 'peers'
left join reach as b on c.indicator = b.indicator and b.kind = 'child_units'
left join warehouse.marts.dim_period as d on i.time_period = d.time_period
where
    (c.is_value or c.is_light)
    and (
        i.time_period = c.time_period
        or (d.end_date <= c.end_date and d.end_date >= c.start_date - to_months(t.months))
    )
    and (
        i.org_unit_code = c.org_unit_code or p.indicator is not null
        or (b.indicator is not null and (c.map, i.org_unit_code, c.org_unit_code) in (
            select (map, org_unit_code, ancestor_code) from above
        ))
    );

create temp table cell_observation as
select distinct i.cell_no, o.*
from cell_input as i
inner join observation_change as o on i.measure = o.measure and i.time_period = o.time_period
where
    o.org_unit_code = i.org_unit_code
    or (i.map, o.org_unit_code, i.org_unit_code) in (select (map, org_unit_code, ancestor_code) from above);
"""

_BATCHES = """
insert into reason
select
    cell_no, 'value', 'batch', cast(batch_no as varchar), string_agg(distinct measure, ', ' order by measure),
    case when count(*) = 1 then any_value(cast(cast(value_from as double) as varchar)) end,
    case when count(*) = 1 then any_value(cast(cast(value_to as double) as varchar))
        else count(*) || ' observations' end
from cell_observation
where is_other_figure and batch_no > (select max(batch_no) from old.lineage.lineage_batch)
group by cell_no, batch_no
"""

# Another producer is preferred although no figure changed.
_PRODUCERS = """
insert into reason
select distinct o.cell_no, 'value', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from cell_observation as o
inner join rule as r on r.subject_kind = 'measure' and r.subject = o.measure and r.aspect = 'producers'
where not o.is_other_figure
"""

_INDICATORS = """
insert into reason
select distinct c.cell_no, 'value', 'input_indicator', i.indicator, i.org_unit_code || ' ' || i.time_period, cast(
    i.value_from as varchar), cast(i.value_to as varchar)
from open_cell as c
inner join reads as m on c.indicator = m.indicator and m.kind = 'reads_indicator'
inner join changed as i on m.subject = i.indicator and c.map = i.map and i.is_value
left join reach as t on c.indicator = t.indicator and t.kind = 'time'
left join reach as p on c.indicator = p.indicator and p.kind = 'peers'
left join reach as b on c.indicator = b.indicator and b.kind = 'child_units'
where
    c.is_value
    and (
        i.time_period = c.time_period
        or (i.end_date <= c.end_date and i.end_date >= c.start_date - to_months(t.months))
    )
    and (
        i.org_unit_code = c.org_unit_code or p.indicator is not null
        or (b.indicator is not null and (c.map, i.org_unit_code, c.org_unit_code) in (
            select (map, org_unit_code, ancestor_code) from above
        ))
    )
"""

_PREVIOUS = """
insert into reason
select cell_no, 'light', 'previous_period', indicator, coalesce(previous_time_period, ''),
    cast(previous_from as varchar), cast(previous_to as varchar)
from open_cell
where is_light and not is_value and previous_from is distinct from previous_to
"""

_PEERS = """
insert into reason
select c.cell_no, 'rank', 'peers', c.indicator, c.time_period, null,
    string_agg(distinct o.org_unit_code, ', ' order by o.org_unit_code)
from open_cell as c
inner join changed as o
    on c.indicator = o.indicator and c.time_period = o.time_period and c.kind = o.kind
    and c.cell_no <> o.cell_no and o.is_value and (o.rank_from is not null or o.rank_to is not null)
where c.is_rank and not c.is_value
group by c.cell_no, c.indicator, c.time_period
"""


def explain_by_figures(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the reasons of figures; make ``cell_input``, ``cell_observation`` and ``above`` for the other modules."""
    connection.execute(_FIGURES)
    connection.execute(_INPUTS)
    for statement in (_BATCHES, _PRODUCERS, _INDICATORS, _PREVIOUS, _PEERS):
        connection.execute(statement)
