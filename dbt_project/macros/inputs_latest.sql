{#- Inputs that stand until they are too old. Called by generated models only, each within a CTE. -#}

{#-
  In each period the newest value that ended no later, and no more than `months` earlier: a value stands until the next
  one. A sum over too few units is no value. `given_date` is the day on which the value's own period ended.
-#}
{% macro latest_before(relation, frequency, first_key, last_key, months, min_coverage, has_method) -%}
    select
        known.map, known.org_unit_key, periods.period_key, cast(known.obs_value as double) as obs_value,
        known.obs_status, known.n_reported, known.n_expected, known.coverage, known.unit_set,
        known.is_synthetic, known.end_date as given_date
        {%- if has_method %}, known.method_version{% endif %}
    from (
        select
            given.*,
            ends.end_date,
            lead(ends.end_date) over (
                partition by given.map, given.org_unit_key order by ends.end_date, given.period_key
            ) as next_date
        from {{ relation }} as given
        inner join {{ source('reference', 'period') }} as ends on given.period_key = ends.period_key
        where given.obs_value is not null and given.coverage >= {{ min_coverage }}
    ) as known
    inner join {{ source('reference', 'period') }} as periods
        on
            periods.end_date >= known.end_date
            and (known.next_date is null or periods.end_date < known.next_date)
            and periods.end_date < {{ dbt.dateadd('month', months, dbt.dateadd('day', 1, 'known.end_date')) }}
    where periods.frequency = '{{ frequency }}' and periods.period_key between {{ first_key }} and {{ last_key }}
{%- endmacro %}

{#- Where every input is the latest, none says by itself which periods there are: up to the one of the newest figure. -#}
{% macro newest_given(relations) -%}
    select max(given_date) as last_date
    from (
        {%- for relation in relations %}
        select given_date from {{ relation }}
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ) as given
{%- endmacro %}
