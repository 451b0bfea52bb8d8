"""Reasons that lie in the catalogue: a formula, a target, a light's thresholds, how a measure counts."""

import duckdb

_METHOD = """
insert into reason
select c.cell_no, 'value', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from open_cell as c
inner join rule as r on r.subject_kind = 'indicator' and r.subject = c.indicator
where c.is_value and (
    (r.aspect = 'methods' and (
        try_cast(r.head as integer) in (c.method_from, c.method_to)
        or (c.method_from is null and c.method_to is null)
    ))
    or (r.aspect = 'levels' and r.head = c.level)
    or r.aspect in ('type', 'rank')
)
"""

# Weights, scales and targets of what a composite reads are part of the composite.
_MEMBERS = """
insert into reason
select c.cell_no, 'value', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from open_cell as c
inner join reads as m on c.indicator = m.indicator and m.kind = 'reads_indicator'
inner join rule as r on r.subject_kind = 'indicator' and r.subject = m.subject
where c.is_value and r.aspect in ('scoring', 'targets', 'direction')
    and exists (select 1 from composite as k where k.indicator = c.indicator)
"""

_MEASURE = """
insert into reason
select distinct c.cell_no, 'value', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from open_cell as c
inner join reads as m on c.indicator = m.indicator and m.kind = 'reads_measure'
inner join rule as r on r.subject_kind = 'measure' and r.subject = m.subject
where c.is_value and r.aspect in ('unit', 'nature', 'reset', 'dataset', 'declared')
"""

# A target that governs the unit before or after, and of which the required value or the goal is another.
_AIM = """
insert into reason
select c.cell_no, 'light', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from open_cell as c
inner join rule as r on r.subject_kind = 'indicator' and r.subject = c.indicator
where c.is_light and (
    (r.aspect in ('baseline', 'trajectory') and c.is_aim)
    or r.aspect in ('light', 'direction', 'type')
    or (r.aspect = 'targets' and exists (
        select 1 from governing as g
        where g.indicator = c.indicator and g.target = r.head
            and (g.level is null or g.level = c.level) and (g.scope is null or g.scope = c.org_unit_code)
    ))
)
"""

_RANK = """
insert into reason
select c.cell_no, 'rank', 'rule', r.subject, trim(r.aspect || ' ' || r.item), r.text_from, r.text_to
from open_cell as c
inner join rule as r on r.subject_kind = 'indicator' and r.subject = c.indicator
where c.is_rank and r.aspect in ('direction', 'type', 'scoring')
"""

_HELD = """
create temp table held as
select distinct indicator, kind, subject, text from (
    select subject as indicator, aspect as kind, item as subject, declared_text as text
    from old.lineage.lineage_declaration where subject_kind = 'indicator'
    union all
    select subject, aspect, item, declared_text
    from warehouse.lineage.lineage_declaration where subject_kind = 'indicator'
)
"""

_VIEWS = (
    "create temp view reads as select distinct indicator, kind, subject from held where kind like 'reads_%'",
    """create temp view reach as
    select indicator, subject as kind, max(cast(text as integer)) as months
    from held where kind = 'reach' group by all""",
    "create temp view composite as select distinct indicator from held where kind = 'type' and text = 'composite'",
    """create temp view governing as
    select h.indicator, split_part(h.subject, '.', 1) as target, l.text as level, s.text as scope
    from held as h
    left join held as l on h.indicator = l.indicator and l.kind = 'targets'
        and l.subject = split_part(h.subject, '.', 1) || '.level'
    left join held as s on h.indicator = s.indicator and s.kind = 'targets'
        and s.subject = split_part(h.subject, '.', 1) || '.scope'
    where h.kind = 'targets' and h.subject like '%.governs' and h.text = 'True'""",
)


def explain_by_rules(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the reasons of the catalogue; make ``reads``, ``reach`` and ``governing`` for the other modules."""
    connection.execute(_HELD)
    for view in _VIEWS:
        connection.execute(view)
    for statement in (_METHOD, _MEMBERS, _MEASURE, _AIM, _RANK):
        connection.execute(statement)
