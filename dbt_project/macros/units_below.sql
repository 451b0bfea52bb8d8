{#- What is made of the values of other units, not of summed inputs. Called by generated models only. -#}

{#-
  Each unit of the upper level of `levels` (pairs of upper and lower level), in each period of `relation`, with each unit
  below it that was there, and that unit's row where it has one. `merged`: units that became part of one of today's
  stand below it on today's map, with their values as reported.
-#}
{% macro units_below(relation, levels, merged=false) -%}
    (
        select links.*, rows_below.*
        from (
            select
                children.map as upper_map, children.org_unit_key as upper_key, known.period_key as upper_period_key,
                children.level as upper_level, children.child_map, children.child_key
            from {{ ref('int_org_child') }} as children
            inner join (
                select distinct given.map, given.period_key, periods.end_date
                from {{ relation }} as given
                inner join {{ source('reference', 'period') }} as periods on given.period_key = periods.period_key
            ) as known
                on
                    children.child_map = known.map
                    and {{ covers('children.valid_from', 'children.valid_to', 'known.end_date') }}
            where
                children.map {{ '<>' if merged else '=' }} children.child_map
                and ({% for upper, lower in levels -%}
                    (children.level = '{{ upper }}' and children.child_level = '{{ lower }}')
                    {{- ' or ' if not loop.last }}
                {%- endfor %})
        ) as links
        left join {{ relation }} as rows_below
            on
                links.child_map = rows_below.map
                and links.child_key = rows_below.org_unit_key
                and links.upper_period_key = rows_below.period_key
    ) as units_below
{%- endmacro %}

{#- How sure an aggregate over rows below is. -#}
{% macro quality_below() -%}
    count(*) as n_existing,
        max(case when known_caution < 7 then known_caution end) as known_caution,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        max(case when is_broken then 1 else 0 end) = 1 as is_broken
{%- endmacro %}

{#- How sure a row is that was found below a unit, beside what the unit itself has: it covers the units that are known. -#}
{% macro quality_beside(relation, below, known) -%}
    coalesce({{ relation }}.caution, 0) as caution,
        cast(coalesce({{ known }}, 0) as integer) as n_reported,
        cast(coalesce({{ below }}.n_existing, 1) as integer) as n_expected,
        coalesce({{ known }} / {{ below }}.n_existing, 0) as coverage,
        cast(null as bigint) as unit_set,
        coalesce({{ relation }}.is_synthetic, false) or coalesce({{ below }}.is_synthetic, false) as is_synthetic,
        false as is_uneven,
        greatest(coalesce({{ relation }}.known_caution, 0), coalesce({{ below }}.known_caution, 0)) as known_caution,
        least(coalesce({{ relation }}.known_coverage, 1), coalesce({{ known }} / {{ below }}.n_existing, 0))
            as known_coverage,
        coalesce({{ relation }}.is_broken, false) or coalesce({{ below }}.is_broken, false) as is_broken
{%- endmacro %}
