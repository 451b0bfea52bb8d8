{#- Inputs that stand until they are too old. Called by generated models only, each within a CTE. -#}

{#-
  In each period the newest value that ended no later, and no more than `months` earlier: a value stands until the next
  one. A sum over too few units is no value.
-#}
{% macro latest_before(relation, frequency, first_key, last_key, months, min_coverage, has_method) -%}
    select
        known.map, known.org_unit_key, periods.period_key, cast(known.obs_value as double) as obs_value,
        known.obs_status, known.n_reported, known.n_expected, known.coverage, known.unit_set,
        known.is_synthetic
        {%- if has_method %}, known.method_version{% endif %}
    from (
        {{ until_next(relation, min_coverage, ['map', 'org_unit_key']) }}
    ) as known
    inner join {{ source('reference', 'period') }} as periods
        on {{ stands(months) }} and (known.next_date is null or periods.end_date < known.next_date)
    where periods.frequency = '{{ frequency }}' and periods.period_key between {{ first_key }} and {{ last_key }}
{%- endmacro %}

{#- Values with the day on which their own period ended, and the one on which the next of the same `owner` did. -#}
{% macro until_next(relation, min_coverage, owner, units=none) -%}
        select
            given.*,
            ends.end_date,
            lead(ends.end_date) over (
                partition by {% for key in owner %}given.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
                order by ends.end_date, given.period_key
            ) as next_date
        from {{ relation }} as given
        inner join {{ source('reference', 'period') }} as ends on given.period_key = ends.period_key
        where
            given.obs_value is not null and given.coverage >= {{ min_coverage }}
            {%- if units %} and given.org_unit_key in (select org_unit_key from {{ units }}){% endif %}
{%- endmacro %}

{#- Whether a period ends no earlier than a `known` value's own, and not too long after it. -#}
{% macro stands(months) -%}
    periods.end_date >= known.end_date
        and periods.end_date < {{ dbt.dateadd('month', months, dbt.dateadd('day', 1, 'known.end_date')) }}
{%- endmacro %}
