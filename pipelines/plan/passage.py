"""Reasons that lie in time and in the map: a deadline has passed, a period has ended, a unit or a duty is another."""

import duckdb

_FACTS = """
create temp table clock as
select o.as_of_date as day_from, n.as_of_date as day_to
from old.lineage.lineage_clock as o cross join warehouse.lineage.lineage_clock as n;

create temp table latest_change as
select coalesce(o.indicator, n.indicator) as indicator, coalesce(o.level, n.level) as level,
    o.latest_end_date as end_from, n.latest_end_date as end_to
from old.lineage.lineage_latest_period as o
full join warehouse.lineage.lineage_latest_period as n on o.indicator = n.indicator and o.level = n.level
where o.latest_end_date is distinct from n.latest_end_date;

create temp table dataset_of as
select subject as measure, any_value(declared_text) as dataset from (
    from old.lineage.lineage_declaration union all from warehouse.lineage.lineage_declaration
) where subject_kind = 'measure' and aspect = 'dataset'
group by subject;

create temp table measure_of as
with recursive below as (
    select indicator, kind, subject from reads
    union
    select b.indicator, r.kind, r.subject
    from below as b inner join reads as r on b.kind = 'reads_indicator' and b.subject = r.indicator
)
select distinct b.indicator, b.subject as measure, d.dataset
from below as b left join dataset_of as d on b.subject = d.measure
where b.kind = 'reads_measure';

create temp table unit_change as
select coalesce(o.org_unit_code, n.org_unit_code) as org_unit_code,
    concat_ws(', ', o.name_vi, o.kind, o.parent_code, o.valid_from || '..' || coalesce(cast(o.valid_to as varchar), ''))
        as text_from,
    concat_ws(', ', n.name_vi, n.kind, n.parent_code, n.valid_from || '..' || coalesce(cast(n.valid_to as varchar), ''))
        as text_to
from old.marts.dim_org_unit as o
full join warehouse.marts.dim_org_unit as n on o.org_unit_code = n.org_unit_code
where (o.kind, o.parent_code, o.valid_from, o.valid_to, o.hierarchy)
    is distinct from (n.kind, n.parent_code, n.valid_from, n.valid_to, n.hierarchy);

create temp table event_change as
select from_code, to_code, string_agg(text_from, '; ') as text_from, string_agg(text_to, '; ') as text_to from (
    select from_code, to_code, concat_ws(' ', event, effective_date, share) as text_from, null as text_to
    from (from old.lineage.lineage_event except from warehouse.lineage.lineage_event)
    union all
    select from_code, to_code, null, concat_ws(' ', event, effective_date, share)
    from (from warehouse.lineage.lineage_event except from old.lineage.lineage_event)
) group by from_code, to_code;

-- Cells that came, went or are empty: whether they are shown depends on the latest period.
create temp view presence as
select c.*, l.end_from as latest_from, l.end_to as latest_to
from open_cell as c
inner join latest_change as l on c.indicator = l.indicator and c.level = l.level
where c.value_from is null and c.value_to is null or c.status_from is null or c.status_to is null;

-- Inputs that changed although no observation of theirs did: somebody else is expected, or summed.
create temp view regrouped as
select i.* from cell_input as i
where i.is_expected or not exists (select 1 from cell_observation as o where o.cell_no = i.cell_no);
"""

_DEADLINE = """
insert into reason
select distinct p.cell_no, 'value', 'deadline', m.dataset, d.time_period, null, cast(d.deadline_date as varchar)
from presence as p
inner join measure_of as m on p.indicator = m.indicator
inner join warehouse.lineage.lineage_deadline as d on m.measure = d.measure and d.end_date = p.latest_to
cross join clock
where d.deadline_date >= clock.day_from and d.deadline_date < clock.day_to
"""

# The latest period moved because figures of it came.
_FIRST_FIGURES = """
insert into reason
select p.cell_no, 'value', 'batch', cast(o.batch_no as varchar),
    string_agg(distinct o.measure, ', ' order by o.measure), null, o.time_period
from presence as p
inner join measure_of as m on p.indicator = m.indicator
inner join observation_change as o on m.measure = o.measure
inner join warehouse.marts.dim_period as d on o.time_period = d.time_period and d.end_date = p.latest_to
where o.is_other_figure and o.batch_no > (select max(batch_no) from old.lineage.lineage_batch)
    and p.cell_no not in (select cell_no from reason where kind = 'batch')
group by p.cell_no, o.batch_no, o.time_period
"""

_PERIOD_ENDED = """
insert into reason
select distinct p.cell_no, 'value', 'period_ended', p.indicator, d.time_period, null, cast(d.end_date as varchar)
from presence as p
inner join warehouse.marts.dim_period as d on d.end_date = p.latest_to and d.time_period = p.time_period
cross join clock
where d.end_date >= clock.day_from and d.end_date < clock.day_to
    and p.cell_no not in (select cell_no from reason)
"""

# What is owed for a period is known once it has ended.
_NOW_OWED = """
insert into reason
select distinct r.cell_no, 'value', 'period_ended', r.measure, r.time_period, null, cast(d.end_date as varchar)
from regrouped as r
inner join warehouse.marts.dim_period as d on r.time_period = d.time_period
cross join clock
where r.is_expected and d.end_date >= clock.day_from and d.end_date < clock.day_to
"""

_DUTY = """
insert into reason
select distinct c.cell_no, 'value', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from (
    select p.cell_no, m.dataset from open_cell as p inner join measure_of as m on p.indicator = m.indicator
    where p.status_from is null or p.status_to is null
    union
    select g.cell_no, d.dataset from regrouped as g inner join dataset_of as d on g.measure = d.measure
) as c
inner join rule as r on r.subject_kind = 'dataset' and r.subject = c.dataset
"""

_UNIT = """
insert into reason
select distinct c.cell_no, 'value', 'org_unit', u.org_unit_code, '', u.text_from, u.text_to
from unit_change as u
inner join (
    select cell_no, map, org_unit_code from regrouped
    union
    select cell_no, map, org_unit_code from open_cell
    where is_rank or status_from is null or status_to is null
) as c
    on c.org_unit_code = u.org_unit_code
    or (c.map, u.org_unit_code, c.org_unit_code) in (select (map, org_unit_code, ancestor_code) from above)
"""

_EVENT = """
insert into reason
select distinct c.cell_no, 'value', 'event', e.from_code || ' → ' || e.to_code, '', e.text_from, e.text_to
from event_change as e
inner join regrouped as c
    on c.org_unit_code in (e.from_code, e.to_code)
    or (c.map, e.from_code, c.org_unit_code) in (select (map, org_unit_code, ancestor_code) from above)
    or (c.map, e.to_code, c.org_unit_code) in (select (map, org_unit_code, ancestor_code) from above)
"""


def explain_by_passage(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the reasons of time, of duties and of the map. Needs the tables of ``rules`` and ``figures``."""
    connection.execute(_FACTS)
    for statement in (_DEADLINE, _FIRST_FIGURES, _PERIOD_ENDED, _NOW_OWED, _DUTY, _UNIT, _EVENT):
        connection.execute(statement)
